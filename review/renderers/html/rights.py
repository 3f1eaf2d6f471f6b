"""The permission matrix: subjects down, namespaces across, in each cell what verbs came and went."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from review.report import Right

MOST_COLUMNS: Final = 8
"""Namespaces side by side; of more, the matrix is a list with the namespace in a column of its own."""

MOST_ROWS: Final = 300
"""Subjects, or rows of the list; JSON names all."""

WHOLE_CLUSTER: Final = "whole cluster"


SHORT: Final = 6
"""Kinds of resources that a cell names before it folds them."""

_BRIEF: Final = 4
"""Kinds that a fold of more names."""

_NAMED: Final = 12
"""Namespaces that a heading names before it counts."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Verbs on one kind of resources, or on several alike."""

    resources: str
    brief: str
    """The first of them and how many more; empty where they are few."""

    gained: Sequence[str]
    lost: Sequence[str]
    kept: Sequence[str]


Cells = tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Rows with cells for each column; a list has one column and names the namespaces in its rows.

    Namespaces in which everybody's verbs are the same share a column, or a row of the list.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[Cells]]]
    """Subject, its namespaces in a list, cells by column."""

    left_out: int
    listed: bool


def matrix(rights: Iterable[Right]) -> Matrix | None:
    """The matrix; None where no permission differs."""
    every = sorted(set(rights), key=_order)
    if not every:
        return None
    cells: dict[str, dict[str, Cells]] = {}
    for it in every:
        own = cells.setdefault(it.subject, {})
        own[it.namespace] = (*own.get(it.namespace, ()), _cell(it))
    namespaces = sorted({it.namespace for it in every}, key=_whole_first)
    columns = _alike((it, tuple(own.get(it, ()) for own in cells.values())) for it in namespaces)
    listed = len(columns) > MOST_COLUMNS
    rows: list[tuple[str, str, Sequence[Cells]]] = [
        (subject, _named(names), [found])
        for subject, own in cells.items()
        for found, names in _alike(own.items()).items()
    ]
    if not listed:
        across = zip(*columns, strict=True)
        rows = [(subject, "", found) for subject, found in zip(cells, across, strict=True)]
    return Matrix(
        columns=[""] if listed else [_named(it) for it in columns.values()],
        rows=rows[:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        listed=listed,
    )


Seen = TypeVar("Seen", bound=Hashable)


def _alike(seen: Iterable[tuple[str, Seen]]) -> dict[Seen, list[str]]:
    """Namespaces by what is seen in them."""
    found: dict[Seen, list[str]] = {}
    for namespace, it in seen:
        found.setdefault(it, []).append(namespace)
    return found


def _order(it: Right) -> tuple[object, ...]:
    return it.subject, *_whole_first(it.namespace), it.resources, it.verbs_before, it.verbs_after


def _whole_first(namespace: str) -> tuple[bool, str]:
    return namespace != "", namespace


def _named(namespaces: Sequence[str]) -> str:
    names = [it or WHOLE_CLUSTER for it in namespaces]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _cell(it: Right) -> Cell:
    before, after = set(it.verbs_before), set(it.verbs_after)
    kinds = it.resources.split(", ")
    brief = f"{', '.join(kinds[:_BRIEF])} and {len(kinds) - _BRIEF:,} more"
    return Cell(
        resources=it.resources,
        brief=brief if len(kinds) > SHORT else "",
        gained=tuple(sorted(after - before)),
        lost=tuple(sorted(before - after)),
        kept=tuple(sorted(before & after)),
    )
