"""A promotion as text and as JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from review.guard.values import printable
from review.promotion.drift import Drift
from review.promotion.promoting import Move, Proposal
from review.promotion.refusals import Refusal
from review.renderers.preview import Paint, plain

VERSION = 1
"""Of the JSON. A key more keeps it; anything else raises it."""

MOST_CHARACTERS = 60
"""Of a value in text. JSON has all of it."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DIGEST_CHARACTERS = len("sha256:") + 12
"""As registries and `docker images --digests` cut them for people."""


def as_text(proposal: Proposal, paint: Paint = plain) -> Iterator[str]:
    """What would move, what hinders it, what to know."""
    head = f"{proposal.source} -> {proposal.target}"
    if not proposal.moves and not proposal.refusals:
        yield f"{paint(head, 'heading')}: {paint('nothing to promote', 'good')}"
        yield from _notes(proposal.notes, paint)
        return
    yield f"{paint(head, 'heading')}: {_count(len(proposal.moves), 'key')}"
    for group in _groups(proposal.moves):
        yield from _moved(group, paint)
    yield from _notes(proposal.notes, paint)
    if proposal.refusals:
        yield ""
        yield from refused(proposal.refusals, paint)


def _notes(notes: tuple[str, ...], paint: Paint) -> Iterator[str]:
    if notes:
        yield ""
    yield from (f"{paint('note', 'warning')}  {printable(it)}" for it in notes)


def refused(refusals: tuple[Refusal, ...], paint: Paint) -> Iterator[str]:
    """Each reason with its remedy."""
    yield paint(f"refused, nothing is written: {_count(len(refusals), 'reason')}", "bad")
    for it in refusals:
        where = f"{printable(it.place)}: " if it.place else ""
        yield f"  {where}{paint(printable(it.what), 'heading')}: {printable(it.message)} [{it.rule}]"
        yield f"    {printable(it.remedy)}"


def as_json(proposal: Proposal, *, review: Mapping[str, Any] | None, record: str) -> str:
    """One object; `review` is what the review of the change says, None where there was nothing to review."""
    data = {
        "version": VERSION,
        "from": proposal.source,
        "to": proposal.target,
        "at": proposal.at,
        "changes": [_row(it) for it in proposal.moves],
        "refusals": [
            {
                "rule": it.rule,
                "what": it.what,
                "message": it.message,
                "remedy": it.remedy,
                "place": it.place,
            }
            for it in proposal.refusals
        ],
        "notes": list(proposal.notes),
        "review": review,
        "written": bool(record),
        "record": record or None,
    }
    return json.dumps(data, indent=1) + "\n"


def drift_as_text(it: Drift, paint: Paint = plain) -> Iterator[str]:
    """Why the two drifted apart, a line a reason, and what to do; once for reasons that follow each other."""
    head = paint(f"{it.source} and {it.target}", "heading")
    if not it.reasons:
        yield f"{head}: {paint('no drift', 'good')}"
        return
    count = _count(len(it.reasons), "reason")
    yield f"{head}: {paint(f'drifted apart, {count}', 'bad')}"
    for remedy, reasons in groupby(it.reasons, key=lambda reason: reason.remedy):
        for reason in reasons:
            where = f"{printable(reason.place)}: " if reason.place else ""
            yield f"  {where}{paint(printable(reason.what), 'heading')}: {printable(reason.message)} [{reason.kind}]"
        yield f"    {printable(remedy)}"


def drift_as_json(it: Drift) -> str:
    """One object with a row a reason."""
    data = {
        "version": VERSION,
        "from": it.source,
        "to": it.target,
        "drift": bool(it.reasons),
        "reasons": [
            {
                "kind": reason.kind,
                "what": reason.what,
                "message": reason.message,
                "remedy": reason.remedy,
                "place": reason.place,
            }
            for reason in it.reasons
        ],
    }
    return json.dumps(data, indent=1) + "\n"


def _row(it: Move) -> dict[str, Any]:
    return {
        "key": it.key,
        "old": it.old,
        "new": it.new,
        "order": it.order,
        "source": it.source,
        "place": it.place,
        "workloads": list(it.workloads),
    }


def _groups(moves: tuple[Move, ...]) -> Iterator[list[Move]]:
    """Tag and digest of one image together; every other key by itself."""
    group: list[Move] = []
    for move in moves:
        if group and move.path[:-1] == group[0].path[:-1] and move.path[0] == "images":
            group.append(move)
            continue
        if group:
            yield group
        group = [move]
    if group:
        yield group


def _moved(group: list[Move], paint: Paint) -> Iterator[str]:
    first = group[0]
    image = first.path[0] == "images"
    title = str(first.path[1]) if image else first.key
    for_ = (
        f"  {paint(', '.join(map(printable, first.workloads)), 'faint')}" if first.workloads else ""
    )
    yield f"  {paint(printable(title), 'heading')}{for_}"
    for it in group:
        label = f"{it.path[-1]:<7}" if image else "value  "
        older = paint("  older", "warning") if it.order == "older" else ""
        yield f"    {label} {value(it.old)} -> {value(it.new)}{older}"
    yield paint(f"    {printable(first.source)} -> {printable(first.place)}", "faint")


def value(it: Any) -> str:
    """A value in one short line."""
    if it is None:
        return "nothing"
    text = it if isinstance(it, str) else json.dumps(it, ensure_ascii=False)
    text = printable(text)
    if _DIGEST.fullmatch(text):
        return text[:_DIGEST_CHARACTERS]
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
