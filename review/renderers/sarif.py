"""Findings as SARIF 2.1.0, the format in which GitHub and Azure DevOps take results of code scanning.

The same in every run: no clock, no path of a machine, results in the order given. Fingerprints are made of rule,
resource and path alone, so that a result is the same one after its message or its line has changed, and no value gets
into them. Of more than `MAX_RESULTS` the first are kept, and a notification says how many were left out. The schema is
that of OASIS (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json).
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from review.findings import Finding
from review.guard.values import printable
from review.report import Exempted, Place

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MAX_RESULTS: Final = 25_000
"""Of a run; GitHub refuses a file with more, and shows the first 5,000 by level
(https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning)."""

FINGERPRINT: Final = "ruleResourcePath/v1"
_TOOL: Final = "aks-platform"
_LINK: Final = re.compile(r"\]\(")
"""What SARIF takes for a link in a message."""


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """What a reader of a result is told of its rule."""

    title: str
    why: str = ""
    remedy: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()


PlaceOf = Callable[[Finding], Place | None]
"""Where a finding was caused; None where no file says it."""


def as_sarif(
    findings: Sequence[Finding],
    place: PlaceOf,
    *,
    rules: Mapping[str, RuleText] | None = None,
    exempted: Sequence[Exempted] = (),
    notes: Iterable[str] = (),
) -> str:
    """One run with a result a finding, those that are exempted as suppressed ones; ends with a line feed.

    `rules` describes rules by id; of one that is not there the first of its findings says what is known. `notes` is
    what could not be looked at: notifications of the run.
    """
    exempt: list[Exempted | None] = [*([None] * len(findings)), *exempted]
    told = [*findings, *(it.finding for it in exempted)]
    kept = told[:MAX_RESULTS]
    ids = sorted({it.rule for it in kept})
    index = {rule: at for at, rule in enumerate(ids)}
    seen: Counter[str] = Counter()
    results = [
        _result(it, index[it.rule], place(it), exemption, seen)
        for it, exemption in zip(kept, exempt, strict=False)
    ]
    said = [*notes]
    if len(told) > len(kept):
        said.append(f"{len(told) - len(kept):,} results more than a file may hold were left out")
    firsts = {it.rule: it for it in reversed(kept)}
    driver = {
        "name": _TOOL,
        "rules": [_rule(it, (rules or {}).get(it), firsts[it]) for it in ids],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    if said:
        run["invocations"] = [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": _message(it)} for it in said
                ],
            }
        ]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def level_of(finding: Finding) -> str:
    """`error` fails, `warning` passes; `note` is what nobody can decide before a deployment, and passes."""
    if finding.severity == "mandatory":
        return "error"
    return "note" if finding.verdict == "unknown" else "warning"


def fingerprint(finding: Finding) -> str:
    """What makes it the same finding in another run."""
    parts = (finding.rule, finding.urn or finding.resource, finding.path)
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()


def _result(
    finding: Finding,
    index: int,
    place: Place | None,
    exemption: Exempted | None,
    seen: Counter[str],
) -> dict[str, Any]:
    told = f"{finding.resource}: {finding.message}"
    mark = fingerprint(finding)
    seen[mark] += 1
    logical: dict[str, Any] = {"fullyQualifiedName": printable(finding.urn or finding.resource)}
    if finding.path:
        logical["decoratedName"] = printable(finding.path)
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if place is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(place.file)},
            "region": {"startLine": max(place.line, 1)},
        }
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level_of(finding),
        "message": _message(f"{told}; {finding.remedy}" if finding.remedy else told),
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: f"{mark}:{seen[mark]}"},
        "properties": {
            "resource": printable(finding.resource),
            "path": printable(finding.path),
            "severity": finding.severity,
            "verdict": finding.verdict,
        },
    }
    if exemption is not None:
        why = f"{exemption.reason} ({exemption.owner}, until {exemption.expires})"
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(why)}
        ]
    return result


def _rule(id_: str, text: RuleText | None, first: Finding) -> dict[str, Any]:
    text = text or RuleText(
        title=id_.replace("-", " ").capitalize(),
        why=first.why,
        remedy=first.remedy,
        source=first.source,
    )
    rule: dict[str, Any] = {"id": id_, "shortDescription": _message(text.title)}
    if text.why:
        rule["fullDescription"] = _message(text.why)
    mending = f"To mend it: {text.remedy.rstrip('.')}." if text.remedy else ""
    if help_ := " ".join(it for it in (text.why, mending) if it):
        rule["help"] = _message(help_)
    if text.source.startswith("https://"):
        rule["helpUri"] = text.source
    if text.tags:
        rule["properties"] = {"tags": list(text.tags)}
    return rule


def _message(text: str) -> dict[str, str]:
    """Neither a link nor a control character gets in by a name that somebody chose."""
    return {"text": _LINK.sub("] (", printable(text))}


def _uri(file: str) -> str:
    """A path as a reference relative to the repository; `:` would make a scheme of what stands before it."""
    return quote(file.removeprefix("./"), safe="/", errors="replace")
