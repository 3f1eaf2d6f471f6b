"""Findings and facts by area: the first whole, the rest named or counted, so that a page of any size can be read."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import ORDERS, SAID, blast_lines
from review.report import AREAS, Area, Fact, Place, Review, area_of, place_of

TITLES: Final[Mapping[Area, str]] = {
    "replacement": "Replaced, deleted, moved",
    "data": "Data at risk",
    "exposure": "Hosts and paths",
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
"""Findings of the page that are told with reason, remedy and place; those that say the same of many count as one."""

MOST_NAMED: Final = 300
"""Advisory findings of the page that are named beyond those; mandatory ones are all named."""

REPEATED: Final = 3
"""From so many on, findings that say the same are told as one with the resources below it."""

MOST_FACTS: Final = 150
"""Facts of a chapter; JSON names all."""


class About(NamedTuple):
    """What one finding of many that say the same is about."""

    resource: str
    path: str
    place: Place | None


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
    count: int = 1
    about: Sequence[About] = ()
    """Of one that stands for many: what each is about, as far as there is room."""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One area."""

    area: Area
    title: str
    mandatory: int
    advisory: int
    told: Sequence[Told]
    named: Sequence[Finding]
    """Beyond those told."""

    counted: Sequence[tuple[str, int]]
    """How many more there are by rule."""

    facts: Sequence[Fact]
    facts_left_out: int


def chapters(review: Review, places: Mapping[str, Place]) -> list[Chapter]:
    """Every area of which something is to be told, of a review that is `in_order`."""
    families: dict[Hashable, list[Finding]] = {}
    for it in review.findings:
        families.setdefault(_family(it), []).append(it)
    told: dict[Area, list[Told]] = {it: [] for it in AREAS}
    named: dict[Area, list[Finding]] = {it: [] for it in AREAS}
    counted: dict[Area, Counter[str]] = {it: Counter() for it in AREAS}
    amounts: dict[Area, Counter[str]] = {it: Counter() for it in AREAS}
    facts: dict[Area, list[Fact]] = {it: [] for it in AREAS}
    numbers = 0
    room = MOST_NAMED
    for family in families.values():
        first = family[0]
        area, mandatory = area_of(first), first.severity == "mandatory"
        amounts[area][first.severity] += len(family)
        whole = [family] if len(family) >= REPEATED else [[it] for it in family]
        for found in whole:
            most = len(found) if mandatory else room
            if numbers < MOST_WHOLE:
                numbers += 1
                room -= 0 if mandatory or len(found) == 1 else min(room, len(found))
                told[area].append(_told(f"finding-{numbers}", found, most, places))
                continue
            named[area] += found[:most]
            counted[area][first.rule] += len(found[most:])
            room -= 0 if mandatory else min(room, len(found))
    for fact in review.facts:
        facts[fact.area].append(fact)
    drawn = {
        "connections": bool(review.edges),
        "capacity": bool(review.bars),
        "permissions": bool(review.rights),
    }
    return [
        Chapter(
            area=area,
            title=TITLES[area],
            mandatory=amounts[area]["mandatory"],
            advisory=amounts[area]["advisory"],
            told=told[area],
            named=named[area],
            counted=sorted((+counted[area]).items(), key=lambda it: (-it[1], it[0])),
            facts=facts[area][:MOST_FACTS],
            facts_left_out=max(0, len(facts[area]) - MOST_FACTS),
        )
        for area in AREAS
        if amounts[area] or facts[area] or drawn.get(area)
    ]


def _family(it: Finding) -> Hashable:
    """Findings with the same one say the same, each of another resource; those of the guard stand alone."""
    if isinstance(it, GuardFinding):
        return it
    return area_of(it), it.severity, it.verdict, it.rule, it.message, it.why, it.remedy, it.source


def _told(id_: str, found: Sequence[Finding], most: int, places: Mapping[str, Place]) -> Told:
    it = found[0]
    many = len(found) > 1
    said: list[tuple[str, str]] = []
    code = [("Where", it.path)] if not many else []
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
    about = [About(each.resource, each.path, _place(each, places)) for each in found[:most]]
    return Told(
        id=id_,
        finding=it,
        said=[(label, text) for label, text in said if text],
        code=[(label, text) for label, text in code if text],
        place=None if many else _place(it, places),
        known=known,
        count=len(found),
        about=about if many else (),
    )


def _place(it: Finding, places: Mapping[str, Place]) -> Place | None:
    return place_of(places, it.urn, it.path) if it.urn else None
