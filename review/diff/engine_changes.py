"""The changes of a preview: what the engine would do, property by property as two plans have it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from review.diff.changes import STACK, component_of, ordered
from review.diff.paths import along, bare
from review.diff.paths import step as below
from review.diff.preview_steps import Step
from review.diff.pulumi_preview import Previewed
from review.guard.pairs import title
from review.plan import SECRET, Resource
from review.report import Alters, Change, PropertyChange

_ALTERS: Final[Mapping[str, Alters]] = {"add": "added", "delete": "removed", "update": "changed"}


def engine_changes(previewed: Previewed, offline: Iterable[Change]) -> tuple[Change, ...]:
    """`offline`, which are the changes between the two plans of a preview, with the engine's word on each.

    What is done to a resource, and for which property it is replaced, the engine says. What it leaves as it is, is no
    change, whatever the plans say: an output that is unknown to a plan was known to it. Where a secret hides a list,
    the engine's own paths tell what differs inside, without values. An update in which the plans see nothing, and that
    no secret hides, says the same in other words, and is left out.
    """
    ours = {it.urn: it for it in offline}
    moved = {it.base_urn for it in ours.values() if it.operation == "move"}
    before, after = (
        {it.urn: it for it in plan.resources} for plan in (previewed.base, previewed.head)
    )
    rows = before | after
    found: list[Change] = []
    for step in previewed.steps:
        mine = ours.pop(step.urn, None)
        if step.urn in moved:
            continue
        sides = before.get(step.base_urn or step.urn), after.get(step.urn)
        if (change := _change(_with_secrets(step, sides), mine, rows)) is not None:
            found.append(change)
    # Outputs of the stack are told of a stack that stays the same, and may be in no step.
    found += [it for it in ours.values() if it.type == STACK]
    return ordered(found)


def _with_secrets(step: Step, sides: Iterable[Resource | None]) -> Step:
    """`step` with the paths of every secret among those that hide something: both sides have one mark for them."""
    if step.operation not in ("update", "replace") or not step.detailed:
        return step
    secrets = {path for it in sides if it is not None for path in _secrets(it.inputs, "")}
    return replace(step, hidden=(*step.hidden, *sorted(secrets))) if secrets else step


def _secrets(value: Any, at: str) -> Iterator[str]:
    if value == SECRET:
        yield at
    elif isinstance(value, Mapping):
        for key, it in value.items():
            yield from _secrets(it, below(at, key))
    elif isinstance(value, list):
        for it in value:
            yield from _secrets(it, at)


def _change(step: Step, mine: Change | None, rows: Mapping[str, Resource]) -> Change | None:
    if step.operation == "same":
        if mine is None:
            return None
        outputs = tuple(it for it in mine.properties if it.path.startswith("outputs"))
        if outputs:
            return replace(mine, operation="update", properties=outputs)
        return replace(mine, operation="same", properties=()) if step.base_urn else None
    if mine is not None and mine.operation == "move":
        return mine
    if mine is None:
        if (resource := rows.get(step.urn)) is None:
            return None
        mine = Change(
            operation=step.operation,
            resource=title(resource),
            type=resource.type,
            urn=step.urn,
            component=component_of(resource, rows),
        )
        if step.operation == "update" and not any(_properties(step, mine)):
            return None
    if step.operation in ("create", "delete"):
        return replace(mine, operation=step.operation, properties=())
    return replace(
        mine,
        operation=step.operation,
        base_urn=step.base_urn,
        properties=tuple(sorted(_properties(step, mine), key=lambda it: it.path)),
    )


def _properties(step: Step, mine: Change) -> Iterator[PropertyChange]:
    replaces = {bare(it) for it in step.reasons}
    replaces |= {bare(path) for path, kind in step.detailed if kind.endswith("-replace")}
    told: set[str] = set()
    for it in mine.properties:
        told.add(bare(it.path))
        yield replace(it, replaces=any(along(bare(it.path), path) for path in replaces))
    hidden = [bare(it) for it in step.hidden]
    for path, kind in step.detailed:
        place = bare(path)
        covered = any(along(place, it) for it in hidden)
        # What both plans hold to be the same, such as 2Gi and 2048Mi, is no change.
        if any(along(place, it) for it in told) or not (covered or step.operation == "replace"):
            continue
        yield PropertyChange(
            path=path,
            alters="secret" if covered else _ALTERS.get(kind.removesuffix("-replace"), "changed"),
            replaces=place in replaces,
        )
