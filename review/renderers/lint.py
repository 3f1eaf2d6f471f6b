"""Findings of a lint as text, as JSON and as SARIF; the list of rules."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from policy.rule import AREAS, AnyRule
from policy.rules import all_rules
from review import lint_schema
from review.guard.values import printable
from review.linting import Linted, LintFinding
from review.policies import told_once
from review.renderers.preview import Paint, plain
from review.renderers.sarif import RuleText, as_sarif

_STYLES = {"mandatory": "bad", "advisory": "warning"}


def as_json(linted: Linted, old: int | None = None) -> str:
    """`{"findings": [...]}`, a line a finding; `old` is how many the base has, too."""
    rows = ",\n".join(json.dumps(_row(it), ensure_ascii=False) for it in linted.findings)
    exempted = ",\n".join(
        json.dumps(
            {
                "rule": it.finding.rule,
                "resource": it.finding.resource,
                "path": it.finding.path,
                "reason": it.reason,
                "owner": it.owner,
                "expires": it.expires,
            },
            ensure_ascii=False,
        )
        for it in linted.exempted
    )
    parts = [f'"findings": [\n{rows}\n]' if rows else '"findings": []']
    if exempted:
        parts.append(f'"exempted": [\n{exempted}\n]')
    if old is not None:
        parts.append(f'"inBase": {old}')
    return "{" + ",\n".join(parts) + "}\n"


def _row(it: LintFinding) -> dict[str, object]:
    return {
        "rule": it.rule,
        "severity": it.severity,
        "kind": it.kind,
        "namespace": it.namespace,
        "name": it.name,
        "path": it.path,
        "message": it.message,
        "verdict": it.verdict,
        "remedy": it.remedy,
        "source": it.source,
        "file": it.place.file,
        "line": it.place.line,
    }


def as_text(linted: Linted, paint: Paint = plain, old: int | None = None) -> Iterator[str]:
    """An object a paragraph, with a line a finding, but one for what several have for one reason; then how many."""
    for (resource, file), found in groupby(
        told_once(linted.findings), key=lambda it: (it.resource, it.place.file)
    ):
        yield f"{paint(printable(resource), 'heading')}  {paint(printable(file), 'faint')}"
        for it in found:
            yield from _lines(it, paint)
        yield ""
    yield _summary(linted, paint, old)


def _lines(it: LintFinding, paint: Paint) -> Iterator[str]:
    what = f"{it.path}: {it.message}" if it.path and it.verdict == "fail" else it.message
    severity = paint(it.severity, _STYLES[it.severity])
    yield f"  {it.place.line}: {severity}: {printable(what)} {paint(f'[{it.rule}]', 'faint')}"
    if it.remedy:
        yield f"      {printable(it.remedy)}"


def _summary(linted: Linted, paint: Paint, old: int | None) -> str:
    found = linted.findings
    undecided = sum(it.verdict == "unknown" for it in found)
    parts = [f"{linted.mandatory:,} mandatory", f"{len(found) - linted.mandatory:,} advisory"]
    if undecided:
        parts.append(f"{undecided:,} of them undecided")
    if linted.exempted:
        parts.append(f"{len(linted.exempted):,} exempted")
    if old is not None:
        parts.append(f"{old:,} that the base has, too, left out")
    count = f"{len(found):,} finding{'' if len(found) == 1 else 's'}"
    return f"{count}: {paint(', '.join(parts), 'bad' if linted.mandatory else 'good')}"


def as_sarif_text(linted: Linted, notes: Iterable[str] = ()) -> str:
    """SARIF 2.1.0; each finding at the line of its property."""
    places = {(it.rule, it.resource, it.path, it.message): it.place for it in linted.findings}
    return as_sarif(
        linted.findings,
        lambda it: places.get((it.rule, it.resource, it.path, it.message), linted.whole),
        rules=rule_texts(),
        exempted=linted.exempted,
        notes=notes,
    )


def rule_texts() -> dict[str, RuleText]:
    """What SARIF says of the rules of `policy/`, and of the one beside them."""
    return {
        lint_schema.RULE: RuleText(
            title=lint_schema.TITLE,
            why=lint_schema.WHY,
            remedy=lint_schema.REMEDY,
            source=lint_schema.SOURCE,
            tags=("schema",),
        )
    } | {
        it.id: RuleText(
            title=it.title, why=it.why, remedy=it.remedy, source=it.source, tags=(it.area,)
        )
        for it in all_rules()
    }


def listed(rules: Sequence[AnyRule], paint: Paint = plain) -> Iterator[str]:
    """The rules by area, a line each: id, severity, what must hold."""
    width = max((len(it.id) for it in rules), default=0)
    for area in AREAS:
        of = [it for it in rules if it.area == area]
        if of:
            yield paint(area, "heading")
            for it in of:
                yield f"  {it.id:<{width}}  {it.severity:<9}  {it.title}"
            yield ""
    width = max(width, len(lint_schema.RULE))
    yield paint("schema, of manifests", "heading")
    yield f"  {lint_schema.RULE:<{width}}  mandatory  {lint_schema.TITLE}"
    yield ""
    yield f"{len(rules) + 1} rules"
