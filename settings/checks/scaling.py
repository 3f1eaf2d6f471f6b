"""Rollouts and what goes with which kind."""

from collections.abc import Iterator

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
        if (
            settings.disks == "claim"
            and workload.most_replicas <= 1  # of several none may have it, which `_disks` tells
            and any(it.disk and not it.disk.shared for it in workload.volumes.values())
        ):
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
    """A claim is made for one pod, unless it is of a file share; a statefulset makes one for each of its own."""
    if settings.disks != "claim" or workload.kind == "statefulset":
        return
    if workload.kind != "daemonset" and workload.most_replicas <= 1:
        return
    for name, volume in workload.volumes.items():
        if volume.disk and not volume.disk.shared:
            yield sources.fault(
                (*at, "volumes", name, "disk"),
                "can be held by one pod only",
                remedy="use a statefulset, which has a disk for each pod, one pod, or a file share with "
                "'accessMode: ReadWriteMany'",
            )
