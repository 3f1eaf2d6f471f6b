"""What the renderers of a review say alike: titles, counts, and rows that belong together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from math import ceil, isfinite, nan
from typing import Final, NamedTuple

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
    Right,
    Sign,
    place_of,
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

MANY: Final = 8
"""Changes from which on a line that they share is told once for all."""

JSON_NAMES_ALL: Final = "--format json names all"

NAMED: Final = 6
"""Resources that a line names before it counts."""

_COMMON_WORDS: Final = 3
"""From so many on, words that messages share make one sentence of them."""

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


def few(count: int) -> int:
    """How many of `count` are named: one more than `NAMED` is no longer than to say that there is one more."""
    return count if count <= NAMED + 1 else NAMED


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
    """Findings that differ in no more than resource, path and message, in the order of the first of each.

    Of the guard's, those of one resource that come to the same belong together, whatever field it is.
    """
    rows = list(findings)
    fates = Counter(fate for it in rows if (fate := _fate(it)))
    found: dict[object, list[Finding]] = {}
    for it in rows:
        key: object = (it.rule, it.severity, it.verdict, it.why, it.remedy, it.source)
        if isinstance(it, GuardFinding):
            blast = it.blast
            goes = (blast.pools, blast.disks, blast.others)
            key = (key, it.happens, it.order, it.stopped, it.safe, goes)
            key = _fate(it) if fates[_fate(it)] > 1 else key
        found.setdefault(key, []).append(it)
    return list(found.values())


def _fate(it: Finding) -> object:
    """Of which resource of the guard's a finding is, and what comes of it."""
    if not isinstance(it, GuardFinding) or not it.urn:
        return None
    return (it.urn, it.resource, it.rule, it.severity, it.verdict, it.order, it.stopped, it.blast)


def of_one(findings: Sequence[Finding]) -> bool:
    """Whether several findings that are told together say one thing of several places in one resource."""
    guarded = all(isinstance(it, GuardFinding) for it in findings)
    alike = guarded or len({message_of(it) for it in findings}) == 1
    return len(findings) > 1 and alike and len({(it.urn, it.resource) for it in findings}) == 1


def blast_of(findings: Sequence[Finding]) -> Blast:
    """What goes with all of them, which `together` has put together."""
    blasts = [it.blast for it in findings if isinstance(it, GuardFinding)]
    if not blasts or of_one(findings):
        return blasts[0] if blasts else NOTHING
    return replace(
        blasts[0],
        workloads=tuple(dict.fromkeys(name for it in blasts for name in it.workloads)),
        pods=(sum(it.pods[0] for it in blasts), sum(it.pods[1] for it in blasts)),
        uncounted=tuple(dict.fromkeys(name for it in blasts for name in it.uncounted)),
    )


def message_of(finding: Finding) -> str:
    """What is so, without the name that stands before it; of the guard's what happens, as values, reason and remedy
    are told beside it."""
    if not isinstance(finding, GuardFinding):
        return finding.message.removeprefix(f"{name_of(finding)} ") or finding.message
    stopped = "; Pulumi refuses as long as it is protected" if finding.stopped else ""
    return f"{SAID[finding.happens]}{ORDERS[finding.order]}{stopped}".replace("`", "")


def subject_of(finding: Finding) -> str:
    """The resource and a colon, to stand before `message_of`; nothing where that begins with it."""
    return "" if message_of(finding).startswith(finding.resource) else f"{finding.resource}: "


class Shared(NamedTuple):
    """What several messages say together, and what each of them says alone."""

    text: str
    """`host ... has no TLS any more`; empty where it would be no sentence."""

    own: tuple[str, ...]
    """By message: what stands in the gap, nothing where all say the same, all of it where `text` is empty."""


def shared(messages: Sequence[str]) -> Shared:
    """Of one message or more."""
    if len(set(messages)) == 1:
        return Shared(messages[0], ("",) * len(messages))
    rows = [it.split(" ") for it in messages]
    least = min(map(len, rows)) - 1
    begin = _in_common(rows, least)
    end = _in_common([it[::-1] for it in rows], least - begin)
    own = tuple(" ".join(it[begin : len(it) - end]) for it in rows)
    if begin + end < _COMMON_WORDS or not all(own):
        return Shared("", tuple(messages))
    return Shared(" ".join([*rows[0][:begin], "...", *rows[0][len(rows[0]) - end :]]), own)


def _in_common(rows: Sequence[Sequence[str]], most: int) -> int:
    columns = islice(zip(*rows, strict=False), max(most, 0))
    return sum(1 for _ in takewhile(lambda it: len(set(it)) == 1, columns))


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


def name_of(it: Fact | Finding) -> str:
    """The resource without its kind: `course/web`."""
    return it.resource.rpartition(" ")[2]


def untold(
    facts: Iterable[Fact], findings: Iterable[Finding], bars: Iterable[str] = ()
) -> list[Fact]:
    """Facts that say more than `findings`, which are told, and `bars`, the groups that are drawn."""
    said = {(it.rule, it.urn) for it in findings}
    drawn = frozenset(bars)
    return [it for it in facts if (it.told, it.urn) not in said and it.told not in drawn]


