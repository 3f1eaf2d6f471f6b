"""Each kind of change, planted in the plan of an estate, and what is said of it."""

from dataclasses import replace

import pytest

from review.plan import UNKNOWN
from review.report import PropertyChange
from tests.review.diff.changing import (
    CONTAINER,
    WEB,
    between,
    container,
    in_container,
    only,
    planted,
    properties,
)
from tests.review.guard.plans import adding, edited, find, obj, plan, put, replacing


def test_a_plan_is_not_different_from_itself():
    found = between(plan(), plan())

    assert (found.changes, found.notes) == ((), ())
    assert found.unchanged == len(plan().resources)


def test_more_replicas_are_one_property_of_one_update():
    change = planted(WEB, lambda it: put(it, "spec.replicas", 9))

    assert (change.operation, change.resource) == ("update", "Deployment course/web")
    assert change.type == "kubernetes:apps/v1:Deployment"
    assert (change.component, change.base_urn) == ("course-web", "")
    assert change.properties == (
        PropertyChange(path="spec.replicas", alters="changed", old="3", new="9"),
    )


def test_an_image_is_told_by_the_name_of_its_container():
    change = planted(WEB, in_container(image="registry.example/web:9.9.9"))

    assert properties(change)[f"{CONTAINER}.image"][2] == '"registry.example/web:9.9.9"'
    assert len(change.properties) == 1


def test_everything_else_is_counted_as_unchanged():
    base = plan()
    head = edited(base, WEB, lambda it: put(it, "spec.replicas", 9))

    assert between(base, head).unchanged == len(base.resources) - 1


@pytest.mark.parametrize(
    ("before", "after"),
    [("2Gi", "2048Mi"), ("1000m", "1"), ("1", 1), ("0.5", "500m"), ("1k", "1000"), ("1e3", "1000")],
)
def test_another_spelling_of_an_amount_is_no_change(before, after):
    def with_limit(value):
        return edited(plan(), WEB, lambda it: put(container(it), "resources.limits.cpu", value))

    assert between(with_limit(before), with_limit(after)).changes == ()


def test_another_amount_is_a_change():
    one, other = (
        edited(plan(), WEB, lambda it, n=n: put(container(it), "resources.limits.memory", n))
        for n in ("2Gi", "2G")
    )

    assert properties(only(one, other)) == {
        f"{CONTAINER}.resources.limits.memory": ("changed", '"2Gi"', '"2G"')
    }


def test_an_annotation_that_looks_like_an_amount_is_text():
    one, other = (
        edited(plan(), WEB, lambda it, n=n: put(it, "metadata.annotations", {"size": n}))
        for n in ("2Gi", "2048Mi")
    )

    assert properties(only(one, other)) == {
        "metadata.annotations.size": ("changed", '"2Gi"', '"2048Mi"')
    }


def test_keys_that_are_no_words_stand_in_brackets_as_the_engine_writes_them():
    change = planted(WEB, lambda it: it["metadata"]["labels"].update({"a.b/c": "d"}))

    assert properties(change) == {'metadata.labels["a.b/c"]': ("added", "", '"d"')}


def test_a_variable_more_is_told_by_its_name_and_the_others_are_not():
    base = edited(plan(), WEB, in_container(env=[{"name": "A", "value": "1"}]))
    head = edited(
        plan(), WEB, in_container(env=[{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])
    )

    assert properties(only(base, head)) == {
        f"{CONTAINER}.env[B]": ("added", "", '{"name": "B", "value": "2"}')
    }


def test_variables_in_another_order_are_told_as_no_more_than_that():
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "$(A)"}]
    base = edited(plan(), WEB, in_container(env=variables))
    head = edited(plan(), WEB, in_container(env=variables[::-1]))

    assert properties(only(base, head)) == {
        f"{CONTAINER}.env": (
            "changed",
            'in this order: ["A", "B"]',
            'in this order: ["B", "A"]',
        )
    }


def test_a_protection_that_was_dropped_is_an_option():
    change = planted("aks-cluster-managed-cluster", protect=None)

    assert (change.operation, properties(change)) == (
        "update",
        {"options.protect": ("removed", "true", "")},
    )


def test_options_are_compared_as_sets():
    one, other = (
        edited(plan(), "aks-cluster-managed-cluster", ignoreChanges=paths)
        for paths in (["tags.a", "tags.b"], ["tags.b", "tags.a"])
    )

    assert between(one, other).changes == ()


def test_another_size_of_nodes_replaces_the_pool_and_says_for_which_property():
    change = planted("aks-pool-wg1", lambda it: it.update(vmSize="Standard_D16ds_v5", maxCount=9))

    assert (change.operation, change.resource) == ("replace", "AgentPool wg1")
    assert {it.path: it.replaces for it in change.properties} == {"maxCount": False, "vmSize": True}


