"""Replicas, autoscalers, disruption budgets, rollouts and what goes with which kind."""

from collections.abc import Iterator

from settings.demand import extra_pods, one_pod
from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

At = tuple[str, ...]
_ONLY = {
    "replicas": ("deployment", "statefulset"),
    "autoscale": ("deployment", "statefulset"),
    "disruption": ("deployment", "statefulset"),
    "job": ("job", "cronjob"),
    "cron": ("cronjob",),
}


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What one workload says about its size and life must agree with itself."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        yield from _kind(workload, at, sources)
        yield from _autoscale(workload, at, settings, sources)
        yield from _disruption(workload, at, sources)
        yield from _rollout(workload, at, settings, sources)
        yield from _disks(workload, at, settings, sources)


def _kind(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    for key, kinds in _ONLY.items():
        if getattr(workload, key) is not None and workload.kind not in kinds:
            yield sources.fault(
                (*at, key),
                f"goes with {' and '.join(kinds)} only",
                remedy=f"remove it or change 'kind: {workload.kind}'",
            )
    if workload.kind == "cronjob" and workload.cron is None:
        yield sources.fault(
            (*at, "cron"),
            "is required for a cronjob",
            remedy="add 'cron: {schedule: \"*/5 * * * *\"}'",
        )


def _autoscale(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    scale = workload.autoscale
    if scale is None:
        return
    if workload.replicas is not None:
        yield sources.fault(
            (*at, "replicas"),
            "must be absent beside 'autoscale', which owns the number",
            str(workload.replicas),
            "remove it; null removes one that comes from the catalogue",
        )
    if scale.min > scale.max:
        yield sources.fault(
            (*at, "autoscale", "min"),
            f"must not exceed max ({scale.max})",
            str(scale.min),
            "lower it",
        )
    if scale.cpu is None and scale.memory is None:
        yield sources.fault(
            (*at, "autoscale"), "must have a target: cpu, memory or both", remedy="add 'cpu: 70'"
        )
    tenant = settings.namespaces.get(workload.namespace)
    asked = one_pod(workload, tenant.limits if tenant else None)
    for key, request in (("cpu", asked.requests_cpu), ("memory", asked.requests_memory)):
        if getattr(scale, key) and not request:
            yield sources.fault(
                (*at, "autoscale", key),
                f"is a share of the {key} request, and there is none",
                remedy=f"add 'resources.requests.{key}'",
            )


def _disruption(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    budget, fewest = workload.disruption, workload.fewest_replicas
    if budget is None:
        return
    at = (*at, "disruption")
    if (budget.min_available is None) == (budget.max_unavailable is None):
        yield sources.fault(
            at, "must have exactly one of minAvailable, maxUnavailable", remedy="keep one"
        )
    blocked = "blocks every drain, and with it upgrades of the nodes"
    if budget.max_unavailable in (0, "0%"):
        yield sources.fault(
            (*at, "maxUnavailable"), blocked, repr(budget.max_unavailable), "allow at least 1"
        )
    kept = budget.min_available
    if kept is not None and extra_pods(kept, fewest) >= fewest:
        yield sources.fault(
            (*at, "minAvailable"),
            f"{blocked}: at its smallest the workload has {fewest}",
            repr(kept),
            "lower it or run more replicas",
        )


def _rollout(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    rollout = workload.rollout
    none = (0, "0%")
    if workload.kind == "deployment" and workload.release.strategy != "recreate":
        if rollout.max_surge in none and rollout.max_unavailable in none:
            yield sources.fault(
                (*at, "rollout", "maxSurge"),
                "must not be 0 together with maxUnavailable: the rollout could never move",
                repr(rollout.max_surge),
                "write 'maxSurge: 1'",
            )
        if settings.disks == "claim" and any(volume.disk for volume in workload.volumes.values()):
            yield sources.fault(
                (*at, "release"),
                "must be recreate for a deployment with a disk: the old pod holds it",
                f"'{workload.release.strategy}'",
                "write 'release: recreate' or use a statefulset",
            )
    if rollout.progress_deadline_seconds <= rollout.min_ready_seconds:
        yield sources.fault(
            (*at, "rollout", "progressDeadlineSeconds"),
            f"must exceed minReadySeconds ({rollout.min_ready_seconds})",
            str(rollout.progress_deadline_seconds),
            "raise it",
        )


def _disks(workload: Workload, at: At, settings: Settings, sources: Sources) -> Iterator[Fault]:
    """A claim is made for one pod; a statefulset makes one for each of its own."""
    if settings.disks != "claim" or workload.kind == "statefulset":
        return
    if workload.kind != "daemonset" and workload.most_replicas <= 1:
        return
    for name, volume in workload.volumes.items():
        if volume.disk:
            yield sources.fault(
                (*at, "volumes", name, "disk"),
                "can be held by one pod only",
                remedy="use a statefulset, which has a disk for each pod, or one pod",
            )
