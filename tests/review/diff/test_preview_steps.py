"""Steps and events of a preview, one at a time: what is kept of each, and how several of one resource are one."""

import pytest

from review.diff.engine_rows import RowError
from review.diff.preview_steps import Steps
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
        ("delete-replaced", "delete"),
        ("discard-replaced", "replace"),
        ("import-replacement", "replace"),
        ("remove-pending-replace", "delete"),
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


def test_the_kind_of_a_difference_is_called_otherwise_in_an_event():
    kinds = {"a": {"diffKind": "add-replace", "inputDiff": True}, "b": {"diffKind": "delete"}}

    found = Steps()
    found.event(event("update", old=state(), new=state(), detailedDiff=kinds))
    assert found.told()[0].detailed == (("a", "add-replace"), ("b", "delete"))


@pytest.mark.parametrize("key", ["diffs", "diffReasons"])
def test_a_provider_that_tells_no_paths_tells_the_keys_that_differ(key):
    [it] = taken({"op": "update", "urn": URN, "newState": state(), key: ["b", "a"]}).told()
    assert it.detailed == (("a", "update"), ("b", "update"))

    none = {"op": "update", "urn": URN, "newState": state(), key: ["b"], "detailedDiff": {}}
    assert taken(none).told()[0].detailed == ()


def test_what_a_refresh_finds_is_what_runs_and_not_what_the_program_wants():
    runs, wanted = state(inputs={"acl": "found"}), state(inputs={"acl": "wanted"})
    found = Steps()
    for key in ("resourcePreEvent", "resOutputsEvent"):
        found.event(event("refresh", old=state(), new=runs, key=key))
        found.event(event("update", old=runs, new=wanted, key=key))

    base, head = found.plans()
    assert [it.inputs for it in (*base.resources, *head.resources)] == [
        {"acl": "found"},
        {"acl": "wanted"},
    ]
    assert [(it.operation, it.engine) for it in found.told()] == [("update", "update")]


def test_what_was_only_refreshed_stays_as_it_is():
    """The digest tells a refresh, but not that a resource then stays the same."""
    found = taken({"op": "refresh", "urn": URN, "oldState": state()})
    found.summary = {"same": 1}

    base, head = found.plans()
    assert base.resources == head.resources
    assert [it.name for it in base.resources] == ["b"]
    assert found.left_out() == 0


def test_what_was_refreshed_under_a_former_urn_is_told_under_the_new_one():
    old = state(f"{URN}-old")
    found = taken(
        {"op": "refresh", "urn": f"{URN}-old", "oldState": old},
        {"op": "update", "urn": URN, "oldState": old, "newState": state()},
    )

    base, head = found.plans()
    assert [it.name for it in (*base.resources, *head.resources)] == ["b-old", "b"]
    assert [it.urn for it in found.told()] == [URN]


def test_what_a_refresh_finds_gone_is_made_anew():
    found = taken(
        {"op": "refresh", "urn": URN, "oldState": state()},
        {"op": "create", "urn": URN, "newState": state()},
    )

    base, head = found.plans()
    assert (len(base.resources), len(head.resources)) == (0, 1)
    assert [it.operation for it in found.told()] == ["create"]


@pytest.mark.parametrize("op", ["same", "update", "create"])
def test_a_leftover_that_is_cleared_away_replaces_nothing(op):
    steps = (
        {"op": op, "urn": URN, "oldState": state(), "newState": state()},
        {"op": "delete-replaced", "urn": URN, "oldState": state(delete=True)},
    )
    for pair in (steps, steps[::-1]):
        assert [it.operation for it in taken(*pair).told()] == [op]
    assert [it.operation for it in taken(steps[1]).told()] == ["delete"]


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
    assert (found.condemned, found.gone) == (1, 0)
    assert found.state(state(pendingReplacement=True)) is None
    assert (found.condemned, found.gone) == (1, 1)
    assert found.state(state(viewOf=URN)) is None
    assert found.state(state(snippetID="a")) is None
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
