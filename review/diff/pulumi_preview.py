"""What `pulumi preview --json` said, and states, in place of an offline plan.

`read` takes every form by its content: the digest of `pulumi preview --json`, the events that it writes with
`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`, a state (`pulumi stack export`, or the file of a local backend), and our
own plans. A preview has both sides; `review.diff.engine_changes` says what the engine made of them. Whatever a form
cannot show is a note in plain words: the digest leaves out what stays the same, a secret hides the whole list that it
is in, and the streamed form knows no dependencies and few options.

Values of secrets are not kept, wherever they come from. Raises `BaseError` for everything else than such a file, and
for a preview that failed.
"""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TextIO

from review.diff.base_error import HINT, BaseError
from review.diff.decoded import Decoded
from review.diff.engine_messages import Diagnostic, PolicyEvent
from review.diff.engine_rows import UNRECORDED, RowError, clean
from review.diff.json_window import JsonError, Text, Window
from review.diff.plan_rows import Shared, plan_row
from review.diff.preview_steps import Step, Steps, is_event
from review.guard.values import printable
from review.plan import VERSION, Plan, Resource

NEWEST_STATE: Final = 4
"""https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (`DeploymentSchemaVersionLatest`)"""

LONGEST_MESSAGE: Final = 300
"""Characters of what the engine says, in an error of ours."""