def common_lines(changes: Iterable[Change]) -> list[tuple[PropertyChange, int]]:
    """Lines that many changes share, with how many: they are told once. Most first."""
    counts = Counter(line for it in changes for line in it.properties if not line.replaces)
    found = [(line, count) for line, count in counts.items() if count >= MANY]
    return sorted(found, key=lambda it: (-it[1], it[0].path, it[0].old, it[0].new))


def alike(changes: Iterable[Change], common: Iterable[PropertyChange] = ()) -> list[list[Change]]:
    """Updates and replacements with the same lines; what is made or deleted as a whole by component.

    `common` lines are left out, and so are updates that have no others.
    """
    told = frozenset(common)
    found: dict[object, list[Change]] = {}
    for it in changes:
        if told.isdisjoint(it.properties):
            left = it
        else:
            left = replace(it, properties=tuple(one for one in it.properties if one not in told))
            if it.operation == "update" and not left.properties:
                continue
        whole = it.operation in ("create", "delete", "same")
        key = left.component or left.urn if whole else left.properties or left.urn
        found.setdefault((it.operation, key), []).append(left)
    return list(found.values())


def no_other_way(changes: Iterable[Change], common: Iterable[PropertyChange]) -> list[Change]:
    """Updates that have `common` lines and no others: `alike` leaves them out."""
    told = frozenset(common)
    return [
        it
        for it in changes
        if it.operation == "update" and it.properties and told.issuperset(it.properties)
    ]


class Granted(NamedTuple):
    """Verbs that a subject gains or loses on the same resources, in all namespaces where it is so."""

    sign: Sign
    subject: str
    verbs: tuple[str, ...]
    resources: str
    namespaces: tuple[str, ...]
    """Empty: the whole cluster."""


def granted(rights: Iterable[Right]) -> list[Granted]:
    """What is gained, then what is lost."""
    found: dict[tuple[Sign, str, tuple[str, ...], str], list[str]] = {}
    for it in rights:
        gained = tuple(verb for verb in it.verbs_after if verb not in it.verbs_before)
        lost = tuple(verb for verb in it.verbs_before if verb not in it.verbs_after)
        sides: tuple[tuple[Sign, tuple[str, ...]], ...] = (("gained", gained), ("lost", lost))
        for sign, verbs in sides:
            if verbs:
                found.setdefault((sign, it.subject, verbs, it.resources), []).append(it.namespace)
    rows = [Granted(*key, tuple(it for it in spaces if it)) for key, spaces in found.items()]
    return sorted(rows, key=lambda it: it.sign != "gained")


def ungranted(rows: Iterable[Granted], facts: Iterable[Fact]) -> list[Granted]:
    """Rows that no fact says in the same words: a page without columns has both in one list."""
    said = [(it.sign, it.message) for it in facts if it.area == "permissions"]
    return [
        row
        for row in rows
        if not any(
            sign == row.sign
            and f"{', '.join(row.verbs)} {row.resources}" in message
            and all(it in message for it in (row.subject, *row.namespaces))
            for sign, message in said
        )
    ]


def telling(bars: Iterable[Bar]) -> list[Bar]:
    """Bars that change and have a limit, the fullest group first, and in it the fullest bar."""
    found = [
        (share, it)
        for it in bars
        if (it.before, it.limit_before) != (it.after, it.limit_after)
        and (
            share := max(
                percent(it.after, it.limit_after) or 0, percent(it.before, it.limit_before) or 0
            )
        )
    ]
    most: dict[str, int] = {}
    for share, it in found:
        most[it.group] = max(share, most.get(it.group, 0))
    found.sort(key=lambda it: (-most[it[1].group], it[1].group, -it[0], it[1].name))
    return [it for _, it in found]


def values_of(line: PropertyChange) -> tuple[str, str]:
    """Both sides in words; as they came, but for what there is none of. Of a secret only that it is one."""
    known: Mapping[Alters, tuple[str, str]] = {
        "added": ("nothing", line.new),
        "removed": (line.old, "nothing"),
    }
    if line.alters == "secret":
        return "[secret]", "[secret, perhaps another]"
    return known.get(line.alters, (line.old or "nothing", line.new or "nothing"))


def masked(line: PropertyChange) -> PropertyChange:
    """A line about a secret without anything of its sides, whatever they hold."""
    old, new = ("[secret]" if side else "" for side in (line.old, line.new))
    return replace(line, old=old, new=new)


def place_said(place: Place | None) -> str:
    """`workloads/web.yaml:12`; empty where there is none."""
    if place is None:
        return ""
    return f"{place.file}:{place.line}{' of the base' if place.gone else ''}"


def place_of_all(changes: Iterable[Change], places: Mapping[str, Place]) -> str:
    """Where all of them were written, in words; empty where they have no place in common."""
    found = {place_said(place_of(places, it.urn)) for it in changes}
    return found.pop() if len(found) == 1 else ""


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
