"""A review as JSON, whole: nothing is cut and everything is named. `docs/review-schema.json` describes it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from review.findings import Finding
from review.guard.findings import Blast, GuardFinding
from review.renderers.review_words import masked
from review.report import (
    OPERATIONS,
    VERSION,
    AreaFinding,
    Bar,
    Change,
    Edge,
    Exempted,
    Fact,
    Place,
    PropertyChange,
    Review,
    Right,
    area_of,
    in_order,
    place_of,
)

_OF_A_FINDING = tuple(it.name for it in fields(Finding))


def as_json(review: Review) -> str:
    """One object, a line for each row of its lists; the same bytes for the same rows in any order."""
    review = in_order(review)
    places = dict(review.places)
    heads: dict[str, Any] = {
        "version": VERSION,
        "project": review.project,
        "stack": review.stack,
        "base": review.base,
        "head": review.head,
        "passes": not review.mandatory,
        "counts": _counts(review),
    }
    lists: dict[str, Sequence[Any]] = {
        "findings": [_finding(it, places) for it in review.findings],
        "changes": [_change(it, places) for it in review.changes],
        "facts": [_plain(it) for it in review.facts],
        "exempted": [
            {**_plain(it), "finding": _finding(it.finding, places)} for it in review.exempted
        ],
        "edges": [_plain(it) for it in review.edges],
        "bars": [_plain(it) for it in review.bars],
        "rights": [_plain(it) for it in review.rights],
        "places": [
            {"urn": key.partition("#")[0], "path": key.partition("#")[2], **_plain(it)}
            for key, it in review.places
        ],
        "notes": review.notes,
    }
    parts = [f"{_dump(key)}: {_dump(value)}" for key, value in heads.items()]
    parts += [f"{_dump(key)}: [{''.join(_lines(rows))}]" for key, rows in lists.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def from_json(text: str) -> Review:
    """The review that `as_json` wrote; a finding that is not the guard's comes back with its area.

    Raise `ValueError` for text that is no review, or one of another version.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        raise ValueError(f"not a review: no JSON at line {fault.lineno}: {fault.msg}") from None
    version = data.get("version") if isinstance(data, dict) else None
    if version != VERSION:
        raise ValueError(f"not a review of version {VERSION}: its version is {version!r}")
    try:
        return _review(data)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"not a review: {fault} is missing or malformed") from None


def _counts(review: Review) -> dict[str, Any]:
    operations = Counter(it.operation for it in review.changes)
    return {
        "mandatory": review.mandatory,
        "advisory": len(review.findings) - review.mandatory,
        "unknown": sum(it.verdict == "unknown" for it in review.findings),
        "exempted": len(review.exempted),
        "oldFindings": review.old_findings,
        "unchanged": review.unchanged,
        "changes": {it: operations[it] for it in OPERATIONS},
    }


def _finding(it: Finding, places: Mapping[str, Place]) -> dict[str, Any]:
    row = {key: getattr(it, key) for key in _OF_A_FINDING}
    row["area"] = area_of(it)
    row["place"] = _place(places, it.urn, it.path)
    if isinstance(it, GuardFinding):
        own = it.row()
        row["guard"] = {
            key: own[key]
            for key in (
                "happens",
                "order",
                "stopped",
                "old",
                "new",
                "safe",
                "known",
                "field",
                "blast",
            )
        }
    return row


def _change(it: Change, places: Mapping[str, Place]) -> dict[str, Any]:
    return {
        "operation": it.operation,
        "resource": it.resource,
        "type": it.type,
        "urn": it.urn,
        "baseUrn": it.base_urn,
        "component": it.component,
        "place": _place(places, it.urn, ""),
        "properties": [
            vars(line if line.alters != "secret" else masked(line)) for line in it.properties
        ],
    }


def _place(places: Mapping[str, Place], urn: str, path: str) -> dict[str, Any] | None:
    found = place_of(places, urn, path)
    return _plain(found) if found else None


def _plain(it: Any) -> dict[str, Any]:
    """Fields of one row by their names in JSON."""
    return {_camel(key): value for key, value in vars(it).items()}


@cache
def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def _lines(rows: Sequence[Any]) -> Iterator[str]:
    for at, row in enumerate(rows):
        yield f"{',' if at else ''}\n{_dump(row)}"
    if rows:
        yield "\n"


def _review(data: Mapping[str, Any]) -> Review:
    return Review(
        project=data["project"],
        stack=data["stack"],
        base=data["base"],
        head=data["head"],
        changes=tuple(map(_read_change, data["changes"])),
        findings=tuple(map(_read_finding, data["findings"])),
        facts=tuple(Fact(**it) for it in data["facts"]),
        unchanged=data["counts"]["unchanged"],
        old_findings=data["counts"]["oldFindings"],
        exempted=tuple(
            Exempted(**{**it, "finding": _read_finding(it["finding"])}) for it in data["exempted"]
        ),
        edges=tuple(Edge(**it) for it in data["edges"]),
        bars=tuple(Bar(**{_snake(key): value for key, value in it.items()}) for it in data["bars"]),
        rights=tuple(map(_read_right, data["rights"])),
        places=tuple(map(_read_place, data["places"])),
        notes=tuple(data["notes"]),
    )


def _read_change(row: Mapping[str, Any]) -> Change:
    return Change(
        operation=row["operation"],
        resource=row["resource"],
        type=row["type"],
        urn=row["urn"],
        base_urn=row["baseUrn"],
        component=row["component"],
        properties=tuple(PropertyChange(**it) for it in row["properties"]),
    )


def _read_finding(row: Mapping[str, Any]) -> Finding:
    own = {key: row[key] for key in _OF_A_FINDING}
    if "guard" not in row:
        return AreaFinding(**own, area=row["area"])
    guard = dict(row["guard"])
    blast = dict(guard.pop("blast"))
    pair = {"nodes": ("min", "max"), "pods": ("rest", "full")}
    return GuardFinding(
        **own,
        **guard,
        blast=Blast(
            **{
                key: tuple(value[it] for it in pair[key]) if key in pair else tuple(value)
                for key, value in blast.items()
            }
        ),
    )


def _read_right(row: Mapping[str, Any]) -> Right:
    return Right(
        subject=row["subject"],
        namespace=row["namespace"],
        resources=row["resources"],
        verbs_before=tuple(row["verbsBefore"]),
        verbs_after=tuple(row["verbsAfter"]),
    )


def _read_place(row: Mapping[str, Any]) -> tuple[str, Place]:
    key = f"{row['urn']}#{row['path']}" if row["path"] else row["urn"]
    return key, Place(file=row["file"], line=row["line"], gone=row["gone"])


def _snake(name: str) -> str:
    return "".join(f"_{it.lower()}" if it.isupper() else it for it in name)


_dump = json.JSONEncoder().encode
