"""What the renderers of a review say alike: titles, counts, and rows that belong together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil, isfinite, nan
from typing import Final

from review.findings import Finding
from review.guard.findings import NOTHING, Blast, GuardFinding
from review.guard.values import printable
from review.renderers.guard import ORDERS, SAID
from review.report import (
    DESTRUCTIVE,
    OPERATIONS,
    Alters,
    Area,
    Bar,
    Change,
    Fact,
    Operation,
    Place,
    PropertyChange,
    Review,
    Sign,
)

TITLES: Final[Mapping[Area, str]] = {
    "replacement": "Replacement and deletion",
    "data": "Data at risk",
    "exposure": "Exposure",
    "connections": "Connections",
    "permissions": "Permissions",
    "admission": "Admission",
    "policy": "Policy",
    "capacity": "Capacity",
    "restarts": "Restarts",
    "versions": "Versions",
    "images": "Images",
}
"""Of the chapters."""

DONE: Final[Mapping[Operation, str]] = {
    "replace": "replaced",
    "delete": "deleted",
    "maybeReplace": "perhaps replaced",
    "move": "moved",
    "update": "updated",
    "create": "created",
    "same": "left alone",
}
"""What becomes of a resource."""

SIGNS: Final[Mapping[Sign, str]] = {"gained": "+", "lost": "-", "changed": "~"}

JSON_NAMES_ALL: Final = "--format json names all"

MOST_PERCENT: Final = 9_999
"""A share beyond it is told as this."""

_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks by their class in Unicode that show nothing: two names could look alike."""


def harmless(text: str) -> str:
    """`text` in one line, without what a terminal acts upon, what turns text around and what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", printable(text))


def clipped(text: str, most: int) -> str:
    """The first characters of `text`, and that there are more."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def counted(count: int, noun: str) -> str:
    """`1 finding`, `1,204 findings`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def title_of(review: Review) -> str:
    """What is compared with what; as it came."""
    return f"{review.stack} against {review.base}"


def verdict(review: Review) -> str:
    """Whether the change passes, in a few words."""
    if review.mandatory:
        return "does not pass"
    return "passes" if review.findings or review.changes else "changes nothing"


def findings_counted(review: Review) -> str:
    """How many findings of each sort."""
    parts = [
        f"{review.mandatory:,} mandatory",
        f"{len(review.findings) - review.mandatory:,} advisory",
    ]
    undecided = sum(it.verdict == "unknown" for it in review.findings)
    if undecided:
        parts[-1] += f" ({undecided:,} of all undecided before a deployment)"
    if review.exempted:
        parts.append(f"{len(review.exempted):,} exempted")
    if review.old_findings:
        parts.append(f"{review.old_findings:,} that the base has, too, left out")
    return ", ".join(parts)


def changes_counted(changes: Iterable[Change], unchanged: int | None = None) -> str:
    """`1 replaced, 2 deleted, 187 unchanged`."""
    counts = Counter(it.operation for it in changes)
    parts = [f"{counts[it]:,} {DONE[it]}" for it in OPERATIONS if counts[it]]
    if unchanged is not None:
        parts.append(f"{unchanged:,} unchanged")
    return ", ".join(parts)


def destroyed(review: Review) -> dict[Operation, list[Change]]:
    """What goes, or may: by operation, in the order of the review."""
    found: dict[Operation, list[Change]] = {it: [] for it in DESTRUCTIVE}
    for it in review.changes:
        if it.operation in found:
            found[it.operation].append(it)
    return {key: rows for key, rows in found.items() if rows}


def kind_of(change: Change) -> str:
    """Last part of the type: `Deployment`."""
    return change.type.rpartition(":")[2] or change.type


def kinds_counted(changes: Iterable[Change]) -> list[tuple[str, int]]:
    """Kinds with how many there are of each, most first."""
    counts = Counter(map(kind_of, changes))
    return sorted(counts.items(), key=lambda it: (-it[1], it[0]))


def together(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that differ in no more than resource, path and message, in the order of the first of each."""
    found: dict[object, list[Finding]] = {}
    for it in findings:
        own: object = None
        if isinstance(it, GuardFinding):
            blast = it.blast
            own = (
                it.happens,
                it.order,
                it.stopped,
                it.safe,
                blast.pools,
                blast.disks,
                blast.others,
            )
        key = (it.rule, it.severity, it.verdict, it.why, it.remedy, it.source, own)
        found.setdefault(key, []).append(it)
    return list(found.values())


