"""The permission matrix: subjects down, namespaces across, in each cell what verbs came and went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from review.report import Right

MOST_COLUMNS: Final = 8
"""Namespaces side by side; of more, the matrix is a list with the namespace in a column of its own."""

MOST_ROWS: Final = 300
"""Subjects, or rows of the list; JSON names all."""

WHOLE_CLUSTER: Final = "whole cluster"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Verbs on one kind of resources."""

    resources: str
    gained: Sequence[str]
    lost: Sequence[str]
    kept: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Rows with a sequence of cells for each column; a list has one column and names the namespace in its rows."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[Sequence[Cell]]]]
    """Subject, its namespace in a list, cells by column."""

    left_out: int
    listed: bool


def matrix(rights: Iterable[Right]) -> Matrix | None:
    """The matrix; None where no permission differs."""
    every = sorted(set(rights), key=_order)
    if not every:
        return None
    namespaces = list(dict.fromkeys(sorted((it.namespace for it in every), key=_whole_first)))
    listed = len(namespaces) > MOST_COLUMNS
    columns = [""] if listed else namespaces
    cells: dict[tuple[str, str], dict[str, list[Cell]]] = {}
    for it in every:
        row = cells.setdefault((it.subject, it.namespace if listed else ""), {})
        row.setdefault("" if listed else it.namespace, []).append(_cell(it))
    rows = [
        (subject, _named(namespace) if listed else "", [found.get(it, []) for it in columns])
        for (subject, namespace), found in cells.items()
    ]
    return Matrix(
        columns=["" if listed else _named(it) for it in columns],
        rows=rows[:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        listed=listed,
    )


def _order(it: Right) -> tuple[object, ...]:
    return it.subject, *_whole_first(it.namespace), it.resources, it.verbs_before, it.verbs_after


def _whole_first(namespace: str) -> tuple[bool, str]:
    return namespace != "", namespace


def _named(namespace: str) -> str:
    return namespace or WHOLE_CLUSTER


def _cell(it: Right) -> Cell:
    before, after = set(it.verbs_before), set(it.verbs_after)
    return Cell(
        resources=it.resources,
        gained=sorted(after - before),
        lost=sorted(before - after),
        kept=sorted(before & after),
    )
