"""Previews and states out of files: whole, of other programs, or broken."""

import copy
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.diff.changes import changes
from review.diff.engine_changes import engine_changes
from review.diff.engine_says import told
from review.diff.json_window import JsonError, Window
from review.diff.pulumi_preview import Previewed, State, read
from review.guard.base import BaseError
from review.guard.base import read as read_base
from review.guard.changes import guard
from review.plan import SECRET, UNKNOWN, Plan
from tests.review.guard.plans import plan

SAMPLES = Path(__file__).parents[2] / "engine_samples"
DIGEST = json.loads((SAMPLES / "2-change.preview.json").read_text())
EVENTS = (SAMPLES / "2-change.events.jsonl").read_text()
STATE = json.loads((SAMPLES / "1-state.json").read_text())
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
URN = "urn:pulumi:dev::other::aws:s3/bucket:Bucket::b"


def step(**more):
    state = {"urn": URN, "type": "aws:s3/bucket:Bucket", "inputs": {"acl": "private"}}
    return {"op": "create", "urn": URN, "newState": state, **more}


def digest(*steps, **more):
    return json.dumps({"steps": list(steps), "changeSummary": {"create": 1}, **more})


def head_of(inputs, **more):
    state = {"urn": URN, "type": "aws:s3/bucket:Bucket", "inputs": inputs}
    [row] = read(digest(step(newState=state, **more))).head.resources
    return row.inputs


def by_engine(text):
    found = read(text)
    return engine_changes(found, changes(found.base, found.head).changes)


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


def deep(levels):
    row = {**json.loads(plan().to_json())["resources"][3], "inputs": {"a": "DEEP"}}
    text = json.dumps(
        {"version": 1, "project": "p", "stack": "s", "resources": [row], "outputs": {}}
    )
    return text.replace('"DEEP"', "[" * levels + "]" * levels)


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
        ('{"steps": []}', "a preview without resources"),
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


def test_a_preview_of_another_program_is_read_like_ours():
    entry = step(provider=None, detailedDiff=None, replaceReasons=None, diffReasons=7)
    found = read(digest(entry, step(op="frobnicate", urn=f"{URN}2"), diagnostics=[None, {}, 7]))

    assert isinstance(found, Previewed)
    assert [it.operation for it in found.steps] == ["create", "update"]
    assert any("'frobnicate'" in it for it in found.notes)
    assert [it.operation for it in by_engine(digest(entry))] == ["create"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNKNOWN_TEXT, UNKNOWN),
        ("6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", UNKNOWN),
        ("[secret]", SECRET),
        ({SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}, SECRET),
        ({SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"canary"'}, SECRET),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, UNKNOWN),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": 7}, 7),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "canary", "secret": True}, SECRET),
        ([1, [UNKNOWN_TEXT]], [1, [UNKNOWN]]),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("a\u202eb<script>`|", "a\u202eb<script>`|"),
    ],
)  # fmt: skip
def test_a_value_of_the_engine_is_one_of_a_plan(value, expected):
    assert head_of({"a": value}) == {"a": expected}


def test_the_engine_s_own_notes_are_no_inputs():
    assert head_of({"__defaults": [], "__internal": {}, "a": 1, "b": None}) == {"a": 1}


def test_no_ciphertext_and_no_plain_secret_is_kept():
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"canary-7f3a"'}
    data = copy.deepcopy(STATE)
    for it in data["deployment"]["resources"]:
        it.setdefault("inputs", {})["planted"] = {"deep": [secret]}
        it["outputs"] = {"planted": secret}

    found = read(json.dumps(data))
    assert "canary" not in repr(found)
    assert "canary" not in found.plan.to_json()


def test_windows_writes_another_encoding(tmp_path):
    path = tmp_path / "preview.json"
    for encoding in ("utf-16", "utf-8-sig"):
        path.write_bytes(json.dumps(DIGEST).encode(encoding))
        assert read(path).head == read(SAMPLES / "2-change.preview.json").head


def test_no_output_of_the_rest_hangs_on_where_the_pieces_end(monkeypatch):
    for piece in (1, 7, 64):
        monkeypatch.setattr("review.diff.json_window.PIECE", piece)
        assert read(digest(step(), diagnostics=[{"message": "a\u00e9\\u00e9"}])).steps
        text = io.StringIO(' {"a": [1234567890, "x\\"y", {"b": [true, null]}], "c": 12.5e3} ')
        window = Window(text)
        found = {}
        for key in window.members():
            found[key] = list(window.items()) if window.next() == "[" else window.value()
        assert found == {"a": [1234567890, 'x"y', {"b": [True, None]}], "c": 12500.0}
        assert window.next() == ""


def test_the_line_of_an_error_counts_what_was_read_before(monkeypatch):
    monkeypatch.setattr("review.diff.json_window.PIECE", 8)
    window = Window(io.StringIO('[\n1,\n2,\n"abcdefghijklmnop",\n?]'))
    with pytest.raises(JsonError) as error:
        list(window.items())

    assert error.value.line == 5


