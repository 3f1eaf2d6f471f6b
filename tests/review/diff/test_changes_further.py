"""Each kind of change, planted in the plan of an estate, and what is said of it: further cases."""

import copy
import json
from dataclasses import replace

import pytest

from review import urn as urns
from review.diff.changes import changes
from review.plan import SECRET, UNKNOWN
from tests.review.diff.changing import (
    CANARY,
    CONTAINER,
    WEB,
    between,
    in_container,
    only,
    properties,
    secret,
)
from tests.review.guard.plans import adding, edited, obj, plan, put, without


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
