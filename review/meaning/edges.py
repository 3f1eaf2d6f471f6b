"""The graph of connections on both sides, small enough to be drawn: what changed one by one, the rest by namespace
where there is too much of it."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits
from review.meaning import closure, words
from review.meaning.closure import Outside, Row
from review.meaning.frame import Frame, more
from review.meaning.network_side import Side
from review.plan import of_two
from review.report import Edge

MOST: Final = 1_500
"""Edges that a browser lays out in a second or two, and a reader can still filter."""

Signed = Literal["gained", "lost", "same"]
_SIGNS: Final[tuple[Signed, ...]] = ("gained", "lost", "same")
Part = tuple[int, Ports, int]
"""Source, ports, targets as bits."""


def edges(before: Side, after: Side) -> tuple[Edge, ...]:
    """All connections of the head with their sign, and those that were lost, sorted.

    Past `MOST` connections those of two namespaces are one edge between `a/*` and `b/*`: unchanged ones first, and
    changed ones if they alone are too many. What calls the cluster's DNS is drawn only where that changed.
    """
    return _graph(before, after)[0]


def folded(before: Side, after: Side) -> str:
    """What `edges` draws together, for a note; empty: nothing."""
    return _graph(before, after)[1]


@of_two
def _graph(before: Side, after: Side) -> tuple[tuple[Edge, ...], str]:
    frame = Frame([it.title for it in before.ends], [it.title for it in after.ends])
    parts = _parts(before, after, frame)
    outer = list(_outer(before, after, frame))
    counts = {sign: sum(it[2].bit_count() for it in parts[sign]) for sign in _SIGNS}
    changed = counts["gained"] + counts["lost"]
    changed += sum(it.sign != "same" for it in outer)
    found: list[Edge] = []
    told: list[str] = []
    left = MOST
    signs: tuple[tuple[Signed, int | None], ...] = (
        ("gained", changed),
        ("lost", changed),
        ("same", None),
    )
    for sign, several in signs:
        count = counts[sign] + sum(it.sign == sign for it in outer)
        own = [it for it in outer if it.sign == sign]
        if (count if several is None else several) <= left:
            found += [*own, *_each(frame, parts[sign], sign)]
        elif count:
            found += [*_outer_folded(own, sign), *_by_namespace(frame, parts[sign], sign)]
            told.append(f"{count:,} that {_DOES[sign]}")
        if sign == "lost":
            left -= len(found)
    said = (
        f"graph: connections are drawn by namespace, for they are many: {' and '.join(told)}"
        if told
        else ""
    )
    return tuple(sorted(set(found), key=lambda it: (it.source, it.target, it.sign, it.ports))), said


_DOES: Final[dict[Signed, str]] = {"gained": "are gained", "lost": "are lost", "same": "stay"}


def _parts(before: Side, after: Side, frame: Frame) -> dict[Signed, list[Part]]:
    """Connections between workloads by sign."""
    found: dict[Signed, list[Part]] = {sign: [] for sign in _SIGNS}
    for source in range(len(frame.titles)):
        if source == frame.dns:
            continue
        old: Row = ()
        new: Row = ()
        if source in frame.before:
            old = frame.spread_before.row(before.rows[frame.before[source]])
        if source in frame.after:
            new = frame.spread_after.row(after.rows[frame.after[source]])
        own = ~(1 << source)
        if old == new:
            shown = ~(1 << source | (1 << frame.dns if frame.dns >= 0 else 0))
            found["same"] += [(source, it, part) for it, there in new if (part := there & shown)]
            continue
        found["gained"] += [
            (source, it, part) for it, there in more(new, old) if (part := there & own)
        ]
        found["lost"] += [
            (source, it, part) for it, there in more(old, new) if (part := there & own)
        ]
        own &= ~(1 << frame.dns) if frame.dns >= 0 else -1
        for opened, there in old:
            for known, here in new:
                both = ports.common(opened, known)
                if both != ports.NONE and (part := there & here & own):
                    found["same"].append((source, both, part))
    return found


def _each(frame: Frame, parts: Sequence[Part], sign: Signed) -> Iterator[Edge]:
    for source, opened, there in parts:
        for target in bits(there):
            yield Edge(
                source=frame.titles[source],
                target=frame.titles[target],
                ports=words.said_ports(opened),
                sign=sign,
            )


def _by_namespace(frame: Frame, parts: Sequence[Part], sign: Signed) -> list[Edge]:
    spaces = [title.partition("/")[0] for title in frame.titles]
    members: dict[str, int] = {}
    for at, space in enumerate(spaces):
        members[space] = members.get(space, 0) | 1 << at
    counts: dict[tuple[str, str], int] = {}
    for source, _, there in parts:
        for space, own in members.items():
            if inside := there & own:
                key = spaces[source], space
                counts[key] = counts.get(key, 0) + inside.bit_count()
    ranked = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    found = [_fold(f"{a}/*", f"{b}/*", count, sign) for (a, b), count in ranked[: MOST // 4]]
    if rest := sum(count for _, count in ranked[MOST // 4 :]):
        found.append(_fold("other namespaces", "other namespaces", rest, sign))
    return found


def _fold(source: str, target: str, count: int, sign: Signed) -> Edge:
    return Edge(
        source=source,
        target=target,
        ports=f"{count:,} connection{'' if count == 1 else 's'}",
        sign=sign,
    )


def _outer(before: Side, after: Side, frame: Frame) -> Iterator[Edge]:
    """Connections with addresses outside."""
    for number, title in enumerate(frame.titles):
        if number == frame.dns:
            continue
        for out in (True, False):
            old = _outside(before, frame.before.get(number), out=out)
            new = _outside(after, frame.after.get(number), out=out)
            gained = closure.less(new, old) if new != old else ()
            signed: tuple[tuple[Signed, Outside], ...] = (
                ("gained", gained),
                ("lost", closure.less(old, new)),
                ("same", closure.less(new, gained) if gained else new),
            )
            for sign, pieces in signed:
                by_ports: dict[Ports, list[tuple[int, int, int]]] = {}
                for family, first, last, opened in pieces:
                    by_ports.setdefault(opened, []).append((family, first, last))
                for opened, ranges in by_ports.items():
                    other = words.said_ranges(ranges)  # type: ignore[arg-type]
                    other = "internet" if other == "the internet" else other
                    yield Edge(
                        source=title if out else other,
                        target=other if out else title,
                        ports=words.said_ports(opened),
                        sign=sign,
                    )


def _outside(side: Side, at: int | None, *, out: bool) -> Outside:
    if at is None:
        return ()
    return side.outward[at] if out else side.inward[at]


def _outer_folded(found: Sequence[Edge], sign: Signed) -> list[Edge]:
    counts: dict[tuple[str, str], int] = {}
    for it in found:
        key = _space(it.source), _space(it.target)
        counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts.items(), key=lambda it: (-it[1], it[0]))[: MOST // 8]
    return [_fold(source, target, count, sign) for (source, target), count in ranked]


def _space(end: str) -> str:
    """`course/*` of a workload; what is outside stays."""
    space, slash, name = end.partition("/")
    return f"{space}/*" if slash and not name.isdecimal() and "," not in end else end
