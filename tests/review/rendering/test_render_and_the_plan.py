"""What is rendered is what the plan registers, object for object.

But for what neither can know: an unknown of the plan is a placeholder in the files, and a secret is one or stands for
none that is set.
"""

import re
from collections.abc import Mapping

import pytest
import yaml

from review.plan import SECRET, UNKNOWN
from review.rendering.stack import render
from tests.manifests.schema import faults
from tests.program import ROOT, STACKS, planned

every_stack = pytest.mark.parametrize("stack", STACKS)
PLACEHOLDER = re.compile(r"\$\{[\w.-]+\}")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The files of each stack by path, read back."""
    files = {}
    for stack in STACKS:
        folder = tmp_path_factory.mktemp("rendered") / stack
        render(ROOT, stack, folder, "yaml")
        files[stack] = {
            path.relative_to(folder).as_posix(): list(
                yaml.load_all(path.read_bytes(), yaml.CSafeLoader)
            )
            for path in folder.rglob("*")
            if path.suffix in (".yaml", ".values")
        }
    return files


def key(manifest):
    metadata = manifest["metadata"]
    return manifest["apiVersion"], manifest["kind"], metadata.get("namespace"), metadata["name"]


def differences(wanted, found, path=""):
    """Where `found` is not what the plan says."""
    if wanted in (UNKNOWN, SECRET):
        if not PLACEHOLDER.search(str(found)):
            yield f"{path}: {found!r} stands for {wanted}"
    elif isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name in {*wanted, *found}:
            yield from differences(wanted.get(name), found.get(name), f"{path}.{name}")
    elif isinstance(wanted, list | tuple) and isinstance(found, list):
        if len(wanted) != len(found):
            yield f"{path}: {len(found)} items instead of {len(wanted)}"
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            yield from differences(one, other, f"{path}[{index}]")
    elif wanted != found or type(wanted) is not type(found):
        yield f"{path}: {found!r} instead of {wanted!r}"


@every_stack
def test_each_object_of_the_plan_is_rendered_and_no_other(rendered, stack):
    files = rendered[stack].items()
    found = {key(it): it for path, items in files if path.endswith(".yaml") for it in items}
    wanted = {
        key(it.inputs): it.inputs
        for it in planned(stack).resources
        if it.type.startswith("kubernetes:") and "kind" in it.inputs
    }

    assert found.keys() == wanted.keys()
    assert [
        line for name in wanted for line in differences(wanted[name], found[name], f"{name}")
    ] == []


@every_stack
def test_with_its_placeholders_unfilled_each_object_is_one_the_api_server_would_read(
    rendered, stack
):
    objects = [it for path, them in rendered[stack].items() if path[-5:] == ".yaml" for it in them]

    assert [fault for it in objects for fault in faults(it)] == []


@every_stack
def test_what_else_the_plan_has_in_the_cluster_is_the_helm_release(rendered, stack):
    releases = [
        it
        for it in planned(stack).resources
        if it.type.startswith("kubernetes:") and "kind" not in it.inputs
    ]
    values = [it for path, it in rendered[stack].items() if path.endswith(".values")]

    assert [it.type for it in releases] == ["kubernetes:helm.sh/v3:Release"] * len(values)
    assert [[it.inputs["values"]] for it in releases] == values


@every_stack
def test_in_the_order_of_the_files_each_object_comes_after_what_the_plan_has_it_wait_for(
    rendered, stack
):
    files = sorted(it for it in rendered[stack].items() if it[0].endswith(".yaml"))
    place = {key(it): (path, index) for path, items in files for index, it in enumerate(items)}
    objects = {
        it.urn: (key(it.inputs), it.dependencies)
        for it in planned(stack).resources
        if it.type.startswith("kubernetes:") and "kind" in it.inputs
    }
    waits = [
        (name, objects[urn][0])
        for name, dependencies in objects.values()
        for urn in dependencies
        if urn in objects
    ]

    assert len(waits) > len(objects)
    assert [(name, for_) for name, for_ in waits if place[for_] > place[name]] == []


def test_a_difference_would_be_found():
    wanted = {"a": 1, "b": {"$unknown": True}, "c": [True, {"d": "x"}]}

    assert not [*differences(wanted, {"a": 1, "b": "${name}", "c": [True, {"d": "x"}]})]
    assert len([*differences(wanted, {"a": "1", "b": "guid", "c": [1, {"d": "y", "e": 0}]})]) == 5
