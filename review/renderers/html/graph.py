"""Where the reachability graph is drawn: a lane for each namespace, callers left of what they call.

Of a graph too large to be read only what changed is drawn, with the neighbours of its ends as far as there is room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from review.renderers.graph import Edge as Line
from review.renderers.graph import Graph, Node
from review.renderers.graph_svg import columns
from review.renderers.html.shown import shown
from review.renderers.html.ways import LOOP, Place, Point, Ways
from review.report import Edge

MOST_NODES: Final = 40
MOST_EDGES: Final = 80
"""What is drawn at most: about what a screen of 1,280 pixels shows without a label on another."""

MOST_LISTED: Final = 400
"""Rows of the table of changed connections, and of that of the others; JSON names all."""

ANY: Final = "*"
"""Workload of an end that stands for a namespace, where there are too many to tell apart."""

LONGEST_NAME: Final = 26
LONGEST_LABEL: Final = 24
"""Characters that are drawn; the title of the element has all."""

_CHARACTER: Final = 7.3
"""Width in pixels of a character at 12 pixels, the widest of the common monospace fonts."""

_SMALL: Final = 6.7
"""The same at 11 pixels, in which connections are labelled."""

_SIGNS: Final = {"gained": "+", "lost": "\N{MINUS SIGN}", "same": ""}
_HEIGHT, _GAP, _HEAD, _PAD, _MARGIN = 30.0, 16.0, 24.0, 12.0, 10.0
_LEAST_BETWEEN: Final = 84.0
"""Between columns, where no label is longer."""

_LINE: Final = 13.0


@dataclass(frozen=True, kw_only=True)
class Box:
    """A node: its place, what is written in it, and its whole name."""

    id: int
    place: Place
    label: str
    title: str
    outside: bool


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A connection: ids of its boxes, its path, and its label where one has room."""

    source: int
    target: int
    path: str
    sign: str
    title: str
    label: str
    at: Place | None


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """All that is drawn, and what was left out, in words."""

    width: float
    height: float
    lanes: Sequence[tuple[str, Place]]
    boxes: Sequence[Box]
    curves: Sequence[Curve]
    said: str
    changed: int
    """Connections that are not the same in both plans, drawn or not."""


def drawing(edges: Iterable[Edge]) -> Drawing | None:
    """The drawing; None where there is nothing to draw, or too much of which nothing changed."""
    every = sorted(set(edges), key=_order)
    chosen = _chosen(every)
    if not chosen:
        return None
    lines = {it: Line(node(it.source), node(it.target), it.ports) for it in chosen}
    nodes = sorted({end for line in lines.values() for end in line[:2]})
    ranks = columns(Graph(nodes, sorted(set(lines.values()))))
    longest = max(len(_label(it)) for it in chosen) * _SMALL
    lanes, places, width, height = _placed(ranks, max(_LEAST_BETWEEN, longest + 36))
    ids = {it: at for at, it in enumerate(places)}
    boxes = tuple(
        Box(
            id=ids[it],
            place=place,
            label=_short(it.label, LONGEST_NAME),
            title=_title(it),
            outside=not it.namespace,
        )
        for it, place in places.items()
    )
    titles = [
        Place(at.left + 12, at.top + 4, len(title) * _CHARACTER, _LINE) for title, at in lanes
    ]
    curves = _curves(lines, places, ids, titles, (width, height))
    return Drawing(
        width=width,
        height=height,
        lanes=lanes,
        boxes=boxes,
        curves=curves,
        said=" ".join(it for it in (_said(every, chosen), _said_of_any(nodes)) if it),
        changed=sum(it.sign != "same" for it in every),
    )


def node(end: str) -> Node:
    """The end of a connection; of addresses and of `internet` the namespace is empty."""
    namespace, slash, name = str(shown(end)).partition("/")
    return Node(namespace, name) if slash and not _address(namespace) else Node("", str(shown(end)))


def _address(text: str) -> bool:
    if not text[:1].isdigit() and ":" not in text:
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _order(it: Edge) -> tuple[object, ...]:
    """What changed first, and of that what reaches outside."""
    same = it.sign == "same"
    inside = same or bool(node(it.source).namespace and node(it.target).namespace)
    return same, inside, it.sign, it.source, it.target, it.ports


def _chosen(edges: Sequence[Edge]) -> list[Edge]:
    """All, or what changed, then what runs between its ends, then what runs from these to their neighbours.

    Of an end outside the cluster half of the estate is a neighbour, and says nothing of the change.
    """
    ends = {end for it in edges for end in (it.source, it.target)}
    if len(ends) <= MOST_NODES and len(edges) <= MOST_EDGES:
        return list(edges)
    kept: list[Edge] = []
    drawn: set[str] = set()

    def take(found: Iterable[Edge]) -> None:
        for it in found:
            more = drawn | {it.source, it.target}
            if len(kept) == MOST_EDGES:
                return
            if len(more) <= MOST_NODES:
                kept.append(it)
                drawn.update(more)

    take(it for it in edges if it.sign != "same")
    changed = frozenset(drawn)
    same = [it for it in edges if it.sign == "same"]
    take(it for it in same if it.source in changed and it.target in changed)
    inside = frozenset(it for it in changed if node(it).namespace)
    apart = (it for it in same if it.source not in changed or it.target not in changed)
    take(it for it in apart if it.source in inside or it.target in inside)
    return kept


