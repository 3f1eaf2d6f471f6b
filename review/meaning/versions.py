"""Versions before and after: Kubernetes of the cluster and its pools, charts, APIs that are gone, what Azure ends.

Dates count from `today`, by `settings/calendar.py`. What the guard refuses, such as an earlier version, is a fact here.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from review.analyses.lifecycle import lifecycle_findings
from review.findings import Finding
from review.marks import is_mark
from review.meaning.versions_apis import azure_apis, kubernetes_apis
from review.meaning.versions_charts import charts
from review.meaning.versions_side import Side, Versions, cluster_minor, minor_of, of_plan
from review.meaning.versions_telling import UPGRADE, fact, finding
from review.plan import Plan
from review.report import AreaFinding, Fact
from settings.calendar import RELEASES

__all__ = ["Side", "compare", "of_plan"]

SKEW: Final = "https://kubernetes.io/releases/version-skew-policy/"
OS: Final = "https://learn.microsoft.com/azure/aks/upgrade-os-version"

MOST_SKEW: Final = 3
"""Minors that a node may be behind its control plane: https://kubernetes.io/releases/version-skew-policy/#kubelet"""


def compare(before: Side, after: Side, today: date) -> Iterator[Fact | AreaFinding]:
    """Versions that differ, and what has ended, or ends soon, that had not in the base."""
    for key, new in after.versions.items():
        old = before.versions.get(key)
        if old is not None and old != new:
            yield from _version(old, new)
            yield from _said(old, new)
    yield from _skew(before, after)
    yield from charts(before, after)
    yield from kubernetes_apis(before, after)
    yield from azure_apis(before, after)
    yield from _endings(before, after, today)


def _version(old: Versions, new: Versions) -> Iterator[Fact | AreaFinding]:
    was, becomes = old.version, new.version
    if was == becomes:
        return
    path = "orchestratorVersion" if new.is_pool else "kubernetesVersion"
    if is_mark(was) or is_mark(becomes):
        yield finding(
            "version-unknown",
            new.title,
            f"its version hangs on {path}, which is known after deployment only",
            path=path,
            why="an upgrade drains nodes, and APIs that objects here use may be gone",
            remedy=f"for a sure answer {path} must be known: say it in the settings",
            source=UPGRADE,
            urn=new.urn,
            verdict="unknown",
        )
        return
    words = f"{new.title}: Kubernetes {was or 'of its channel'} -> {becomes or 'of its channel'}"
    one, other = minor_of(was), minor_of(becomes)
    if one is not None and other is not None and other - one > 1 and not new.is_pool:
        yield finding(
            "version-skips",
            new.title,
            f"goes from Kubernetes {was} to {becomes}: Azure upgrades a control plane one minor at a time",
            severity="mandatory",
            path=path,
            why="`pulumi up` fails in the service, with half of the change done",
            remedy=f"go to 1.{one + 1} first, and on from there in changes of their own",
            source=UPGRADE,
            urn=new.urn,
        )
    elif one is not None and other is not None:
        step = "an upgrade" if other > one else "a step back" if other < one else "another patch"
        words += f": {step}"
    yield fact(
        new.title, words, "changed", 10, new.urn, path=path, old=_text(was), new=_text(becomes)
    )


def _text(version: Any) -> str:
    return version if isinstance(version, str) else ""


def _said(old: Versions, new: Versions) -> Iterator[Fact]:
    for words in sorted({*old.said, *new.said}):
        was, becomes = old.said.get(words, "nothing"), new.said.get(words, "nothing")
        if was != becomes:
            message = f"{new.title}: {words} {was} -> {becomes}"
            source = OS if words == "osSKU" else UPGRADE
            yield fact(new.title, message, "changed", 20, new.urn, source, old=was, new=becomes)


def _skew(before: Side, after: Side) -> Iterator[AreaFinding]:
    """Pools too far behind the control plane, or ahead of it."""
    was, becomes = cluster_minor(before), cluster_minor(after)
    if becomes is None:
        return
    for key, it in after.versions.items():
        minor = minor_of(it.version) if it.is_pool else None
        old = before.versions.get(key)
        old_minor = minor_of(old.version) if old else None
        if minor is None or (minor, becomes) == (old_minor, was):
            continue
        if minor > becomes or becomes - minor > MOST_SKEW:
            how = "is ahead of" if minor > becomes else f"is more than {MOST_SKEW} minors behind"
            yield finding(
                "version-skew",
                it.title,
                f"Kubernetes 1.{minor} of its nodes {how} 1.{becomes} of the control plane",
                severity="mandatory",
                path="orchestratorVersion",
                why="Azure refuses it, and a kubelet so far away does not work with this API server",
                remedy=f"bring the pool to 1.{becomes}, or at most {MOST_SKEW} minors behind",
                source=SKEW,
                urn=it.urn,
            )


def _endings(before: Side, after: Side, today: date) -> Iterator[Fact | AreaFinding]:
    """What the calendar says of the head and did not say of the base, and the other way round."""
    old, new = _ended(before, today), _ended(after, today)
    urns = {f"{it.type.rpartition(':')[2]} {it.name}": it.urn for it in after.watched}
    for key, it in new.items():
        if key not in old:
            yield AreaFinding(
                rule=it.rule,
                severity=it.severity,
                resource=it.resource,
                message=it.message,
                why="what has ended gets no fixes, and Azure helps no more",
                source=RELEASES,
                urn=urns.get(it.resource, ""),
                area="versions",
            )
    for key in sorted(old.keys() - new.keys()):
        it = old[key]
        words = f"{it.resource}: no longer so: {it.message.partition(';')[0]}"
        yield fact(it.resource, words, "lost", 50, urns.get(it.resource, ""), RELEASES)


def _ended(side: Side, today: date) -> dict[tuple[str, str, str], Finding]:
    plan = Plan(project="", stack="", resources=side.watched)
    return {(it.rule, it.resource, it.message): it for it in lifecycle_findings(plan, today)}
