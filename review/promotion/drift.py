"""Whether two environments drifted apart, and why: what `./aks promote --check` fails for in a pipeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from review.promotion.comparison import Comparison
from review.promotion.promoting import Proposal

Kind = Literal["behind", "ahead", "other", "refused", "undeclared", "unexplained", "not-compared"]
"""`behind`, `ahead`, `other`: a promotable key that TO has otherwise, older, newer, or nobody can tell."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that keeps the two apart without being meant to."""

    kind: Kind
    what: str
    message: str
    remedy: str
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """Two stacks and why they are not what they should be."""

    source: str
    target: str
    reasons: tuple[Reason, ...]


def drift(proposal: Proposal, comparison: Comparison) -> Drift:
    """Every reason: keys to promote, what hinders that, differences that nobody declared or no setting explains."""
    return Drift(
        source=proposal.source,
        target=proposal.target,
        reasons=(*_promotable(proposal), *_undeclared(comparison)),
    )


def _promotable(it: Proposal) -> Iterator[Reason]:
    moving = {move.key for move in it.moves}
    for move in it.moves:
        image = move.path[0] == "images"
        if image and move.path[-1] == "digest" and f"images.{move.path[1]}.tag" in moving:
            continue  # the tag tells it
        kind: Kind = "other"
        if image and move.path[-1] == "tag" and move.order in ("newer", "older"):
            kind = "behind" if move.order == "newer" else "ahead"
        words = {"behind": "is behind", "ahead": "is ahead", "other": "has another value"}[kind]
        yield Reason(
            kind=kind,
            what=f"image {move.path[1]}" if image else f"key {move.key}",
            message=f"{it.target} {words}: {move.old} there, {move.new} in {it.source}",
            remedy=f"./aks promote {it.source} {it.target} --write",
            place=move.place,
        )
    for refusal in it.refusals:
        if refusal.rule != "frozen":
            yield Reason(
                kind="refused",
                what=refusal.what,
                message=f"cannot be promoted: {refusal.message} ({refusal.rule})",
                remedy=refusal.remedy,
                place=refusal.place,
            )


def _undeclared(it: Comparison) -> Iterator[Reason]:
    for found in it.drift:
        yield Reason(
            kind="undeclared",
            what=f"key {found.key}",
            message=f"differs and is declared nowhere: {found.one.source or 'not there'} in {it.one}, "
            f"{found.other.source or 'not there'} in {it.other}",
            remedy=found.why,
        )
    for row in it.unexplained:
        yield Reason(
            kind="unexplained",
            what=row.resource,
            message=f"differs by no setting: {row.path or 'the whole resource'}",
            remedy="find what the program takes from the stack itself, or from configuration beside the settings",
        )
    for note in it.notes:
        yield Reason(
            kind="not-compared",
            what=f"{it.one} and {it.other}",
            message=note,
            remedy="make the settings of one fit the other",
        )
