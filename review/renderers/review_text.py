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
    JSON_NAMES_ALL,
    SIGNS,
    TITLES,
    alike,
    amounts_of,
    blast_of,
    changes_counted,
    counted,
    destroyed,
    facts_together,
    findings_counted,
    harmless,
    kinds_counted,
    message_of,
    name_of,
    percent,
    place_said,
    remedy_of,
    severity_of,
    title_of,
    together,
    values_of,
    verdict,
)
from review.report import (
    AREAS,
    DESTRUCTIVE,
    Area,
    Bar,
    Change,
    Fact,
    Operation,
    Place,
    Review,
    Right,
    area_of,
    in_order,
    place_of,
)

WIDTH: Final = 100
"""Columns where there is no terminal."""

NARROWEST: Final = 40
WIDEST: Final = 200
"""Of what a line is fitted to; longer lines are hard to read."""

NAMED: Final = 6
"""Resources that a line names before it counts."""

MOST: Final[Mapping[str, int]] = {"mandatory": 40, "advisory": 10}
"""Findings of one chapter that are told, those that differ in the resource alone counting once."""

MOST_FACTS: Final = 20
"""Of one chapter."""

MOST_CHANGES: Final = 30
"""Updates, replacements and components that are told."""

MOST_LINES: Final = 8
"""Properties of one change."""

MOST_ROWS: Final = 30
"""Bars, rights and exempted findings."""

_LABEL: Final = 11
"""Columns of the words before a finding, and of what is under it."""

_BAR_CELLS: Final = 12
_FULL_PERCENT: Final = 100
_NEARLY_FULL_PERCENT: Final = 85


def as_text(review: Review, paint: Paint = plain, width: int | None = None) -> Iterator[str]:
    """Lines; `width` is that of the terminal, None where there is none."""
    page = _Page(paint, max(NARROWEST, min(width or WIDTH, WIDEST)))
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


class _Page:
    """How text becomes lines: its colours and its width."""

    def __init__(self, paint: Paint, width: int) -> None:
        self.paint = paint
        self.width = width

    def heading(self, title: str, note: str = "") -> str:
        """A title, and what it comes to."""
        room = self.width - len(title) - 2
        fits = note and cell_len(note) <= room
        return self.paint(title, "heading") + (f"  {self.paint(note, 'faint')}" if fits else "")

    def item(
        self, label: str, text: str, style: str = "", *, indent: int = 2, column: int = 0
    ) -> Iterator[str]:
        """`text` behind a label in its colour, folded under itself; `column` characters for the label."""
        left = " " * (indent + max(column, len(label)) + 1)
        lines = folded(harmless(text), self.width - len(left))
        first, *rest = lines or [""]
        gap = left[indent + len(label) :]
        painted = self.paint(label, style) if style and label else label
        yield f"{' ' * indent}{painted}{gap}{first}".rstrip()
        for line in rest:
            yield f"{left}{line}"

    def more(self, count: int, what: str = "", *, indent: int = 2) -> Iterator[str]:
        """How many are left out, where any are."""
        if count > 0:
            said = f"and {count:,} more{f' {what}' if what else ''}; {JSON_NAMES_ALL}"
            for line in folded(said, self.width - indent):
                yield f"{' ' * indent}{self.paint(line, 'faint')}"


