"""What a review says of a plan: one finding a fault, ranked, always in the same order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["mandatory", "advisory"]
"""`mandatory` fails the preview (exit 1); `advisory` is told and passes."""

Verdict = Literal["fail", "unknown"]
"""`unknown`: only a deployment tells whether the rule holds, and the message says what must be known."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault of one resource, or of the stack as a whole."""

    rule: str
    """Short name of the rule, never reused."""

    severity: Severity
    resource: str
    """What it is about, as a reader knows it: `pool wg1`, `Deployment course/blob-service`."""

    message: str
    """What is so, or what happens; of a finding without `remedy`, then the remedy."""

    path: str = ""
    """Of the property, items by what names them: `spec.template.spec.containers[api].image`; empty for all of it."""

    why: str = ""
    """Why it matters, in a sentence."""

    remedy: str = ""
    """What to do, in a sentence."""

    source: str = ""
    """Page that the rule rests on."""

    urn: str = ""
    """Of the resource; empty where it is about the stack, or about manifests that no plan holds."""

    verdict: Verdict = "fail"

    def __str__(self) -> str:
        return f"{self.severity}: {self.resource}: {self.message} [{self.rule}]"


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Mandatory ones first, then by resource and rule: the same order in every run."""
    return sorted(
        set(findings), key=lambda it: (it.severity != "mandatory", it.resource, it.rule, it.message)
    )


PROGRAM: Final = "program"
"""Rule of what a program says of itself while it is planned."""


def program_findings(said: Iterable[tuple[str, str]]) -> list[Finding]:
    """What the program itself warns of while it is planned, by severity and text."""
    return [
        Finding(rule=PROGRAM, severity="advisory", resource="the program", message=text)
        for severity, text in said
        if severity in ("warning", "error")
    ]
