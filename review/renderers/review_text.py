"""A review for a terminal: the verdict in the first lines, then a chapter for each area, then what changes.

Every line is as wide as the terminal at the most. Long lists are folded into counts: JSON names all.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from rich.cells import cell_len

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import blast_lines
from review.renderers.preview import Paint, plain
from review.renderers.review_words import (
    DONE,
    NAMED,
    SIGNS,
    TITLES,
    Granted,
    alike,
    amounts_of,
    blast_of,
    changes_counted,
    clipped,
    common_lines,
    counted,
    destroyed,
    facts_together,
    few,
    findings_counted,
    granted,
    harmless,
    kinds_counted,
    message_of,
    name_of,
    no_other_way,
    of_one,
    percent,
    place_of_all,
    place_said,
    remedy_of,
    shared,
    subject_of,
    telling,
    title_of,
    together,
    ungranted,
    untold,
    values_of,
    verdict,
)
from review.renderers.terminal_page import Page, folded
from review.report import (
    AREAS,
    DESTRUCTIVE,
    Area,
    Bar,
    Change,
    Fact,
    Operation,
    Place,
    PropertyChange,
    Review,
    area_of,
    in_order,
    place_of,
)

WIDTH: Final = 100
"""Columns where there is no terminal."""

NARROWEST: Final = 60
WIDEST: Final = 200
"""Of what a line is fitted to; longer lines are hard to read."""

MOST: Final[Mapping[str, int]] = {"mandatory": 40, "advisory": 10}
"""Findings of one chapter that are told, those that differ in the resource alone counting once."""

MOST_FACTS: Final = 20
"""Of one chapter."""

MOST_CHANGES: Final = 30
"""Updates, replacements and components that are told."""

MOST_LINES: Final = 8
"""Properties of one change."""

MOST_ROWS: Final = 30
"""Exempted findings and notes."""

MOST_GROUPS: Final = 4
MOST_BARS: Final = 5
"""Of one group."""

MOST_RIGHTS: Final = 12
_MOST_RESOURCES: Final = 120
"""Characters of the kinds that a right is about."""

_LABEL: Final = 11
"""Columns of the words before a finding, and of what is under it."""

_BAR_CELLS: Final = 12
_WIDE: Final = 90
"""Columns from which on bars have all of their cells; below, half."""

_FULL_PERCENT: Final = 100
_MOST_PERCENT: Final = 999
"""More is told as more than this."""

_NEARLY_FULL_PERCENT: Final = 85


def as_text(review: Review, paint: Paint = plain, width: int | None = None) -> Iterator[str]:
    """Lines; `width` is that of the terminal, None where there is none."""
    page = Page(paint, max(NARROWEST, min(width or WIDTH, WIDEST)))
    review = in_order(review)
    yield from _headline(review, page)
    places = dict(review.places)
    for area in AREAS:
        yield from _chapter(area, review, places, page)
    yield from _changes(review, places, page)
    yield from _exempted(review, page)
    if review.notes:
        yield ""
        yield page.heading("Not looked at")
        for it in review.notes[:MOST_ROWS]:
            yield from page.item("-", it)
        yield from page.more(len(review.notes) - MOST_ROWS)
    yield ""
    yield from _verdict(review, page)


def _headline(review: Review, page: Page) -> Iterator[str]:
    yield from _verdict(review, page)
    for operation, changes in destroyed(review).items():
        names = _named([it.resource for it in changes], [*kinds_counted(changes[NAMED:])])
        style = "bad" if operation in ("replace", "delete") else "warning"
        yield from page.item(_done(operation), names, style, column=_LABEL)
    if review.findings or review.exempted or review.old_findings:
        yield from page.item("findings", findings_counted(review), column=_LABEL)
    said = changes_counted(review.changes, review.unchanged)
    yield from page.item("resources", said, column=_LABEL)


def _verdict(review: Review, page: Page) -> Iterator[str]:
    style = "bad" if review.mandatory else "good"
    said = verdict(review)
    if review.mandatory:
        said += f": {counted(review.mandatory, 'mandatory finding')}"
    whole = f"{harmless(title_of(review))}: {said}"
    if cell_len(whole) <= page.width:
        yield f"{page.paint(harmless(title_of(review)), 'heading')}: {page.paint(said, style)}"
        return
    for line in folded(whole, page.width):
        yield page.paint(line, style)


def _done(operation: Operation) -> str:
    return "replaced?" if operation == "maybeReplace" else DONE[operation]


def _named(names: Sequence[str], others: Sequence[tuple[str, int]]) -> str:
    """The first names, and the rest by kind."""
    text = ", ".join(names[: few(len(names))])
    if few(len(names)) == len(names):
        return text
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in others[:NAMED])
    return (
        f"{text} and {len(names) - NAMED:,} more ({kinds}{', ...' if len(others) > NAMED else ''})"
    )


def _chapter(area: Area, review: Review, places: Mapping[str, Place], page: Page) -> Iterator[str]:
    findings = [it for it in review.findings if area_of(it) == area]
    bars = telling(review.bars) if area == "capacity" else []
    drawn = [*dict.fromkeys(it.group for it in bars)][:MOST_GROUPS]
    facts = untold((it for it in review.facts if it.area == area), findings, drawn)
    rights = ungranted(granted(review.rights), facts) if area == "permissions" else ()
    if not (findings or facts or bars or rights):
        return
    yield ""
    mandatory = sum(it.severity == "mandatory" for it in findings)
    notes = [(mandatory, "mandatory"), (len(findings) - mandatory, "advisory")]
    said = [f"{count:,} {word}" for count, word in notes if count]
    yield page.heading(TITLES[area], ", ".join(said))
    for severity, rows in groupby(findings, key=lambda it: it.severity):
        groups = together(rows)
        for group in groups[: MOST[severity]]:
            yield from _finding(group, places, page)
        left = groups[MOST[severity] :]
        yield from page.more(sum(map(len, left)), f"{severity} findings")
    yield from _facts(facts, page)
    yield from _bars(bars, drawn, page)
    yield from _rights(rights, page)


def _finding(group: Sequence[Finding], places: Mapping[str, Place], page: Page) -> Iterator[str]:
    first = group[0]
    style = "bad" if first.severity == "mandatory" else "warning"
    told = _Under(page)
    one = len(group) == 1 or of_one(group)
    text = f"{subject_of(first)}{message_of(first)}"
    if not one:
        said = shared([message_of(it) for it in group]).text
        text = f"{len(group):,} times: {said or first.rule}"
    yield from page.item(first.severity, text, style, column=_LABEL)
    if first.verdict == "unknown":
        yield from told("undecided", "only a deployment tells")
    if isinstance(first, GuardFinding):
        for line in blast_lines(blast_of(group), (it.resource for it in group)):
            yield from told("takes", line)
    yield from (_fields if one else _resources)(group, places, told)
    for remedy in dict.fromkeys(map(remedy_of, group)):
        yield from told("do", remedy)
    sources = [it for it in dict.fromkeys(it.source for it in group) if it]
    for source in sources[:-1]:
        yield from told.page_of(source)
    yield from told.page_of(sources[-1] if sources else "", first.rule)


def _resources(
    group: Sequence[Finding], places: Mapping[str, Place], told: "_Under"
) -> Iterator[str]:
    """Those that a finding is of."""
    own = shared([message_of(it) for it in group]).own
    named = few(len(group))
    for it, said in zip(group[:named], own, strict=False):
        what = f"{subject_of(it)}{said}" if said else it.resource
        yield from told("", f"{what}{_where(it, places, short=True)}")
    yield from told.page.more(len(group) - named, indent=told.indent + 7)
    yield from told("why", group[0].why)


def _fields(group: Sequence[Finding], places: Mapping[str, Place], told: "_Under") -> Iterator[str]:
    """Properties of one resource that all come to the same."""
    for it in group[:MOST_LINES]:
        yield from told("at", _where(it, places))
        if isinstance(it, GuardFinding) and it.path:
            yield from told("value", f"{it.old} -> {it.new}")
        yield from told("why", it.why)
    yield from told.page.more(len(group) - MOST_LINES, indent=told.indent + 7)


class _Under:
    """Writes what belongs to a finding under it."""

    indent = 4 + _LABEL

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, label: str, text: str) -> Iterator[str]:
        if text:
            yield from self.page.item(label, text, "faint", indent=self.indent, column=6)

    def page_of(self, source: str = "", rule: str = "") -> Iterator[str]:
        """A page and the rule that rests on it; an address stays in one line where there is one for it."""
        mark = f"[{rule}]" if rule else ""
        if not source:
            yield from self("rule", mark)
            return
        room = self.page.width - cell_len(harmless(source)) - 1
        if room >= self.indent + 6:
            yield from self("see", f"{source} {mark}".rstrip())
            return
        yield from self("see", mark or "page")
        yield from self.page.item("", source, indent=max(room, 1))


def _where(it: Finding, places: Mapping[str, Place], *, short: bool = False) -> str:
    """Property and line of a finding; `short` where it follows the name of the resource."""
    place = place_said(place_of(places, it.urn, it.path))
    if short:
        return f" ({place})" if place else ""
    return f"{it.path} ({place})" if place and it.path else it.path or place


def _facts(facts: Sequence[Fact], page: Page) -> Iterator[str]:
    styles = {"gained": "warning", "lost": "good", "changed": ""}
    groups = facts_together(facts)
    for group in groups[:MOST_FACTS]:
        first, *others = group
        yield from page.item(SIGNS[first.sign], first.message, styles[first.sign])
        if others:
            named = few(len(others))
            names = ", ".join(dict.fromkeys(map(name_of, others[:named])))
            yield from page.item("", f"the same: {names}", indent=4)
            yield from page.more(len(others) - named, indent=5)
    yield from page.more(sum(map(len, groups[MOST_FACTS:])))


def _bars(bars: Sequence[Bar], groups: Sequence[str], page: Page) -> Iterator[str]:
    cells = _BAR_CELLS if page.width >= _WIDE else _BAR_CELLS // 2
    shown = 0
    for group in groups:
        yield from page.item("", group, indent=1)
        for it in [it for it in bars if it.group == group][:MOST_BARS]:
            shown += 1
            shares = percent(it.before, it.limit_before), percent(it.after, it.limit_after)
            drawn = " -> ".join(_bar(share, cells, page.paint) for share in shares)
            style = _share_style(shares[1] or 0)
            yield from page.item(drawn, f"{it.name}: {amounts_of(it)} {it.unit}", style, indent=4)
    yield from page.more(len(bars) - shown, "amounts")


def _bar(share: int | None, cells: int, paint: Paint) -> str:
    if share is None:
        return " " * (cells + 6)
    full = min(share * cells // _FULL_PERCENT, cells)
    used, left = ("#", ".") if paint is plain else ("█", "░")
    return f"{used * full}{left * (cells - full)} {_percent(share):>4}%"


def _percent(share: int) -> str:
    return str(share) if share <= _MOST_PERCENT else f">{_MOST_PERCENT}"


def _share_style(share: int) -> str:
    if share > _FULL_PERCENT:
        return "bad"
    return "warning" if share > _NEARLY_FULL_PERCENT else ""


def _rights(rows: Sequence[Granted], page: Page) -> Iterator[str]:
    for it in rows[:MOST_RIGHTS]:
        where = (
            f"in {', '.join(it.namespaces[:NAMED])}" if it.namespaces else "in the whole cluster"
        )
        if len(it.namespaces) > NAMED:
            where += f" and {len(it.namespaces) - NAMED:,} more"
        what = clipped(it.resources, _MOST_RESOURCES)
        said = f"{it.subject}: {', '.join(it.verbs)} {what} {where}"
        yield from page.item(SIGNS[it.sign], said, "warning" if it.sign == "gained" else "good")
    yield from page.more(len(rows) - MOST_RIGHTS)


def _changes(review: Review, places: Mapping[str, Place], page: Page) -> Iterator[str]:
    if not review.changes:
        return
    yield ""
    yield page.heading("Changes", changes_counted(review.changes))
    common = common_lines(review.changes)
    for line, count in common[:MOST_LINES]:
        yield from page.item(f"in {count:,}", _line(line), column=_LABEL)
    yield from page.more(len(common) - MOST_LINES, indent=2)
    groups = alike(review.changes, (line for line, _ in common))
    for group in groups[:MOST_CHANGES]:
        yield from _change(group, places, page)
    left = [it for group in groups[MOST_CHANGES:] for it in group]
    done = {it.operation for it in left}
    said = f"({changes_counted(left)})" if len(done) > 1 else "".join(map(_done, done))
    yield from page.more(len(left), said)
    if so := no_other_way(review.changes, (line for line, _ in common)):
        names = _named([it.resource for it in so], kinds_counted(so[NAMED:]))
        yield from page.item("updated", f"in no other way than that: {names}", column=_LABEL)


def _change(group: Sequence[Change], places: Mapping[str, Place], page: Page) -> Iterator[str]:
    first = group[0]
    style = "bad" if first.operation in DESTRUCTIVE else ""
    names = _named([it.resource for it in group], kinds_counted(group[NAMED:]))
    if len(group) > 1 and not first.properties and first.component:
        names = f"{first.component}: {names}"
    if place := place_of_all(group, places):
        names += f"  ({place})"
    yield from page.item(_done(first.operation), names, style, column=_LABEL)
    for line in first.properties[:MOST_LINES]:
        yield from page.item("", _line(line), indent=2 + _LABEL)
    yield from page.more(len(first.properties) - MOST_LINES, indent=4 + _LABEL)


def _line(line: PropertyChange) -> str:
    old, new = values_of(line)
    return f"{line.path}: {old} -> {new}{'  (replaces)' if line.replaces else ''}"


def _exempted(review: Review, page: Page) -> Iterator[str]:
    if not review.exempted:
        return
    yield ""
    yield page.heading("Exempted", f"{len(review.exempted):,}")
    for it in review.exempted[:MOST_ROWS]:
        what = f"{it.finding.resource}: {it.finding.message} [{it.finding.rule}]"
        yield from page.item("-", what)
        yield from page.item("", f"until {it.expires}, {it.owner}: {it.reason}", indent=4)
    yield from page.more(len(review.exempted) - MOST_ROWS)
