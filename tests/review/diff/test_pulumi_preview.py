"""Previews and states out of files: whole, of other programs, or broken."""

import copy
import json
from dataclasses import replace

import pytest

from review.diff.base_error import BaseError
from review.diff.changes import changes
from review.diff.engine_says import told
from review.diff.pulumi_preview import State, read
from review.guard.base import read as read_base
from review.guard.changes import guard
from review.plan import SECRET, UNKNOWN
from tests.review.diff.previewing import (
    DIGEST,
    EVENTS,
    SAMPLES,
    STATE,
    UNKNOWN_TEXT,
    URN,
    by_engine,
    deep,
    digest,
    step,
)
from tests.review.guard.plans import plan


def test_both_sides_of_a_digest_are_plans():
    found = read(SAMPLES / "2-change.preview.json")

    assert (found.base.project, found.base.stack) == ("sample", "dev")
    assert (len(found.base.resources), len(found.head.resources)) == (9, 21)
    assert not found.complete
    assert found.same == 12


def test_the_streamed_form_has_what_stays_the_same_and_what_policies_said():
    found = read(SAMPLES / "2-change.events.jsonl")

    assert found.complete
    assert (len(found.base.resources), len(found.head.resources)) == (20, 32)
    [event] = found.policy
    assert (event.pack, event.policy, event.level) == ("pack", "count", "advisory")
    assert event.message == "count\n33 resources seen"


def test_the_steps_of_a_replacement_are_one():
    for name in ("2-change.preview.json", "2-change.events.jsonl"):
        found = {it.urn.rpartition("::")[2]: it for it in read(SAMPLES / name).steps}
        it = found["shop-web-config"]
        assert (it.operation, set(it.reasons)) == ("replace", {"metadata.name", "data.mode"})


def test_what_a_form_leaves_out_is_said():
    said = read(SAMPLES / "2-change.preview.json").notes

    assert said[0].startswith(
        "`pulumi preview --json` leaves out the 11 resources that stay the same"
    )
    assert "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true" in said[0]
    told = [it.partition(" could not be read: ")[0] for it in said]
    assert "Deployment shop/api: spec.template.spec.containers" in told
    assert "Secret lab/api: data" in told
    assert "what policies said" in said[-1]


def test_a_list_that_a_secret_hides_is_unknown_and_not_one_text():
    [row] = [
        it
        for it in read(SAMPLES / "2-change.preview.json").head.resources
        if it.name == "shop-api-deployment"
    ]

    assert row.inputs["spec"]["template"]["spec"]["containers"] == [UNKNOWN]


def test_what_differs_in_a_hidden_list_is_told_by_the_engine_s_paths():
    data = copy.deepcopy(DIGEST)
    [changed] = [it for it in data["steps"] if it["urn"].endswith("::shop-api-deployment")]
    changed["detailedDiff"]["spec.template.spec.containers[0].image"] = {"kind": "update"}

    [change] = [it for it in by_engine(json.dumps(data)) if it.resource == "Deployment shop/api"]
    assert {it.path: it.alters for it in change.properties} == {
        "spec.replicas": "changed",
        "spec.template.spec.containers[0].image": "secret",
    }


def test_a_thing_that_goes_under_one_urn_and_comes_under_another_is_told_once():
    def at(name, op, side):
        urn = f"urn:pulumi:dev::other::kubernetes:core/v1:ConfigMap::{name}"
        inputs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
        state = {"urn": urn, "type": "kubernetes:core/v1:ConfigMap", "inputs": inputs}
        return {"op": op, "urn": urn, side: state}

    [change] = by_engine(digest(at("b", "create", "newState"), at("a", "delete", "oldState")))
    assert (change.operation, change.base_urn[-1], change.urn[-1]) == ("move", "a", "b")


def test_an_update_in_which_the_plans_see_nothing_is_a_note():
    state = step()["newState"]
    entry = step(op="update", oldState=state, detailedDiff={"tags.a": {"kind": "add"}})

    assert by_engine(digest(entry)) == ()
    notes = told(read(digest(entry)), ()).notes
    assert any("The engine updates Bucket b for tags.a" in it for it in notes)


