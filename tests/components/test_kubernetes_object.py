from importlib import import_module

import pulumi
import pytest

from components.kubernetes_object import KubernetesObject, register
from manifests import Part
from tests.engine import registered

SECRET = {"$secret": True}


def planned(**manifest):
    [row] = registered(lambda: KubernetesObject("it", manifest))
    return row


@pytest.mark.parametrize("version", ["v1", "apps/v1", "policy.example/v1beta1"])
def test_its_props_are_the_object_as_it_is(version):
    manifest = {"apiVersion": version, "kind": "Thing", "spec": {"camelCase": 1, "snake_case": 2}}
    row = planned(**manifest)
    assert row.inputs == manifest
    assert row.type == f"kubernetes:{'core/v1' if version == 'v1' else version}:Thing"


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("v1", "Namespace"),
        ("apps/v1", "StatefulSet"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("batch/v1", "CronJob"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("policy/v1", "PodDisruptionBudget"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ],
)
def test_its_token_is_that_of_the_sdks_own_class(version, kind):
    group, _, minor = version.rpartition("/")
    module = import_module(f"pulumi_kubernetes.{group.partition('.')[0] or 'core'}.{minor}")
    assert planned(apiVersion=version, kind=kind).type == getattr(module, kind).pulumi_type


@pytest.mark.parametrize(("kind", "hidden"), [("ConfigMap", False), ("Secret", True)])
def test_the_data_of_a_secret_is_encrypted_in_the_state(kind, hidden):
    given = {"data": {"a": "eA=="}, "stringData": {"b": "x"}}
    row = planned(apiVersion="v1", kind=kind, type="Opaque", **given)
    shown = {key: row.inputs[key] for key in given}
    assert shown == (dict.fromkeys(given, SECRET) if hidden else given)
    secret_outputs = row.options.get("additionalSecretOutputs", [])
    assert sorted(secret_outputs) == (sorted(given) if hidden else [])


def test_only_the_secret_part_of_a_secret_is_hidden_from_a_reviewer():
    row = planned(apiVersion="v1", kind="Secret", metadata={"name": "x"}, stringData={"b": "x"})
    assert row.inputs["metadata"] == {"name": "x"}


def test_a_secrets_manifest_is_not_changed_by_being_registered():
    manifest = {"apiVersion": "v1", "kind": "Secret", "stringData": {"b": "x"}}
    planned(**manifest)
    assert manifest["stringData"] == {"b": "x"}


def part(role, *after, kind="Thing"):
    return Part(role, {"apiVersion": "v1", "kind": kind, "metadata": {"name": role}}, after)


def rows_of(*parts, protect=None, **options):
    def build():
        component = pulumi.ComponentResource(
            "aks-platform:tests:C", "it", None, pulumi.ResourceOptions(protect=protect)
        )
        register(component, "it", parts, **options)

    return {row.name: row for row in registered(build)}


def test_what_a_job_can_never_change_replaces_it_and_two_of_a_name_never_stand_together():
    options = planned(apiVersion="batch/v1", kind="Job").options
    assert options["deleteBeforeReplace"] is True
    assert {"spec.successPolicy", "spec.backoffLimitPerIndex", "spec.completionMode"} == set(
        options["replaceOnChanges"]
    )
    assert not planned(apiVersion="batch/v1", kind="CronJob").options.get("replaceOnChanges")


def test_parts_become_children_named_by_their_roles():
    rows = rows_of(part("one"), part("two"))
    assert [*rows] == ["it", "it-one", "it-two"]
    assert {row.parent for name, row in rows.items() if name != "it"} == {"it"}


def test_a_part_waits_for_the_parts_it_names_and_for_no_other():
    rows = rows_of(part("one"), part("two"), part("three", "one"))
    assert rows["it-three"].dependencies == ("it-one",)
    assert rows["it-two"].dependencies == ()


def test_a_part_waits_for_what_comes_before_it_and_for_what_stands_beside():
    def build():
        component = pulumi.ComponentResource("aks-platform:tests:C", "it")
        first = register(component, "it", [part("first"), part("near")])
        register(
            component,
            "it",
            [part("late", "near")],
            before=lambda it: [first["first"]] if it.role == "late" else [],
            beside=first,
        )

    rows = {row.name: row for row in registered(build)}
    assert rows["it-late"].dependencies == ("it-first", "it-near")


def test_a_part_that_names_an_unknown_role_fails():
    with pytest.raises(KeyError, match="nowhere"):
        rows_of(part("one", "nowhere"))


@pytest.mark.parametrize(
    ("component", "expected"), [(None, ["it-one"]), (True, ["it", "it-one", "it-two"])]
)
def test_a_protected_part_is_protected_and_others_are_as_their_component(component, expected):
    rows = rows_of(
        part("one"), part("two"), protect=component, protected=lambda it: it.role == "one"
    )
    assert [name for name, row in rows.items() if row.options.get("protect")] == expected
