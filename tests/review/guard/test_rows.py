"""Every row of the guard's tables, by a change of the plan of `prod` that the row is about."""

import itertools
from dataclasses import replace

import pytest

from review.guard.changes import ROWS, guard, rows_of
from review.guard.rows_azure import STAYS_IN_ITS_REGION
from review.guard.table import EVERY_OBJECT, always, path_parameters, plain_type
from review.guard.values import ABSENT, differs
from tests.review.guard.plans import adding, edited, find, get, made, obj, plan, put

API = {
    "apiextensions.k8s.io": "apiextensions.k8s.io/v1",
    "apps": "apps/v1",
    "batch": "batch/v1",
    "core": "v1",
    "helm.sh": "helm.sh/v3",
    "networking.k8s.io": "networking.k8s.io/v1",
    "rbac.authorization.k8s.io": "rbac.authorization.k8s.io/v1",
    "scheduling.k8s.io": "scheduling.k8s.io/v1",
    "storage.k8s.io": "storage.k8s.io/v1",
}
CLUSTER_WIDE = {"StorageClass", "PriorityClass", "IngressClass", "PersistentVolume"}
WORDS = ("Delete", "Deleted", "Free", "User", "Stopped", "Disabled", "Locked", "AlwaysOn")
VALUES = (
    True,
    False,
    2,
    1,
    "1.36",
    "1.35",
    "8Gi",
    "4Gi",
    ["a", "b"],
    ["a"],
    "LoadBalancer",
    *WORDS,
)
HAPPENS = {"replaces": "replaced", "refused": "refused", "inPlace": "inPlace"}
TYPES = sorted({it.type for it in ROWS} - {EVERY_OBJECT})


def resource_of(type_):
    """The plan's own resource of the type, or one like those that this program may make one day."""
    found = [it for it in plan().resources if plain_type(it.type) == type_]
    if found:
        return found[0]
    _, group, kind = type_.split(":")
    if type_.startswith("azure-native:"):
        inputs = {key: f"my-{key.lower()}" for key in path_parameters()[type_]}
        return made(type_, f"a-{kind.lower()}", {**inputs, "location": "westeurope"})
    namespace = (
        None if kind in CLUSTER_WIDE or (kind.startswith("C") and "Role" in kind) else "course"
    )
    return obj(API[group], kind, f"a-{kind.lower()}", {}, namespace)


def values_of(row, present):
    """What the field was and becomes: from what the plan has, where the row is about any change of it."""
    if row.when is always:
        if isinstance(present, bool):
            return present, not present
        if isinstance(present, str):
            return present, f"{present}-other"
        if isinstance(present, list):
            return present, [*present, "other"]
        if isinstance(present, dict):
            return present, {**present, "other": "x"}
        if isinstance(present, int):
            return present, present + 1
    return next(
        (old, new)
        for old, new in itertools.product(VALUES, VALUES)
        if differs(old, new, row.alike) == "yes" and row.when(old, new) and row.absent != old
    )


def both(row):
    """The plans before and after a change of the row's field, and the resource."""
    resource = resource_of(row.type)
    base = plan() if resource in plan().resources else adding(plan(), resource)
    present = get(resource.inputs, row.path)
    known = not isinstance(present, dict) or "$unknown" not in present
    old, new = values_of(row, present if known else ...)
    # What the program leaves to Azure is a test of its own.
    base = edited(base, resource.name, lambda it: put(it, row.path, old), ignoreChanges=None)
    return base, edited(base, resource.name, lambda it: put(it, row.path, new)), resource


def named(row):
    return f"{row.id}-{row.effect}"


@pytest.mark.parametrize("row", [it for it in ROWS if it.type != EVERY_OBJECT], ids=named)
def test_a_change_of_its_field_is_found_with_what_happens(row):
    base, head, resource = both(row)
    replacing = row.path in (resource.options.get("replaceOnChanges") or ())

    found = [it for it in guard(base, head) if it.urn == resource.urn]

    assert [(it.field, it.happens) for it in found] == [
        (row.id, "replaced" if replacing else HAPPENS[row.effect])
    ]
    [it] = found
    assert it.path.startswith(row.path.partition("[]")[0])
    assert (it.old, it.new) != ("nothing", "nothing")
    assert it.old != it.new or it.old == "[secret]"
    assert it.why == row.why
    assert it.safe == row.safe
    assert it.source == row.source
    assert bool(it.order) == (it.happens == "replaced")
    if not replacing:
        assert it.severity == row.severity


