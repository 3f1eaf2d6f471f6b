"""Steps and events of a preview, taken in one at a time: of each only what a review reads is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from review.diff.engine_messages import Messages
from review.diff.engine_rows import RowError, clean, plain, row, text_of, uncovered
from review.guard.pairs import title
from review.plan import Plan, Resource
from review.report import Operation

STACK: Final = "pulumi:pulumi:Stack"

_OPERATIONS: Final[Mapping[str, Operation]] = {
    "create": "create",
    "import": "create",
    "same": "same",
    "read": "same",
    "read-discard": "same",
    "discard": "same",
    "refresh": "same",
    "update": "update",
    "delete": "delete",
    "read-replacement": "replace",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "delete",
    "discard-replaced": "replace",
    "import-replacement": "replace",
    "remove-pending-replace": "delete",
}
"""https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/history.go

`delete-replaced` and `remove-pending-replace` stand for a replacement only beside its other steps: alone they clear
away what an earlier one left behind.
"""

_REFRESHES: Final = "refresh"
_CLEARS: Final = "delete-replaced"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the engine would do to one resource."""

    urn: str
    operation: Operation
    engine: str
    """In the engine's word, `create-replacement`; the first one where a replacement has several."""

    base_urn: str = ""
    """Where the state has another URN."""

    reasons: tuple[str, ...] = ()
    """Paths that replace it."""

    detailed: tuple[tuple[str, str], ...] = ()
    """Paths that differ, with the engine's kind: `update`, `add`, `delete`, each perhaps with `-replace`."""

    hidden: tuple[str, ...] = ()
    """Paths of what a secret hides, on either side."""


