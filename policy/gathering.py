"""What cannot be decided of many objects for one reason, told once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

_NAMED: Final = 3
"""How many of the others are named."""


def gathered(
    found: Iterable[T], cause: Callable[[T], Hashable | None]
) -> list[tuple[T, tuple[T, ...]]]:
    """Everything in its order, what has one cause with the first of it; None is no cause."""
    groups: dict[Hashable, list[T]] = {}
    rows: list[list[T]] = []
    for it in found:
        key = cause(it)
        if key is not None and key in groups:
            groups[key].append(it)
            continue
        rows.append([it])
        if key is not None:
            groups[key] = rows[-1]
    return [(first, tuple(others)) for first, *others in rows]


def with_others(message: str, others: Sequence[str]) -> str:
    """A message with the titles of the other objects that it is true of."""
    if not others:
        return message
    titles = sorted({*others})
    named = ", ".join(titles[:_NAMED]) + (", ..." if len(titles) > _NAMED else "")
    return f"{message}; the same of {len(titles):,} more: {named}"


def is_own(message: str, path: str) -> bool:
    """Whether a message names a property of the very object as what must be known: each has its own, then."""
    return bool(path) and f" {path} " in message
