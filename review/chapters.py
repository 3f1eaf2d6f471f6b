"""The chapters of a review that hang on both plans: what each reads from one, and how two of those are compared."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from review.findings import Finding
from review.meaning import (
    admission,
    admission_side,
    capacity,
    capacity_side,
    connections,
    data,
    data_side,
    exposure,
    images,
    permissions,
    restarts,
    running,
    seen,
    versions,
    versions_side,
)
from review.meaning.capacity_amounts import bars
from review.meaning.edges import edges
from review.plan import Plan
from review.report import Fact

Told = Iterable[Finding | Fact]


def _no_notes(_side: Any) -> Iterable[str]:
    return ()


def _nothing(_before: Any, _after: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One analysis of two plans."""

    name: str
    of_plan: Callable[..., Any]
    """What it reads from one `Plan`."""

    kept: bool = True
    """Whether what it reads is kept between runs; not where to read it anew costs less."""

    sees: Callable[[Plan], Plan] | None = None
    """The part of a plan that `of_plan` reads, and reads alone: where it is the same, so is what is made of it."""

    remembers: bool = False
    """Whether `of_plan` takes a `Memo` beside the plan: what it makes of one object is kept, too."""

    compare: Callable[[Any, Any, date], Told]
    extra: Callable[[Any, Any], Mapping[str, Any]] = _nothing
    """Fields of `Review` beside findings and facts, by name."""

    notes: Callable[[Any], Iterable[str]] = _no_notes
    """What it does not see of the plan that the change leads to, told from what it read of it."""


CHAPTERS: Final = (
    Chapter(
        name="connections",
        of_plan=connections.of_plan,
        sees=seen.network,
        compare=lambda before, after, _: connections.compare(before, after),
        extra=lambda before, after: {"edges": edges(before, after)},
        notes=connections.notes,
    ),
    Chapter(
        name="exposure",
        of_plan=exposure.of_plan,
        sees=seen.network,
        compare=lambda before, after, _: exposure.compare(before, after),
        notes=exposure.notes,
    ),
    Chapter(
        name="permissions",
        of_plan=permissions.of_plan,
        compare=lambda before, after, _: permissions.compare(before, after),
        extra=lambda before, after: {"rights": permissions.rights(before, after)},
        notes=permissions.notes,
    ),
    Chapter(
        name="admission",
        of_plan=admission_side.of_plan,
        remembers=True,
        compare=lambda before, after, _: admission.compare(before, after),
    ),
    Chapter(
        name="capacity",
        of_plan=capacity_side.of_plan,
        compare=lambda before, after, _: capacity.compare(before, after),
        extra=lambda before, after: {"bars": bars(before, after)},
    ),
    Chapter(
        name="restarts",
        of_plan=running.of_plan,
        kept=False,
        compare=lambda before, after, _: restarts.compare(before, after),
    ),
    Chapter(
        name="data",
        of_plan=data_side.of_plan,
        compare=lambda before, after, _: data.compare(before, after),
    ),
    Chapter(name="versions", of_plan=versions_side.of_plan, compare=versions.compare),
    Chapter(
        name="images",
        of_plan=images.of_plan,
        compare=lambda before, after, _: images.compare(before, after),
    ),
)
