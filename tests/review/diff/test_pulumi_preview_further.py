"""Previews and states out of files: whole, of other programs, or broken: further cases."""

import copy
import io
import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.diff.base_error import BaseError
from review.diff.json_window import JsonError, Window
from review.diff.pulumi_preview import Previewed, State, read
from review.plan import SECRET, UNKNOWN
from tests.review.diff.previewing import (
    DIGEST,
    JSON,
    SAMPLES,
    SIGNATURE,
    STATE,
    UNKNOWN_TEXT,
    URN,
    Long,
    broken,
    by_engine,
    digest,
    head_of,
    step,
    tried,
)


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


@settings(max_examples=300)
@given(broken())
def test_a_broken_file_never_raises_anything_else(text):
    tried(text)


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
