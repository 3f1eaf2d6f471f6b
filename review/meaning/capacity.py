"""What a change does to capacity: pods of each workload, room in each pool and each quota, before and after.

At rest and at the peak of a rollout, by `review.analyses.capacity`. A finding is what fits no longer, or has little
room left; what did not fit before is told as a fact.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from review.analyses.capacity import POD_RESOURCES, Capacity, capacity_findings
from review.findings import Finding
from review.meaning.capacity_amounts import PEAK, Amount, bars, change, pool_amounts, quota_amounts
from review.meaning.capacity_changes import POOLS, of_pools, of_workloads
from review.meaning.capacity_side import Side, of_plan
from review.meaning.controllers import shortened_list
from review.meaning.telling import Telling
from review.plan import Plan
from review.report import AreaFinding, Fact, Sign
from settings.overlap import UNBOUNDED_RUNS

__all__ = ["Side", "bars", "compare", "of_plan"]

HEADROOM_PERCENT: Final = 85
"""From here on there is little room: the next workload, or the next surge, may not fit. As the preview marks it."""

FULL_PERCENT: Final = 100
MOST_AMOUNTS: Final = 3
"""Are named in one line; bars have them all."""

CRON: Final = (
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy"
)
QUOTAS: Final = "https://kubernetes.io/docs/concepts/policy/resource-quotas/"

_NO_PLAN: Final = Plan(project="", stack="", resources=())


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Workloads, pools and quotas that are not what they were, what fits no longer, and what cannot be told."""
    yield from of_workloads(before, after)
    yield from of_pools(before, after)
    yield from _amounts(before, after)
    yield from _no_longer(before, after)
    yield from _unknown(before, after)


