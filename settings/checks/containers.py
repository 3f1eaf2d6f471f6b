"""Further containers of a pod: their names, who waits for whom, and what one that ends cannot have."""

from collections.abc import Iterator

from settings.container import MAIN, Container, ContainerSettings, Lifecycle
from settings.faults import Fault, did_you_mean
from settings.ports import Opened, over_tcp
from settings.probes import Probe
from settings.sources import Sources
from settings.stack import Settings
from settings.start_order import cycle, ends_first
from settings.workload import Workload

At = tuple[str | int, ...]

PROBES = ("startup", "readiness", "liveness")


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What the containers of one pod say must agree with each other."""
    for name, workload in settings.workloads.items():
        at = ("workloads", name)
        yield from _ports(workload, at, sources)
        for path, container in places(workload, at):
            if container.pre_stop is not None:
                yield from _pre_stop(
                    workload, container, container.pre_stop, (*path, "preStop"), sources
                )
        if workload.containers:
            yield from _further(workload, at, sources)


def places(workload: Workload, at: At) -> list[tuple[At, ContainerSettings]]:
    """Every container of the pod with its key path, the workload's own first."""
    if not workload.containers:
        return [(at, workload)]
    further = workload.containers.items()
    return [(at, workload), *(((*at, "containers", name), it) for name, it in further)]


def _further(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    for name, container in workload.containers.items():
        path = (*at, "containers", name)
        if name == MAIN:
            rule = f"must not be {MAIN!r}: so 'before' calls the workload's own container"
            yield sources.fault(path, rule, remedy="rename it")
        elif name == workload.name:
            yield sources.fault(
                path, "has the name of the workload's own container", remedy="rename it"
            )
        yield from _before(workload, container, path, sources)
        if ends_first(container):
            yield from _ending(container, path, sources)
    circle = cycle(workload)
    if circle:
        yield sources.fault(
            (*at, "containers", circle[0], "before"),
            f"waits in a circle: {' before '.join(circle)}",
            remedy="take one of them out",
        )


def _before(workload: Workload, container: Container, at: At, sources: Sources) -> Iterator[Fault]:
    known = (MAIN, *workload.containers)
    for name in container.before:
        if name not in known:
            yield sources.fault(
                (*at, "before", name),
                f"must be a container of the pod: {', '.join(known)}",
                remedy=did_you_mean(name, known) or "correct it",
            )
    conditions = set(container.before.values())
    if "complete" in conditions and len(conditions) > 1:
        others = " and ".join(sorted(conditions - {"complete"}))
        yield sources.fault(
            (*at, "before"),
            f"must not ask for complete and for {others}: it ends, or it keeps running",
            remedy="make it two containers",
        )
    if "healthy" in conditions and not isinstance(container.probes.startup, Probe):
        yield sources.fault(
            (*at, "probes", "startup"),
            "is required with before: healthy, which is when it has passed",
            remedy="add it, for example 'startup: /healthz', or write 'started'",
        )


def _ending(container: Container, at: At, sources: Sources) -> Iterator[Fault]:
    """https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior"""
    for kind in PROBES:
        if isinstance(getattr(container.probes, kind), Probe):
            rule = "has no use before: complete: its end is its health"
            yield sources.fault((*at, "probes", kind), rule, remedy="remove it")
    if container.pre_stop is not None:
        rule = "has no use before: complete: it ends by itself"
        yield sources.fault((*at, "preStop"), rule, remedy="remove it")
    if container.ports:
        rule = "has no use before: complete: nobody calls a container before its pod is up"
        yield sources.fault((*at, "ports"), rule, remedy="remove it")


def _pre_stop(
    workload: Workload, container: ContainerSettings, given: Lifecycle, at: At, sources: Sources
) -> Iterator[Fault]:
    forms = {"sleepSeconds": given.sleep_seconds, "exec": given.exec, "httpGet": given.http_get}
    said = [key for key, it in forms.items() if it is not None]
    if len(said) != 1:
        yield sources.fault(
            at,
            f"must have exactly one of {', '.join(forms)}",
            ", ".join(said) or "none",
            "keep one" if said else "add one",
        )
    grace = workload.termination_grace_period_seconds
    if given.sleep_seconds and given.sleep_seconds >= grace:
        yield sources.fault(
            (*at, "sleepSeconds"),
            f"must be below terminationGracePeriodSeconds ({grace}): the kill comes {grace} s after the pod is told to "
            "go, the wait included",
            str(given.sleep_seconds),
            f"write at most {grace - 1}, or raise terminationGracePeriodSeconds",
        )
    if given.http_get:
        yield from port_fault(container, given.http_get.port, (*at, "httpGet"), sources)


def _ports(workload: Workload, at: At, sources: Sources) -> Iterator[Fault]:
    """A pod has one address: two of its containers cannot listen on one number, and a Service names a port once."""
    numbers: dict[Opened, str] = {}
    names: set[str] = set()
    for path, container in places(workload, at):
        for name, port in container.ports.items():
            if name in names:
                yield sources.fault(
                    (*path, "ports", name),
                    "must be named once in a pod: another container has a port of this name",
                    remedy="rename one of them",
                )
            elif port.opened in numbers:
                yield sources.fault(
                    (*path, "ports", name),
                    f"must not repeat the number of {numbers[port.opened]!r} with the same protocol, {port.protocol}",
                    str(port.port),
                    "keep one name a port",
                )
            names.add(name)
            numbers.setdefault(port.opened, name)


def port_fault(
    container: ContainerSettings, port: str | None, at: At, sources: Sources
) -> Iterator[Fault]:
    """A check's `port`, or the one that is meant without it, must be the container's own and answer over TCP."""
    if port is None and not container.ports:
        yield sources.fault(
            at, "needs a port, and the container has none in 'ports'", remedy="add one there"
        )
    elif port is not None and port not in container.ports:
        known = ", ".join(map(repr, sorted(container.ports))) or "none"
        yield sources.fault(
            (*at, "port"),
            f"must be a name in 'ports', which has {known}",
            repr(port),
            did_you_mean(port, container.ports) or "add the port",
        )
    elif not (asked := over_tcp(container.ports)):
        rule = "needs a TCP port, and the container has none in 'ports': nobody can ask one of another protocol"
        yield sources.fault(
            at, rule, remedy="check with 'exec', or add a TCP port that tells its health"
        )
    elif port is not None and port not in asked:
        yield sources.fault(
            (*at, "port"),
            f"must be a TCP port, and {port!r} is {container.ports[port].protocol}: nobody can ask that one",
            repr(port),
            f"name one of {', '.join(map(repr, asked))}, or check with 'exec'",
        )
