"""Steps and events of a preview, one at a time: what is kept of each, and how several of one resource are one."""

import pytest

from review.diff.engine_rows import RowError
from review.diff.preview_steps import PolicyEvent, Steps
from review.plan import UNKNOWN
from tests.review.diff.previewing import UNKNOWN_TEXT

URN = "urn:pulumi:dev::other::aws:s3/bucket:Bucket::b"
STACK_URN = "urn:pulumi:dev::other::pulumi:pulumi:Stack::other-dev"
STACK = {"urn": STACK_URN, "type": "pulumi:pulumi:Stack"}


def state(urn=URN, **more):
    return {"urn": urn, "type": "aws:s3/bucket:Bucket", "inputs": {"acl": "private"}, **more}


def taken(*entries):
    found = Steps()
    for it in entries:
        found.step(it)
    return found


def event(op, old=None, new=None, key="resourcePreEvent", **more):
    return {key: {"metadata": {"op": op, "urn": URN, "old": old, "new": new, **more}}}


@pytest.mark.parametrize(
    ("op", "operation"),
    [
        ("create", "create"),
        ("import", "create"),
        ("same", "same"),
        ("read", "same"),
        ("read-discard", "same"),
        ("discard", "same"),
        ("refresh", "same"),
        ("update", "update"),
        ("delete", "delete"),
        ("read-replacement", "replace"),
        ("replace", "replace"),
        ("create-replacement", "replace"),
        ("delete-replaced", "replace"),
        ("discard-replaced", "replace"),
        ("import-replacement", "replace"),
        ("remove-pending-replace", "replace"),
    ],
)
def test_every_word_of_the_engine_is_an_operation(op, operation):
    [it] = taken({"op": op, "urn": URN, "newState": state()}).told()

    assert (it.operation, it.engine) == (operation, op)


def test_a_word_that_is_new_is_an_update_and_a_note_once():
    found = taken(
        *({"op": "ponder", "urn": f"{URN}{at}", "newState": state(f"{URN}{at}")} for at in range(2))
    )

    assert [it.operation for it in found.told()] == ["update", "update"]
    assert list(found.notes()) == [
        "The preview has an operation that this version does not know, 'ponder': taken for an update."
    ]


def test_a_step_keeps_its_reasons_and_its_paths_in_order():
    [it] = taken(
        {
            "op": "replace",
            "urn": URN,
            "oldState": state(),
            "newState": state(),
            "replaceReasons": ["b", 7, "a"],
            "detailedDiff": {"z": {"kind": "add"}, "a": {"kind": 7}, "b": None},
        }
    ).told()

    assert it.reasons == ("b", "a")
    assert it.detailed == (("a", "update"), ("b", "update"), ("z", "add"))
    assert it.base_urn == ""


def test_a_resource_under_another_urn_in_the_state_is_aliased():
    found = taken(
        {"op": "update", "urn": URN, "oldState": state(f"{URN}-old"), "newState": state()}
    )

    [it] = found.told()
    assert it.base_urn == f"{URN}-old"
    base, head = found.plans()
    assert [row.urn for row in base.resources] == [f"{URN}-old"]
    assert head.resources[0].options["aliases"] == [f"{URN}-old"]


def test_what_is_deleted_under_another_urn_has_no_row_in_the_program():
    found = taken(
        {"op": "delete", "urn": URN, "oldState": state(f"{URN}-old")},
        {"op": "create", "urn": f"{URN}2", "newState": state(f"{URN}2")},
    )

    base, head = found.plans()
    assert [len(it.resources) for it in (base, head)] == [1, 1]


def test_the_three_steps_of_a_replacement_are_one_with_all_that_they_say():
    found = Steps()
    found.event(event("create-replacement", old=state(), new=state(), keys=["acl"]))
    found.event(
        event("replace", old=state(), new=state(), detailedDiff={"acl": {"kind": "update"}})
    )
    found.event(event("delete-replaced", old=state(), key="resOutputsEvent"))

    [it] = found.told()
    assert (it.operation, it.engine) == ("replace", "create-replacement")
    assert (it.reasons, it.detailed) == (("acl",), (("acl", "update"),))


@pytest.mark.parametrize(
    ("one", "other", "operation"),
    [
        ("same", "update", "update"),
        ("update", "create", "create"),
        ("create", "delete", "delete"),
        ("delete", "replace", "replace"),
        ("replace", "same", "replace"),
    ],
)
def test_of_two_steps_of_one_resource_the_weightier_counts(one, other, operation):
    for pair in ((one, other), (other, one)):
        found = taken(*({"op": it, "urn": URN, "newState": state()} for it in pair))
        assert [it.operation for it in found.told()] == [operation]


