"""What every component keeps to. One line in `SAMPLES` puts a new component under all of it."""

import inspect
from dataclasses import fields
from importlib import import_module
from pkgutil import walk_packages

import pulumi
import pytest

import components
from manifests import labels
from tests.engine import as_json, assert_golden, registered
from tests.manifests.schema import faults
from tests.samples import SAMPLES

LABELS = {
    labels.NAME,
    labels.INSTANCE,
    labels.COMPONENT,
    labels.PART_OF,
    labels.MANAGED_BY,
    labels.APP,
    labels.ENV,
    labels.CHART,
}
NEVER_PROTECTED = {
    "ActionGroups",
    "Alerts",
    "ContainerInsights",
    "Diagnostics",
    "Maintenance",
    "ManagedPrometheus",
    "Observability",
    "SharedIdentity",
    "WorkloadIdentity",
}
"""Components without data of their own, whose parent takes the protection off."""

every_component = pytest.mark.parametrize("component", SAMPLES, ids=lambda it: it.__name__)


def planned(component, **options):
    """A sample named `it` inside another component: its own row, and those of all below it."""

    def build():
        cluster = pulumi.ProviderResource("kubernetes", "explicit", {})
        opts = pulumi.ResourceOptions(provider=cluster)
        outer = pulumi.ComponentResource("aks-platform:tests:Outer", "outer", None, opts)
        args = SAMPLES[component]()
        component("it", args, pulumi.ResourceOptions(parent=outer, **options))

    inside = {"it"}
    below = []
    for row in registered(build):
        if row.parent in inside:
            inside.add(row.name)
            below.append(row)
        elif row.name == "it":
            own = row
    return own, below


def objects_of(component):
    return [row for row in planned(component)[1] if is_object(row)]


def is_object(row):
    return row.type.startswith("kubernetes:") and row.type != "kubernetes:helm.sh/v3:Release"


def package_of(component):
    return component.__module__.split(".")[-2]


def test_every_component_has_a_sample():
    modules = [import_module(m.name) for m in walk_packages(components.__path__, "components.")]
    classes = [it for module in modules for it in vars(module).values() if isinstance(it, type)]
    ours = {it for it in classes if it.__module__.startswith("components.")}
    assert {it for it in ours if issubclass(it, pulumi.ComponentResource)} == set(SAMPLES)


@every_component
def test_its_plan_is_its_golden_file(component):
    own, below = planned(component)
    assert_golden(component.__module__.removeprefix("components."), as_json([own, *below]))


@every_component
def test_its_type_token_names_its_package_and_class(component):
    own, _ = planned(component)
    assert own.type == f"aks-platform:{package_of(component)}:{component.__name__}"


@every_component
def test_its_children_hang_on_it_and_begin_with_its_name(component):
    own, below = planned(component)
    assert own.parent == "outer"
    assert below
    assert [row.name for row in below if not row.name.startswith("it-")] == []


@every_component
def test_it_registers_the_outputs_it_declares(component):
    own, _ = planned(component)
    assert own.outputs is not None, "register_outputs was not called"
    assert set(own.outputs) == set(inspect.get_annotations(component))


@every_component
def test_protection_reaches_its_children_and_an_alias_does_not(component):
    own, below = planned(component, protect=True, aliases=[pulumi.Alias(name="old")])
    free = {row.name for row in below if row.type.split(":")[-1] in NEVER_PROTECTED}
    bare = [row for row in below if not row.options.get("protect")]
    assert [it.name for it in bare if it.name not in free and it.parent not in free] == []
    assert any(alias.endswith("::old") for alias in own.options["aliases"])
    given = own.options["aliases"]
    assert [it.name for it in below if set(it.options.get("aliases", ())) & set(given)] == []


@every_component
def test_none_of_its_kubernetes_objects_falls_to_the_default_provider(component):
    rows = [row for row in planned(component)[1] if row.type.startswith("kubernetes:")]
    assert [row.name for row in rows if row.provider != "explicit"] == []


@every_component
def test_every_kubernetes_object_has_the_labels_of_the_platform(component):
    found = {row.name: row.inputs["metadata"].get("labels", {}) for row in objects_of(component)}
    assert {name: LABELS - set(it) for name, it in found.items() if LABELS - set(it)} == {}


@every_component
def test_every_kubernetes_object_is_one_the_api_server_would_read(component):
    found = {row.name: faults(row.inputs) for row in objects_of(component) if not hidden(row)}
    assert {name: it for name, it in found.items() if it} == {}


def hidden(row):
    """Whether the plan hides what the schema would read: the data of a Secret, an unknown value."""
    return "$secret" in str(row.inputs) or "$unknown" in str(row.inputs)


@every_component
def test_every_kubernetes_object_waits_for_its_namespace(component):
    """Directly or behind another object: wire form names a namespace in plain text only."""
    rows = {row.name: row for row in planned(component)[1]}

    def namespaces(name):
        row = rows.get(name)
        if row is None or row.type == "kubernetes:core/v1:Namespace":
            return {name}
        return set().union(*map(namespaces, row.dependencies))

    lost = [
        row.name
        for row in objects_of(component)
        if "namespace" in row.inputs["metadata"]
        and not {it for it in namespaces(row.name) if it.endswith("-namespace")}
    ]
    assert lost == []


@every_component
def test_its_args_are_frozen_and_keyword_only(component):
    args = inspect.signature(component.__init__).parameters["args"].annotation
    assert args.__name__ == f"{component.__name__}Args"
    assert args.__dataclass_params__.frozen
    assert all(field.kw_only for field in fields(args))


@every_component
def test_it_is_made_from_a_name_its_args_and_options(component):
    assert [*inspect.signature(component.__init__).parameters] == ["self", "name", "args", "opts"]


@every_component
def test_it_says_what_it_is_for(component):
    args = inspect.signature(component.__init__).parameters["args"].annotation
    assert component.__doc__
    assert args.__doc__
