"""What the engine says beyond the changes: replacements that nobody foresaw, faults, and what counts as unchanged."""

from pathlib import Path

import pytest

from review.diff.engine_messages import Diagnostic, PolicyEvent
from review.diff.engine_says import told
from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed, read
from review.report import Change
from tests.review.diff.changing import WEB
from tests.review.guard.plans import find, plan

URN = find(plan(), WEB).urn


def change(operation, urn=URN, **more):
    return Change(operation=operation, resource="Deployment course/web", type="", urn=urn, **more)


def step(operation, urn=URN, **more):
    return Step(urn=urn, operation=operation, engine=operation, **more)


def said(*steps, offline=(), **more):
    previewed = Previewed(base=plan(), head=plan(), steps=steps, complete=True, **more)
    return told(previewed, offline)


@pytest.mark.parametrize(
    ("predicted", "is_news"),
    [("replace", False), ("maybeReplace", False), ("update", True), ("same", True), (None, True)],
)
def test_a_replacement_is_news_where_nobody_foresaw_it(predicted, is_news):
    offline = (change(predicted),) if predicted else ()

    found = said(step("replace", reasons=("a", "b")), offline=offline).findings
    assert [it.rule for it in found] == (["engine-replaced"] if is_news else [])
    if is_news:
        assert found[0].message == "the engine replaces it for a, b"
        assert found[0].path == "a"


def test_a_replacement_without_a_reason_is_said_to_have_none():
    [it] = said(step("replace")).findings

    assert it.message == "the engine replaces it for a reason that it does not name"
    assert it.path == ""


@pytest.mark.parametrize(
    ("severity", "rule", "weight"),
    [
        ("error", "engine-error", "mandatory"),
        ("warning", "engine-warning", "advisory"),
    ],
)
def test_a_message_of_the_engine_is_a_finding_of_its_resource_or_of_the_program(
    severity, rule, weight
):
    found = said(
        diagnostics=(
            Diagnostic(severity=severity, message="m", urn=URN),
            Diagnostic(severity=severity, message="n"),
        )
    ).findings

    assert [(it.rule, it.severity, it.resource, it.message) for it in found] == [
        (rule, weight, "Deployment course/web", "m"),
        (rule, weight, "the program", "n"),
    ]


@pytest.mark.parametrize("severity", ["info", "info#err", "debug"])
def test_what_a_program_prints_is_no_finding(severity):
    assert said(diagnostics=(Diagnostic(severity=severity, message="m"),)).findings == ()


def test_the_progress_of_the_engines_own_preview_is_no_finding():
    text = (Path(__file__).parents[2] / "engine_samples/2-change.events.jsonl").read_text()
    previewed = read(text)

    assert previewed.diagnostics
    assert [it.rule for it in told(previewed, ()).findings if it.rule == "engine-warning"] == []


def test_what_a_pack_said_names_pack_and_rule():
    event = PolicyEvent(pack="p", policy="r", level="mandatory", message="no", urn=URN)

    [it] = said(policy=(event,)).findings
    assert (it.rule, it.severity, it.resource, it.urn) == (
        "p/r",
        "mandatory",
        "Deployment course/web",
        URN,
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("aws-cis.v1_2@3", "aws-cis.v1_2@3"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}a", "-a"),
        ("a/b", "a-b"),
        ("<b>|`x`\x1b[31m\n", "-b-x-31m-"),
        ("", "unnamed"),
    ],
)
def test_the_names_of_a_pack_and_its_rules_are_words_whoever_gave_them(name, rule):
    event = PolicyEvent(pack=name, policy=name, level="advisory", message="no")

    [it] = said(policy=(event,)).findings
    assert it.rule == f"{rule}/{rule}"


def test_what_a_pack_excepts_is_advisory_and_says_for_which_reason():
    event = PolicyEvent(
        pack="p", policy="r", level="mandatory", message="no", exceptions=("E-1: later",)
    )

    [it] = said(policy=(event,)).findings
    assert (it.severity, it.why) == ("advisory", "excepted by the pack: E-1: later")


def test_resources_that_only_have_another_urn_are_no_longer_unchanged():
    found = said(
        step("same", base_urn=f"{URN}-old"),
        offline=(change("same", base_urn=f"{URN}-old"),),
        same=7,
    )

    assert [it.operation for it in found.changes] == ["same"]
    assert found.unchanged == 6
    assert said(same=7).unchanged == 7


def test_an_update_that_changes_nothing_is_a_note_with_its_paths():
    found = said(step("update", detailed=(("b", "update"), ("c", "add"))), step("update", urn="x"))

    assert found.notes == (
        "The engine updates Deployment course/web for b, c, which says the same in other words, "
        "or is not in the preview.",
    )
    assert "for its inputs, which" in said(step("update")).notes[0]
    assert said(step("same"), step("delete", urn="y")).notes == ()
