"""Windows in which nothing is promoted, and patterns that are about a key."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel

from settings.explain_errors import container_at, model_at
from settings.faults import Fault, did_you_mean, dotted
from settings.promotion import EVERY, moment, steps
from settings.sources import Sources
from settings.stack import Settings

if TYPE_CHECKING:
    from datetime import datetime


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Windows run forward and apart; patterns name keys that are there."""
    yield from _windows(settings, sources)
    for key, patterns in (
        ("promotable", settings.promotion.promotable),
        ("environmentSpecific", settings.promotion.environment_specific),
    ):
        for index, pattern in enumerate(patterns):
            if fault := unknown_in(pattern):
                rule, remedy = fault
                yield sources.fault(("promotion", key, index), rule, repr(pattern), remedy)


def _windows(settings: Settings, sources: Sources) -> Iterator[Fault]:
    frozen = settings.promotion.frozen
    forward: list[tuple[datetime, datetime, int]] = []
    for index, window in enumerate(frozen):
        at = ("promotion", "frozen", index)
        if moment(window.from_) >= moment(window.until):
            yield sources.fault(
                (*at, "until"),
                f"must be after 'from' ({window.from_})",
                repr(window.until),
                "write the first moment after the window, with its zone",
            )
        else:
            forward.append((moment(window.from_), moment(window.until), index))
    latest: tuple[datetime, int] | None = None
    for from_, until, index in sorted(forward):
        if latest and from_ < latest[0]:
            before = latest[1]
            yield sources.fault(
                ("promotion", "frozen", index, "from"),
                f"must not be before the end of promotion.frozen[{before}] ({frozen[before].until}), which it overlaps",
                repr(frozen[index].from_),
                "join the two to one window, or move one",
            )
        if not latest or until > latest[0]:
            latest = until, index


def unknown_in(pattern: str) -> tuple[str, str] | None:
    """Rule and remedy of a pattern that can be about no key; None where it can."""
    path = steps(pattern)
    for length, step in enumerate(path):
        above = path[:length]
        owner = model_at(Settings, above)
        if owner is not None:
            if step == EVERY:
                where = dotted(above) or "the settings"
                return (
                    f"has '*' for a key of {where}, and it stands for entries that users name",
                    "name the key",
                )
            known = _keys(owner)
            if step not in known:
                near = did_you_mean(step, known) or f"known there: {', '.join(sorted(known))}"
                return f"names no setting: there is no {dotted((*above, step))!r}", near
        elif container_at(Settings, above) is None:
            return (
                f"names no setting: {dotted(above)!r} is a value and has nothing below it",
                f"write {dotted(above)!r}",
            )
    return None


def _keys(owner: type[BaseModel]) -> set[str]:
    return {str(field.alias) for field in owner.model_fields.values()}
