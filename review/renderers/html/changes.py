"""What becomes of resources: what is destroyed first, whole tables of the first, the rest named or counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from review.renderers.review_words import DONE, kinds_counted
from review.report import (
    DESTRUCTIVE,
    OPERATIONS,
    Change,
    Operation,
    Place,
    PropertyChange,
    place_of,
)

MOST_TABLES: Final = 300
"""Changes whose properties are told."""

MOST_PROPERTIES: Final = 80
"""Of one change."""

MOST_NAMED: Final = 400
"""Changes of one operation that are named, of those that destroy every one; JSON names all."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One change as it is told."""

    id: str
    change: Change
    place: Place | None
    properties: Sequence[PropertyChange]
    """Those that are told; empty beyond `MOST_TABLES`."""

    left_out: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """Changes of one operation."""

    operation: Operation
    title: str
    count: int
    rows: Sequence[Row]
    left_out: int
    kinds: Sequence[tuple[str, int]]
    """What the unnamed ones are, most first."""

    @property
    def destructive(self) -> bool:
        """Whether something is lost, or may be."""
        return self.operation in DESTRUCTIVE


def grouped(changes: Iterable[Change], places: Mapping[str, Place]) -> list[Group]:
    """By operation, otherwise in the order of a review that is `in_order`."""
    found: dict[Operation, list[Change]] = {}
    for it in changes:
        found.setdefault(it.operation, []).append(it)
    groups = []
    tables = numbers = 0
    for operation in OPERATIONS:
        every = found.get(operation, [])
        if not every:
            continue
        most = len(every) if operation in DESTRUCTIVE else MOST_NAMED
        rows = []
        for it in every[:most]:
            numbers += 1
            told: Sequence[PropertyChange] = ()
            if it.properties and tables < MOST_TABLES:
                tables += 1
                told = sorted(it.properties, key=_by_path)[:MOST_PROPERTIES]
            rows.append(
                Row(
                    id=f"change-{numbers}",
                    change=it,
                    place=place_of(places, it.urn) or place_of(places, it.base_urn),
                    properties=told,
                    left_out=len(it.properties) - len(told),
                )
            )
        groups.append(
            Group(
                operation=operation,
                title=DONE[operation],
                count=len(every),
                rows=rows,
                left_out=len(every) - len(rows),
                kinds=kinds_counted(every[most:]),
            )
        )
    return groups


def _by_path(it: PropertyChange) -> tuple[object, ...]:
    """What replaces first."""
    return not it.replaces, it.path, it.alters, it.old, it.new
