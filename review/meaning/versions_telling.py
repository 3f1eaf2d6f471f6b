"""Facts and findings of the chapter on versions."""

from typing import Final

from review.findings import Severity, Verdict
from review.report import AreaFinding, Fact, Sign

UPGRADE: Final = "https://learn.microsoft.com/azure/aks/upgrade-aks-cluster"


def fact(
    titled: str,
    message: str,
    sign: Sign,
    rank: int,
    urn: str,
    source: str = UPGRADE,
    *,
    path: str = "",
    old: str = "",
    new: str = "",
) -> Fact:
    """What is otherwise, and no fault."""
    return Fact(
        area="versions",
        sign=sign,
        resource=titled,
        message=message,
        rank=rank,
        path=path,
        old=old,
        new=new,
        source=source,
        urn=urn,
    )


def finding(
    rule: str,
    titled: str,
    message: str,
    *,
    path: str,
    why: str,
    remedy: str,
    source: str,
    urn: str,
    severity: Severity = "advisory",
    verdict: Verdict = "fail",
) -> AreaFinding:
    """What a reviewer has to decide on."""
    return AreaFinding(
        rule=rule,
        severity=severity,
        resource=titled,
        message=message,
        path=path,
        why=why,
        remedy=remedy,
        source=source,
        urn=urn,
        area="versions",
        verdict=verdict,
    )
