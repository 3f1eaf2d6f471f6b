"""What the real engine printed in previews, under a review: its operations, its policies, its messages."""

from datetime import date
from pathlib import Path

import pytest

from review.diff.engine_messages import Diagnostic, PolicyEvent
from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed, read
from review.plan import Plan, Resource
from review.reviewing import Compared, review_plans

TODAY = date(2026, 11, 21)
URN = "urn:pulumi:dev::p::other:b:Thing::{}"


def resource(name, **inputs):
    return Resource(urn=URN.format(name), type="other:b:Thing", name=name, inputs=inputs)


def plan(*resources):
    return Plan(project="p", stack="dev", resources=resources)


def reviewed(previewed):
    sides = [
        Compared(plan=previewed.base, label="what runs", foreign=True),
        Compared(plan=previewed.head, label="preview", foreign=True, previewed=previewed),
    ]
    return review_plans(*sides, today=TODAY)


def previewed(*steps, **rest):
    base, head = (
        plan(resource("a", x=1), resource("b", y="2Gi")),
        plan(resource("a", x=2), resource("b", y="2Gi")),
    )
    return Previewed(base=base, head=head, steps=steps, complete=True, **rest)


def step(name, operation, **rest):
    return Step(urn=URN.format(name), operation=operation, engine=operation, **rest)


def test_a_replacement_of_the_engine_that_nobody_foresaw_is_mandatory():
    review = reviewed(previewed(step("a", "replace", reasons=("x",))))

    [change] = review.changes
    [found] = [it for it in review.findings if it.rule == "engine-replaced"]
    assert (change.operation, change.properties[0].replaces) == ("replace", True)
    assert (found.severity, found.area, found.path) == ("mandatory", "replacement", "x")


def test_an_update_that_both_foresaw_is_told_once():
    review = reviewed(previewed(step("a", "update")))

    assert [it.operation for it in review.changes] == ["update"]
    assert not [it for it in review.findings if it.rule.startswith("engine")]


def test_an_update_for_a_spelling_is_a_note():
    review = reviewed(
        previewed(step("a", "update"), step("b", "update", detailed=(("y", "update"),)))
    )

    assert [it.resource for it in review.changes] == ["Thing a"]
    assert any("The engine updates Thing b for y" in it for it in review.notes)


@pytest.mark.parametrize(
    ("level", "severity"),
    [("mandatory", "mandatory"), ("advisory", "advisory"), ("remediate", "advisory")],
)
def test_what_a_policy_pack_said_is_a_finding(level, severity):
    event = PolicyEvent(pack="pack", policy="rule", level=level, message="no", urn=URN.format("a"))
    [found] = reviewed(previewed(step("a", "update"), policy=(event,))).findings

    assert (found.rule, found.severity, found.resource, found.message) == (
        "pack/rule",
        severity,
        "Thing a",
        "no",
    )


def test_an_error_of_the_engine_fails_the_review():
    said = (
        Diagnostic(severity="error", message="boom"),
        Diagnostic(severity="warning", message="hm"),
    )
    review = reviewed(previewed(step("a", "update"), diagnostics=said))

    assert [(it.rule, it.severity) for it in review.findings] == [
        ("engine-error", "mandatory"),
        ("engine-warning", "advisory"),
    ]


SAMPLES = Path(__file__).parents[1] / "engine_samples"


def test_the_engines_own_preview_of_a_change_is_reviewed_with_its_operations(change_preview):
    review = reviewed(change_preview)
    operations = {it.urn: it.operation for it in review.changes}
    for it in change_preview.steps:
        if it.operation in ("replace", "delete", "create"):
            assert operations[it.urn] == it.operation, it.urn


@pytest.fixture
def change_preview():
    [path] = [*SAMPLES.rglob("2-change.events.jsonl")]
    found = read(path)
    assert isinstance(found, Previewed)
    return found
