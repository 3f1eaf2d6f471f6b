"""Whether each namespace enforces what its pods need, and how long the exceptions to restricted still hold.

Read from the recorded objects, patches included, by the rules of the version that the namespace pins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from typing import Any

from manifests.controller import EXCEPTION, EXPIRES
from review.analyses.placement import LEVEL
from review.analyses.pod_security import TEMPLATES
from review.analyses.pods import CONTROLLERS, kubernetes_objects, meta, release_key, releases
from review.analyses.security_marks import decides, named_path, pod_marks
from review.findings import Finding
from review.marks import is_mark, known, names, text
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

    annotations: Mapping[str, Any]
    open: tuple[str, ...]
    """Paths of what is not told where Pod Security looks."""

    above: str
    """Path of the pod template."""


def tenant_findings(plan: Plan, today: date, memo: Memo | None = None) -> Iterator[Finding]:
    """Levels that are stricter or looser than the pods of a namespace need, and exceptions near their end.

    `memo` has of an earlier run what refuses pods.
    """
    inside: dict[str, list[_Controller]] = {}
    for resource, manifest in kubernetes_objects(plan):
        if text(manifest.get("kind")) in CONTROLLERS:
            inside.setdefault(names(resource)[0], []).append(_controller(resource, manifest))
    digests = (
        {}
        if memo is None
        else {id(row): it.digest for row, it in zip(plan.resources, contents(plan), strict=True)}
    )
    # A chart's pods are not in a plan: what they need is not known.
    charted = {release_key(it)[0] for it in releases(plan)}
    for row, manifest in kubernetes_objects(plan, "Namespace"):
        name, labels = names(row)[1], known(meta(manifest).get("labels"))
        enforced, minor = _level(labels.get(LEVEL)), _minor(text(labels.get(f"{LEVEL}-version")))
        if enforced is None:
            continue
        here = inside.get(name, [])
        yield from _stricter(here, enforced, minor, memo, digests)
        if name not in charted and enforced != "restricted":
            yield from _looser(name, here, enforced, minor)
        for it in here:
            yield from _exception(it, minor, today)


def _controller(resource: Resource, manifest: Mapping[str, Any]) -> _Controller:
    steps = TEMPLATES[manifest["kind"]]
    at = reduce(lambda at, step: known(at.get(step)), steps, manifest)
    return _Controller(
        resource,
        f"{manifest['kind']} {'/'.join(names(resource))}",
        (at.get("metadata"), at.get("spec")),
        known(meta(manifest).get("annotations")),
        tuple(pod_marks(manifest, steps)),
        ".".join(steps),
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
    broken = violations(*it.pod, enforced, minor)
    if it.open:
        certain = [one for one in broken if not _is_open(it, one.path)]
        if not certain and enforced != "privileged":
            return (_undecided(it, enforced),)
        broken = certain
    return tuple(
        Finding(
            rule="pod-security-refused",
            severity="mandatory",
            resource=it.title,
            message=f"its namespace enforces {enforced}, which refuses its pods: {broken.path}: {broken.message} "
            f"[{broken.control}]; mend it, or add 'security.exception' with level {level_of(*it.pod, minor)}",
        )
        for broken in broken[:1]
    )


def _is_open(it: _Controller, path: str) -> bool:
    """Whether a mark may decide about a place of its pods."""
    place = named_path(it.row.inputs, f"{it.above}.{path}")
    return any(decides(mark, it.above, place) for mark in it.open)


def _undecided(it: _Controller, enforced: Level) -> Finding:
    return Finding(
        rule="pod-security-refused",
        severity="advisory",
        resource=it.title,
        message=f"its namespace enforces {enforced}, and whether that refuses its pods cannot be told: "
        f"{', '.join(it.open)} must be known",
        path=it.open[0],
        verdict="unknown",
    )


def _looser(
    name: str, here: list[_Controller], enforced: Level, minor: int | None
) -> Iterator[Finding]:
    levels: list[Level] = ["restricted", *(level_of(*it.pod, minor) for it in here)]
    least = max(levels, key=_laxity)
    if _laxity(least) < _laxity(enforced):
        open_ = next((f"{it.open[0]} of {it.title}" for it in here if it.open), "")
        doubt = f"; not for certain: {open_} must be known" if open_ else ""
        yield Finding(
            rule="pod-security-loose",
            severity="advisory",
            resource=f"Namespace {name}",
            message=f"enforces {enforced}, and its pods meet {least}: what else is started there may do more than it "
            f"needs; leave 'podSecurity' out, and take out what 'security.exception' is not needed{doubt}",
            verdict="unknown" if open_ else "fail",
        )


def _exception(it: _Controller, minor: int | None, today: date) -> Iterator[Finding]:
    excepted = _level(text(it.annotations.get(EXCEPTION)).partition(":")[0])
    if excepted and _laxity(level_of(*it.pod, minor)) < _laxity(excepted):
        doubt = f"; not for certain: {it.open[0]} must be known" if it.open else ""
        yield Finding(
            rule="exception-loose",
            severity="advisory",
            resource=it.title,
            message=f"has an exception of level {excepted}, and its pods meet {level_of(*it.pod, minor)}; "
            f"lower its level or take it out{doubt}",
            verdict="unknown" if it.open else "fail",
        )
    expires = it.annotations.get(EXPIRES)
    ends = _day(expires)
    if expires and ends is None:
        yield Finding(
            rule="exception-expires",
            severity="advisory",
            resource=it.title,
            message=f"when its exception from restricted ends cannot be told: metadata.annotations.{EXPIRES} "
            f"{'must be known' if is_mark(expires) else 'is no date'}",
            path=f"metadata.annotations.{EXPIRES}",
            verdict="unknown",
        )
    elif ends is not None:
        left = (ends - today).days
        if left <= TOLD_BEFORE_DAYS:
            yield Finding(
                rule="exception-expires",
                severity="advisory" if left >= 0 else "mandatory",
                resource=it.title,
                message=f"its exception from restricted {'ends' if left >= 0 else 'ended'} on {expires}, "
                f"{_days(left)}; make it meet restricted and take the exception out, or renew its date",
            )


def _day(value: object) -> date | None:
    """A date as annotations have it; None for anything else."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        return None


def _days(left: int) -> str:
    count = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return "today" if not left else f"in {count}" if left > 0 else f"{count} ago"


def _laxity(level: Level) -> int:
    return -LEVELS.index(level)