def blast_of(findings: Sequence[Finding]) -> Blast:
    """What goes with all of them, which `together` has put together."""
    blasts = [it.blast for it in findings if isinstance(it, GuardFinding)]
    if not blasts:
        return NOTHING
    return replace(
        blasts[0],
        workloads=tuple(dict.fromkeys(name for it in blasts for name in it.workloads)),
        pods=(sum(it.pods[0] for it in blasts), sum(it.pods[1] for it in blasts)),
    )


def message_of(finding: Finding) -> str:
    """What is so; of the guard's what happens, as values, reason and remedy are told beside it."""
    if not isinstance(finding, GuardFinding):
        return finding.message
    stopped = "; Pulumi refuses as long as it is protected" if finding.stopped else ""
    return f"{SAID[finding.happens]}{ORDERS[finding.order]}{stopped}".replace("`", "")


def remedy_of(finding: Finding) -> str:
    """What to do; the safe way of the guard's."""
    return finding.safe if isinstance(finding, GuardFinding) else finding.remedy


def severity_of(finding: Finding) -> str:
    """`mandatory`, `advisory`, and whether it is decided."""
    return f"{finding.severity}{', undecided' if finding.verdict == 'unknown' else ''}"


def facts_together(facts: Iterable[Fact]) -> list[list[Fact]]:
    """Facts that say the same of one resource after another, in the order of the first of each."""
    found: dict[object, list[Fact]] = {}
    for it in facts:
        name = name_of(it)
        inside = name and name != it.message
        template = it.message.replace(name, "\0") if inside else it.message
        found.setdefault((it.area, it.sign, it.rank, template), []).append(it)
    return list(found.values())


def name_of(fact: Fact) -> str:
    """The resource without its kind: `course/web`."""
    return fact.resource.rpartition(" ")[2]


def alike(changes: Iterable[Change]) -> list[list[Change]]:
    """Updates and replacements with the same lines; what is made or deleted as a whole by component."""
    found: dict[object, list[Change]] = {}
    for it in changes:
        whole = it.operation in ("create", "delete", "same")
        key = it.component or it.urn if whole else it.properties or it.urn
        found.setdefault((it.operation, key), []).append(it)
    return list(found.values())


def values_of(line: PropertyChange) -> tuple[str, str]:
    """Both sides in words; as they came, but for what there is none of. Of a secret only that it is one."""
    known: Mapping[Alters, tuple[str, str]] = {
        "added": ("nothing", line.new),
        "removed": (line.old, "nothing"),
    }
    if line.alters == "secret":
        return "[secret]", "[secret, perhaps another]"
    return known.get(line.alters, (line.old or "nothing", line.new or "nothing"))


def place_said(place: Place | None) -> str:
    """`workloads/web.yaml:12`; empty where there is none."""
    if place is None:
        return ""
    return f"{place.file}:{place.line}{' of the base' if place.gone else ''}"


def number(value: float) -> str:
    """At most two decimals: `12`, `0.25`, `1,204.5`."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: float | None, whole: float | None) -> int | None:
    """Rounded up, as a little over the limit is over it; None where there is no limit."""
    share = part * 100 / whole if part is not None and whole else nan
    return ceil(max(0, min(share, MOST_PERCENT))) if isfinite(share) else None


def amounts_of(it: Bar, arrow: str = "->") -> str:
    """`12.96 -> 16.64 of 16`, without the unit; limits on both sides where they differ."""

    def side(amount: float | None, limit: float | None) -> str:
        if amount is None:
            return "nothing"
        of = f" of {number(limit)}" if limit is not None and limits_differ else ""
        return f"{number(amount)}{of}"

    limits_differ = it.limit_before != it.limit_after
    text = f"{side(it.before, it.limit_before)} {arrow} {side(it.after, it.limit_after)}"
    if not limits_differ and it.limit_after is not None:
        text += f" of {number(it.limit_after)}"
    return text