STREAMED: Final = "set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true for one that shows all"


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """One preview: two plans, and what the engine would do."""

    base: Plan
    """As it runs, by the state; without what stays the same where `complete` is false."""

    head: Plan
    """As the program wants it."""

    steps: tuple[Step, ...]
    """One a resource, by URN."""

    complete: bool
    """Whether the resources that stay the same are there."""

    same: int = 0
    """How many stay the same."""

    diagnostics: tuple[Diagnostic, ...] = ()
    policy: tuple[PolicyEvent, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be read, a sentence each."""


@dataclass(frozen=True, kw_only=True)
class State:
    """What runs, by the state of a stack: its inputs, as they were applied."""

    plan: Plan
    notes: tuple[str, ...] = ()

    def beside(self, program: Plan) -> Plan:
        """The plan with what no state records as `program` has it, so that it is no change."""
        wanted = {
            urn: options
            for it in program.resources
            if (options := {key: it.options[key] for key in UNRECORDED if key in it.options})
            for urn in (it.urn, *it.options.get("aliases", ()))
        }
        return replace(
            self.plan,
            resources=tuple(
                replace(it, options={**it.options, **wanted[it.urn]}) if it.urn in wanted else it
                for it in self.plan.resources
            ),
        )


def read(source: Path | str | TextIO, name: str = "") -> Plan | State | Previewed:
    """Of a file, a text or a stream; `name` says where the latter two come from."""
    label = name or (str(source) if isinstance(source, Path) else "standard input")
    with _one_error(label), _opened(source, label) as stream:
        return _Reading(label, Window(stream)).result()


@contextmanager
def _opened(source: Path | str | TextIO, label: str) -> Iterator[Text]:
    if isinstance(source, str):
        yield io.StringIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as file:
            yield Decoded(file, label)
    else:
        # Standard input is read as bytes: what it holds was written by another program, in its own encoding.
        binary = getattr(source, "buffer", None)
        yield Decoded(binary, label) if binary is not None else source


@contextmanager
def _one_error(label: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BaseError(f"{label}: cannot be read: {error.strerror}") from None
    except JsonError as error:
        cut = " (cut off?)" if error.cut else ""
        problem = printable(error.problem)
        raise BaseError(f"{label}:{error.line}: not JSON: {problem}{cut}; {HINT}") from None
    except RecursionError:
        raise BaseError(f"{label}: nested too deep for a plan; {HINT}") from None
    except RowError as error:
        raise BaseError(f"{label}: {printable(str(error))}; {HINT}") from None


class _Reading:
    """Takes in one text, member by member, and then says what it was."""

    def __init__(self, label: str, window: Window) -> None:
        self._label, self._window = label, window
        self._seen: dict[str, Any] = {}
        self._rows: list[Resource] = []
        self._steps = Steps()
        self._shared = Shared()
        self._lists: set[str] = set()

    def result(self) -> Plan | State | Previewed:
        window = self._window
        first = window.top()
        if not first:
            raise BaseError(f"{self._label}: is empty; {HINT}")
        if first != "{":
            window.value()
            raise BaseError(f"{self._label}: not a plan: no object at the top; {HINT}")
        for key in window.members():
            self._member(key)
        if is_event(self._seen):
            self._steps.event(self._seen)
            self._events()
            return self._previewed(streamed=True)
        if window.top():
            window.value()
            raise RowError("more than one JSON value, and no events of a preview")
        if "resourcePlans" in self._seen:
            raise RowError(
                "a plan that `--save-plan` wrote: it has no resources; what `--json` writes has them"
            )
        if self._lists & {"steps", "diagnostics"} or self._seen.keys() & {
            "changeSummary",
            "duration",
        }:
            return self._previewed(streamed=False)
        if "deployment" in self._seen or "checkpoint" in self._seen:
            return self._state()
        return self._plan()

    def _member(self, key: str) -> None:
        opening = self._window.next()
        if key in ("steps", "diagnostics", "resources") and opening == "[":
            self._lists.add(key)
            for number, it in enumerate(self._window.items(), 1):
                if key == "steps":
                    with _numbered("step", number):
                        self._steps.step(it)
                elif key == "diagnostics":
                    self._steps.diagnostic(it)
                else:
                    with _numbered("resource", number):
                        self._rows.append(plan_row(self._shared(it)))
        elif key in ("deployment", "checkpoint", "latest") and opening == "{":
            self._seen[key] = True
            for inner in self._window.members():
                self._of_deployment(inner)
        else:
            self._seen[key] = self._window.value()

    def _of_deployment(self, key: str) -> None:
        opening = self._window.next()
        if key == "latest" and opening == "{":
            for inner in self._window.members():
                self._of_deployment(inner)
        elif key == "resources" and opening == "[":
            self._lists.add("states")
            for number, it in enumerate(self._window.items(), 1):
                with _numbered("resource", number):
                    if (row := self._steps.state(it)) is not None:
                        self._rows.append(row)
        else:
            found = self._window.value()
            if key == "pending_operations" and found:
                self._seen["pending"] = True

    def _events(self) -> None:
        number = 1
        while self._window.top():
            number += 1
            with _numbered("event", number):
                self._steps.event(self._window.value())

    def _plan(self) -> Plan:
        seen = self._seen
        if seen.get("version") != VERSION:
            found = json.dumps(seen.get("version"))[:20]
            none = "" if "version" in seen else ", and it is neither a preview nor a state"
            raise RowError(f"not a plan of version {VERSION}: its version is {found}{none}")
        for key in ("project", "stack"):
            if not isinstance(seen.get(key), str):
                raise RowError(f"not a plan: {key} is missing or no text")
        if "resources" not in self._lists or not isinstance(seen.get("outputs"), Mapping):
            raise RowError("not a plan: resources or outputs are missing")
        self._unique()
        return Plan(
            project=seen["project"],
            stack=seen["stack"],
            resources=tuple(self._rows),
            outputs=seen["outputs"],
        )

    def _unique(self) -> None:
        urns = set[str]()
        for number, it in enumerate(self._rows, 1):
            if it.urn in urns:
                raise RowError(f"resource {number}: a second resource of one URN")
            urns.add(it.urn)

    def _state(self) -> State:
        if not self._rows:
            raise RowError("a state that `pulumi stack export` wrote, without resources")
        self._unique()
        notes = list(self._steps.notes())
        version = self._seen.get("version")
        if isinstance(version, int) and version > NEWEST_STATE:
            notes.append(
                f"The state is of version {version}, and versions up to {NEWEST_STATE} are known: what is new in it is "
                "left out."
            )
        if self._seen.get("pending"):
            notes.append(
                "The state has operations that were interrupted: what they left behind is not in it."
            )
        if count := self._steps.condemned:
            what = "resource waits" if count == 1 else "resources wait"
            notes.append(
                f"{count} {what} in the state to be deleted, and {'is' if count == 1 else 'are'} left out."
            )
        if count := self._steps.gone:
            what = "resource was" if count == 1 else "resources were"
            notes.append(
                f"{count} {what} deleted by an interrupted replacement and not made anew: left out of what runs."
            )
        return State(plan=self._steps.plan_of(self._rows), notes=tuple(notes))

    def _previewed(self, *, streamed: bool) -> Previewed:
        steps = self._steps
        if failure := steps.failure():
            message = printable(" ".join(clean(failure).split()))[:LONGEST_MESSAGE]
            if steps.summed_up() and not streamed:
                message = f"its policies may say why, which are not in this form; {STREAMED}"
            raise BaseError(
                f"{self._label}: the preview failed, there is nothing to review: {message}"
            )
        if streamed and not steps.summed:
            raise RowError("the events end before the summary of the preview: half-written?")
        if not steps.rows[0] and not steps.rows[1]:
            raise RowError("a preview without resources")
        summary = self._seen.get("changeSummary")
        if not streamed and isinstance(summary, Mapping):
            steps.summary = summary
        base, head = steps.plans()
        same = steps.summary.get("same", 0)
        return Previewed(
            base=base,
            head=head,
            steps=steps.told(),
            complete=streamed,
            same=same if isinstance(same, int) else 0,
            diagnostics=tuple(steps.diagnostics),
            policy=tuple(steps.policy),
            notes=_notes(steps, streamed=streamed),
        )


def _notes(steps: Steps, *, streamed: bool) -> tuple[str, ...]:
    found = list(steps.notes())
    if streamed:
        found.append(
            "The streamed form of `pulumi preview` has no dependencies, and of the options of a resource "
            "`protect` and `retainOnDelete`."
        )
        return tuple(found)
    if same := steps.left_out():
        found.insert(
            0,
            f"`pulumi preview --json` leaves out the {same} resources that stay the same, so that whatever hangs on "
            f"them could not be worked out; {STREAMED}.",
        )
    found.append(
        "`pulumi preview --json` leaves out what policies said, and other outputs of the stack; "
        f"{STREAMED}."
    )
    return tuple(found)


@contextmanager
def _numbered(what: str, number: int) -> Iterator[None]:
    try:
        yield
    except RowError as error:
        raise RowError(f"{what} {number}: {error}") from None
