"""Availability: what `single` and `ha` promise against what else is said, and budgets against drains."""

from collections.abc import Iterator
from decimal import Decimal
from math import floor

from settings.demand import extra_pods
from settings.faults import Fault
from settings.scaling import Disruption
from settings.sources import Sources
from settings.stack import Settings
from settings.tracks import Track, running
from settings.workload import HA_REPLICAS, Workload

At = tuple[str | int, ...]

_KINDS = ("deployment", "statefulset")
_BLOCKED = "blocks every drain, and with it upgrades of the nodes"


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """One word stands for several settings: none of them may say otherwise, and every drain must pass."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        if workload.availability and workload.kind not in _KINDS:
            yield sources.fault(
                (*at, "availability"),
                f"goes with {' and '.join(_KINDS)} only",
                repr(workload.availability),
                f"remove it or change 'kind: {workload.kind}'",
            )
        elif workload.availability == "ha":
            yield from _ha(workload, at, settings, sources)
        elif workload.availability == "single":
            yield from _single(workload, at, sources)
        yield from _budget(workload, at, settings, sources)


def _ha(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    fewest = workload.fewest_replicas
    if fewest < HA_REPLICAS:
        yield sources.fault(
            (*at, *(("autoscale", "min") if workload.autoscale else ("replicas",))),
            f"must be at least {HA_REPLICAS} with 'availability: ha': "
            f"of {fewest} none is left while a node is drained",
            str(fewest),
            f"write {HA_REPLICAS}, remove it, or write 'availability: single'",
        )
    for key, rule in (("zones", workload.spread.zones), ("nodes", workload.spread.nodes)):
        if rule is None:
            yield sources.fault(
                (*at, "spread", key),
                f"must not be Off with 'availability: ha': all pods could be lost with one of the {key}",
                "'Off'",
                "remove it, or write ScheduleAnyway",
            )
    yield from _places(workload, at, settings, sources)
    yield from _exchange(workload, at, sources)


def _places(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    pool = settings.node_pools.get(workload.pool or "")
    if pool is None:
        return
    if pool.max < HA_REPLICAS:
        yield sources.fault(
            (*at, "pool"),
            f"must have {HA_REPLICAS} nodes for 'availability: ha', and {workload.pool} has at most {pool.max}",
            repr(workload.pool),
            f"raise 'nodePools.{workload.pool}.max', or write 'availability: single' for this stack",
        )
    elif settings.target != "aks" and not pool.zones and workload.spread.zones == "DoNotSchedule":
        yield sources.fault(
            (*at, "spread", "zones"),
            f"leaves every pod pending where nodes have no zone label, and pool {workload.pool} names no zones",
            "'DoNotSchedule'",
            f"add 'nodePools.{workload.pool}.zones', or write 'spread: {{zones: ScheduleAnyway}}'",
        )


def _exchange(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    """A share of the pods that may be missing is rounded down, as the Deployment controller does."""
    given, fewest = workload.rollout.max_unavailable, workload.fewest_replicas
    if workload.kind != "deployment" or workload.release.strategy == "recreate":
        return
    gone = given if isinstance(given, int) else floor(Decimal(given.rstrip("%")) * fewest / 100)
    if fewest >= HA_REPLICAS and gone >= fewest:
        yield sources.fault(
            (*at, "rollout", "maxUnavailable"),
            f"must leave a pod with 'availability: ha': of {fewest} all {fewest} may be missing while rolling",
            repr(given),
            f"write at most {fewest - 1}",
        )


def _single(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    most = workload.most_replicas
    if most > 1:
        yield sources.fault(
            (*at, *(("autoscale", "max") if workload.autoscale else ("replicas",))),
            "must be 1 with 'availability: single'",
            str(most),
            "remove it, or write 'availability: ha'",
        )
    if workload.disruption:
        yield sources.fault(
            (*at, "disruption"),
            "has no use with 'availability: single': it could only block the drain of the one pod",
            remedy="remove it, or write 'availability: ha'",
        )


def _budget(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    budget = workload.disruption
    if budget is None:
        return
    at = (*at, "disruption")
    if (budget.min_available is None) == (budget.max_unavailable is None):
        yield sources.fault(
            at, "must have exactly one of minAvailable, maxUnavailable", remedy="keep one"
        )
        return
    if budget.max_unavailable in (0, "0%"):
        yield sources.fault(
            (*at, "maxUnavailable"), _BLOCKED, repr(budget.max_unavailable), "allow at least 1"
        )
    track = _smallest(settings, workload)
    if track:
        yield from _bound(workload, budget, track, at, sources)


def _smallest(settings: Settings, workload: Workload) -> Track | None:
    """Of the versions that get a budget the one that it binds first."""
    if workload.image_key not in settings.images:  # another check tells
        return None
    found = running(settings, workload)
    guarded = [it for it in found if it.fewest >= HA_REPLICAS or not workload.has_tracks]
    return min(guarded, key=lambda it: it.fewest, default=None)


def _bound(
    workload: Workload, budget: Disruption, track: Track, at: At, sources: Sources
) -> Iterator[Fault]:
    """Shares of a budget are rounded up, whichever way they count."""
    kept, gone, fewest = budget.min_available, budget.max_unavailable, track.fewest
    who = f"version {track.name}" if workload.has_tracks else "the workload"
    if kept is not None and extra_pods(kept, fewest) >= fewest:
        yield sources.fault(
            (*at, "minAvailable"),
            f"{_BLOCKED}: at its smallest {who} has {fewest}",
            repr(kept),
            "lower it or run more replicas",
        )
    if workload.availability != "ha" or fewest < HA_REPLICAS:
        return
    if kept in (0, "0%"):
        yield sources.fault(
            (*at, "minAvailable"),
            f"lets all {fewest} pods go at once, which 'availability: ha' must not",
            repr(kept),
            "write 1, or remove 'disruption'",
        )
    if gone is not None and extra_pods(gone, fewest) >= fewest:
        yield sources.fault(
            (*at, "maxUnavailable"),
            f"lets all go at once, which 'availability: ha' must not: at its smallest {who} has {fewest}",
            repr(gone),
            f"write at most {fewest - 1}, or remove 'disruption'",
        )
