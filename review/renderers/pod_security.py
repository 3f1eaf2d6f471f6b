"""Verdicts of Pod Security as text and JSON."""

import json
from collections.abc import Iterator, Sequence

from review.analyses.pod_security import Verdict
from review.renderers.preview import Paint, plain
from settings.pod_security import REMEDIES


def as_json(verdicts: Sequence[Verdict]) -> str:
    """A list with an entry an object, one line each."""
    rows = ",\n".join(json.dumps(it.row(), ensure_ascii=False) for it in verdicts)
    return f"[\n{rows}\n]\n" if rows else "[]\n"


def as_text(verdicts: Sequence[Verdict], paint: Paint = plain) -> Iterator[str]:
    """The refused objects, a line a violation with what to do, then how many there were of each namespace and level."""
    for it in verdicts:
        if it.allowed:
            continue
        refusal = f"refused by {it.level} of v1.{it.minor}, meets {it.meets}"
        yield f"{paint(_title(it), 'heading')}  {paint(refusal, 'bad')}  {paint(it.place, 'faint')}"
        for row in it.violations:
            yield f"  {row.control}: {row.message}; {REMEDIES[row.control]}  {paint(row.path, 'faint')}"
        yield ""
    yield from _table(verdicts)
    refused = [it for it in verdicts if not it.allowed]
    violations = sum(len(it.violations) for it in refused)
    count = f"{len(verdicts):,} object{'' if len(verdicts) == 1 else 's'}"
    found = f"{len(verdicts) - len(refused):,} allowed, {len(refused):,} refused"
    if violations:
        found += f" for {violations:,} violation{'' if violations == 1 else 's'}"
    yield f"{count}: {paint(found, 'bad' if refused else 'good')}"


def _title(it: Verdict) -> str:
    return f"{it.kind} {it.namespace}/{it.name}"


def _table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    if not verdicts:
        return
    rows = [("namespace", "level", "version", "objects", "refused")]
    for at in sorted({(it.namespace, it.level, it.minor) for it in verdicts}):
        of = [it for it in verdicts if (it.namespace, it.level, it.minor) == at]
        refused = sum(not it.allowed for it in of)
        rows.append((at[0], at[1], f"v1.{at[2]}", str(len(of)), str(refused)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
        ).rstrip()
    yield ""
