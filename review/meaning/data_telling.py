"""Facts and findings of the chapter on data."""

from typing import Final

from review.findings import Severity, Verdict
from review.report import AreaFinding, Fact, Sign

VOLUMES: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"


def fact(
    title: str,
    message: str,
    sign: Sign,
    rank: int,
    urn: str,
    source: str = VOLUMES,
    *,
    path: str = "",
    old: str = "",
    new: str = "",
) -> Fact:
    """What is otherwise, and no fault."""
    return Fact(
        area="data",
        sign=sign,
        resource=title,
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
    title: str,
    message: str,
    *,
    severity: Severity,
    why: str,
    remedy: str,
    source: str,
    urn: str,
    path: str = "",
    verdict: Verdict = "fail",
) -> AreaFinding:
    """What a reviewer has to decide on."""
    return AreaFinding(
        rule=rule,
        severity=severity,
        resource=title,
        message=message,
        path=path,
        why=why,
        remedy=remedy,
        source=source,
        urn=urn,
        area="data",
        verdict=verdict,
    )
