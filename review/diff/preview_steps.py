"""Steps and events of a preview, taken in one at a time: of each only what a review reads is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

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
    "delete-replaced": "replace",
    "discard-replaced": "replace",
    "import-replacement": "replace",
    "remove-pending-replace": "replace",
}
"""https://github.com/pulumi/pulumi/blob/master/pkg/display/step_op.go"""


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


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """A message of the engine, a provider or the program."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True, kw_only=True)
class PolicyEvent:
    """A violation that a policy pack told in the preview."""

    pack: str
    policy: str
    level: str
    """`advisory`, `mandatory` or `remediate`."""

    message: str
    urn: str = ""


class Steps:
    """Collects a preview."""

    def __init__(self) -> None:
        self.rows: tuple[dict[str, Resource], dict[str, Resource]] = ({}, {})
        """Of the state and of the program, by URN."""

        self.diagnostics: list[Diagnostic] = []
        self.policy: list[PolicyEvent] = []
        self.summary: Mapping[str, Any] = {}
        self.summed = False
        self._steps: dict[str, Step] = {}
        self._outputs: list[dict[str, Any]] = [{}, {}]
        self._failed = ""
        self._unknown: set[str] = set()
        self._hidden: list[str] = []
        self.condemned = 0
        """Resources of a state that wait to be deleted."""

    def step(self, entry: Any) -> None:
        """One of the digest."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        self._take(entry, entry.get("oldState"), entry.get("newState"), "replaceReasons")

    def event(self, entry: Any) -> None:
        """One line of the streamed form; kinds of events that say nothing of resources pass."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        for key in ("resourcePreEvent", "resOutputsEvent"):
            if (told := entry.get(key)) is not None:
                metadata = told.get("metadata") if isinstance(told, Mapping) else None
                if not isinstance(metadata, Mapping):
                    raise RowError(f"{key}.metadata is missing or no object")
                self._take(metadata, metadata.get("old"), metadata.get("new"), "keys")
        self.diagnostic(entry.get("diagnosticEvent"))
        self._policy(entry.get("policyEvent"))
        if isinstance(told := entry.get("summaryEvent"), Mapping):
            self.summed = True
            changes, result = told.get("resourceChanges"), told.get("result")
            self.summary = changes if isinstance(changes, Mapping) else {}
            if result not in (None, "", "succeeded"):
                self._failed = self._failed or f"its result is {result!r}"

    def state(self, entry: Any) -> Resource | None:
        """One of a state; None for what waits to be deleted, and for providers that no program registers."""
        if not isinstance(entry, Mapping):
            raise RowError("no object")
        if entry.get("delete"):
            self.condemned += 1
            return None
        if entry.get("type") == STACK and isinstance(entry.get("outputs"), dict):
            self._outputs[0] = plain(entry["outputs"])
        found, paths = uncovered(row(entry))
        if paths:
            self._hidden.append(f"{title(found)}: {', '.join(paths)}")
        default = found.type.startswith("pulumi:providers:") and found.name.startswith("default")
        return None if default else found

    def diagnostic(self, entry: Any) -> None:
        """A message; an error means that the preview failed."""
        if not isinstance(entry, Mapping) or not isinstance(entry.get("message"), str):
            return
        found = Diagnostic(
            severity=str(entry.get("severity") or "info"),
            message=clean(entry["message"]).strip(),
            urn=clean(entry["urn"]) if isinstance(entry.get("urn"), str) else "",
        )
        self.diagnostics.append(found)
        if found.severity == "error":
            self._failed = self._failed or found.message

    def failure(self) -> str:
        """Why the preview failed; empty where it did not."""
        return self._failed

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
        there = sum(it.engine == "same" for it in self._steps.values())
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
        step = Step(
            urn=urn,
            operation=operation,
            engine=op,
            base_urn=base_urn,
            reasons=_texts(entry.get(reasons)),
            detailed=tuple(sorted(_kinds(detailed))) if isinstance(detailed, Mapping) else (),
            hidden=tuple(sorted(hidden)),
        )
        self._steps[urn] = _together(known, step) if known else step

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

    def _policy(self, entry: Any) -> None:
        if isinstance(entry, Mapping):
            texts = {
                key: clean(value) if isinstance(value := entry.get(key), str) else ""
                for key in (
                    "policyPackName",
                    "policyName",
                    "enforcementLevel",
                    "message",
                    "resourceUrn",
                )
            }
            pack, policy, level, message, urn = texts.values()
            self.policy.append(
                PolicyEvent(pack=pack, policy=policy, level=level, message=message.strip(), urn=urn)
            )


def _plan(urn: str, rows: Iterable[Resource], outputs: Mapping[str, Any]) -> Plan:
    stack, project, _ = urn.removeprefix("urn:pulumi:").split("::", 2)
    return Plan(project=project, stack=stack, resources=tuple(rows), outputs=outputs)


def _together(one: Step, other: Step) -> Step:
    """Of one resource: a replacement is three steps of the streamed form, and each step two events."""
    ranked: tuple[Operation, ...] = ("replace", "delete", "create", "update", "same")
    first = min((one, other), key=lambda it: ranked.index(it.operation))
    return replace(
        first,
        base_urn=one.base_urn or other.base_urn,
        reasons=one.reasons or other.reasons,
        detailed=one.detailed or other.detailed,
        hidden=tuple(sorted({*one.hidden, *other.hidden})),
    )


def _kinds(detailed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, it in detailed.items():
        kind = it.get("kind") if isinstance(it, Mapping) else None
        yield clean(path), kind if isinstance(kind, str) else "update"


def _texts(value: Any) -> tuple[str, ...]:
    return (
        tuple(clean(it) for it in value if isinstance(it, str)) if isinstance(value, list) else ()
    )