def test_an_error_early_in_a_long_text_is_told_without_reading_it_all():
    text = io.StringIO('{"steps": [tru, ' + " " * 5_000_000)
    with pytest.raises(BaseError, match="not JSON"):
        read(text)
    assert text.tell() < 3_000_000


class Long(io.TextIOBase):
    """A text that is nowhere as a whole: each part is made when it is asked for."""

    def __init__(self, parts):
        self._parts, self._rest, self.length = iter(parts), "", 0

    def read(self, size=-1):
        while len(self._rest) < size and (part := next(self._parts, None)) is not None:
            self._rest += part
        text, self._rest = self._rest[:size], self._rest[size:]
        self.length += len(text)
        return text


@pytest.mark.parametrize("form", ["digest", "events", "state"])
def test_a_long_file_is_read_in_the_memory_of_its_pieces(form):
    outputs = {"outputs": {"a": "x" * 200_000}}

    def parts():
        yield {
            "digest": '{"steps": [',
            "state": '{"version": 3, "deployment": {"resources": [',
            "events": "",
        }[form]
        for number in range(150):
            urn = f"{URN}{number}"
            state = {"urn": urn, "type": "x:y:Z", "inputs": {"a": number}, **outputs}
            one = {"op": "create", "urn": urn, "newState": state}
            event = {"resourcePreEvent": {"metadata": {"op": "create", "urn": urn, "new": state}}}
            text = json.dumps({"digest": one, "state": state, "events": event}[form])
            yield text + ("\n" if form == "events" else "" if number == 149 else ",")
        yield {"digest": "]}", "state": "]}}", "events": '{"summaryEvent": {}}'}[form]

    stream = Long(parts())
    tracemalloc.start()
    try:
        found = read(stream)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    rows = (found.plan if isinstance(found, State) else found.head).resources
    assert len(rows) == 150
    assert stream.length > 30_000_000
    assert most < 10_000_000


WORDS = st.sampled_from(
    [
        "op",
        "urn",
        "newState",
        "inputs",
        "null",
        "{}",
        "[]",
        '"',
        "\\",
        "\x00",
        "7",
        "\ud800",
        "::",
        "$",
    ]
)


@st.composite
def broken(draw):
    """One of the samples with characters lost, doubled or put in, or a value exchanged for another."""
    text = draw(st.sampled_from([LONG, EVENTS[:9000], SMALL, SMALL_STATE, SMALL_EVENTS]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 30))
        text = text[:at] + draw(WORDS) + text[at + length :]
    return text


LONG = json.dumps({**DIGEST, "steps": DIGEST["steps"][:4]})
SMALL = digest(
    step(op="update", oldState=step()["newState"], detailedDiff={"a": {"kind": "add"}}),
    step(urn="urn:pulumi:dev::other::x:y:Z::z", newState=None),
    diagnostics=[{"severity": "warning", "message": "m"}],
)
SMALL_STATE = json.dumps({"version": 3, "deployment": {"resources": [step()["newState"]]}})
SMALL_EVENTS = "\n".join(
    [
        json.dumps({"resourcePreEvent": {"metadata": {"op": "create", "urn": URN, "new": step()["newState"]}}}),
        json.dumps({"summaryEvent": {"resourceChanges": {"create": 1}, "result": "succeeded"}}),
    ]
)  # fmt: skip


def tried(text):
    """Whatever comes of it can be worked on to the end; the only error is ours."""
    found = said = None
    try:
        found = read(text, "x")
    except BaseError as error:
        said = str(error)
    if said is not None:
        assert "\n" not in said
        assert said.encode()
        return
    if isinstance(found, Previewed):
        base, head = found.base, found.head
        told(found, changes(base, head).changes)
    else:
        base = head = found.plan if isinstance(found, State) else found
    assert isinstance(head, Plan)
    changes(base, head)
    head.to_json().encode()


@settings(max_examples=300)
@given(broken())
def test_a_broken_file_never_raises_anything_else(text):
    tried(text)


TEXTS = st.text(max_size=5) | st.sampled_from([URN, "create", "[secret]", UNKNOWN_TEXT])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["urn", "op", "type", "inputs", "newState", "oldState", "metadata", "spec", "kind",
                         "apiVersion", "parent", "provider", "detailedDiff", "replaceReasons", "outputs", SIGNATURE,
                         "message", "severity", "resourceChanges", "result", "resources", "dependencies"])
        | st.text(max_size=3),
        inner,
        max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["steps", "diagnostics", "changeSummary", "config", "deployment", "version", "resources",
                         "project", "stack", "outputs", "checkpoint", "resourcePreEvent", "summaryEvent"]),
        JSON | st.lists(st.fixed_dictionaries({"urn": st.just(URN), "op": st.just("update")}, optional={
            "newState": st.fixed_dictionaries({"urn": st.just(URN)}, optional={"inputs": JSON, "type": JSON}),
            "oldState": st.fixed_dictionaries({"urn": st.just(URN)}, optional={"inputs": JSON, "protect": JSON}),
            "detailedDiff": JSON,
        }), max_size=2),
    )
)  # fmt: skip
def test_anything_under_the_keys_that_are_known_never_raises_anything_else(data):
    tried(json.dumps(data))