def test_what_only_a_deployment_tells_may_be_replaced():
    change = planted("aks-pool-wg1", lambda it: it.update(vmSize=dict(UNKNOWN)))

    assert change.operation == "maybeReplace"
    [it] = change.properties
    assert (it.path, it.alters, it.new) == ("vmSize", "unknown", "unknown before deployment")


def test_zones_in_another_order_are_the_same_zones():
    base = edited(plan(), "aks-pool-wg1", lambda it: it.update(availabilityZones=["1", "2", "3"]))
    head = edited(plan(), "aks-pool-wg1", lambda it: it.update(availabilityZones=["3", "1", "2"]))

    assert between(base, head).changes == ()


def test_a_range_more_that_may_call_the_api_server_is_told_alone():
    ranges = "apiServerAccessProfile.authorizedIPRanges"
    base, head = (
        edited(plan(), "aks-cluster-managed-cluster", lambda it, n=n: put(it, ranges, n))
        for n in (["203.0.113.0/24"], ["198.51.100.0/24", "203.0.113.0/24"])
    )

    assert properties(only(base, head)) == {
        f"{ranges}[198.51.100.0/24]": ("added", "", '"198.51.100.0/24"')
    }


@pytest.mark.parametrize(
    ("base", "head"), [("West Europe", "westeurope"), ("westeurope", "WestEurope")]
)
def test_a_region_is_the_same_in_any_spelling(base, head):
    one, other = (
        edited(plan(), "aks-pool-wg1", lambda it, n=n: it.update(location=n)) for n in (base, head)
    )

    assert between(one, other).changes == ()


def test_a_resource_that_was_made_or_deleted_is_told_as_a_whole():
    web = obj("v1", "ConfigMap", "extra", {"data": {"a": "b"}})
    base, head = plan(), adding(plan(), web)

    made, gone = only(base, head), only(head, base)
    assert (made.operation, made.properties, made.resource) == (
        "create",
        (),
        "ConfigMap course/extra",
    )
    assert (gone.operation, gone.properties, gone.urn) == ("delete", (), made.urn)


def test_an_alias_is_told_as_the_same_thing_under_another_urn():
    old = find(plan(), WEB)
    renamed = old.urn.removesuffix(WEB) + "course-site-deployment"
    head = replacing(
        plan(),
        WEB,
        lambda it: replace(
            it, urn=renamed, name="course-site-deployment", options={"aliases": [old.urn]}
        ),
    )

    change = only(plan(), head)
    assert (change.operation, change.urn, change.base_urn) == ("same", renamed, old.urn)
    assert change.properties == ()


def test_a_rename_without_an_alias_is_a_move():
    old = find(plan(), WEB)
    renamed = old.urn.removesuffix(WEB) + "course-site-deployment"
    head = replacing(
        plan(), WEB, lambda it: replace(it, urn=renamed, name="course-site-deployment")
    )

    change = only(plan(), head)
    assert (change.operation, change.urn, change.base_urn) == ("move", renamed, old.urn)


def test_children_that_only_follow_a_renamed_parent_are_told_by_their_urn_alone():
    parent = find(plan(), "course-web")
    urn = f"{parent.urn}-2"
    rows = [
        replace(it, urn=urn, name="course-web-2", options={"aliases": [parent.urn]})
        if it is parent
        else replace(it, parent=urn)
        if it.parent == parent.urn
        else it
        for it in plan().resources
    ]
    found = between(plan(), replace(plan(), resources=tuple(rows)))

    assert [(it.operation, it.urn) for it in found.changes] == [("same", urn)]


def test_another_parent_is_a_property():
    other = find(plan(), "course-public-nginx")
    head = replacing(plan(), WEB, lambda it: replace(it, parent=other.urn))

    [(path, (alters, _, new))] = properties(only(plan(), head)).items()
    assert (path, alters) == ("parent", "changed")
    assert new.endswith('::course-public-nginx"')


def test_another_provider_may_replace():
    provider = find(plan(), "cluster")
    urn = f"{provider.urn}-2"
    head = replacing(plan(), WEB, lambda it: replace(it, provider=f"{urn}::id"))

    change = only(plan(), head)
    assert change.operation == "maybeReplace"
    assert [(it.path, it.replaces) for it in change.properties] == [("provider", False)]


def test_the_id_of_a_provider_is_no_change():
    def known(it):
        return replace(it, provider=it.provider.rpartition("::")[0] + "::a-real-id")

    assert between(plan(), replacing(plan(), WEB, known)).changes == ()
