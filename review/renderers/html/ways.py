"""Ways of connections between boxes that stand in columns: past every box, apart where they run side by side."""

from bisect import bisect, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

Point = tuple[float, float]

LOOP: Final = 24.0
"""How far a way between two boxes of one column goes beyond them."""

_APART: Final = 5.0
"""Between ways that pass the same column."""

_CLEAR: Final = 4.0
"""Between a way and the boxes that it passes."""

_SAMPLES: Final = 16
"""Points by which a curve is told to those who look for room beside it."""


class Place(NamedTuple):
    """A rectangle, in pixels from the left top."""

    left: float
    top: float
    width: float
    height: float

    def clear_of(self, other: "Place", gap: float = 2) -> bool:
        """Whether the two are at least `gap` apart."""
        return (
            self.left + self.width + gap <= other.left
            or other.left + other.width + gap <= self.left
            or self.top + self.height + gap <= other.top
            or other.top + other.height + gap <= self.top
        )


class Way(NamedTuple):
    """One way: as a path of SVG, and as points along it."""

    path: str
    points: Sequence[Point]


class Ways:
    """Finds one way after another: those that are asked for first run straightest."""

    def __init__(self, boxes: Iterable[Place], height: float) -> None:
        self._columns: dict[float, list[Place]] = {}
        for it in boxes:
            self._columns.setdefault(it.left, []).append(it)
        self._height = height
        self._taken = {left: _merged(it) for left, it in self._columns.items()}
        self._used: dict[float, list[float]] = {it: [] for it in self._columns}

    def way(self, source: Place, start: float, target: Place, end: float) -> Way:
        """From the height `start` of a box to the height `end` of another, or of the same."""
        if source.left == target.left:
            right = source.left + source.width
            bend = right + LOOP * 4 / 3
            controls = (right, start), (bend, start), (bend, end), (right, end)
            return Way(_moved(right, start) + _curve(controls), _points(controls))
        forth = source.left < target.left
        x = source.left + (source.width if forth else 0)
        x2 = target.left + (0 if forth else target.width)
        between = sorted(
            (left for left in self._columns if min(x, x2) < left < max(x, x2)), reverse=not forth
        )
        stops: list[Point] = [(x, start)]
        for left in [it for it in between if it not in (source.left, target.left)]:
            y = stops[-1][1]
            right = left + max(it.width for it in self._columns[left])
            wanted = y + (end - y) * (left - stops[-1][0]) / (x2 - stops[-1][0])
            free = self._free(left, wanted)
            stops += [(left - _CLEAR, free), (right + _CLEAR, free)][:: 1 if forth else -1]
        stops.append((x2, end))
        path = _moved(x, start)
        points: list[Point] = []
        for one, other in pairwise(stops):
            half = (other[0] - one[0]) / 2
            controls = (
                one,
                (one[0] + half, one[1]),
                (other[0] - half, other[1]),
                other,
            )
            path += _curve(controls) if one[1] != other[1] else f"H{other[0]:.1f}"
            points += _points(controls)
        return Way(path, points)

    def _free(self, column: float, wanted: float) -> float:
        """The height nearest to the wanted one at which nothing stands; boxes count more than other ways."""
        starts, ends = self._taken[column]
        used = self._used[column]
        clear: float | None = None
        for step in range(int(self._height / _APART) + 1):
            for y in (wanted + step * _APART, wanted - step * _APART):
                at = bisect(starts, y) - 1
                if not 0 < y < self._height or (at >= 0 and y <= ends[at]):
                    continue
                clear = y if clear is None else clear
                near = used[max(bisect(used, y) - 1, 0) : bisect(used, y) + 1]
                if all(abs(y - it) >= _APART - 0.5 for it in near):
                    insort(used, y)
                    return y
        found = wanted if clear is None else clear
        insort(used, found)
        return found


def _merged(boxes: Iterable[Place]) -> tuple[list[float], list[float]]:
    """Where heights begin and end that boxes of a column take, from the top on."""
    starts: list[float] = []
    ends: list[float] = []
    for it in sorted(boxes, key=lambda it: it.top):
        start, end = it.top - _CLEAR, it.top + it.height + _CLEAR
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _moved(x: float, y: float) -> str:
    return f"M{x:.1f} {y:.1f}"


def _curve(controls: Sequence[Point]) -> str:
    (ax, ay), (bx, by), (x, y) = controls[1:]
    return f"C{ax:.1f} {ay:.1f} {bx:.1f} {by:.1f} {x:.1f} {y:.1f}"


def _points(controls: Sequence[Point]) -> list[Point]:
    found = []
    for step in range(_SAMPLES + 1):
        t = step / _SAMPLES
        weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        x, y = (
            sum(w * it[axis] for w, it in zip(weights, controls, strict=True)) for axis in (0, 1)
        )
        found.append((x, y))
    return found
