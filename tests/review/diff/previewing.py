"""What test_pulumi_preview and test_pulumi_preview_further share."""

import io
import json
from pathlib import Path

from hypothesis import strategies as st

from review.diff.base_error import BaseError
from review.diff.changes import changes
from review.diff.engine_changes import engine_changes
from review.diff.engine_says import told
from review.diff.pulumi_preview import Previewed, State, read
from review.plan import Plan
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


def deep(levels):
    row = {**json.loads(plan().to_json())["resources"][3], "inputs": {"a": "DEEP"}}
    text = json.dumps(
        {"version": 1, "project": "p", "stack": "s", "resources": [row], "outputs": {}}
    )
    return text.replace('"DEEP"', "[" * levels + "]" * levels)


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
