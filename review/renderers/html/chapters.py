"""Findings and facts by area: the first whole, the rest named or counted, so that a page of any size can be read."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import blast_lines
from review.renderers.review_words import (
    TITLES,
    blast_of,
    facts_together,
    message_of,
    name_of,
    remedy_of,
    shared,
    together,
    untold,
)
from review.report import AREAS, Area, Fact, Place, Review, area_of, place_of

MOST_WHOLE: Final = 300
"""Findings of the page that are told with reason, remedy and place; those that say the same of many count as one."""

MOST_NAMED: Final = 300
"""Advisory findings of the page that are named beyond those; mandatory ones are all named."""

REPEATED: Final = 2
"""From so many on, findings that say the same are told as one with the resources below it."""

MOST_FACTS: Final = 150
"""Facts of a chapter, those that say the same of many counted as one; JSON names all."""


class About(NamedTuple):
    """What one finding of many that say the same is about."""

    resource: str
    message: str
    """What the others do not say; empty where all have the same."""

    path: str
    values: tuple[str, str] | None
    place: Place | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding with what is said of it, each with its label."""

    id: str
    finding: Finding
    """The first of many."""

    message: str
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

    facts: Sequence[tuple[Fact, Sequence[str]]]
    """Each with the names of what else the same is said of."""

    facts_left_out: int


def chapters(
    review: Review, places: Mapping[str, Place], bars: Collection[str] = ()
) -> list[Chapter]:
    """Every area of which something is to be told, of a review that is `in_order`; `bars` are drawn beside it."""
    told: dict[Area, list[Told]] = {it: [] for it in AREAS}
    named: dict[Area, list[Finding]] = {it: [] for it in AREAS}
    counted: dict[Area, Counter[str]] = {it: Counter() for it in AREAS}
    amounts: dict[Area, Counter[str]] = {it: Counter() for it in AREAS}
    facts: dict[Area, list[Fact]] = {it: [] for it in AREAS}
    numbers = 0
    room = MOST_NAMED
    for family in _families(review.findings):
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
    groups = {
        area: facts_together(untold(found, review.findings, bars)) for area, found in facts.items()
    }
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
            facts=[
                (first, list(dict.fromkeys(map(name_of, others))))
                for first, *others in groups[area][:MOST_FACTS]
            ],
            facts_left_out=sum(map(len, groups[area][MOST_FACTS:])),
        )
        for area in AREAS
        if amounts[area] or facts[area] or drawn.get(area)
    ]


def _families(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Those that say the same, within one severity and chapter, in the order of the review."""
    for severity in ("mandatory", "advisory"):
        for area in AREAS:
            yield from together(
                it for it in findings if it.severity == severity and area_of(it) == area
            )


def _told(id_: str, found: Sequence[Finding], most: int, places: Mapping[str, Place]) -> Told:
    it = found[0]
    many = len(found) > 1
    said: list[tuple[str, str]] = []
    code = [] if many else [("Where", it.path)]
    guarded = isinstance(it, GuardFinding)
    if isinstance(it, GuardFinding) and it.path and not many:
        code += [("Before", it.old), ("After", it.new)]
    said += [("Takes down", line) for line in _taken(found)]
    said += [("Why", it.why), ("Safe way" if guarded else "Remedy", remedy_of(it))]
    text, own = shared([message_of(each) for each in found])
    return Told(
        id=id_,
        finding=it,
        message=text or f"such as {it.resource}: {message_of(it)}",
        said=[(label, text) for label, text in said if text],
        code=[(label, text) for label, text in code if text],
        place=None if many else _place(it, places),
        known=it.known if isinstance(it, GuardFinding) else "",
        count=len(found),
        about=[_about(*pair, places) for pair in zip(found[:most], own, strict=False)]
        if many
        else (),
    )


def _taken(found: Sequence[Finding]) -> Iterator[str]:
    yield from blast_lines(blast_of(found), (it.resource for it in found))


def _about(it: Finding, message: str, places: Mapping[str, Place]) -> About:
    values = (it.old, it.new) if isinstance(it, GuardFinding) and it.path else None
    return About(it.resource, message, it.path, values, _place(it, places))


def _place(it: Finding, places: Mapping[str, Place]) -> Place | None:
    return place_of(places, it.urn, it.path) if it.urn else None