def folded(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at spaces; a word that is longer is broken anywhere."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        cells = len(word) if word.isascii() else cell_len(word)
        if line and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if line:
            lines.append(line)
        while cells > width:
            head = _fitting(word, width)
            lines.append(head)
            word = word[len(head) :]
            cells = cell_len(word)
        line, used = word, cells
    return [*lines, line] if line else lines


def _fitting(word: str, width: int) -> str:
    """The longest beginning of `word` that fits, at least one character."""
    if word.isascii():
        return word[:width]
    end, used = 0, 0
    for letter in word:
        used += cell_len(letter)
        if used > width and end:
            break
        end += 1
    return word[:end]


def _headline(review: Review, page: _Page) -> Iterator[str]:
    yield from _verdict(review, page)
    for operation, changes in destroyed(review).items():
        names = _named([it.resource for it in changes], [*kinds_counted(changes[NAMED:])])
        style = "bad" if operation in ("replace", "delete") else "warning"
        yield from page.item(_done(operation), names, style, column=_LABEL)
    if review.findings or review.exempted or review.old_findings:
        yield from page.item("findings", findings_counted(review), column=_LABEL)
    said = changes_counted(review.changes, review.unchanged)
    yield from page.item("resources", said, column=_LABEL)


def _verdict(review: Review, page: _Page) -> Iterator[str]:
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
    return {"maybeReplace": "replaced?", "same": "left alone"}.get(operation, DONE[operation])


def _named(names: Sequence[str], others: Sequence[tuple[str, int]]) -> str:
    """The first names, and the rest by kind."""
    text = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return text
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in others[:NAMED])
    return (
        f"{text} and {len(names) - NAMED:,} more ({kinds}{', ...' if len(others) > NAMED else ''})"
    )


def _chapter(area: Area, review: Review, places: Mapping[str, Place], page: _Page) -> Iterator[str]:
    findings = [it for it in review.findings if area_of(it) == area]
    facts = [it for it in review.facts if it.area == area]
    bars = review.bars if area == "capacity" else ()
    rights = review.rights if area == "permissions" else ()
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
    yield from _bars(bars, page)
    yield from _rights(rights, page)


def _finding(group: Sequence[Finding], places: Mapping[str, Place], page: _Page) -> Iterator[str]:
    first = group[0]
    style = "bad" if first.severity == "mandatory" else "warning"
    label = severity_of(first)
    below = "" if len(label) <= _LABEL else label.partition(", ")[2]
    head = first.severity if below else label

    def under(label: str, text: str) -> Iterator[str]:
        if text:
            yield from page.item(label, text, "faint", indent=4 + _LABEL, column=6)

    messages = {message_of(it) for it in group}
    if len(group) == 1:
        text = f"{first.resource}: {message_of(first)}"
    else:
        text = f"{len(group):,} times {first.rule}"
        text += f": {message_of(first)}" if len(messages) == 1 else ""
    yield from page.item(head, text, style, column=_LABEL)
    if below:
        yield from under(below, "only a deployment tells")
    if len(group) > 1:
        for it in group[:NAMED]:
            own = "" if len(messages) == 1 else f": {message_of(it)}"
            yield from under("", f"{it.resource}{own}{_where(it, places, short=True)}")
        yield from page.more(len(group) - NAMED, indent=4 + _LABEL + 7)
    else:
        yield from under("at", _where(first, places))
    if isinstance(first, GuardFinding):
        if len(group) == 1 and first.path:
            yield from under("value", f"{first.old} -> {first.new}")
        for line in blast_lines(blast_of(group)):
            yield from under("takes", line)
    yield from under("why", first.why)
    yield from under("do", remedy_of(first))
    yield from under("see", f"{first.source} [{first.rule}]".strip())


def _where(it: Finding, places: Mapping[str, Place], *, short: bool = False) -> str:
    """Property and line of a finding; `short` where it follows the name of the resource."""
    place = place_said(place_of(places, it.urn, it.path))
    if short:
        return f" ({place})" if place else ""
    return f"{it.path} ({place})" if place and it.path else it.path or place


def _facts(facts: Sequence[Fact], page: _Page) -> Iterator[str]:
    styles = {"gained": "warning", "lost": "good", "changed": ""}
    groups = facts_together(facts)
    for group in groups[:MOST_FACTS]:
        first, *others = group
        yield from page.item(SIGNS[first.sign], first.message, styles[first.sign])
        if others:
            names = ", ".join(dict.fromkeys(map(name_of, others[:NAMED])))
            yield from page.item("", f"the same: {names}", indent=4)
            yield from page.more(len(others) - NAMED, indent=5)
    yield from page.more(sum(map(len, groups[MOST_FACTS:])))


