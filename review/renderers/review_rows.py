"""Rows of a review in Markdown: each is whole in itself, and short enough that many fit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from review.findings import Finding
from review.guard.findings import GuardFinding
from review.renderers.guard import blast_lines
from review.renderers.markdown_text import cell, code, page, prose
from review.renderers.review_words import (
    DONE,
    SIGNS,
    Granted,
    amounts_of,
    blast_of,
    few,
    message_of,
    name_of,
    of_one,
    percent,
    place_of_all,
    place_said,
    remedy_of,
    severity_of,
    shared,
    subject_of,
    values_of,
)
from review.report import Bar, Change, Exempted, Fact, Place, PropertyChange, place_of

LINES: Final = 8
"""Properties of one change."""

_MOST_VALUE: Final = 80
_MOST_NAMES: Final = 3_000
"""Characters of all names of one row."""

_MOST_SHORT: Final = 160
_MOST_TEXT: Final = 400

RIGHTS: Final = "|  | Who | May | What | Where |\n|---|---|---|---|---|\n"
BARS: Final = "| Where | What | Amount | Full before | Full after |\n|---|---|---|---:|---:|\n"


def destroyed(
    group: Sequence[Change], places: Mapping[str, Place] | None = None, *, why: bool = True
) -> str:
    """Resources that go alike, or may, all by name; with `places`, where, and `why` what they are replaced for."""
    first = group[0]
    one = len(group) > 1 and {it.component for it in group} == {first.component}
    whole = f"{code(first.component)}: " if one and first.component else ""
    text = f"- **{DONE[first.operation]}** {whole}{', '.join(code(it.resource) for it in group)}"
    if places is None:
        return text
    if place := place_of_all(group, places):
        text += f" ({code(place)})"
    lines = [line for line in first.properties if line.replaces] or first.properties
    return "\n".join([text, *(_lines(lines) if why else ())])


def finding(
    group: Sequence[Finding], places: Mapping[str, Place] | None = None, *, every: bool = False
) -> str:
    """Findings that go together: one line, or with `places` the whole; `every` names all resources that fit."""
    first = group[0]
    said = shared([message_of(it) for it in group])
    most = _MOST_SHORT if places is None else _MOST_TEXT
    told = prose(said.text or message_of(first), most)
    one = len(group) == 1 or of_one(group)
    if (one or not said.text) and subject_of(first):
        told = f"{code(first.resource)}: {told}"
    such = "" if said.text else ", such as"
    times = "" if one else f"{len(group):,} times{such or ':'} "
    head = f"- **{severity_of(first)}** {times}{told} ({code(first.rule)})"
    if places is None:
        if one:
            return head
        names = [it.resource for it in group]
        return f"{head}, and {_names(names[1:])}" if such else f"{head}: {_names(names)}"
    whom = _fields(group, places) if of_one(group) else _whom(group, places, said.own, every)
    lines = [*_taken(group), *whom, *_reasons(group)]
    return "\n".join([head, *(f"  - {it}" for it in lines)])


def _whom(
    group: Sequence[Finding], places: Mapping[str, Place], said: Sequence[str], every: bool
) -> Iterator[str]:
    """Each with what is `said` of it alone and its line, as many as are few; the rest by name."""
    first = group[0]
    if len(group) == 1:
        if where := _where(first, places):
            yield f"{where}{_values(first)}"
        return
    if not any(said) and not any(place_of(places, it.urn, it.path) for it in group):
        yield _names([it.resource for it in group], every=every)
        return
    named = few(len(group))
    for it, own in zip(group[:named], said, strict=False):
        parts = [code(it.resource)] if subject_of(it) or not own else []
        parts += [prose(own, _MOST_SHORT)] if own else []
        place = place_said(place_of(places, it.urn, it.path))
        yield ": ".join(parts) + (f" ({code(place)})" if place else "")
    if len(group) > named:
        yield f"and {_names([it.resource for it in group[named:]], every=every)}"


def _fields(group: Sequence[Finding], places: Mapping[str, Place]) -> Iterator[str]:
    """Properties of one resource that all come to the same."""
    for it in group[:LINES]:
        why = f": {prose(it.why, _MOST_SHORT)}" if it.why else ""
        yield f"{_where(it, places)}{_values(it)}{why}"
    if len(group) > LINES:
        yield f"and {len(group) - LINES:,} more"


def _values(it: Finding) -> str:
    if not isinstance(it, GuardFinding) or not it.path:
        return ""
    return f": {code(it.old, _MOST_VALUE)} → {code(it.new, _MOST_VALUE)}"


def _taken(group: Sequence[Finding]) -> Iterator[str]:
    if isinstance(group[0], GuardFinding):
        for line in blast_lines(blast_of(group), (it.resource for it in group)):
            yield f"takes down {prose(line)}"


def _reasons(group: Sequence[Finding]) -> Iterator[str]:
    if group[0].why and not of_one(group):
        yield f"why: {prose(group[0].why)}"
    for remedy in dict.fromkeys(map(remedy_of, group)):
        if remedy:
            yield f"do: {prose(remedy)}"
    for source in dict.fromkeys(it.source for it in group):
        if source:
            yield page(source)


def _where(it: Finding, places: Mapping[str, Place]) -> str:
    place = place_said(place_of(places, it.urn, it.path))
    parts = [code(it.path, 200)] if it.path else []
    parts += [f"in {code(place)}"] if place else []
    return " ".join(parts)


def _names(names: Sequence[str], *, every: bool = False) -> str:
    """The first names, and how many more there are."""
    parts: list[str] = []
    used = 0
    for name in names:
        text = code(name)
        used += len(text) + 2
        if not (len(parts) < few(len(names)) or (every and used < _MOST_NAMES)):
            break
        parts.append(text)
    more = f" and {len(names) - len(parts):,} more" if len(parts) < len(names) else ""
    return f"{', '.join(parts)}{more}"


def fact(group: Sequence[Fact]) -> str:
    """Facts that say the same: the first, and of whom else."""
    first, *others = group
    text = f"- `{SIGNS[first.sign]}` {prose(first.message)}"
    return (
        f"{text}\n  - the same: {_names([*dict.fromkeys(map(name_of, others))])}"
        if others
        else text
    )


def changed(group: Sequence[Change], places: Mapping[str, Place]) -> str:
    """Resources that change alike, with what changes."""
    first = group[0]
    text = f"- {_names([it.resource for it in group])}"
    if first.component and not first.properties and len(group) > 1:
        text = f"- {code(first.component)}: {_names([it.resource for it in group])}"
    if place := place_of_all(group, places):
        text += f" ({code(place)})"
    return "\n".join([text, *_lines(first.properties)])


def so(changes: Sequence[Change]) -> str:
    """Resources that change in no other way than many do."""
    return f"- in no other way than that: {_names([it.resource for it in changes])}"


def _lines(properties: Sequence[PropertyChange]) -> Iterator[str]:
    for line in properties[:LINES]:
        yield f"  - {property_line(line)}"
    if len(properties) > LINES:
        yield f"  - and {len(properties) - LINES:,} more"


def property_line(line: PropertyChange) -> str:
    """One place with both sides."""
    old, new = (code(it, _MOST_VALUE) for it in values_of(line))
    return f"{code(line.path, 200)}: {old} → {new}{', **replaces**' if line.replaces else ''}"


def common(line: PropertyChange, count: int) -> str:
    """A line that many resources share."""
    return f"- in {count:,} resources: {property_line(line)}"


def right(it: Granted) -> str:
    """A row of the table that `RIGHTS` opens."""
    where = _names(it.namespaces) if it.namespaces else "the whole cluster"
    verbs = ", ".join(code(verb, 30) for verb in it.verbs[:20])
    cells = [f"`{SIGNS[it.sign]}`", code(it.subject), verbs, code(it.resources), where]
    return f"| {' | '.join(map(cell, cells))} |"


def bar(it: Bar) -> str:
    """A row of the table that `BARS` opens."""
    shares = percent(it.before, it.limit_before), percent(it.after, it.limit_after)
    cells = [prose(it.group, 100), prose(it.name, 100), _amounts(it)]
    cells += ["" if share is None else f"{share}%" for share in shares]
    if shares[1] is not None and shares[1] > 100:
        cells[-1] = f"**{cells[-1]}**"
    return f"| {' | '.join(map(cell, cells))} |"


def _amounts(it: Bar) -> str:
    unit = f" {prose(it.unit, 30)}" if it.unit else ""
    return f"{amounts_of(it, '→')}{unit}"


def exempted(it: Exempted) -> str:
    """A finding that passes, by whose leave and until when."""
    what = f"{code(it.finding.resource)}: {prose(it.finding.message)} ({code(it.finding.rule)})"
    leave = f"until {code(it.expires)}, {prose(it.owner)}: {prose(it.reason)}"
    return f"- {what}\n  - {leave}"


def note(text: str) -> str:
    """What was not looked at."""
    return f"- {prose(text)}"