def _said(edges: Sequence[Edge], chosen: Sequence[Edge]) -> str:
    if len(edges) == len(chosen):
        return ""
    changed = sum(it.sign != "same" for it in edges)
    drawn = sum(it.sign != "same" for it in chosen)
    what = (
        f"all {changed:,} that changed, with neighbours of their ends"
        if drawn == changed
        else f"{drawn:,} of the {changed:,} that changed"
    )
    return f"{len(chosen):,} of {len(edges):,} connections are drawn: {what}."


def _said_of_any(nodes: Iterable[Node]) -> str:
    some = any(it.label == ANY for it in nodes)
    return f"{ANY} stands for any workload of its namespace." if some else ""


def _placed(
    ranks: Sequence[Sequence[Node]], between: float
) -> tuple[list[tuple[str, Place]], dict[Node, Place], float, float]:
    """Lanes from top to bottom, columns from left to right; equal cells share their lane's height."""
    lefts: list[tuple[float, float]] = []
    left = _MARGIN + _PAD
    for nodes in ranks:
        longest = max(min(len(it.label), LONGEST_NAME) for it in nodes)
        lefts.append((left, longest * _CHARACTER + 20))
        left += lefts[-1][1] + between
    width = left - between + LOOP + _PAD + _MARGIN
    first = {it.namespace: rank for rank, nodes in reversed([*enumerate(ranks)]) for it in nodes}
    longest = max(min(len(it), LONGEST_NAME * 2) for it in first)
    width = max(width, longest * _CHARACTER + 2 * (_MARGIN + _PAD))
    lanes: list[tuple[str, Place]] = []
    places: dict[Node, Place] = {}
    top = _MARGIN
    for namespace in sorted(first, key=lambda it: (it != "", first[it], it)):
        tallest = 0
        for (left, wide), nodes in zip(lefts, ranks, strict=True):
            mine = [it for it in nodes if it.namespace == namespace]
            for row, it in enumerate(mine):
                at = top + _HEAD + row * (_HEIGHT + _GAP)
                places[it] = Place(left, at, wide, _HEIGHT)
            tallest = max(tallest, len(mine))
        high = _HEAD + tallest * (_HEIGHT + _GAP) - _GAP + _PAD
        title = _short(namespace, LONGEST_NAME * 2) or "outside the cluster"
        lanes.append((title, Place(_MARGIN, top, width - 2 * _MARGIN, high)))
        top += high + _PAD
    return lanes, places, width, top - _PAD + _MARGIN


def _curves(
    lines: Mapping[Edge, Line],
    places: Mapping[Node, Place],
    ids: Mapping[Node, int],
    titles: Sequence[Place],
    size: tuple[float, float],
) -> tuple[Curve, ...]:
    """Curves between facing sides, spread over the height of each side; labels where nothing else is written."""
    sides: dict[tuple[Node, str], list[tuple[float, str, Edge]]] = {}
    faces: dict[Edge, tuple[str, str]] = {}
    for it, (source, target, _) in lines.items():
        here, there = places[source], places[target]
        faces[it] = (
            ("right", "left")
            if here.left < there.left
            else ("left", "right")
            if here.left > there.left
            else ("right", "right")
        )
        out, into = faces[it]
        sides.setdefault((source, out), []).append((there.top, "out", it))
        sides.setdefault((target, into), []).append((here.top, "in", it))
    heights: dict[tuple[Edge, str], float] = {}
    for (end, _), found in sides.items():
        found.sort(key=lambda it: (it[0], it[1], _order(it[2])))
        place = places[end]
        for at, (_, way, it) in enumerate(found, 1):
            heights[it, way] = place.top + place.height * at / (len(found) + 1)
    taken = [*places.values(), *titles]
    ways = Ways(places.values(), size[1])
    curves = []
    for it, (source, target, _) in lines.items():
        course = ways.way(places[source], heights[it, "out"], places[target], heights[it, "in"])
        label = _label(it)
        room = _room(course.points, len(label) * _SMALL, taken, size) if label else None
        if room:
            taken.append(room)
        curves.append(
            Curve(
                source=ids[source],
                target=ids[target],
                path=course.path,
                sign=it.sign,
                title=f"{_title(source)} → {_title(target)}: {it.ports} ({SAID[it.sign]})",
                label=label,
                at=room,
            )
        )
    return tuple(curves)


SAID: Final = {"gained": "opened", "lost": "closed", "same": "unchanged"}
"""What became of a connection, in a word."""


def _label(it: Edge) -> str:
    return (
        f"{_SIGNS[it.sign]} {_short(str(shown(it.ports)), LONGEST_LABEL)}"
        if it.sign != "same"
        else ""
    )


def _room(
    points: Sequence[Point], width: float, taken: Sequence[Place], size: tuple[float, float]
) -> Place | None:
    """Above or below the way, as near to its middle as nothing else is written or drawn in a box."""
    middle = len(points) // 2
    for _, (x, y) in sorted(enumerate(points), key=lambda it: abs(it[0] - middle)):
        for shift in (-_LINE - 1, 2.0):
            place = Place(x - width / 2, y + shift, width, _LINE)
            inside = place.left >= 0 and place.top >= 0
            if not inside or x + width / 2 > size[0] or place.top + _LINE > size[1]:
                continue
            if all(place.clear_of(it) for it in taken):
                return place
    return None


def _title(it: Node) -> str:
    return f"{it.namespace}/{it.label}" if it.namespace else it.label


def _short(text: str, most: int) -> str:
    """The beginning and the end: names of one family differ there."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[: most - half - 1]}…{text[-half:]}"