def _bars(bars: Sequence[Bar], page: _Page) -> Iterator[str]:
    shown = ""
    for it in bars[:MOST_ROWS]:
        if it.group != shown:
            yield from page.item("", it.group, indent=1)
        shown = it.group
        yield from page.item("", f"{it.name}: {amounts_of(it)} {it.unit}", indent=3)
        shares = percent(it.before, it.limit_before), percent(it.after, it.limit_after)
        drawn = " -> ".join(
            f"{_bar(share, page.paint)} {share:>3}%" for share in shares if share is not None
        )
        if drawn:
            over = [share for share in shares if share is not None][-1]
            yield f"      {page.paint(drawn, _share_style(over)) if _share_style(over) else drawn}"
    yield from page.more(len(bars) - MOST_ROWS)


def _bar(share: int, paint: Paint) -> str:
    full = min(share * _BAR_CELLS // _FULL_PERCENT, _BAR_CELLS)
    used, left = ("#", ".") if paint is plain else ("█", "░")
    return used * full + left * (_BAR_CELLS - full)


def _share_style(share: int) -> str:
    if share > _FULL_PERCENT:
        return "bad"
    return "warning" if share > _NEARLY_FULL_PERCENT else ""


def _rights(rights: Sequence[Right], page: _Page) -> Iterator[str]:
    for it in rights[:MOST_ROWS]:
        where = f"in {it.namespace}" if it.namespace else "in the whole cluster"
        gained = [verb for verb in it.verbs_after if verb not in it.verbs_before]
        lost = [verb for verb in it.verbs_before if verb not in it.verbs_after]
        for sign, verbs, style in (("+", gained, "warning"), ("-", lost, "good")):
            if verbs:
                said = f"{it.subject}: {', '.join(verbs)} {it.resources} {where}"
                yield from page.item(sign, said, style)
    yield from page.more(len(rights) - MOST_ROWS)


def _changes(review: Review, places: Mapping[str, Place], page: _Page) -> Iterator[str]:
    if not review.changes:
        return
    yield ""
    yield page.heading("Changes", changes_counted(review.changes))
    groups = alike(review.changes)
    for group in groups[:MOST_CHANGES]:
        yield from _change(group, places, page)
    left = [it for group in groups[MOST_CHANGES:] for it in group]
    yield from page.more(len(left), f"({changes_counted(left)})")


def _change(group: Sequence[Change], places: Mapping[str, Place], page: _Page) -> Iterator[str]:
    first = group[0]
    style = "bad" if first.operation in DESTRUCTIVE else ""
    names = _named([it.resource for it in group], kinds_counted(group[NAMED:]))
    if len(group) > 1 and not first.properties and first.component:
        names = f"{first.component}: {names}"
    if place := place_said(place_of(places, first.urn)) if len(group) == 1 else "":
        names += f"  ({place})"
    yield from page.item(_done(first.operation), names, style, column=_LABEL)
    for line in first.properties[:MOST_LINES]:
        old, new = values_of(line)
        tail = "  (replaces)" if line.replaces else ""
        yield from page.item("", f"{line.path}: {old} -> {new}{tail}", indent=2 + _LABEL)
    yield from page.more(len(first.properties) - MOST_LINES, indent=4 + _LABEL)


def _exempted(review: Review, page: _Page) -> Iterator[str]:
    if not review.exempted:
        return
    yield ""
    yield page.heading("Exempted", f"{len(review.exempted):,}")
    for it in review.exempted[:MOST_ROWS]:
        what = f"{it.finding.resource}: {it.finding.message} [{it.finding.rule}]"
        yield from page.item("-", what)
        yield from page.item("", f"until {it.expires}, {it.owner}: {it.reason}", indent=4)
    yield from page.more(len(review.exempted) - MOST_ROWS)