def test_a_summary_says_that_it_ended_and_whether_it_failed():
    found = Steps()
    assert not found.summed
    found.event({"summaryEvent": {"resourceChanges": {"same": 5}, "result": "succeeded"}})
    assert (found.summed, found.summary, found.failure()) == (True, {"same": 5}, "")

    for result in (None, ""):
        found.event({"summaryEvent": {"resourceChanges": 7, "result": result}})
        assert (found.summary, found.failure()) == ({}, "")
    found.event({"summaryEvent": {"result": "failed"}})
    assert found.failure() == "its result is 'failed'"


def test_the_first_error_is_why_a_preview_failed():
    found = Steps()
    for severity, message in (("warning", "w"), ("error", " first "), ("error", "second")):
        found.event({"diagnosticEvent": {"severity": severity, "message": message}})
    found.event({"summaryEvent": {"result": "failed"}})

    assert found.failure() == "first"
    assert [(it.severity, it.message, it.urn) for it in found.diagnostics] == [
        ("warning", "w", ""),
        ("error", "first", ""),
        ("error", "second", ""),
    ]


@pytest.mark.parametrize("entry", [None, 7, {}, {"message": 7}])
def test_a_message_without_a_text_is_none(entry):
    found = Steps()
    found.diagnostic(entry)

    assert found.diagnostics == []


def test_a_message_without_a_severity_is_an_information():
    found = Steps()
    found.diagnostic({"message": "m", "urn": URN, "severity": None})

    assert [(it.severity, it.urn) for it in found.diagnostics] == [("info", URN)]


def test_what_a_policy_said_is_kept_and_what_is_no_text_is_empty():
    found = Steps()
    found.event(
        {
            "policyEvent": {
                "policyPackName": "pack",
                "policyName": "name",
                "enforcementLevel": "mandatory",
                "message": " so \n",
                "resourceUrn": 7,
            }
        }
    )

    assert found.policy == [
        PolicyEvent(pack="pack", policy="name", level="mandatory", message="so", urn="")
    ]


def test_outputs_of_the_stack_are_those_of_each_side_and_else_of_the_state():
    with_outputs = {**STACK, "outputs": {"a": 1}}
    found = taken(
        {"op": "update", "urn": STACK_URN, "oldState": with_outputs, "newState": STACK},
    )
    assert [it.outputs for it in found.plans()] == [{"a": 1}, {"a": 1}]

    head = {**STACK, "outputs": {"a": UNKNOWN_TEXT}}
    found = taken({"op": "update", "urn": STACK_URN, "oldState": with_outputs, "newState": head})
    assert [it.outputs for it in found.plans()] == [{"a": 1}, {"a": UNKNOWN}]


def test_a_plan_of_a_preview_is_called_after_its_urns():
    base, head = taken({"op": "create", "urn": URN, "newState": state()}).plans()

    assert (head.project, head.stack) == ("other", "dev")
    assert (base.project, base.stack, base.resources) == ("other", "dev", ())


def test_of_a_state_what_waits_to_be_deleted_and_default_providers_are_left_out():
    found = Steps()
    provider = "urn:pulumi:dev::other::pulumi:providers:aws::"

    assert found.state(state(delete=True)) is None
    assert found.condemned == 1
    assert found.state(state(f"{provider}default_5", type="pulumi:providers:aws")) is None
    assert found.state(state(f"{provider}own", type="pulumi:providers:aws")).name == "own"
    assert found.state(state("urn:pulumi:dev::other::x:y:Z::default")) is not None
    assert found.state({**STACK, "outputs": {"a": 1}}).urn == STACK_URN
    assert found.plan_of([found.state(state())]).outputs == {"a": 1}


@pytest.mark.parametrize(
    ("take", "entry", "problem"),
    [
        ("step", 7, "no object"),
        ("event", 7, "no object"),
        ("state", 7, "no object"),
        ("event", {"resOutputsEvent": {"metadata": 7}}, "resOutputsEvent.metadata is missing"),
        ("step", {"op": "create", "urn": URN, "oldState": []}, "a state is no object"),
    ],
)
def test_what_is_no_entry_says_why(take, entry, problem):
    with pytest.raises(RowError, match=problem):
        getattr(Steps(), take)(entry)


def test_how_many_are_left_out_is_what_the_summary_has_beyond_those_that_are_there():
    found = taken({"op": "same", "urn": URN, "newState": state()})

    assert found.left_out() == 0
    found.summary = {"same": 5}
    assert found.left_out() == 4
    found.summary = {"same": "many"}
    assert found.left_out() == 0
    read = taken({"op": "read", "urn": URN, "newState": state()})
    read.summary = {"same": 5, "read": 1}
    assert read.left_out() == 5