def test_a_replacement_in_which_the_plans_see_nothing_is_a_change():
    state = step()["newState"]
    diff = {"tags.a": {"kind": "add-replace"}}
    entry = step(op="replace", oldState=state, detailedDiff=diff, replaceReasons=["tags.a"])

    [change] = by_engine(digest(entry))
    assert (change.operation, change.resource) == ("replace", "Bucket b")
    assert [(it.path, it.alters, it.replaces) for it in change.properties] == [
        ("tags.a", "added", True)
    ]


def test_what_the_engine_leaves_alone_is_no_change_though_an_output_became_unknown():
    old = step()["newState"]
    new = {**old, "inputs": {"acl": UNKNOWN_TEXT}}

    assert by_engine(digest(step(op="same", oldState=old, newState=new))) == ()


def test_a_state_is_a_plan_of_its_inputs():
    found = read(SAMPLES / "1-state.json")

    assert isinstance(found, State)
    [secret] = [it for it in found.plan.resources if it.name == "shop-api-secret"]
    assert secret.inputs["data"] == SECRET
    assert [it.partition(" could")[0] for it in found.notes] == [
        "Deployment shop/api: spec.template.spec.containers",
        "Secret shop/api: data",
    ]
    assert found.plan.outputs["kubeconfig"] == SECRET
    assert found.plan.outputs["endpoint"] == "https://shop.example"


def test_what_no_state_records_is_no_change_of_the_program():
    state = read(SAMPLES / "1-state.json")
    options = {
        "deleteBeforeReplace": True,
        "pluginDownloadURL": "https://x.example",
        "protect": True,
    }
    first, *rest = state.plan.resources
    renamed = replace(first, urn=f"{first.urn}-new", options={**options, "aliases": [first.urn]})
    for it in (replace(first, options=options), renamed):
        program = replace(state.plan, resources=(it, *rest))
        [found] = state.beside(program).resources[:1]
        assert found.options == {
            "deleteBeforeReplace": True,
            "pluginDownloadURL": "https://x.example",
        }
    assert state.beside(state.plan) == state.plan


def test_a_timeout_is_the_same_in_seconds_and_as_the_program_says_it():
    state = read(SAMPLES / "1-state.json").plan
    at = next(at for at, it in enumerate(state.resources) if it.name == "shop-web-deployment")

    def timed(**timeouts):
        rows = list(state.resources)
        rows[at] = replace(rows[at], options={"customTimeouts": timeouts})
        return replace(state, resources=tuple(rows))

    assert (
        changes(timed(create=600, delete=90.5), timed(create="10m", delete="1m30.5s")).changes == ()
    )
    [change] = changes(timed(create=600), timed(create="11m")).changes
    assert [it.path for it in change.properties] == ["options.customTimeouts.create"]


def test_the_file_of_a_local_backend_is_a_state():
    checkpoint = {"version": 3, "checkpoint": {"stack": "s", "latest": STATE["deployment"]}}

    assert read(json.dumps(checkpoint)).plan == read(SAMPLES / "1-state.json").plan


def test_what_waits_to_be_deleted_is_none_of_a_state_and_said():
    data = copy.deepcopy(STATE)
    data["deployment"]["resources"][-1]["delete"] = True
    data["deployment"]["pending_operations"] = [{"type": "creating"}]

    found = read(json.dumps(data))
    whole = read(json.dumps(STATE)).plan.resources
    assert [it.urn for it in found.plan.resources] == [it.urn for it in whole[:-1]]
    assert "1 resource waits in the state to be deleted" in found.notes[-1]
    assert "interrupted" in found.notes[-2]


def test_a_plan_of_ours_is_read_as_it_was_written():
    assert read(plan().to_json()) == plan()


def test_a_state_and_a_streamed_preview_are_bases_for_the_guard():
    state = read_base(SAMPLES / "1-state.json")
    streamed = read_base(SAMPLES / "2-change.events.jsonl")

    assert {it.urn for it in streamed.resources} <= {it.urn for it in state.resources}
    with pytest.raises(BaseError, match="leaves out what stays the same"):
        read_base(SAMPLES / "2-change.preview.json")


def test_analyses_of_the_guard_run_on_either_form():
    for name in ("2-change.preview.json", "2-change.events.jsonl"):
        found = read(SAMPLES / name)
        assert {it.happens for it in guard(found.base, found.head)} == {"replaced", "inPlace"}


def test_a_preview_that_failed_is_one_clear_error():
    with pytest.raises(BaseError) as error:
        read(SAMPLES / "4-duplicate-urn.preview.json")

    assert "the preview failed, there is nothing to review" in str(error.value)
    assert "Duplicate resource URN" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("result", ["failed", "canceled"])
