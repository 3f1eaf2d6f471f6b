"""Findings and facts by area: the first whole, the rest named or counted, so that a page of any size can be read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import ORDERS, SAID, blast_lines
from review.report import AREAS, Area, Fact, Place, Review, area_of, place_of

TITLES: Final[Mapping[Area, str]] = {
    "replacement": "Replaced, deleted, moved",
    "data": "Data at risk",
    "exposure": "Hosts and paths exposed",
    "connections": "Connections",
    "permissions": "Permissions",
    "admission": "Admission",
    "policy": "Policy",
    "capacity": "Capacity",
    "restarts": "Restarts",
    "versions": "Versions",
    "images": "Images",
}

MOST_WHOLE: Final = 300
"""Findings of the page that are told with reason, remedy and place."""

MOST_NAMED: Final = 200
"""Advisory findings of the page that are named beyond those; mandatory ones are all named."""

MOST_FACTS: Final = 150
"""Facts of a chapter; JSON names all."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding with what is said of it, each with its label."""

    id: str
    finding: Finding
    said: Sequence[tuple[str, str]]
    """Sentences: `Why` and so on."""

    code: Sequence[tuple[str, str]]
    """What is written in files and plans: `Before` and so on."""

    place: Place | None
    known: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One area."""

    area: Area
    title: str
    count: int
    mandatory: int
    told: Sequence[Told]
    named: Sequence[Finding]
    """Beyond those told."""

    counted: Sequence[tuple[str, int]]
    """How many more there are by rule."""

    facts: Sequence[Fact]
    facts_left_out: int


def chapters(review: Review, places: Mapping[str, Place]) -> list[Chapter]:
    """Every area of which something is to be told, of a review that is `in_order`."""
    told: dict[Area, list[Told]] = {}
    named: dict[Area, list[Finding]] = {}
    counted: dict[Area, Counter[str]] = {}
    room = MOST_NAMED
    for number, it in enumerate(review.findings, 1):
        area = area_of(it)
        if number <= MOST_WHOLE:
            told.setdefault(area, []).append(_told(number, it, places))
        elif it.severity == "mandatory" or room:
            room -= it.severity != "mandatory"
            named.setdefault(area, []).append(it)
        else:
            counted.setdefault(area, Counter())[it.rule] += 1
    facts: dict[Area, list[Fact]] = {}
    for fact in review.facts:
        facts.setdefault(fact.area, []).append(fact)
    drawn = {
        area
        for area, rows in (
            ("connections", review.edges),
            ("capacity", review.bars),
            ("permissions", review.rights),
        )
        if rows
    }
    return [
        Chapter(
            area=area,
            title=TITLES[area],
            count=len(told.get(area, ()))
            + len(named.get(area, ()))
            + counted.get(area, Counter()).total(),
            mandatory=sum(it.finding.severity == "mandatory" for it in told.get(area, ()))
            + sum(it.severity == "mandatory" for it in named.get(area, ())),
            told=told.get(area, ()),
            named=named.get(area, ()),
            counted=sorted(counted.get(area, Counter()).items(), key=lambda it: (-it[1], it[0])),
            facts=facts.get(area, [])[:MOST_FACTS],
            facts_left_out=max(0, len(facts.get(area, ())) - MOST_FACTS),
        )
        for area in AREAS
        if area in drawn or area in facts or any(area in it for it in (told, named, counted))
    ]


def _told(number: int, it: Finding, places: Mapping[str, Place]) -> Told:
    said: list[tuple[str, str]] = []
    code = [("Where", it.path)]
    known = ""
    if isinstance(it, GuardFinding):
        code += [("Before", it.old), ("After", it.new)] if it.path else []
        stopped = "; Pulumi refuses as long as it is protected" if it.stopped else ""
        said += [("Happens", f"{SAID[it.happens]}{ORDERS[it.order]}{stopped}")]
        said += [("Takes down", line) for line in blast_lines(it.blast)]
        known = it.known
    said += [("Why", it.why)]
    said += [("Safe way", it.safe)] if isinstance(it, GuardFinding) else []
    said += [("Remedy", it.remedy)]
    return Told(
        id=f"finding-{number}",
        finding=it,
        said=[(label, text) for label, text in said if text],
        code=[(label, text) for label, text in code if text],
        place=place_of(places, it.urn, it.path) if it.urn else None,
        known=known,
    )
