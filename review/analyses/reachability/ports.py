"""Sets of ports: for each protocol some ranges between 1 and 65535.

Plain tuples, so that equal sets are equal keys; an estate of any size has few different ones, hence the caches.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

PROTOCOLS: Final = ("SCTP", "TCP", "UDP")
"""As NetworkPolicy knows them, in the order in which connections are listed."""

LAST: Final = 65535

Ranges = tuple[tuple[int, int], ...]
"""First and last of each range, ascending; no two touch."""

Ports = tuple[Ranges, Ranges, Ranges]
"""One for each of `PROTOCOLS`."""

NONE: Final[Ports] = ((), (), ())
ALL: Final[Ports] = (((1, LAST),),) * 3


def of(protocol: str, first: int = 1, last: int = LAST) -> Ports:
    """One range of one protocol."""
    ranges = ((first, last),)
    return tuple(ranges if it == protocol else () for it in PROTOCOLS)  # type: ignore[return-value]


@lru_cache(maxsize=65_536)
def union(one: Ports, other: Ports) -> Ports:
    """What is in either."""
    a, b, c = (joined((*x, *y)) for x, y in zip(one, other, strict=True))
    return a, b, c


@lru_cache(maxsize=65_536)
def common(one: Ports, other: Ports) -> Ports:
    """What is in both."""
    a, b, c = (_common(x, y) for x, y in zip(one, other, strict=True))
    return a, b, c


@lru_cache(maxsize=65_536)
def less(one: Ports, other: Ports) -> Ports:
    """What is in `one` and not in `other`."""
    a, b, c = (_less(x, y) for x, y in zip(one, other, strict=True))
    return a, b, c


@lru_cache(maxsize=65_536)
def spelled(ranges: Ranges) -> str:
    """`80,443-445`."""
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in any order, overlapping or touching, in the fewest."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _common(one: Ranges, other: Ranges) -> Ranges:
    found = [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) <= min(b, d)]
    return joined(found)


def _less(one: Ranges, other: Ranges) -> Ranges:
    for first, last in other:
        one = tuple(
            (x, y)
            for a, b in one
            for x, y in ((a, min(b, first - 1)), (max(a, last + 1), b))
            if x <= y
        )
    return one
