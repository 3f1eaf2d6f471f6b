"""Declared connections: every target exists and has the port that is asked for."""

from collections.abc import Iterator

from settings.faults import Fault, did_you_mean
from settings.sources import Sources
from settings.stack import Settings

INTERNET = "internet"
KUBERNETES = "kubernetes"
RESERVED = (INTERNET, KUBERNETES)


At = tuple[str | int, ...]


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """`uses` names workloads, externals, `internet` with a port, or `kubernetes`; no name means two things."""
    for name in settings.externals:
        if name in sources.catalogue or name in RESERVED:
            rule = "must differ from every workload, 'internet' and 'kubernetes'"
            yield sources.fault(("externals", name), rule, repr(name), "rename it")
    for name in RESERVED:
        if name in settings.workloads:
            yield sources.fault(
                ("workloads", name, "name"), "is reserved for 'uses'", repr(name), "rename it"
            )
    for name, workload in settings.workloads.items():
        for index, target in enumerate(workload.uses):
            at = ("workloads", name, "uses", index)
            if target in workload.uses[:index]:
                yield sources.fault(at, "stands twice", repr(target), "remove one")
            if target.partition(":")[0] == name:
                yield sources.fault(at, "names the workload itself", repr(target), "remove it")
            else:
                yield from _target(settings, target, at, sources)


def _target(settings: Settings, target: str, at: At, sources: Sources) -> Iterator[Fault]:
    host, _, text = target.partition(":")
    port = int(text) if text else None
    if port is not None and not 1 <= port <= 65535:
        yield sources.fault(at, "must have a port of 1 to 65535", repr(target), "correct it")
    elif host == INTERNET and port is None:
        yield sources.fault(
            at, "must name a port for the Internet", repr(target), "write 'internet:443'"
        )
    elif host in settings.externals and port is None and not settings.externals[host].ports:
        remedy = f"write '{host}:443' or give 'externals.{host}.ports'"
        yield sources.fault(
            at, "must name a port: the external has none of its own", repr(target), remedy
        )
    elif host in settings.workloads and host not in RESERVED:
        yield from _peer(settings, host, port, at, target, sources)
    elif host in sources.catalogue:
        if sources.overrides.get(host, host) is None:
            remedy = "leave this one out, too, or override 'uses'"
            yield sources.fault(
                at, "names a workload that this stack leaves out", repr(target), remedy
            )
    elif host not in (*RESERVED, *settings.externals):
        known = [*settings.workloads, *settings.externals, *RESERVED]
        rule = "must be a workload, an external of the stack, 'internet' or 'kubernetes'"
        remedy = did_you_mean(host, known) or "add it to 'externals' of the stack"
        yield sources.fault(at, rule, repr(target), remedy)


def _peer(
    settings: Settings, host: str, port: int | None, at: At, target: str, sources: Sources
) -> Iterator[Fault]:
    callee = settings.workloads[host]
    known = [it.port for it in callee.served]
    if callee.service is None:
        yield sources.fault(
            at, f"names {host}, which has no 'service'", repr(target), "add one there"
        )
    elif port not in (None, *known):
        yield sources.fault(
            at,
            f"must name a Service port of {host}: {', '.join(map(str, known))}",
            repr(target),
            "correct it",
        )
