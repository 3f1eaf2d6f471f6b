"""A review of what `pulumi preview` said: its operations stand over those that we predict, and its faults are told."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from review.diff.engine_changes import engine_changes
from review.diff.engine_messages import Diagnostic, PolicyEvent
from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed
from review.guard.pairs import title
from review.plan import Plan, Resource
from review.report import AreaFinding, Change

PREVIEW: Final = "https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/"
_REPLACES: Final = ("replace", "maybeReplace")
_TOLD: Final = ("error", "warning")
"""Severities of messages that are findings; the others are what a program prints, and the progress of a terminal."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The changes of a review, as the engine has them."""

    changes: tuple[Change, ...]
    findings: tuple[AreaFinding, ...]
    notes: tuple[str, ...]
    unchanged: int
    """Resources that the engine leaves as they are, in the preview or not."""


def told(previewed: Previewed, changes: Sequence[Change]) -> Told:
    """`changes`, those between the two plans of the preview, with the engine's word on each.

    What it says beyond them is a finding, or a note.
    """
    predicted = {it.urn: it.operation for it in changes}
    steps = {it.urn: it for it in previewed.steps}
    rows = {it.urn: it for it in (*previewed.base.resources, *previewed.head.resources)}
    made = engine_changes(previewed, changes)
    replaced = [
        it
        for it in made
        if it.operation == "replace" and predicted.get(it.urn, "update") not in _REPLACES
    ]
    return Told(
        changes=made,
        findings=(
            *(_replaced(it, steps[it.urn]) for it in replaced),
            *(_policy(it, rows) for it in previewed.policy),
            *(_diagnostic(it, rows) for it in previewed.diagnostics if it.severity in _TOLD),
        ),
        notes=(
            *previewed.notes,
            *_spelling(steps.values(), {it.urn for it in made}, previewed.head),
        ),
        unchanged=previewed.same - sum(it.operation == "same" for it in made),
    )


def _replaced(change: Change, step: Step) -> AreaFinding:
    paths = ", ".join(step.reasons) or "a reason that it does not name"
    return AreaFinding(
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
        rule=f"{_identifier(event.pack)}/{_identifier(event.policy)}",
        severity="mandatory" if event.level == "mandatory" and not event.exceptions else "advisory",
        resource=_resource(event.urn, rows),
        message=event.message,
        why=f"excepted by the pack: {'; '.join(event.exceptions)}"
        if event.exceptions
        else "a policy pack said so in the preview",
        urn=event.urn,
        source=PREVIEW,
    )


def _identifier(name: str) -> str:
    """A name that others gave, as part of a rule's id: reports take ids for words of ours."""
    return re.sub(r"[^A-Za-z0-9_.@-]+", "-", name) or "unnamed"


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