@pytest.mark.parametrize("row", [it for it in ROWS if it.absent is not ABSENT], ids=named)
def test_a_value_written_out_that_the_service_takes_anyway_is_no_change(row):
    resource = resource_of(row.type)
    base = plan() if resource in plan().resources else adding(plan(), resource)
    base = edited(base, resource.name, lambda it: put(it, row.path, ...), ignoreChanges=None)
    head = edited(base, resource.name, lambda it: put(it, row.path, row.absent))

    assert [it for it in guard(base, head) if it.field == row.id] == []


@pytest.mark.parametrize(
    "type_", sorted({it.type for it in plan().resources if "azure-native" in it.type})
)
def test_every_azure_resource_of_the_plan_is_replaced_when_what_names_it_changes(type_):
    resource = resource_of(type_)
    for key in path_parameters()[type_]:
        base = edited(plan(), resource.name, lambda it, key=key: it.update({key: "was"}))
        head = edited(base, resource.name, lambda it, key=key: it.update({key: "becomes"}))

        [found] = [it for it in guard(base, head) if it.urn == resource.urn]

        assert (found.happens, found.order, found.path) == ("replaced", "deleteFirst", key)


@pytest.mark.parametrize(
    "type_", ["azure-native:network:NatGateway", "azure-native:keyvault:Vault"]
)
def test_a_region_that_the_provider_does_not_know_as_fixed_fails_in_azure(type_):
    resource = resource_of(type_)
    base = plan() if resource in plan().resources else adding(plan(), resource)
    head = edited(base, resource.name, lambda it: it.update(location="northeurope"))

    [found] = guard(base, head)

    assert type_ in STAYS_IN_ITS_REGION
    assert (found.happens, found.path, found.severity) == ("refused", "location", "mandatory")


def test_a_region_in_another_spelling_is_the_same():
    head = plan()
    for it in plan().resources:
        if it.inputs.get("location") == "westeurope":
            head = edited(head, it.name, lambda inputs: inputs.update(location="West Europe"))

    assert guard(plan(), head) == []


def test_a_new_region_replaces_whatever_the_provider_knows_as_fixed():
    head = edited(plan(), "aks-resource-group", lambda it: it.update(location="northeurope"))

    [found] = guard(plan(), head)

    assert (found.happens, found.field) == ("replaced", "ResourceGroup.location")
    assert "Azure deletes whatever is inside" in found.why


@pytest.mark.parametrize("kind", ["Namespace", "StatefulSet", "Deployment", "ConfigMap", "Service"])
def test_an_object_of_another_name_is_another_object(kind):
    resource = next(it for it in plan().resources if it.type.endswith(f":{kind}"))
    head = edited(plan(), resource.name, lambda it: it["metadata"].update(name="other"))

    [found] = guard(plan(), head)

    assert (found.happens, found.order, found.path) == ("replaced", "createFirst", "metadata.name")
    assert found.severity == ("mandatory" if kind in ("Namespace", "StatefulSet") else "advisory")


def test_every_row_says_why_what_to_do_and_who_says_so():
    for row in ROWS:
        assert row.why[0].islower() or row.why.startswith(
            ("API", "Azure", "AKS", "NFS", "Base", "Kubernetes", "OIDC")
        )
        assert not row.why.endswith(".")
        assert row.safe
        assert row.source.startswith("https://")


def test_no_two_rows_are_about_the_same_change():
    for type_ in TYPES:
        rows = rows_of(type_)
        for one, other in itertools.combinations(rows, 2):
            if one.path == other.path:
                both_told = [
                    (old, new)
                    for old, new in itertools.product(VALUES, VALUES)
                    if differs(old, new, one.alike) == "yes"
                    and one.when(old, new)
                    and other.when(old, new)
                ]
                assert not both_told, (one.id, both_told)


def test_a_token_with_an_api_version_has_the_rows_of_the_one_without():
    [pool] = [it for it in plan().resources if it.name == "aks-pool-wg1"]
    old = replace(pool, type="azure-native:containerservice/v20250901:AgentPool")

    assert rows_of(old.type) == rows_of(pool.type)
    assert find(plan(), "aks-pool-wg1") == pool
