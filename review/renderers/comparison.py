"""Two stacks side by side, as text and as JSON."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from review.guard.values import both_said, printable
from review.promotion.comparison import Comparison
from review.promotion.differences import Difference, Side
from review.promotion.rendered import Rendered
from review.renderers.preview import Paint, plain
from review.renderers.promotion import value

VERSION = 1
"""Of the JSON. A key more keeps it; anything else raises it."""


def as_text(it: Comparison, paint: Paint = plain, *, every: bool = False) -> Iterator[str]:
    """Drift first and whole; then what is meant, by what declares it; then what is made of it."""
    meant = len(it.settings) - len(it.drift)
    head = f"{it.one} and {it.other}"
    drift = f"{_count(len(it.drift), 'setting')} differ without being declared"
    yield (
        f"{paint(head, 'heading')}: {paint(drift if it.drift else 'no drift', 'bad' if it.drift else 'good')}, "
        f"{meant:,} on purpose"
    )
    for found in it.drift:
        yield from _drift(it, found, paint)
    for why, group in it.meant():
        yield ""
        yield paint(f"on purpose: {printable(why)}", "heading")
        for found in group:
            by = f"  [{printable(found.intended)}]" if found.intended != found.key else ""
            yield f"  {printable(found.key)}: {_both(found)}{paint(by, 'faint')}"
            if every:
                yield paint(f"    {_places(found)}", "faint")
    yield ""
    yield from _rendered(it, paint, every=every)
    for note in it.notes:
        yield f"{paint('not compared', 'warning')}  {printable(note)}"


def as_json(it: Comparison) -> str:
    """One object with a row a setting and a row a property."""
    data = {
        "version": VERSION,
        "stacks": [it.one, it.other],
        "settings": [_row(found) for found in it.settings],
        "rendered": [
            {
                "component": row.component,
                "workload": row.workload,
                "resource": row.resource,
                "path": row.path,
                "values": [row.one, row.other],
                "bySettings": row.by_settings,
            }
            for row in it.rendered
        ],
        "unintended": len(it.drift) + len(it.unexplained),
        "notes": list(it.notes),
    }
    return json.dumps(data, indent=1) + "\n"


def _row(it: Difference) -> dict[str, Any]:
    return {
        "key": it.key,
        "values": [it.one.value, it.other.value],
        "sources": [it.one.source, it.other.source],
        "intended": bool(it.intended),
        "by": it.intended or None,
        "why": it.why,
    }


def _drift(it: Comparison, found: Difference, paint: Paint) -> Iterator[str]:
    yield ""
    yield f"{paint('drift', 'bad')}  {paint(printable(found.key), 'heading')}"
    width = max(len(it.one), len(it.other))
    for name, side in ((it.one, found.one), (it.other, found.other)):
        where = f"  {paint(_place(side), 'faint')}" if side.source else ""
        yield f"  {name:<{width}}  {_said(side)}{where}"
    yield f"  {printable(found.why)}"


def _both(found: Difference) -> str:
    sides = [_said(it) for it in (found.one, found.other)]
    if sides[0] == sides[1] and sides[0].endswith("..."):  # cut alike, they look alike
        sides = [printable(it) for it in both_said(found.one.value, found.other.value)]
        if isinstance(found.one.value, str):
            sides = [it.removeprefix('"').removesuffix('"') for it in sides]
    return " | ".join(sides)


def _said(side: Side) -> str:
    return value(side.value) if side.source else "not there"


def _place(side: Side) -> str:
    return printable(side.source)


def _places(found: Difference) -> str:
    return " | ".join(_place(it) or "-" for it in (found.one, found.other))


def _rendered(it: Comparison, paint: Paint, *, every: bool) -> Iterator[str]:
    yield paint("what is made of it", "heading")
    if not it.rendered:
        yield "  the same resources, property by property"
        return
    workloads = [row for row in it.rendered if row.workload]
    for component, rows in groupby(workloads, key=lambda row: row.component):
        yield from _component(component, list(rows), paint, every=every)
    others = [row for row in it.rendered if not row.workload]
    if others:
        yield from _component("beside workloads", others, paint, every=every)


def _component(name: str, rows: list[Rendered], paint: Paint, *, every: bool) -> Iterator[str]:
    strange = [row for row in rows if row.by_settings is False]
    untold = any(row.by_settings is None for row in rows)
    words = f"{_count(len(rows), 'property', 'properties')} of {_count(len({it.resource for it in rows}), 'resource')}"
    why = "all by settings" if not strange else f"{len(strange):,} by no setting"
    why = "by what is not told" if untold else why
    yield f"  {printable(name)}: {words}, {paint(why, 'bad' if strange else 'faint')}"
    for row in rows if every else strange:
        sign = paint("drift  ", "bad") if row.by_settings is False else ""
        what = f"{row.resource} {row.path}".rstrip()
        yield f"    {sign}{printable(what)}: {printable(row.one)} | {printable(row.other)}"


def _count(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
