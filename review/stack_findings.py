"""Every fault of one stack, whatever analysis finds it: what `./aks preview` lists, and a review compares."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from review.analyses.access.findings import permission_findings
from review.analyses.capacity import Capacity, capacity_findings
from review.analyses.charts import chart_findings
from review.analyses.enforcement import enforcement_findings
from review.analyses.exposure import exposure_findings
from review.analyses.federations import federation_findings
from review.analyses.lifecycle import lifecycle_findings
from review.analyses.patches import patch_findings
from review.analyses.placement import exception_findings, placement_findings
from review.analyses.releases import release_findings
from review.analyses.tenants import tenant_findings
from review.findings import Finding, program_findings, ranked
from review.plan import Plan
from review.report import Area, AreaFinding
from review.sources.memo import Memo


def stack_findings(
    plan: Plan, fit: Capacity, said: Iterable[tuple[str, str]], today: date
) -> list[Finding]:
    """Every finding of one stack, ranked; `said` is what its program logged, by severity."""
    own: list[tuple[Area, Iterable[Finding]]] = [
        ("capacity", capacity_findings(plan, fit)),
        ("exposure", exposure_findings(plan)),
        ("versions", lifecycle_findings(plan, today)),
        ("permissions", permission_findings(plan)),
    ]
    return ranked(it for _, found in (*own, *standing(plan, said, today)) for it in found)


def standing(
    plan: Plan, said: Iterable[tuple[str, str]], today: date, memo: Memo | None = None
) -> Iterable[tuple[Area, Iterable[Finding]]]:
    """Those that no comparison of two plans tells in words of its own, each with its chapter of a review.

    `memo` has of an earlier run what was told of one object.
    """
    return (
        ("versions", chart_findings(plan)),
        ("connections", enforcement_findings(plan)),
        ("permissions", federation_findings(plan)),
        ("capacity", placement_findings(plan)),
        ("admission", exception_findings(plan)),
        ("admission", tenant_findings(plan, today, memo)),
        ("policy", patch_findings(plan)),
        ("restarts", release_findings(plan)),
        ("policy", program_findings(said)),
    )


def with_areas(found: Iterable[tuple[Area, Iterable[Finding]]]) -> list[AreaFinding]:
    """As findings that know their chapter."""
    return [
        AreaFinding(**{it.name: getattr(finding, it.name) for it in fields(Finding)}, area=area)
        for area, those in found
        for finding in those
    ]
