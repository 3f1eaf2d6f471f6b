"""What the guard found as text and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from review.guard.findings import Blast, GuardFinding, Happens
from review.guard.values import printable
from review.plan import Plan
from review.renderers.preview import Paint, plain

VERSION = 1
"""Of the JSON. A key more keeps it; anything else raises it."""

WIDTH = 100
"""Columns of the text."""

NAMED = 6
"""Workloads, disks and further resources that are named; the rest is counted. JSON names all."""

SAID: dict[Happens, str] = {
    "replaced": "is replaced",
    "maybeReplaced": "is replaced, if the value turns out to be another one",
    "moved": "is made anew under another URN while it still stands",
    "deleted": "is deleted",
    "refused": "looks like an update in the preview, and is refused in `pulumi up`",
    "unprotected": "is no longer protected",
    "inPlace": "is changed in place",
    "ignored": "stays as it is: the program tells Pulumi to ignore the field",
}
"""What happens, after the name of the resource."""

ORDERS = {
    "deleteFirst": ": deleted first, made anew afterwards",
    "createFirst": ": the new one first, then the old one is deleted",
    "": "",
}
"""After `SAID`: in which order."""


def as_json(base: Plan, head: Plan, findings: Sequence[GuardFinding]) -> str:
    """One object with a row a finding, most dangerous first."""
    rows = ",\n".join(json.dumps(it.row()) for it in findings)
    head_of = (
        f'{{"version": {VERSION}, "stack": {json.dumps(head.stack)}, '
        f'"base": {json.dumps(base.stack)}, "findings": ['
    )
    return f"{head_of}\n{rows}\n]}}\n" if rows else f"{head_of}]}}\n"


def as_text(
    base: Plan, head: Plan, findings: Sequence[GuardFinding], paint: Paint = plain
) -> Iterator[str]:
    """A paragraph a finding, then how many there are; what findings of one resource share is said once."""
    last = None
    for it in findings:
        yield from _finding(it, paint, repeated=last is not None and _shares(last, it))
        yield ""
        last = it
    against = f"{head.stack} against {base.stack}" if base.stack != head.stack else head.stack
    mandatory = sum(it.severity == "mandatory" for it in findings)
    counts = (
        f"{mandatory} mandatory, {len(findings) - mandatory} advisory"
        if findings
        else ("nothing is replaced, refused or lost")
    )
    yield f"{paint(against, 'heading')}: {paint(counts, 'bad' if mandatory else 'good')}"


def _finding(it: GuardFinding, paint: Paint, *, repeated: bool) -> Iterator[str]:
    style = "bad" if it.severity == "mandatory" else "warning"
    yield f"{paint(it.severity, style)}  {paint(printable(it.resource), 'heading')}"
    if it.path:
        yield from _wrapped("", f"{printable(it.path)}: {printable(it.old)} -> {printable(it.new)}")
    happens = f"{SAID[it.happens]}{ORDERS[it.order]}"
    if it.stopped:
        happens += "; Pulumi refuses as long as it is protected"
    yield from _wrapped("what", happens)
    yield from _wrapped("why", it.why)
    if repeated:
        yield from _wrapped("takes down", "the same as above")
    else:
        for line in blast_lines(it.blast):
            yield from _wrapped("takes down", line)
    yield from _wrapped("safe", it.safe)
    known = f", {it.known}" if it.known else ""
    yield paint(f"  {it.source} [{it.rule}{known}]", "faint")


def _shares(last: GuardFinding, it: GuardFinding) -> bool:
    return it.blast == last.blast != Blast()


def blast_lines(blast: Blast, beside: Iterable[str] = ()) -> Iterator[str]:
    """What goes with it, a line each for pools, workloads, disks and the rest; printable.

    Workloads that are all named `beside` it are counted alone.
    """
    if blast.pools:
        pools = f"{_count(len(blast.pools), 'pool')} ({', '.join(map(printable, blast.pools))})"
        yield f"{pools} of {_amount(blast.nodes, 'node')}"
    if blast.workloads:
        names = "" if {*beside}.issuperset(blast.workloads) else f": {_named(blast.workloads)}"
        said = (
            f"{_count(len(blast.workloads), 'workload')} with {_amount(blast.pods, 'pod')}{names}"
        )
        if blast.uncounted:
            has = "has" if len(blast.uncounted) == 1 else "have"
            said += f"; not for certain: the plan does not tell how many pods {_named(blast.uncounted)} {has}"
        yield said
    if blast.disks:
        yield f"{_count(len(blast.disks), 'disk')}: {_named(blast.disks)}"
    if blast.others:
        yield f"{_count(len(blast.others), 'other resource')}: {_named(blast.others)}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(map(printable, names[:NAMED])) + more


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _amount(bounds: tuple[int, int], noun: str) -> str:
    low, high = bounds
    return _count(low, noun) if low == high else f"{low:,} to {high:,} {noun}s"


def _wrapped(label: str, text: str) -> Iterator[str]:
    first = f"  {label:<10} " if label else "  "
    yield from wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * 13,
        break_long_words=False,
        break_on_hyphens=False,
    )
