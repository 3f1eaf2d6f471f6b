"""A review as SARIF 2.1.0: each finding at the line that caused it.

A finding that no line of the head's files is known for points at the stack file, as code scanning shows none without
a place.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import SAID
from review.renderers.review_words import JSON_NAMES_ALL, TITLES, harmless
from review.renderers.sarif import RuleText
from review.renderers.sarif import as_sarif as written
from review.report import Place, Review, area_of, in_order, place_of

MOST: Final = 5_000
"""Results that GitHub keeps of a run; the first ones, most dangerous first, exempted ones last."""


def as_sarif(review: Review, rules: Mapping[str, RuleText] | None = None) -> str:
    """One run; `rules` describes rules by id, where more is known of them than their findings say."""
    review = in_order(review)
    findings = review.findings[:MOST]
    exempted = review.exempted[: MOST - len(findings)]
    left = len(review.findings) + len(review.exempted) - len(findings) - len(exempted)
    notes = list(review.notes)
    if left:
        notes.append(f"{left:,} findings of lower rank were left out; {JSON_NAMES_ALL}")
    known = dict(rules or {})
    for it in (*findings, *(it.finding for it in exempted)):
        if it.rule not in known:
            known[it.rule] = _text(it)
    place = partial(_place, dict(review.places), f"Pulumi.{review.stack}.yaml")
    return written(findings, place, rules=known, exempted=exempted, notes=notes)


def _place(places: Mapping[str, Place], stack_file: str, it: Finding) -> Place:
    found = place_of(places, it.urn, it.path)
    return Place(file=stack_file, line=1) if found is None or found.gone else found


def _text(it: Finding) -> RuleText:
    """Of a rule that nothing else describes; what a guard's rule says of one resource is in its results."""
    if isinstance(it, GuardFinding):
        return RuleText(
            title=f"A resource {SAID[it.happens]}",
            why="The guard compares what a stack registers before and after a change",
            remedy="the result names the safe way",
            tags=(TITLES["replacement"].lower(),),
        )
    return RuleText(
        title=it.rule.replace("-", " ").capitalize(),
        why=it.why,
        remedy=it.remedy,
        source=harmless(it.source),
        tags=(TITLES[area_of(it)].lower(),),
    )
