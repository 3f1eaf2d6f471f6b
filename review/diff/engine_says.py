"""A review of what `pulumi preview` said: its operations stand over those that we predict, and its faults are told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from review.diff.preview_steps import Diagnostic, PolicyEvent, Step
from review.diff.pulumi_preview import Previewed
from review.guard.pairs import title
from review.plan import Plan, Resource
from review.report import AreaFinding, Change

PREVIEW: Final = "https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/"
_REPLACES: Final = ("replace", "maybeReplace")


@dataclass(frozen=True, kw_only=True)
class Told:
    """The changes of a review, as the engine has them."""

    changes: tuple[Change, ...]
    findings: tuple[AreaFinding, ...]
    notes: tuple[str, ...]


def told(previewed: Previewed, changes: Iterable[Change]) -> Told:
    """`changes` with the engine's operations; what it says beyond them as findings and notes."""
    steps = {it.urn: it for it in previewed.steps}
    rows = {it.urn: it for it in (*previewed.base.resources, *previewed.head.resources)}
    known = {it.urn for it in changes}
    found = [_as_told(it, steps.get(it.urn)) for it in changes]
    return Told(
        changes=tuple(it for it, _ in found),
        findings=(
            *(finding for _, finding in found if finding),
            *(_policy(it, rows) for it in previewed.policy),
            *(_diagnostic(it, rows) for it in previewed.diagnostics),
        ),
        notes=(*previewed.notes, *_spelling(steps.values(), known, previewed.head)),
    )


def _as_told(change: Change, step: Step | None) -> tuple[Change, AreaFinding | None]:
    if step is None or step.operation in (change.operation, "same"):
        return change, None
    properties = tuple(
        replace(it, replaces=it.replaces or it.path in step.reasons) for it in change.properties
    )
    said = replace(change, operation=step.operation, properties=properties)
    if step.operation not in _REPLACES or change.operation in _REPLACES:
        return said, None
    paths = ", ".join(step.reasons) or "a reason that it does not name"
    return said, AreaFinding(
        rule="engine-replaced",
        severity="mandatory",
        resource=change.resource,
        message=f"the engine replaces it for {paths}",
        path=step.reasons[0] if step.reasons else "",
        why="it is deleted, with what it holds, and made anew",
        remedy="keep the value, or plan the way over",
        source=PREVIEW,
        urn=change.urn,
        area="replacement",
    )


def _policy(event: PolicyEvent, rows: dict[str, Resource]) -> AreaFinding:
    return AreaFinding(
        rule=f"{event.pack}/{event.policy}",
        severity="mandatory" if event.level == "mandatory" else "advisory",
        resource=_resource(event.urn, rows),
        message=event.message,
        why="a policy pack said so in the preview",
        urn=event.urn,
        source=PREVIEW,
    )


def _diagnostic(it: Diagnostic, rows: dict[str, Resource]) -> AreaFinding:
    failed = it.severity == "error"
    return AreaFinding(
        rule="engine-error" if failed else "engine-warning",
        severity="mandatory" if failed else "advisory",
        resource=_resource(it.urn, rows),
        message=it.message,
        urn=it.urn,
        source=PREVIEW,
    )


def _resource(urn: str, rows: dict[str, Resource]) -> str:
    return title(rows[urn]) if urn in rows else "the program"


def _spelling(steps: Iterable[Step], known: set[str], head: Plan) -> Iterator[str]:
    rows = {it.urn: it for it in head.resources}
    for step in steps:
        if step.operation == "update" and step.urn not in known and step.urn in rows:
            paths = ", ".join(path for path, _ in step.detailed) or "its inputs"
            yield (
                f"The engine updates {title(rows[step.urn])} for {paths}, which says the same in other words, "
                "or is not in the preview."
            )
