"""Probes: one action each, a port of their own container, and enough time to start."""

from collections.abc import Iterator

from settings.checks.containers import PROBES, At, places, port_fault
from settings.container import ContainerSettings
from settings.faults import Fault
from settings.probes import (
    FAILURE_THRESHOLD,
    PERIOD_SECONDS,
    Probe,
    checks_of,
    served_port,
)
from settings.sources import Sources
from settings.stack import Settings
from settings.start_order import is_sidecar, start_order
from settings.workload import Workload

_ACTIONS = (
    ("httpGet", "http_get"),
    ("tcpSocket", "tcp_socket"),
    ("grpc", "grpc"),
    ("exec", "exec"),
)


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every probe can be asked, and none ends a container or a rollout while the pod may still start."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        for path, container in places(workload, at):
            for kind in PROBES:
                probe = getattr(container.probes, kind)
                if isinstance(probe, Probe):
                    yield from _one(container, kind, probe, (*path, "probes", kind), sources)
            yield from _liveness(workload, container, path, sources)
        yield from _start_up(workload, at, sources)


def _one(
    container: ContainerSettings, kind: str, probe: Probe, at: At, sources: Sources
) -> Iterator[Fault]:
    given = [key for key, attribute in _ACTIONS if getattr(probe, attribute)]
    if len(given) != 1:
        yield sources.fault(
            at,
            "must have exactly one of httpGet, tcpSocket, grpc, exec",
            ", ".join(given) or "none",
            "keep one" if given else "add one",
        )
    for key, attribute in _ACTIONS[:3]:
        action = getattr(probe, attribute)
        if action:
            yield from port_fault(container, action.port, (*at, key), sources)
    if kind != "readiness" and (probe.success_threshold or 1) != 1:
        yield sources.fault(
            (*at, "successThreshold"),
            f"must be 1 for {kind}",
            str(probe.success_threshold),
            "remove it",
        )
    if kind == "readiness" and probe.termination_grace_period_seconds is not None:
        yield sources.fault(
            (*at, "terminationGracePeriodSeconds"),
            "goes with startup and liveness only: readiness ends no container",
            str(probe.termination_grace_period_seconds),
            "remove it",
        )


def _arithmetic(probe: Probe) -> str:
    failures = probe.failure_threshold or FAILURE_THRESHOLD
    period = probe.period_seconds or PERIOD_SECONDS
    delay = probe.initial_delay_seconds or 0
    return f"{delay} + {failures} x {period} = {probe.patience_seconds} s"


def _liveness(
    workload: Workload, container: ContainerSettings, at: At, sources: Sources
) -> Iterator[Fault]:
    """Without a startup probe the first liveness check comes while the container may still start."""
    served = served_port(container.ports, workload.served) if workload.service else None
    startup, readiness, liveness = checks_of(container.probes, served)
    if liveness is None or startup is not None or readiness is None:
        return
    delay = readiness.initial_delay_seconds or 0
    period = readiness.period_seconds or PERIOD_SECONDS
    if liveness.patience_seconds <= delay + period:
        yield sources.fault(
            (*at, "probes", "liveness"),
            f"ends the container after {_arithmetic(liveness)} (initialDelaySeconds + failureThreshold x "
            f"periodSeconds), while readiness gives it {delay} + {period} = {delay + period} s to start",
            remedy="add 'startup', or raise failureThreshold or periodSeconds",
        )


def _start_up(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    """A Deployment reports a rollout as failed that makes no progress within its deadline."""
    waits = workload.containers or isinstance(workload.probes.startup, Probe)
    if workload.kind != "deployment" or not waits:
        return
    before = [
        (("containers", name, "probes", "startup"), it.probes.startup)
        for name, it in start_order(workload).first
        if is_sidecar(it) and isinstance(it.probes.startup, Probe)
    ]
    together = [
        ((*path[len(at) :], "probes", "startup"), it.probes.startup)
        for path, it in places(workload, at)
        if not getattr(it, "before", None) and isinstance(it.probes.startup, Probe)
    ]
    slowest = sorted(together, key=lambda it: it[1].patience_seconds)[-1:]
    found = [*before, *slowest]
    needed = sum(probe.patience_seconds for _, probe in found)
    rollout = workload.rollout
    room = rollout.progress_deadline_seconds - rollout.min_ready_seconds
    if found and needed >= room > 0:
        longest, probe = max(found, key=lambda it: it[1].patience_seconds)
        one_by_one = " + ".join(str(it.patience_seconds) for _, it in found)
        total = f", and all that start one by one {one_by_one} = {needed} s" if before else ""
        yield sources.fault(
            (*at, *longest),
            f"gives the container {_arithmetic(probe)}{total}, which must be below "
            f"rollout.progressDeadlineSeconds - minReadySeconds = {rollout.progress_deadline_seconds} - "
            f"{rollout.min_ready_seconds} = {room} s",
            remedy="lower failureThreshold or periodSeconds, or raise rollout.progressDeadlineSeconds",
        )
