"""Whether each namespace enforces what its pods need, and how long the exceptions to restricted still hold.

Read from the recorded objects, patches included, by the rules of the version that the namespace pins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from manifests.controller import EXCEPTION, EXPIRES
from review.analyses.placement import LEVEL
from review.analyses.pods import CONTROLLERS, kubernetes_objects, meta, releases
from review.findings import Finding
from review.plan import Plan, Resource
from review.sources.memo import Memo, contents, digest
from settings.pod_security import LEVELS, Level, level_of, violations

TOLD_BEFORE_DAYS = 30
"""So long before its last day an exception is told of."""


@dataclass(frozen=True)
class _Controller:
    row: Resource
    title: str
    pod: tuple[Any, Any]
    """Metadata and spec of its pods."""

    annotations: Mapping[str, str]


def tenant_findings(plan: Plan, today: date, memo: Memo | None = None) -> Iterator[Finding]:
    """Levels that are stricter or looser than the pods of a namespace need, and exceptions near their end.

    `memo` has of an earlier run what refuses pods.
    """
    inside: dict[str, list[_Controller]] = {}
    for resource, manifest in kubernetes_objects(plan):
        if manifest.get("kind") in CONTROLLERS:
            inside.setdefault(meta(manifest)["namespace"], []).append(
                _controller(resource, manifest)
            )
    digests = (
        {}
        if memo is None
        else {id(row): it.digest for row, it in zip(plan.resources, contents(plan), strict=True)}
    )
    # A chart's pods are not in a plan: what they need is not known.
    charted = {str(it.inputs.get("namespace", "default")) for it in releases(plan)}
    for _, manifest in kubernetes_objects(plan, "Namespace"):
        name, labels = manifest["metadata"]["name"], manifest["metadata"].get("labels", {})
        enforced, minor = _level(labels.get(LEVEL)), _minor(labels.get(f"{LEVEL}-version", ""))
        if enforced is None:
            continue
        here = inside.get(name, [])
        yield from _stricter(here, enforced, minor, memo, digests)
        if name not in charted and enforced != "restricted":
            yield from _looser(name, here, enforced, minor)
        for it in here:
            yield from _exception(it, minor, today)


def _controller(resource: Resource, manifest: Mapping[str, Any]) -> _Controller:
    metadata, spec = meta(manifest), manifest["spec"]
    job = spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec
    template = job["template"]
    return _Controller(
        resource,
        f"{manifest['kind']} {metadata['namespace']}/{metadata['name']}",
        (template.get("metadata"), template["spec"]),
        metadata.get("annotations", {}),
    )


def _level(text: object) -> Level | None:
    return next((it for it in LEVELS if it == text), None)


def _minor(version: str) -> int | None:
    """`v1.35` as 35; None for `latest` and for what is no version."""
    minor = version.removeprefix("v1.")
    return int(minor) if version.startswith("v1.") and minor.isdigit() else None


def _stricter(
    here: list[_Controller],
    enforced: Level,
    minor: int | None,
    memo: Memo | None,
    digests: Mapping[int, bytes],
) -> Iterator[Finding]:
    below = digest([enforced, minor])
    for it in here:
        if memo is None:
            yield from _refused(it, enforced, minor)
        else:
            told = partial(_refused, it, enforced, minor)
            yield from memo.of(digests[id(it.row)] + below, told)


def _refused(it: _Controller, enforced: Level, minor: int | None) -> tuple[Finding, ...]:
    """At most one: what else there is shows once that is mended."""
    return tuple(
        Finding(
            rule="pod-security-refused",
            severity="mandatory",
            resource=it.title,
            message=f"its namespace enforces {enforced}, which refuses its pods: {broken.path}: {broken.message} "
            f"[{broken.control}]; mend it, or add 'security.exception' with level {level_of(*it.pod, minor)}",
        )
        for broken in violations(*it.pod, enforced, minor)[:1]
    )


def _looser(
    name: str, here: list[_Controller], enforced: Level, minor: int | None
) -> Iterator[Finding]:
    levels: list[Level] = ["restricted", *(level_of(*it.pod, minor) for it in here)]
    least = max(levels, key=_laxity)
    if _laxity(least) < _laxity(enforced):
        yield Finding(
            rule="pod-security-loose",
            severity="advisory",
            resource=f"Namespace {name}",
            message=f"enforces {enforced}, and its pods meet {least}: what else is started there may do more than it "
            f"needs; leave 'podSecurity' out, and take out what 'security.exception' is not needed",
        )


def _exception(it: _Controller, minor: int | None, today: date) -> Iterator[Finding]:
    excepted = _level(it.annotations.get(EXCEPTION, "").partition(":")[0])
    if excepted and _laxity(level_of(*it.pod, minor)) < _laxity(excepted):
        yield Finding(
            rule="exception-loose",
            severity="advisory",
            resource=it.title,
            message=f"has an exception of level {excepted}, and its pods meet {level_of(*it.pod, minor)}; "
            "lower its level or take it out",
        )
    if expires := it.annotations.get(EXPIRES):
        left = (date.fromisoformat(expires) - today).days
        if left <= TOLD_BEFORE_DAYS:
            yield Finding(
                rule="exception-expires",
                severity="advisory" if left >= 0 else "mandatory",
                resource=it.title,
                message=f"its exception from restricted {'ends' if left >= 0 else 'ended'} on {expires}, "
                f"{_days(left)}; make it meet restricted and take the exception out, or renew its date",
            )


def _days(left: int) -> str:
    count = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return "today" if not left else f"in {count}" if left > 0 else f"{count} ago"


def _laxity(level: Level) -> int:
    return -LEVELS.index(level)
