"""Messages, policies and the end of a preview: what is kept of them, and when it failed."""

import pytest

from review.diff.engine_messages import PolicyEvent
from review.diff.engine_rows import RowError
from review.diff.preview_steps import Steps

URN = "urn:pulumi:dev::other::aws:s3/bucket:Bucket::b"


def heard(*events):
    found = Steps()
    for it in events:
        found.event(it)
    return found


def said(message, severity="error", **more):
    return {"diagnosticEvent": {"severity": severity, "message": message, **more}}


def policy(level="mandatory", **more):
    return {
        "policyEvent": {
            "policyPackName": "pack",
            "policyName": "name",
            "enforcementLevel": level,
            "message": " so \n",
            **more,
        }
    }


def ended(result, **more):
    return {"summaryEvent": {"result": result, **more}}


def test_a_summary_says_that_it_ended_and_whether_it_failed():
    assert not heard().summed
    found = heard(ended("succeeded", resourceChanges={"same": 5}))
    assert (found.summed, found.summary, found.failure()) == (True, {"same": 5}, "")

    for result in (None, ""):
        found = heard(ended(result, resourceChanges=7))
        assert (found.summary, found.failure()) == ({}, "")
    for result in ("failed", "canceled"):
        assert heard(ended(result)).failure() == f"its result is {result!r}"


def test_a_second_summary_is_a_second_preview():
    with pytest.raises(RowError, match="two previews in one file"):
        heard(ended("succeeded"), ended("succeeded"))


def test_events_of_an_update_are_said_to_be_some():
    assert list(heard(ended("succeeded", isPreview=True)).notes()) == []
    [note] = heard(ended("succeeded", isPreview=False)).notes()
    assert "an update that ran" in note


def test_the_first_error_is_why_a_preview_failed():
    found = heard(said("w", "warning"), said(" first "), said("second"), ended("failed"))

    assert found.failure() == "first"
    assert [(it.severity, it.message, it.urn) for it in found.diagnostics] == [
        ("warning", "w", ""),
        ("error", "first", ""),
        ("error", "second", ""),
    ]


@pytest.mark.parametrize(
    ("event", "failure"),
    [
        ({"errorEvent": {"error": "nil pointer"}}, "nil pointer"),
        ({"errorEvent": {}}, "an error of the engine's own"),
        ({"resOpFailedEvent": {"metadata": {}, "status": 1}}, "an operation failed"),
    ],
)
def test_an_error_of_the_engine_and_an_operation_that_failed_are_failures(event, failure):
    assert heard(event).failure() == failure


def test_a_preview_that_only_a_mandatory_policy_fails_is_whole():
    found = heard(policy(), said("error: preview failed"), ended("failed"))

    assert found.failure() == ""
    assert found.diagnostics == []
    [note] = found.notes()
    assert "for what mandatory policies say" in note


@pytest.mark.parametrize(
    ("events", "failure"),
    [
        ([policy("advisory"), said("preview failed"), ended("failed")], "preview failed"),
        ([policy(), said("no such plugin"), said("preview failed")], "no such plugin"),
        ([policy(), ended("canceled")], "its result is 'canceled'"),
        ([policy(exceptions=[{"id": "E"}]), ended("failed")], "its result is 'failed'"),
    ],
)
def test_what_fails_for_another_reason_is_not_whole(events, failure):
    assert heard(*events).failure() == failure


@pytest.mark.parametrize("entry", [None, 7, {}, {"message": 7}])
def test_a_message_without_a_text_is_none(entry):
    found = Steps()
    found.diagnostic(entry)

    assert found.diagnostics == []


def test_a_message_without_a_severity_is_an_information():
    [it] = heard(said("m", None, urn=URN)).diagnostics

    assert (it.severity, it.urn) == ("info", URN)


def test_colors_and_the_word_for_the_severity_are_no_part_of_a_message():
    [it] = heard(said("<{%fg 3%}>warning: <{%reset%}>a <{%b%} <{%reset%}>", "warning")).diagnostics

    assert it.message == "a <{%b%}"


def test_what_a_policy_said_is_kept_and_what_is_no_text_is_empty():
    found = heard(
        policy(resourceUrn=7, exceptions=[{"id": "E-1", "reason": "later"}, {"id": "E-2"}, 7])
    )

    assert found.policy == [
        PolicyEvent(
            pack="pack",
            policy="name",
            level="mandatory",
            message="so",
            exceptions=("E-1: later", "E-2"),
        )
    ]


@pytest.mark.parametrize("level", ["none", "disabled"])
def test_a_policy_that_is_off_says_nothing(level):
    assert heard(policy(level)).policy == []


def test_what_a_policy_changed_is_counted():
    event = {"policyRemediationEvent": {"policyPackName": "p", "policyName": "r"}}

    [note] = heard(event, event).notes()
    assert note.startswith("p/r changed 2 resources before the preview")