class Steps(Messages):
    """Collects a preview."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[dict[str, Resource], dict[str, Resource]] = ({}, {})
        """Of the state and of the program, by URN."""

        self._steps: dict[str, Step] = {}
        self._outputs: list[dict[str, Any]] = [{}, {}]
        self._refreshed: set[str] = set()
        self._unknown: set[str] = set()
        self._hidden: list[str] = []
        self.condemned = 0
        """Resources of a state that wait to be deleted."""

        self.gone = 0
        """Resources of a state that an interrupted replacement deleted, and did not make anew."""

    def step(self, entry: Any) -> None:
        """One of the digest."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        self._take(entry, entry.get("oldState"), entry.get("newState"), "replaceReasons")

    def event(self, entry: Any) -> None:
        """One line of the streamed form; kinds of events that say nothing of resources pass."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        if not is_event(entry):
            raise RowError("no event of a preview: more than one thing is in the file")
        for key in ("resourcePreEvent", "resOutputsEvent"):
            if (told := entry.get(key)) is not None:
                metadata = told.get("metadata") if isinstance(told, Mapping) else None
                if not isinstance(metadata, Mapping):
                    raise RowError(f"{key}.metadata is missing or no object")
                self._take(metadata, metadata.get("old"), metadata.get("new"), "keys")
        self.message(entry)

    def state(self, entry: Any) -> Resource | None:
        """One of a state; None for what waits to be deleted or is gone, and for what no program registers."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        if entry.get("delete") or entry.get("pendingReplacement"):
            self.condemned += bool(entry.get("delete"))
            self.gone += not entry.get("delete")
            return None
        if entry.get("type") == STACK and isinstance(entry.get("outputs"), dict):
            self._outputs[0] = plain(entry["outputs"])
        found, paths = uncovered(row(entry))
        if paths:
            self._hidden.append(f"{title(found)}: {', '.join(paths)}")
        default = found.type.startswith("pulumi:providers:") and found.name.startswith("default")
        of_others = entry.get("viewOf") or entry.get("snippetID")
        return None if default or of_others else found

    def plans(self) -> tuple[Plan, Plan]:
        """The state's and the program's; outputs that the preview does not tell are those of the state."""
        self._outputs[1] = self._outputs[1] or self._outputs[0]
        urn = next(iter(self.rows[1] or self.rows[0]))
        return _plan(urn, self.rows[0].values(), self._outputs[0]), _plan(
            urn, self.rows[1].values(), self._outputs[1]
        )

    def plan_of(self, rows: Sequence[Resource]) -> Plan:
        """Of the rows of a state."""
        return _plan(rows[0].urn, rows, self._outputs[0])

    def told(self) -> tuple[Step, ...]:
        """By URN."""
        return tuple(self._steps[urn] for urn in sorted(self._steps))

    def left_out(self) -> int:
        """How many resources stay the same and are not there."""
        same = self.summary.get("same", 0)
        there = sum(it.engine in ("same", _REFRESHES) for it in self._steps.values())
        return max(same - there, 0) if isinstance(same, int) else 0

    def notes(self) -> Iterator[str]:
        """What could not be read."""
        hidden = list(self._hidden)
        for it in self.told():
            if it.hidden:
                resource = self.rows[1].get(it.urn) or self.rows[0][it.base_urn or it.urn]
                hidden.append(f"{title(resource)}: {', '.join(it.hidden)}")
        for text in sorted(hidden):
            yield (
                f"{text} could not be read: a secret in it hides all of it; a plan of the program itself shows what "
                "else changes there."
            )
        yield from super().notes()
        for op in sorted(self._unknown):
            yield f"The preview has an operation that this version does not know, {op!r}: taken for an update."

    def _take(self, entry: Mapping[str, Any], old: Any, new: Any, reasons: str) -> None:
        urn, op = text_of(entry, "urn"), text_of(entry, "op")
        if not all(isinstance(it, Mapping | None) for it in (old, new)):
            raise RowError("a state is no object")
        operation = _OPERATIONS.get(op)
        if operation is None:
            self._unknown.add(op)
            operation = "update"
        hidden: set[str] = set()
        if op == _REFRESHES:
            self._refresh(urn, [it for it in (old, new) if it is not None], hidden)
            return
        self._forget(urn, old)
        found: list[Resource | None] = []
        known = self._steps.get(urn)
        for side, state in enumerate((old, new)):
            found.append(self._side(side, state, hidden) if state is not None else None)
        base_urn = found[0].urn if found[0] is not None and found[0].urn != urn else ""
        if base_urn and found[1] is not None:
            # How the engine knew it by another name, no form says; that it did is enough for whoever pairs the plans.
            options = {**found[1].options, "aliases": [base_urn]}
            self.rows[1][found[1].urn] = replace(found[1], options=options)
        detailed = entry.get("detailedDiff")
        # A provider that tells no paths tells keys at the top at most.
        keys = _texts(entry.get("diffs") or entry.get("diffReasons")) if detailed is None else ()
        step = Step(
            urn=urn,
            operation=operation,
            engine=op,
            base_urn=base_urn,
            reasons=_texts(entry.get(reasons)),
            detailed=tuple(sorted(_kinds(detailed)))
            if isinstance(detailed, Mapping)
            else tuple((it, "update") for it in sorted(keys)),
            hidden=tuple(sorted(hidden)),
        )
        self._steps[urn] = _together(known, step) if known else step

    def _refresh(self, urn: str, states: Sequence[Mapping[str, Any]], hidden: set[str]) -> None:
        """What the provider finds is what runs, and no side of the program's: until a step says more, it stays so."""
        for state in states:
            resource, paths = uncovered(row(state))
            hidden.update(paths)
            self._refreshed.add(resource.urn)
            for rows in self.rows:
                rows[resource.urn] = resource
        self._steps.setdefault(
            urn,
            Step(urn=urn, operation="same", engine=_REFRESHES, hidden=tuple(sorted(hidden))),
        )

    def _forget(self, urn: str, old: Mapping[str, Any] | None) -> None:
        """What was only refreshed so far, now that a step says what comes of it."""
        former = old.get("urn") if old is not None else None
        for it in self._refreshed & {urn, str(former)}:
            self._refreshed.discard(it)
            self._steps.pop(it, None)
            for rows in self.rows:
                rows.pop(it, None)

    def _side(self, side: int, state: Mapping[str, Any], hidden: set[str]) -> Resource:
        urn = state.get("urn")
        resource = self.rows[side].get(urn) if isinstance(urn, str) else None
        if resource is None:
            resource, paths = uncovered(row(state))
            hidden.update(paths)
            self.rows[side][resource.urn] = resource
        if resource.type == STACK and isinstance(outputs := state.get("outputs"), dict) and outputs:
            self._outputs[side] = plain(outputs)
        return resource


def is_event(entry: Mapping[str, Any]) -> bool:
    """Whether an object is one of the streamed form, of whatever kind."""
    return "sequence" in entry or any(key.endswith("Event") for key in entry)


def _plan(urn: str, rows: Iterable[Resource], outputs: Mapping[str, Any]) -> Plan:
    stack, project, _ = urn.removeprefix("urn:pulumi:").split("::", 2)
    return Plan(project=project, stack=stack, resources=tuple(rows), outputs=outputs)


def _together(one: Step, other: Step) -> Step:
    """Of one resource: a replacement is three steps of the streamed form, and each step two events.

    What only clears away the leftover of an earlier replacement is no word on the resource itself.
    """
    ranked: tuple[Operation, ...] = ("replace", "delete", "create", "update", "same")
    first = min((one, other), key=lambda it: (it.engine == _CLEARS, ranked.index(it.operation)))
    return replace(
        first,
        base_urn=one.base_urn or other.base_urn,
        reasons=one.reasons or other.reasons,
        detailed=one.detailed or other.detailed,
        hidden=tuple(sorted({*one.hidden, *other.hidden})),
    )


def _kinds(detailed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, it in detailed.items():
        # The digest says `kind`, an event `diffKind`.
        kind = it.get("kind", it.get("diffKind")) if isinstance(it, Mapping) else None
        yield clean(path), kind if isinstance(kind, str) else "update"


def _texts(value: Any) -> tuple[str, ...]:
    return (
        tuple(clean(it) for it in value if isinstance(it, str)) if isinstance(value, list) else ()
    )
