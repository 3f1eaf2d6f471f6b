"""Each kind of change, planted in the plan of an estate, and what is said of it."""

import copy
import json
from dataclasses import replace

import pytest

from review import urn as urns
from review.diff.changes import changes
from review.guard.changes import guard
from review.plan import SECRET, UNKNOWN
from review.report import PropertyChange
from tests.review.guard.plans import adding, edited, find, obj, plan, put, replacing, without

WEB = "course-web-deployment"
CONTAINER = "spec.template.spec.containers[web]"


def between(base, head):
    return changes(base, head, guard(base, head))


def only(base, head):
    [change] = between(base, head).changes
    return change


def planted(name, edit=None, **options):
    """The one change that an edit of the prod plan makes."""
    return only(plan(), edited(plan(), name, edit, **options))


def container(inputs):
    [found] = [it for it in inputs["spec"]["template"]["spec"]["containers"] if it["name"] == "web"]
    return found


def in_container(**values):
    return lambda inputs: container(inputs).update(values)


def properties(change):
    return {it.path: (it.alters, it.old, it.new) for it in change.properties}


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


def test_a_secret_that_came_or_went_is_named_and_not_said():
    secret = {"name": "PASSWORD", "value": dict(SECRET)}
    base = edited(plan(), WEB, in_container(env=[{"name": "A", "value": "1"}]))
    head = edited(plan(), WEB, in_container(env=[{"name": "A", "value": "1"}, secret]))

    assert properties(only(base, head)) == {
        f"{CONTAINER}.env[PASSWORD]": ("added", "", '{"name": "PASSWORD", "value": "[secret]"}')
    }


def test_what_a_secret_took_the_place_of_is_not_said():
    """It may be the same value, which the program did not mark before."""
    base = edited(plan(), WEB, in_container(env=[{"name": "A", "value": "canary-7f3a"}]))
    head = edited(plan(), WEB, in_container(env=[{"name": "A", "value": dict(SECRET)}]))

    for change in (only(base, head), only(head, base)):
        [it] = change.properties
        assert (it.path, it.alters) == (f"{CONTAINER}.env[A].value", "secret")
        assert "canary" not in repr(change)


def test_no_argument_is_said_beside_one_that_became_a_secret():
    base = edited(plan(), WEB, in_container(args=["--a", "--password=canary-7f3a"]))
    head = edited(plan(), WEB, in_container(args=[dict(SECRET)]))

    for found in (between(base, head), between(head, base)):
        assert "canary" not in repr(found)
        assert {it.path for it in found.changes[0].properties} == {
            f"{CONTAINER}.args[0]",
            f"{CONTAINER}.args[1]",
        }


def test_an_unknown_is_told_with_its_place():
    base = edited(plan(), WEB, in_container(env=[{"name": "A", "value": "1"}]))
    head = edited(plan(), WEB, in_container(env=[{"name": "A", "value": dict(UNKNOWN)}]))

    assert properties(only(base, head)) == {
        f"{CONTAINER}.env[A].value": ("unknown", '"1"', "unknown before deployment")
    }


def secret(data, name="s", **more):
    return adding(plan(), obj("v1", "Secret", name, {**data, **more}))


CANARY = "Y2FuYXJ5LTdmM2E="
"""Base64 of `canary-7f3a`."""


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ({"data": {"a": CANARY}}, {"stringData": {"a": "canary-7f3a"}}),
        ({"data": {"a": CANARY}}, {"data": {"a": CANARY}, "type": "Opaque"}),
        ({"stringData": {"a": "canary-7f3a"}}, {"stringData": {"a": "canary-7f3a"}, "data": {}}),
    ],
)
def test_a_secret_that_is_written_otherwise_is_the_same(base, head):
    assert changes(secret(base), secret(head)).changes == ()


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({"data": {"a": CANARY}}, {"data": {"a": "eA=="}}, {"data.a": "secret"}),
        ({"data": {"a": CANARY}}, {"stringData": {"a": "x"}}, {"stringData.a": "secret"}),
        (
            {"data": {"a": CANARY}},
            {"data": {"b": CANARY}},
            {"data.a": "removed", "data.b": "added"},
        ),
        ({"data": {"a": CANARY}}, {}, {"data": "removed"}),
        ({"data": {"a": CANARY}}, {"data": {"a": dict(SECRET)}}, {"data.a": "secret"}),
        ({"data": {"a": CANARY}}, {"data": dict(SECRET)}, {"data": "secret"}),
        ({"data": {"a": CANARY}}, {"data": {"a": dict(UNKNOWN)}}, {"data.a": "unknown"}),
        ({"data": {"a": "no base64"}}, {"data": {"a": "nor this"}}, {"data.a": "secret"}),
    ],
)
def test_what_a_secret_of_kubernetes_holds_is_named_by_key_and_never_said(base, head, expected):
    [change] = changes(secret(base), secret(head)).changes

    assert {it.path: it.alters for it in change.properties} == expected
    assert CANARY not in repr(change)
    assert "canary" not in repr(change)
    assert "base64" not in repr(change)


