"""Where an object stands, and that the order of the files is one that `kubectl apply` can go by."""

import json

import pytest
import yaml

from manifests import Group, Part
from review.rendering.layout import files, path, values_file
from tests.manifests.samples import STACKS, groups


def group(component, name, namespace, *manifests):
    parts = tuple(Part(str(index), it) for index, it in enumerate(manifests))
    return Group(component=component, name=name, namespace=namespace, parts=parts)


@pytest.mark.parametrize(
    ("component", "name", "namespace", "expected"),
    [
        ("Priorities", "priorities", "", "00-priorities.yaml"),
        ("Tenant", "course", "course", "course/00-tenant.yaml"),
        ("Ingress", "ingress", "nginx-ingress", "nginx-ingress/10-ingress.yaml"),
        ("Workload", "course-redis", "course", "course/20-redis.yaml"),
        ("Workload", "course-course-redis", "course", "course/20-course-redis.yaml"),
        ("Workload", "course-tenant", "course", "course/20-tenant.yaml"),
    ],
)
def test_a_component_is_a_file_in_the_folder_of_its_namespace(component, name, namespace, expected):
    assert path(group(component, name, namespace), "yaml") == expected


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_no_two_components_share_a_file(stack, form):
    paths = [it.path for it in files(groups(stack), form)]

    assert len(paths) == len({it.lower() for it in paths}) == len(groups(stack))
    assert all(it.endswith(f".{form}") for it in paths)


@pytest.mark.parametrize("stack", STACKS)
def test_in_the_order_of_the_files_every_object_comes_after_what_it_needs(stack):
    order = sorted(files(groups(stack), "yaml"))
    namespaces, controllers = set(), {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}
    for file in order:
        seen = set()
        for it in yaml.load_all(file.content, yaml.CSafeLoader):
            metadata = it["metadata"]
            if it["kind"] == "Namespace":
                namespaces.add(metadata["name"])
            else:
                assert metadata["namespace"] in namespaces
                assert file.path.startswith(f"{metadata['namespace']}/")
            if it["kind"] in controllers:
                assert "ServiceAccount" in seen
            seen.add(it["kind"])
            if it["kind"] in {"ConfigMap", "Secret", "NetworkPolicy", "PersistentVolumeClaim"}:
                assert not controllers & seen


@pytest.mark.parametrize("stack", STACKS)
def test_both_formats_hold_the_same_objects_as_the_estate(stack):
    made = [part.manifest for it in groups(stack) for part in it.parts]
    as_yaml = [
        it
        for file in files(groups(stack), "yaml")
        for it in yaml.load_all(file.content, yaml.CSafeLoader)
    ]
    lists = [json.loads(file.content) for file in files(groups(stack), "json")]

    assert as_yaml == made
    assert [it for found in lists for it in found["items"]] == made
    assert {(it["apiVersion"], it["kind"]) for it in lists} == {("v1", "List")}


def test_a_number_beyond_64_bits_is_written_as_it_is():
    (file,) = files([group("Tenant", "a", "a", {"kind": "A", "n": 2**70, "m": "ü"})], "json")

    assert json.loads(file.content)["items"] == [{"kind": "A", "n": 2**70, "m": "ü"}]


def test_json_has_a_line_an_object():
    (file,) = files([group("Tenant", "a", "a", {"kind": "A", "n": "ü"}, {"kind": "B"})], "json")

    assert file.content.decode().splitlines() == [
        '{"apiVersion":"v1","kind":"List","items":[',
        '{"kind":"A","n":"ü"},',
        '{"kind":"B"}',
        "]}",
    ]


def test_a_file_with_a_secret_in_it_is_private_and_no_other():
    secret, other = {"kind": "Secret"}, {"kind": "ConfigMap"}
    found = files(
        [group("Tenant", "a", "a", other, secret), group("Tenant", "b", "b", other)], "yaml"
    )

    assert [it.private for it in found] == [True, False]


def test_kubectl_does_not_take_the_helm_values_for_an_object():
    file = values_file("nginx-ingress", "nginx-ingress", {"controller": {"kind": "deployment"}})

    assert file.path == "nginx-ingress/nginx-ingress.values"
    assert yaml.safe_load(file.content) == {"controller": {"kind": "deployment"}}
