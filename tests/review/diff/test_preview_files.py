"""Files of previews as shells, pipes and tools leave them: what is read all the same, and what is one clear error."""

import gzip
import io
import json
import zipfile

import pytest

from review.diff.base_error import HINT, BaseError
from review.diff.decoded import Decoded
from review.diff.pulumi_preview import read
from tests.review.diff.previewing import DIGEST, EVENTS, STATE, digest, step

DIGEST_TEXT = json.dumps(DIGEST, indent=1)
FOREIGN = "not JSON: another text stands here (only what goes to stdout belongs in it: no `2>&1`)"


def refused(source, name="x.json"):
    with pytest.raises(BaseError) as error:
        read(source, name)
    said = str(error.value)
    assert said.startswith(f"{name}:")
    assert said.isprintable()
    return said.removeprefix(f"{name}:")


def piped(data):
    """Standard input, as a pipe gives it: the encoding of the terminal is not that of the text."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="ascii")


@pytest.mark.parametrize("text", [DIGEST_TEXT, EVENTS])
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.replace("\n", "\r\n").encode("utf-16-be"),
        lambda text: b"\n \n" + text.encode() + b"\n\n",
    ],
)
def test_a_file_and_a_pipe_are_read_in_whatever_form_a_shell_writes_them(tmp_path, text, written):
    path = tmp_path / "preview.json"
    path.write_bytes(written(text))

    whole = read(text)
    assert read(path) == whole
    assert read(piped(written(text))) == whole


def test_events_with_empty_lines_between_them_are_read():
    assert read(EVENTS.replace("\n", "\n\n  \r\n")) == read(EVENTS)


def test_a_first_event_of_an_unknown_kind_is_one_all_the_same():
    first = json.dumps({"sequence": 0, "timestamp": 1, "novelty": {}})

    assert read(f"{first}\n{EVENTS}") == read(EVENTS)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"Previewing update (dev):\n\n{DIGEST_TEXT}", 1),
        (f"warning: a new version is there\n{EVENTS}", 1),
        (EVENTS.replace("\n", "\nwarning: slow\n", 1), 2),
        (f"{digest(step())}\nResources:\n    + 1 to create\n", 2),
        (f"{EVENTS}error: preview failed\n", EVENTS.count("\n") + 1),
    ],
)
def test_text_around_a_preview_is_told_with_its_line_and_what_to_do(text, line):
    assert refused(text) == f"{line}: {FOREIGN}; {HINT}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DIGEST_TEXT * 2, "more than one JSON value"),
        (EVENTS * 2, "two previews in one file"),
        (DIGEST_TEXT + EVENTS, "more than one JSON value"),
        (EVENTS + DIGEST_TEXT, "no event of a preview: more than one thing is in the file"),
        (EVENTS + json.dumps(STATE), "no event of a preview: more than one thing is in the file"),
        (json.dumps({"manifest": {}, "resourcePlans": {}}), "a plan that `--save-plan` wrote"),
        (json.dumps({"a": 1}), "its version is null, and it is neither a preview nor a state"),
        (json.dumps({"duration": 7}), "a preview without resources"),
    ],
)
def test_what_is_more_or_less_than_one_preview_is_one_clear_error(text, words):
    assert words in refused(text)


def test_a_preview_that_failed_before_its_first_step_says_why():
    failed = {
        "diagnostics": [{"severity": "error", "message": "error: no plugin x\n"}],
        "duration": 7,
    }

    said = refused(json.dumps(failed))
    assert said == " the preview failed, there is nothing to review: no plugin x"


def test_a_digest_that_policies_failed_says_where_they_can_be_read():
    """The digest has no policies, only that something failed."""
    failed = digest(
        step(), diagnostics=[{"severity": "error", "message": "error: preview failed\n"}]
    )

    assert "policies may say why" in refused(failed)
    assert "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true" in refused(failed)


def test_a_stream_that_policies_failed_is_reviewed_with_what_they_say():
    said = {
        "policyEvent": {
            "policyPackName": "p",
            "policyName": "r",
            "message": "no",
            "enforcementLevel": "mandatory",
        }
    }
    error = {"diagnosticEvent": {"severity": "error", "message": "preview failed\n"}}
    events = EVENTS.replace('"result":"succeeded"', '"result":"failed"')

    found = read("\n".join([json.dumps(said), json.dumps(error), events]))
    assert [it.policy for it in found.policy][:1] == ["r"]
    assert "mandatory policies" in " ".join(found.notes)


def test_what_is_compressed_is_to_be_unpacked(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(gzip.compress(b"{}"))
    assert "is compressed (gzip): unpack it first" in refused(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a", "b")
    assert "is compressed (zip)" in refused(path)


@pytest.mark.parametrize("text", [digest(step()), EVENTS[:1200]])
def test_a_file_that_is_cut_at_any_byte_is_one_clear_error(tmp_path, text):
    path = tmp_path / "x.json"
    data = text.replace("private", "priv\N{LATIN SMALL LETTER E WITH ACUTE}").encode()
    for end in range(len(data) - 1):
        path.write_bytes(data[:end])
        refused(path)


def test_where_a_text_is_no_utf_8_counts_from_its_begin():
    padding = b" " * 100_000
    for data, said in (
        (padding + b"\xff{}", " neither a plan nor a preview: no UTF-8 at byte 100000; "),
        (
            padding + b'"\xc3',
            "no UTF-8 at byte 100001: it ends in the middle of a character (cut off?)",
        ),
    ):
        assert said in refused(piped(data))
    odd = b"\xff\xfe" + "{}".encode("utf-16-le") + b"\x00"
    assert "no UTF-16 at byte 6: it ends in the middle of a character" in refused(piped(odd))


def test_a_character_that_lies_across_pieces_is_whole():
    text = "\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}" * 9
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        stream = Decoded(io.BytesIO(text.encode(encoding)), "x")
        found = ""
        while piece := stream.read(1):
            found += piece
        assert found == text


def test_a_state_of_a_later_version_is_read_and_said_to_be_one():
    assert not any("version" in it for it in read(json.dumps(STATE)).notes)
    [note] = [it for it in read(json.dumps({**STATE, "version": 5})).notes if "version" in it]
    assert note.startswith("The state is of version 5, and versions up to 4 are known")
