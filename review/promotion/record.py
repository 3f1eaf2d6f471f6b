"""The record of one promotion, for audit: what, from where, to where, when, and what the review said of it.

Who is not in it: the commit and the approval that bring it into the branch say so, and cannot be typed by hand.
"""

from pathlib import PurePosixPath
from typing import Any, Final

from review.promotion.promoting import Proposal
from review.promotion.splice import written
from settings.promotion import moment

FOLDER: Final = "promotions"
VERSION: Final = 1
"""Of the record. A key more keeps it; anything else raises it."""


def name_of(proposal: Proposal) -> PurePosixPath:
    """`promotions/20261121T160000Z-dev-to-prod.yaml`, from the project's folder: one moment, one record."""
    at = moment(proposal.at)
    stamp = at.strftime("%Y%m%dT%H%M%S") + (f".{at.microsecond:06}" if at.microsecond else "")
    return PurePosixPath(FOLDER) / f"{stamp}Z-{proposal.source}-to-{proposal.target}.yaml"


def text_of(
    proposal: Proposal, *, mandatory: int, advisory: int, allow_downgrade: bool, commit: str
) -> str:
    """The record as YAML; the same promotion gives the same bytes."""
    lines = [
        "# Written by `./aks promote`, for audit. The commit that brings it says who.",
        f"version: {VERSION}",
        f"from: {_text(proposal.source)}",
        f"to: {_text(proposal.target)}",
        f"at: {_text(proposal.at)}",
    ]
    if commit:
        lines.append(f"commit: {_text(commit)}")
    lines.append(f"allowDowngrade: {written(allow_downgrade, '')}")
    lines.append(f"review: {{mandatory: {mandatory}, advisory: {advisory}}}")
    lines.append("changes:")
    for move in proposal.moves:
        lines += [
            f"  - key: {_text(move.key)}",
            f"    old: {_text(move.old)}",
            f"    new: {_text(move.new)}",
        ]
        if move.workloads:
            lines.append(f"    workloads: {_text(list(move.workloads))}")
    if proposal.notes:
        lines.append("notes:")
        lines += [f"  - {_text(it)}" for it in proposal.notes]
    return "\n".join(lines) + "\n"


def _text(value: Any) -> str:
    return written(value, '"')