def test_a_streamed_preview_that_failed_is_one_too(result):
    with pytest.raises(BaseError, match="the preview failed"):
        read(EVENTS.replace('"result":"succeeded"', f'"result":"{result}"'))


@pytest.mark.parametrize("text", [EVENTS, json.dumps(DIGEST), json.dumps(STATE), plan().to_json()])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_half_written_file_is_one_clear_error(text, share):
    with pytest.raises(BaseError) as error:
        read(text[: int(len(text) * share)], "x.json")

    assert str(error.value).startswith("x.json")
    assert "\n" not in str(error.value)


def test_events_that_stop_at_the_end_of_a_line_are_half_written():
    lines = EVENTS.splitlines()
    end = next(at for at, it in enumerate(lines) if "summaryEvent" in it)
    with pytest.raises(BaseError, match="half-written"):
        read("\n".join(lines[:end]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (deep(400), "nested too deep for a plan: more than 100 levels"),
        (deep(5000), "nested too deep for a plan"),
        ("", "is empty"),
        ("[]", "no object at the top"),
        ("Previewing update (dev):\n", ":1: not JSON"),
        ("{", ":1: not JSON: Expecting property name enclosed in double quotes (cut off?)"),
        ('{"steps": [', ":1: not JSON: Expecting value (cut off?)"),
        ('{"steps": [{"urn": "urn:pul', ":1: not JSON: Unterminated string starting at (cut off?)"),
        ('{"steps": []}', "a preview without resources"),
        ('{"changeSummary": {"create": 1}}', "a preview without resources"),
        ('{"checkpoint": {"latest": 7}}', "a state that `pulumi stack export` wrote, without"),
        ('{"steps": [7]}', "step 1: no object"),
        (digest(step(), step(urn=None)), "step 2: urn is missing or no text"),
        (digest(step(urn=7)), "step 1: urn is missing or no text"),
        (digest(step(op=None)), "step 1: op is missing or no text"),
        (digest(step(newState=7)), "step 1: a state is no object"),
        (digest(step(newState={})), "step 1: urn is missing or no text"),
        (digest(step(newState={"urn": "x"})), "step 1: urn is no URN"),
        (digest(step(newState={"urn": URN, "inputs": 7})), "step 1: inputs is no object"),
        (digest(step(newState={"urn": URN, "parent": 7})), "step 1: parent is no text"),
        (digest(step(newState={"urn": URN, "dependencies": [7]})), "dependencies is no list of text"),
        (digest(diagnostics=[{"severity": "error", "message": "no \x1b[31mway\nout"}]),
         "the preview failed, there is nothing to review: no \N{REPLACEMENT CHARACTER}[31mway out"),
        ('{"resourcePreEvent": {"metadata": 7}}\n{"summaryEvent": {}}', "metadata is missing or no object"),
        ('{"summaryEvent": {}}\n7', "event 2: no object"),
        ('{"a": 1} {"b": 2}', "more than one JSON value"),
        ('{"version": 3, "deployment": {"resources": [{}]}}', "resource 1: urn is missing"),
        ('{"version": 3, "deployment": {}}', "a state that `pulumi stack export` wrote, without"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": ' + "1" * 5000 + "}", "not JSON"),
        (digest(step(newState={"urn": URN, "inputs": {"a": json.loads("[" * 150 + "]" * 150)}})),
         "nested more than 100 levels deep"),
        ('{"steps": ' + "[" * 100_000, "nested too deep"),
    ],
)  # fmt: skip
def test_what_is_none_of_these_is_one_clear_error(text, words):
    with pytest.raises(BaseError) as error:
        read(text, "x.json")

    assert words in str(error.value)
    assert str(error.value).startswith("x.json")
    assert str(error.value).isprintable()


def test_an_error_names_the_file_the_given_name_or_the_stream(tmp_path):
    file = tmp_path / "a.json"
    file.write_text("[]")

    for source, name, label in (
        (file, "", str(file)),
        (file, "b.json", "b.json"),
        ("[]", "", "standard input"),
        ("[]", "b.json", "b.json"),
    ):
        with pytest.raises(BaseError) as error:
            read(source, name)
        assert str(error.value).startswith(f"{label}: not a plan")
