"""Facts and findings of one chapter, with what most of its own share."""

from dataclasses import dataclass

from review.findings import Severity, Verdict
from review.report import Area, AreaFinding, Fact, Sign


@dataclass(frozen=True)
class Telling:
    """How a chapter tells what it found."""

    area: Area
    source: str = ""
    """Page of a fact that names none."""

    def fact(
        self,
        resource: str,
        message: str,
        sign: Sign,
        rank: int,
        urn: str,
        source: str = "",
        *,
        path: str = "",
        old: str = "",
        new: str = "",
    ) -> Fact:
        """What is otherwise, and no fault."""
        return Fact(
            area=self.area,
            sign=sign,
            resource=resource,
            message=message,
            rank=rank,
            path=path,
            old=old,
            new=new,
            source=source or self.source,
            urn=urn,
        )

    def finding(
        self,
        rule: str,
        resource: str,
        message: str,
        *,
        why: str,
        remedy: str,
        source: str,
        urn: str,
        path: str = "",
        severity: Severity = "advisory",
        verdict: Verdict = "fail",
    ) -> AreaFinding:
        """What a reviewer has to decide on."""
        return AreaFinding(
            rule=rule,
            severity=severity,
            resource=resource,
            message=message,
            path=path,
            why=why,
            remedy=remedy,
            source=source,
            urn=urn,
            area=self.area,
            verdict=verdict,
        )
