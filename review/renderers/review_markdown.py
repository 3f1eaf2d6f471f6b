"""A review as a comment of a pull request: it fits, and says what it left out.

What goes, what fails and what is refused is named first and dropped last; the rest follows by rank. A row is there
whole or not at all, so no table, fold or list is ever cut through. The first line marks the comment, so that the next
run replaces it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Final

from review.findings import Finding
from review.renderers import review_rows as rows
from review.renderers.markdown_text import code, marker
from review.renderers.review_words import (
    DONE,
    JSON_NAMES_ALL,
    NAMED,
    TITLES,
    alike,
    changes_counted,
    common_lines,
    counted,
    destroyed,
    facts_together,
    findings_counted,
    granted,
    kind_of,
    no_other_way,
    telling,
    together,
    ungranted,
    untold,
    verdict,
)
from review.report import AREAS, Area, Change, Operation, Place, Review, area_of, in_order

LIMIT: Final = 64_000
"""Characters. GitHub takes 65,536 of a comment; other tools cut at 64,000."""

LEAST: Final = 2_000
"""Characters below which there is no room for what must not be dropped."""

_FIRST: Final = 25
"""Findings of a chapter, and destroyed resources, that are told in full before anything else is told at all."""

_SHARE: Final = 800
"""Characters of the limit for each name that comes before all else, by operation: it leaves room for what fails."""

_ROW: Final = 500
"""Characters of names in one row of what is destroyed."""

_FACTS: Final = 8
"""Of an area that are seen without unfolding."""

_KINDS: Final = 4
"""Kinds or rules by which the rest is counted."""

_OPEN: Final = 60
"""Characters kept back for the line below a list that says how many are missing."""


@dataclass
class _Item:
    """One row, in one form or several: `forms` from the shortest on, each with its rank, the least taken first."""

    forms: Sequence[tuple[int, Callable[[], str]]]
    count: int = 1
    """Of what it tells."""

    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    """The same by kind, of what must not go unsaid."""

    text: str = ""


@dataclass
class _Section:
    """Rows under a heading, in a fold or in a table; it is there if one of its rows is."""

    chapter: str
    sort: str
    """What its rows are, for the count of those left out: `advisory finding`."""

    items: list[_Item]
    opens: str = ""
    closes: str = ""

    def cut(self) -> int:
        return sum(it.count for it in self.items if not it.text)


def as_markdown(review: Review, limit: int = LIMIT) -> str:
    """One text of at most `limit` characters; raise `ValueError` where that is below `LEAST`."""
    if limit < LEAST:
        raise ValueError(f"a comment needs {LEAST:,} characters, and {limit:,} are allowed")
    review = in_order(review)
    head = _head(review)
    sections = list(_sections(review, limit // _SHARE))
    taken = _fill(sections, limit, len(_text(head, sections, limit)))
    while len(text := _text(head, sections, limit)) > limit and taken:
        taken.pop().text = ""
    return text if len(text) <= limit else _shortest(review)


def _fill(sections: Sequence[_Section], limit: int, used: int) -> list[_Item]:
    """Give items their texts as long as there is room, and those that got one, the last one last.

    Where an item finds none, nothing of a higher rank is told, though it were short enough.
    """
    waiting = sorted(
        (
            (rank, at, form)
            for at, (_, item) in enumerate(_flat(sections))
            for form, (rank, _) in enumerate(item.forms)
        )
    )
    flat = list(_flat(sections))
    opened: set[int] = set()
    chapters: set[str] = set()
    full: set[tuple[int, int]] = set()
    taken: list[_Item] = []
    room = limit - used
    last = inf
    for rank, at, form in waiting:
        section, item = flat[at]
        if rank > last:
            break
        if (rank, id(section)) in full or (form and not item.text):
            continue
        price = 0 if item.text else 1
        if id(section) not in opened:
            price += len(section.opens) + len(section.closes) + _OPEN
            price += len(section.chapter) + 8 if section.chapter not in chapters else 0
        text = item.forms[form][1]() if price < room else ""
        price += len(text) - len(item.text)
        if not text or price > room:
            if not form:
                full.add((rank, id(section)))
                last = rank
            continue
        room -= price
        opened.add(id(section))
        chapters.add(section.chapter)
        if not item.text:
            taken.append(item)
        item.text = text
    return taken


def _flat(sections: Sequence[_Section]) -> Iterator[tuple[_Section, _Item]]:
    return ((section, item) for section in sections for item in section.items)


def _text(head: str, sections: Sequence[_Section], limit: int) -> str:
    parts = [head]
    chapter = ""
    for section in sections:
        shown = [it.text for it in section.items if it.text]
        if not shown:
            continue
        if section.chapter != chapter:
            chapter = section.chapter
            parts.append(f"### {chapter}\n\n")
        parts += [section.opens, "\n".join(shown), "\n"]
        if cut := section.cut():
            table = section.opens.startswith("|")
            parts.append(f"\nand {cut:,} more\n" if table else f"- and {cut:,} more\n")
        parts += [section.closes, "\n"]
    return f"{''.join(parts)}{_left_out(sections, limit)}".rstrip("\n") + "\n"


def _left_out(sections: Sequence[_Section], limit: int) -> str:
    """How many rows of each sort are missing; of what must not go unsaid, by kind."""
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for section, item in _flat(sections):
        if not item.text:
            counts[section.sort] += item.count
            kinds.setdefault(section.sort, Counter()).update(item.kinds)
    if not counts:
        return ""
    most = _KINDS if limit > 2 * LEAST else _KINDS // 2
    parts = []
    for sort, count in sorted(counts.items(), key=lambda it: not kinds[it[0]]):
        by = sorted(kinds[sort].items(), key=lambda it: (-it[1], it[0]))
        named = [f"{number:,} {code(kind, 30)}" for kind, number in by[:most]]
        if others := sum(number for _, number in by[most:]):
            named.append(f"{others:,} of other kinds")
        parts.append(counted(count, sort) + (f" ({', '.join(named)})" if named else ""))
    return f"**Left out to stay within {limit:,} characters:** {', '.join(parts)}. `{JSON_NAMES_ALL}`.\n"


def _head(review: Review) -> str:
    lines = [
        marker(review.stack),
        f"## {code(review.stack, 50)} against {code(review.base, 60)}: {verdict(review)}",
        "",
    ]
    if review.findings or review.exempted or review.old_findings:
        lines.append(f"**Findings:** {findings_counted(review)}\\")
    lines.append(f"**Resources:** {changes_counted(review.changes, review.unchanged)}")
    return "\n".join(lines) + "\n\n"


def _shortest(review: Review) -> str:
    """What is said where not even the counts by kind fit: hostile names may be as long as that."""
    counts = findings_counted(review), changes_counted(review.changes, review.unchanged)
    return (
        f"{marker(review.stack)}\n## {verdict(review)}\n\n{counts[0]}; {counts[1]}\n\n"
        f"**Left out:** the names of all of these. `{JSON_NAMES_ALL}`.\n"
    )


def _sections(review: Review, share: int) -> Iterator[_Section]:
    places = dict(review.places)
    yield from _destroyed(review, places, share)
    for area in AREAS:
        yield from _chapter(area, review, places)
    yield from _changed(review, places)
    items = [_Item([(9, partial(rows.exempted, it))]) for it in review.exempted]
    yield _folded("Exempted", "exempted finding", items)
    notes = [_Item([(3, partial(rows.note, it))]) for it in review.notes]
    yield _Section("Not looked at", "note", notes)


def _folded(chapter: str, sort: str, items: list[_Item], label: str = "") -> _Section:
    """Rows that are seen once unfolded."""
    count = sum(it.count for it in items)
    said = label or counted(count, sort)
    return _Section(
        chapter,
        sort,
        items,
        opens=f"<details>\n<summary>{said}</summary>\n\n",
        closes="\n</details>\n",
    )


def _destroyed(review: Review, places: Mapping[str, Place], share: int) -> Iterator[_Section]:
    items: list[_Item] = []
    told = {it.urn for it in review.findings if area_of(it) == "replacement"}
    for changes in destroyed(review).values():
        named = 0
        for group in alike(changes):
            for part in _lengths(group):
                short, full = 0 if named < share else 2, 3 if len(items) < _FIRST else 9
                named += len(part)
                # What it is replaced for stands in its finding.
                why = part[0] is group[0] and any(it.urn not in told for it in group)
                forms = [
                    (short, partial(rows.destroyed, part)),
                    (full, partial(rows.destroyed, part, places, why=why)),
                ]
                kinds = Counter(f"{DONE[it.operation]} {kind_of(it)}" for it in part)
                items.append(_Item(forms, count=len(part), kinds=kinds))
    yield _Section("What is destroyed", "destroyed resource", items)


def _lengths(group: Sequence[Change]) -> Iterator[list[Change]]:
    """Parts of a group whose names fit a row: a row is told whole or not at all."""
    part: list[Change] = []
    used = 0
    for it in group:
        if part and used + len(it.resource) > _ROW:
            yield part
            part, used = [], 0
        part.append(it)
        used += len(it.resource) + 4
    yield part


def _chapter(area: Area, review: Review, places: Mapping[str, Place]) -> Iterator[_Section]:
    title = TITLES[area]
    findings = [it for it in review.findings if area_of(it) == area]
    for severity in ("mandatory", "advisory"):
        dear = severity == "mandatory" or area == "admission"
        groups = together(it for it in findings if it.severity == severity)
        items = [_told(it, at, places, dear=dear) for at, it in enumerate(groups)]
        sort = f"{severity} {'admission ' if dear and severity == 'advisory' else ''}finding"
        yield _Section(title, sort, items) if dear else _folded(title, sort, items)
    bars = telling(review.bars) if area == "capacity" else []
    own = (it for it in review.facts if it.area == area)
    facts = facts_together(untold(own, findings, (it.group for it in bars)))
    told = [
        _Item([(4 if at < _FACTS else 7, partial(rows.fact, it))], count=len(it))
        for at, it in enumerate(facts)
    ]
    yield _Section(title, "fact", told[:_FACTS])
    if more := told[_FACTS:]:
        yield _folded(title, "fact", more, f"{sum(it.count for it in more):,} more")
    if area == "permissions":
        items = [
            _Item([(5, partial(rows.right, it))])
            for it in ungranted(granted(review.rights), review.facts)
        ]
        yield _Section(title, "right", items, opens=rows.RIGHTS)
    if area == "capacity":
        items = [_Item([(5, partial(rows.bar, it))]) for it in bars]
        yield _Section(title, "amount", items, opens=rows.BARS)


def _told(group: Sequence[Finding], at: int, places: Mapping[str, Place], *, dear: bool) -> _Item:
    """Findings that go together; `dear` is what must not go unsaid."""
    short, full = (1, 3 if at < _FIRST else 7) if dear else (6, 7)
    forms = [(short, partial(rows.finding, group)), (full, partial(rows.finding, group, places))]
    if dear and len(group) > NAMED:
        forms.append((full, partial(rows.finding, group, places, every=True)))
    kinds = {group[0].rule: len(group)} if dear else {}
    return _Item(forms, count=len(group), kinds=kinds)


def _changed(review: Review, places: Mapping[str, Place]) -> Iterator[_Section]:
    common = common_lines(review.changes)
    items = [_Item([(5, partial(rows.common, line, count))]) for line, count in common]
    yield _Section("Changes", "common line", items)
    ranks: tuple[tuple[Operation, int], ...] = (("update", 8), ("create", 9), ("same", 9))
    for operation, rank in ranks:
        changes = [it for it in review.changes if it.operation == operation]
        if not changes:
            continue
        lines = [line for line, _ in common]
        groups = alike(changes, lines)
        items = [_Item([(rank, partial(rows.changed, it, places))], count=len(it)) for it in groups]
        if so := no_other_way(changes, lines):
            items.append(_Item([(rank, partial(rows.so, so))], count=len(so)))
        sort = "untouched resource" if operation == "same" else f"{DONE[operation]} resource"
        said = f"{len(changes):,} {DONE[operation]}"
        yield _folded("Changes", sort, items, said)
