"""The engine's word on each change: its operation, for which property, and what a secret hides from both."""

from dataclasses import replace

import pytest

from review.diff.changes import changes
from review.diff.engine_changes import engine_changes
from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed
from review.plan import SECRET, Plan, Resource
from review.report import Change
from tests.review.diff.changing import WEB
from tests.review.guard.plans import edited, find, plan, put, without

URN = find(plan(), WEB).urn


def told(head, *steps, base=None, offline=None):
    base = base or plan()
    previewed = Previewed(base=base, head=head, steps=steps, complete=True)
    return engine_changes(previewed, changes(base, head).changes if offline is None else offline)


def step(operation, urn=URN, **more):
    return Step(urn=urn, operation=operation, engine=operation, **more)


def more(replicas=9):
    return edited(plan(), WEB, lambda it: put(it, "spec.replicas", replicas))


def test_an_update_has_the_properties_of_both_plans():
    [it] = told(more(), step("update"))

    assert (it.operation, [one.path for one in it.properties]) == ("update", ["spec.replicas"])
    assert not it.properties[0].replaces


def test_what_the_engine_leaves_alone_is_no_change():
    assert told(more(), step("same")) == ()
    assert told(plan(), step("same")) == ()
    [it] = told(more(), step("same", base_urn=f"{URN}-old"))
    assert (it.operation, it.properties) == ("same", ())


def test_what_no_step_is_about_is_no_change_but_for_the_stack():
    assert told(more()) == ()

    outputs = replace(plan(), outputs={**plan().outputs, "more": 1})
    [stack] = told(outputs)
    assert (stack.type, stack.operation) == ("pulumi:pulumi:Stack", "update")


def test_outputs_of_a_stack_that_stays_the_same_are_an_update_of_it():
    outputs = replace(plan(), outputs={**plan().outputs, "more": 1})
    urn = next(it.urn for it in plan().resources if it.type == "pulumi:pulumi:Stack")

    [stack] = told(outputs, step("same", urn=urn))
    assert stack.operation == "update"
    assert [it.path for it in stack.properties] == ["outputs.more"]


@pytest.mark.parametrize("operation", ["create", "delete"])
def test_what_is_made_or_deleted_has_no_properties(operation):
    gone = without(plan(), WEB)
    base, head = (gone, plan()) if operation == "create" else (plan(), gone)

    [it] = told(head, step(operation), base=base)
    assert (it.operation, it.properties, it.resource) == (operation, (), "Deployment course/web")
    [it] = told(more(), step(operation))
    assert (it.operation, it.properties) == (operation, ())


def test_a_resource_that_no_plan_has_is_none():
    assert told(plan(), step("update", urn=f"{URN}-else", detailed=(("a", "update"),))) == ()


def test_a_replacement_says_for_which_property():
    [it] = told(more(), step("replace", reasons=("spec.replicas",)))
    assert (it.operation, it.properties[0].replaces) == ("replace", True)

    [it] = told(more(), step("replace", detailed=(("spec.replicas", "update-replace"),)))
    assert it.properties[0].replaces
    [it] = told(more(), step("replace", detailed=(("spec.replicas", "update"),)))
    assert not it.properties[0].replaces
    [it] = told(more(), step("replace", reasons=("spec.selector",)))
    assert not it.properties[0].replaces


@pytest.mark.parametrize(
    ("kind", "alters", "replaces"),
    [
        ("add", "added", False),
        ("delete", "removed", False),
        ("update", "changed", False),
        ("add-replace", "added", True),
        ("delete-replace", "removed", True),
        ("update-replace", "changed", True),
        ("frobnicate", "changed", False),
    ],
)
def test_a_replacement_that_no_plan_shows_has_the_paths_of_the_engine(kind, alters, replaces):
    [it] = told(plan(), step("replace", detailed=(("spec.x[0]", kind),)))

    assert [(one.path, one.alters, one.replaces) for one in it.properties] == [
        ("spec.x[0]", alters, replaces)
    ]
    assert (it.resource, it.component) == ("Deployment course/web", "course-web")


def test_an_update_that_no_plan_shows_is_left_out_unless_a_secret_hides_it():
    detailed = (("spec.template.spec.containers[0].image", "update"),)

    assert told(plan(), step("update", detailed=detailed)) == ()
    hidden = ("spec.template.spec.containers",)
    [it] = told(plan(), step("update", detailed=detailed, hidden=hidden))
    assert [(one.path, one.alters) for one in it.properties] == [(detailed[0][0], "secret")]
    assert told(plan(), step("update", detailed=detailed, hidden=("spec.other",))) == ()


@pytest.mark.parametrize(
    ("path", "inputs"),
    [
        ("adminPassword", {"adminPassword": SECRET}),
        ("profile.password", {"profile": {"password": SECRET, "user": "a"}}),
        ('values["a.b"][0].c', {"values": {"a.b": [{"c": SECRET}]}}),
    ],
)
def test_a_secret_that_takes_another_value_is_a_change_though_both_sides_have_one_mark(
    path, inputs
):
    urn = "urn:pulumi:dev::other::aws:s3/bucket:Bucket::b"
    both = Plan(
        project="other",
        stack="dev",
        resources=(Resource(urn=urn, type="aws:s3/bucket:Bucket", name="b", inputs=inputs),),
    )

    [it] = told(both, step("update", urn=urn, detailed=((path, "update"),)), base=both)
    assert [(one.path, one.alters, one.old, one.new) for one in it.properties] == [
        (path, "secret", "", "")
    ]
    assert told(both, step("update", urn=urn, detailed=(("tags", "update"),)), base=both) == ()


def test_what_both_plans_hold_for_the_same_is_no_property():
    detailed = (("spec.replicas", "update"), ("spec.selector", "update"))

    [it] = told(more(), step("update", detailed=detailed))
    assert [one.path for one in it.properties] == ["spec.replicas"]
    [it] = told(more(), step("replace", detailed=detailed))
    assert [one.path for one in it.properties] == ["spec.replicas", "spec.selector"]


def test_a_thing_that_moved_is_told_once_and_as_that():
    moved = Change(
        operation="move",
        resource="Deployment course/web",
        type="kubernetes:apps/v1:Deployment",
        urn=URN,
        base_urn=f"{URN}-old",
    )

    found = told(plan(), step("create"), step("delete", urn=f"{URN}-old"), offline=(moved,))
    assert found == (moved,)
    other = replace(moved, operation="update", properties=())
    found = told(plan(), step("delete", urn=f"{URN}-old"), step("update"), offline=(other,))
    assert [it.operation for it in found] == ["update"]


def test_another_urn_of_the_state_is_kept():
    [it] = told(more(), step("update", base_urn=f"{URN}-old"))

    assert it.base_urn == f"{URN}-old"