def test_a_secret_with_another_name_may_hold_other_values():
    def named(name):
        row = obj("v1", "Secret", "s", {"stringData": {"a": dict(SECRET)}})
        return adding(plan(), replace(row, inputs={**row.inputs, "metadata": {"name": name}}))

    change = only(named("s-1"), named("s-2"))
    assert properties(change)["stringData.a"] == ("secret", "[secret]", "[secret]")


def test_what_ignore_changes_keeps_is_a_note_and_no_change():
    base = edited(plan(), "aks-pool-wg1", lambda it: it.update(count=2), ignoreChanges=["count"])
    head = edited(plan(), "aks-pool-wg1", lambda it: it.update(count=7), ignoreChanges=["count"])

    found = between(base, head)
    assert found.changes == ()
    assert found.notes == ("AgentPool wg1: left as it runs (ignoreChanges): count",)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("tags.x", {"tags": {}}, {"tags": {"x": "1"}}),
        ("tags.x", {"tags": {"x": "1"}}, {"tags": {}}),
        ("tags", {"tags": {"x": "1"}}, {"tags": {"y": "2"}}),
        ('tags["a.b"]', {"tags": {"a.b": "1"}}, {"tags": {"a.b": "2"}}),
        ("a[0].b", {"a": [{"b": 1}]}, {"a": [{"b": 2}]}),
        ("a[*].b", {"a": [{"b": 1}, {"b": 1}]}, {"a": [{"b": 2}, {"b": 3}]}),
        ("a[1]", {"a": ["x", "y"]}, {"a": ["x", "z"]}),
        ("tags[*]", {"tags": {"x": "1"}}, {"tags": {"x": "2"}}),
    ],
)
def test_whatever_path_ignore_changes_has_the_engine_s_syntax(path, old, new):
    base, head = (
        edited(plan(), "aks-pool-wg1", lambda it, n=n: it.update(n), ignoreChanges=[path])
        for n in (old, new)
    )

    assert changes(base, head).changes == ()
    assert len(changes(base, head).notes) == 1
    assert changes(base, edited(head, "aks-pool-wg1", ignoreChanges=["other"])).changes != ()


def test_what_stands_beside_an_ignored_property_is_told():
    base = edited(plan(), "aks-pool-wg1", lambda it: it.update(count=2), ignoreChanges=["count"])
    head = edited(
        plan(), "aks-pool-wg1", lambda it: it.update(count=7, maxCount=11), ignoreChanges=["count"]
    )

    assert list(properties(only(base, head))) == ["maxCount"]


def test_another_output_of_the_stack_belongs_to_the_stack():
    head = replace(plan(), outputs={**plan().outputs, "endpoint": "https://other.example"})

    change = only(plan(), head)
    assert (change.operation, change.resource) == ("update", "Stack aks-platform-prod")
    assert properties(change) == {"outputs.endpoint": ("added", "", '"https://other.example"')}


def test_another_stack_is_compared_without_the_name_of_the_stack():
    other = replace(
        plan(),
        stack="copy",
        resources=tuple(
            replace(it, **{key: getattr(it, key).replace(":prod::", ":copy::").replace(
                "aks-platform-prod", "aks-platform-copy") for key in ("urn", "parent", "provider", "name")})
            for it in plan().resources
        ),
    )  # fmt: skip

    assert between(other, plan()).changes == ()


def test_the_order_is_by_danger_and_does_not_hang_on_the_order_of_the_plan():
    head = edited(plan(), "aks-pool-wg1", lambda it: it.update(vmSize="Standard_D16ds_v5"))
    head = edited(head, WEB, lambda it: put(it, "spec.replicas", 9))
    head = adding(without(head, "course-web-service"), obj("v1", "ConfigMap", "extra", {}))
    mixed = [replace(it, resources=it.resources[::-1]) for it in (plan(), head)]

    found = between(plan(), head)
    assert [it.operation for it in found.changes] == ["delete", "replace", "update", "create"]
    assert between(*mixed) == found


def test_a_long_value_is_cut_to_where_the_sides_differ():
    def with_text(end):
        return adding(plan(), obj("v1", "ConfigMap", "long", {"data": {"a": "x" * 500 + end}}))

    [it] = only(with_text("1"), with_text("2")).properties
    assert len(it.old) <= 60
    assert (it.old[-2], it.new[-2]) == ("1", "2")


def test_true_is_not_one_where_no_schema_says_so():
    base = edited(plan(), "ingress-controller", lambda it: put(it, "values.enabled", True))
    head = edited(plan(), "ingress-controller", lambda it: put(it, "values.enabled", 1))

    assert properties(only(base, head)) == {"values.enabled": ("changed", "true", "1")}


def test_neither_plan_is_altered():
    base = plan()
    head = edited(base, "aks-pool-wg1", lambda it: it.update(count=7), ignoreChanges=["count"])
    before = copy.deepcopy((base, head))
    between(base, head)

    assert (base, head) == before
    assert urns.name_of(base.resources[1].urn) == base.resources[1].name
    assert json.loads(base.to_json()) == json.loads(before[0].to_json())