def _amounts(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """One fact a pool and one a quota, for rest and peak each, the fullest amounts first; and what is nearly full."""
    rows = [("pool", *it) for it in pool_amounts(before, after)]
    rows += [("ResourceQuota", *it) for it in quota_amounts(before, after)]
    titles = {title for title, _ in {*before.unread, *after.unread}}
    unread = {
        it.partition(" ")[2].partition("/")[0] for it in titles if it.startswith("ResourceQuota ")
    }
    changed: dict[tuple[str, str, str], list[tuple[Amount, Amount]]] = {}
    for kind, group, name, old, new in rows:
        if old == new:
            continue
        urn = _urn(after, kind, group) or _urn(before, kind, group)
        if old is not None and new is not None:
            when = name.rpartition(", ")[2]
            changed.setdefault((kind, group, when), []).append((old, new))
            if when == PEAK and (kind == "pool" or new.name in POD_RESOURCES):
                yield from _headroom(f"{kind} {group}", old, new, urn)
        elif kind == "ResourceQuota" and name.endswith(PEAK) and group not in unread:
            if new is not None:
                yield _bounded(group, new, "gained", urn)
            elif old is not None:
                yield _bounded(group, old, "lost", urn)
    left_out = sorted({title for title, _ in {*after.unread} ^ {*before.unread}})
    for (kind, group, when), pairs in changed.items():
        if kind == "ResourceQuota" and when != PEAK and (kind, group, PEAK) in changed:
            continue
        pairs.sort(key=lambda it: -max(it[0].percent, it[1].percent))
        bars_of = f"{'pool' if kind == 'pool' else 'namespace'} {group}"
        yield _changed(f"{kind} {group}", when, pairs, left_out, _urn(after, kind, group), bars_of)


def _urn(side: Side, kind: str, group: str) -> str:
    if kind == "ResourceQuota":
        return side.quotas.get(group, "")
    return side.sizes[group].urn if group in side.sizes else ""


def _bounded(namespace: str, it: Amount, sign: Sign, urn: str) -> Fact:
    resource = f"ResourceQuota {namespace}"
    does = "bounds" if sign == "gained" else "no longer bounds"
    used = f"{it.text(it.used)} {'is' if it.used == 1 else 'are'} used at the peak"
    return Fact(
        area="capacity",
        sign=sign,
        resource=resource,
        message=f"{resource} {does} {it.name} to {it.text(it.limit)}; {used}",
        rank=25,
        source=QUOTAS,
        urn=urn,
        told=f"namespace {namespace}",
    )


def _changed(
    resource: str,
    when: str,
    pairs: list[tuple[Amount, Amount]],
    left_out: list[str],
    urn: str,
    bars_of: str,
) -> Fact:
    told = ", ".join(change(*it) for it in pairs[:MOST_AMOUNTS])
    if len(pairs) > MOST_AMOUNTS:
        told += f" and {len(pairs) - MOST_AMOUNTS} more"
    without = f"; not counted: {shortened_list(left_out)}" if left_out else ""
    head = "at the peak of a rollout" if when == PEAK else "at rest"
    return Fact(
        area="capacity",
        sign="changed",
        resource=resource,
        message=f"{resource} {head}: {told}{without}",
        rank=60 if when == PEAK else 70,
        source=POOLS if resource.startswith("pool ") else QUOTAS,
        urn=urn,
        told="" if left_out else bars_of,
    )


def _headroom(resource: str, old: Amount, new: Amount, urn: str) -> Iterator[AreaFinding]:
    if old.percent > HEADROOM_PERCENT or not HEADROOM_PERCENT < new.percent <= FULL_PERCENT:
        return
    yield _finding(
        "capacity-headroom",
        resource,
        f"{new.name} at the peak of a rollout: {new.percent_text} of {new.text(new.limit)} (before: "
        f"{old.percent_text}), {new.text(new.limit - new.used)} left",
        why=f"above {HEADROOM_PERCENT}% the next workload, or the next surge, may not fit",
        remedy="raise the limit with this change, or lower what asks for it",
        source=POOLS if resource.startswith("pool ") else QUOTAS,
        urn=urn,
    )


def _no_longer(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What fits no longer; what did not fit before and is worse or better than that is a fact.

    What a quota refuses is told in the chapter of admission.
    """
    old, new = _over(before), _over(after)
    for key, it in new.items():
        urn = _urn(after, "ResourceQuota" if it.rule == "quota-peak" else "pool", key[0])
        if key not in old:
            yield AreaFinding(
                rule=it.rule,
                severity=it.severity,
                resource=it.resource,
                message=it.message,
                why="pods that find no room stay Pending, those beyond a quota are refused",
                source=QUOTAS if it.rule == "quota-peak" else POOLS,
                urn=urn,
                area="admission" if it.rule == "quota-peak" else "capacity",
            )
        elif it.message != old[key].message:
            yield _over_fact(it, f"still does not fit: {it.message}", "changed", urn)
    for key in sorted(old.keys() - new.keys()):
        yield _over_fact(old[key], "fits now what did not fit before", "lost", "", key[2])


def _over_fact(it: Finding, words: str, sign: Sign, urn: str, what: str = "") -> Fact:
    of = f" ({what})" if what else ""
    return Fact(
        area="capacity",
        sign=sign,
        resource=it.resource,
        message=f"{it.resource}: {words}{of}",
        rank=5,
        urn=urn,
    )


def _over(side: Side) -> Mapping[tuple[str, str, str], Finding]:
    """Findings of the analysis by namespace or pool, rule, and what is short."""
    found = {}
    for use in side.fit.quotas:
        if use.peak > use.hard:
            for it in capacity_findings(_NO_PLAN, Capacity((), (use,))):
                found[use.namespace, it.rule, f"{use.resource} {use.only}".strip()] = it
    for pool in side.fit.pools:
        for it in capacity_findings(_NO_PLAN, Capacity((pool,), ())):
            what = (
                it.message.partition(" ")[0] if it.rule in ("pool-requests", "pool-limits") else ""
            )
            if it.rule == "pool-pod":
                what = it.message.partition(" asks ")[0]
            found[pool.pool, it.rule, what or "pods"] = it
    return dict(sorted(found.items()))


def _unknown(before: Side, after: Side) -> Iterator[AreaFinding]:
    for title in sorted({*after.unbounded} - {*before.unbounded}):
        yield _finding(
            "cron-unbounded",
            title,
            f"nothing ends a run before the next ones start: {UNBOUNDED_RUNS} at once are counted, and any number "
            "may pile up",
            why="runs that pile up take the room of all others in their pool and quota",
            remedy="set 'job.activeDeadlineSeconds', or 'cron.concurrencyPolicy: Forbid'",
            source=CRON,
            urn=after.unbounded[title],
        )
    for title in sorted({*after.charts} - {*before.charts}):
        yield _finding(
            "chart-pods",
            title,
            "its pods are not counted: a plan has the values of a chart, not what it makes of them",
            why="what is not counted may not fit",
            remedy="leave room in the quota of its namespace and in the pools",
            source=QUOTAS,
            urn=after.charts[title],
            verdict="unknown",
        )
    unread: dict[str, list[str]] = {}
    for title, path in after.unread:
        if (title, path) not in before.unread:
            unread.setdefault(title, []).append(path)
    for title, paths in unread.items():
        said = ", ".join(paths)
        yield _finding(
            "capacity-unknown",
            title,
            f"is not counted, or not in full: {said} {'is' if len(paths) == 1 else 'are'} known after deployment only",
            path=paths[0],
            why="what is not counted may not fit",
            remedy=f"for a sure answer {said} must be known: say it in the settings",
            source=QUOTAS,
            urn=after.unread[title, paths[0]],
            verdict="unknown",
        )
    known = {(it.namespace, it.resource, it.reason) for it in before.fit.uncounted}
    for it in after.fit.uncounted:
        if (it.namespace, it.resource, it.reason) not in known:
            yield _finding(
                "quota-unknown",
                f"ResourceQuota {it.namespace}",
                f"{it.resource} is not held against what the stack uses: {it.reason}",
                why="what is not counted may not fit",
                remedy="leave room for it",
                source=QUOTAS,
                urn=after.quotas.get(it.namespace, ""),
                verdict="unknown",
            )


_finding: Final = Telling("capacity").finding
