"""Services that are open outwards, on both sides: load balancers, node ports, whom they take requests from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from review.analyses.reachability.exposure import OUTWARD
from review.findings import Severity
from review.meaning import words
from review.meaning.ways_in import Outward, Served
from review.report import AreaFinding, Fact, Sign

_SERVICES: Final = "https://kubernetes.io/docs/concepts/services-networking/service/"
_BALANCERS: Final = f"{_SERVICES}#loadbalancer"
_NODE_PORTS: Final = f"{_SERVICES}#type-nodeport"
_INTERNAL: Final = "https://learn.microsoft.com/azure/aks/internal-lb"

REACH: Final[Mapping[str, str]] = {
    "internet": "the whole Internet",
    "network": "the virtual network",
    "unknown": "wherever this cluster's load balancers reach",
}
"""Who gets to a load balancer, in words."""


def compare(old: Outward | None, new: Outward | None) -> Iterator[Fact | AreaFinding]:
    """What is otherwise about one Service."""
    was = old if old and old.type in OUTWARD else None
    now = new if new and new.type in OUTWARD else None
    found = _opened(was, now) if now and (was is None or _opens(was, now)) else None
    if found:
        yield found
    if now and (was is None or was.type != now.type or was.reach != now.reach):
        said = "" if was is None else f", before {_type(was)} from {_source(was)}"
        yield _fact(
            now,
            "gained" if was is None else "changed",
            f"Service {now.title}, {_type(now)}, takes requests from {_source(now)} on {_ports(now)}{said}",
            rank=2,
            told=found.rule if found and was is None else "",
        )
    elif was and now:
        yield from _details(was, now)
    if was and now is None:
        yield _fact(
            was,
            "lost",
            f"Service {was.title} takes no requests from outside any more: it was a {_type(was)} "
            f"on {_ports(was)}" + ("" if new else ", and is gone"),
            rank=4,
        )
    if old and new:
        yield from _manners(old, new)


def _fact(
    it: Outward,
    sign: Sign,
    message: str,
    *,
    rank: int,
    old: str = "",
    new: str = "",
    told: str = "",
) -> Fact:
    return Fact(
        area="exposure",
        sign=sign,
        resource=f"Service {it.title}",
        message=message,
        rank=rank,
        old=old,
        new=new,
        urn=it.urn,
        told=told,
    )


def _type(it: Outward) -> str:
    return {"network": "internal ", "internet": "public ", "unknown": ""}[it.reach] * (
        it.type == "LoadBalancer"
    ) + it.type


def _source(it: Outward) -> str:
    if it.type == "NodePort":
        return "whoever reaches a node"
    return words.listed(it.source_ranges) or REACH[it.reach]


def _ports(it: Outward) -> str:
    found = {
        f"{port.protocol} {port.port}"
        + (f" (node port {port.node_port})" if port.node_port else "")
        for port in it.ports
    }
    who = sorted({port.workload for port in it.ports if port.workload})
    return f"{words.listed(sorted(found))} for {words.listed(who) or 'nobody'}"


def _opens(was: Outward, now: Outward) -> bool:
    """Whether more of the outside may call."""
    if now.type == "LoadBalancer" and (was.type != now.type or was.reach != now.reach):
        return now.reach != "network"
    return now.type == "LoadBalancer" and words.is_wider(was.source_ranges, now.source_ranges)


def _opened(was: Outward | None, now: Outward) -> AreaFinding:
    """A Service that the outside may call, or more of it."""
    let_in = _let_in(now.ports)
    if now.type == "NodePort":
        return _finding(
            now,
            "exposure-node-port",
            "advisory",
            f"every node answers on {_ports(now)}{let_in}",
            "whoever reaches a node gets past the ingress controller, its TLS and its logs",
            "use type ClusterIP and a route, or an internal LoadBalancer",
            _NODE_PORTS,
        )
    if was and was.type == "LoadBalancer" and was.reach == now.reach:
        all_ = not now.source_ranges
        return _finding(
            now,
            "exposure-sources-widened",
            "mandatory" if all_ and now.reach != "network" else "advisory",
            f"takes requests from {_source(now)}, before from {_source(was)} alone, on {_ports(now)}{let_in}",
            "whoever is new among them reaches the pods past the ingress controller",
            "name the sources that need it in 'service.allowedSources'",
            _BALANCERS,
            path="spec.loadBalancerSourceRanges",
        )
    if now.reach == "network":
        return _finding(
            now,
            "exposure-internal-balancer",
            "advisory",
            f"gets an address in the virtual network, on {_ports(now)}{let_in}",
            "peered networks and whatever is in this one reach the pods past the ingress controller",
            "name the sources that need it in 'service.allowedSources'",
            _INTERNAL,
        )
    return _finding(
        now,
        "exposure-public-balancer",
        "advisory" if now.source_ranges else "mandatory",
        f"takes requests from {_source(now)} on {_ports(now)}{let_in}",
        "it is a way in of its own, without the ingress controller, its TLS and its logs",
        "make it internal, or name the sources in 'service.allowedSources'",
        _BALANCERS,
    )


def _finding(
    it: Outward, rule: str, severity: Severity, message: str, why: str, remedy: str, source: str,
    path: str = "spec.type",
) -> AreaFinding:  # fmt: skip
    return AreaFinding(
        rule=rule,
        severity=severity,
        resource=f"Service {it.title}",
        message=message,
        path=path,
        why=why,
        remedy=remedy,
        source=source,
        urn=it.urn,
        area="exposure",
    )


def _let_in(ports: Iterable[Served]) -> str:
    """What the network policies say to it."""
    shut = sorted({it.workload for it in ports if it.workload and not it.ranges})
    part = {
        it.workload: words.said_ranges(it.ranges)  # type: ignore[arg-type]
        for it in ports
        if it.workload and it.ranges and not words.is_public(it.ranges)  # type: ignore[arg-type]
    }
    said = ""
    if shut:
        said += f"; the network policies of {words.listed(shut)} refuse all of it"
    for name, ranges in sorted(part.items()):
        said += f"; the network policies of {name} let in {ranges} alone"
    return said


def _details(was: Outward, now: Outward) -> Iterator[Fact]:
    """The same way in, with other ports, sources or workloads."""
    if was.source_ranges != now.source_ranges:
        narrower = not words.is_wider(was.source_ranges, now.source_ranges)
        yield _fact(
            now,
            "lost" if narrower else "gained",
            f"Service {now.title} takes requests from {_source(now)}, before from {_source(was)}",
            rank=3,
            old=_source(was),
            new=_source(now),
        )
    old, new = {_port(it): it for it in was.ports}, {_port(it): it for it in now.ports}
    signs: tuple[tuple[Sign, Outward, Iterable[tuple[int, str, int | None]]], ...] = (
        ("gained", now, sorted(new.keys() - old.keys(), key=str)),
        ("lost", was, sorted(old.keys() - new.keys(), key=str)),
    )
    for sign, it, found in signs:
        for port, protocol, node_port in found:
            node = f" (node port {node_port})" if node_port else ""
            yield _fact(
                it,
                sign,
                f"Service {it.title}, {_type(it)}, takes requests on {protocol} {port}{node}"
                if sign == "gained"
                else f"Service {it.title}, {_type(it)}, no longer takes requests on {protocol} {port}{node}",
                rank=3,
            )
    who, whom = (sorted({it.workload for it in one.ports if it.workload}) for one in (was, now))
    if who != whom:
        yield _fact(
            now,
            "changed",
            f"Service {now.title}, {_type(now)}, leads to {words.listed(whom) or 'nobody'}, "
            f"before to {words.listed(who) or 'nobody'}",
            rank=6,
            old=words.listed(who),
            new=words.listed(whom),
        )


def _port(it: Served) -> tuple[int, str, int | None]:
    return it.port, it.protocol, it.node_port


def _manners(old: Outward, new: Outward) -> Iterator[Fact]:
    was = dict(old.manners)
    for key, value in new.manners:
        if key in was and was[key] != value and was[key] and value:
            yield Fact(
                area="exposure",
                sign="changed",
                resource=f"Service {new.title}",
                message=f"Service {new.title} has {key} {value}, before {was[key]}",
                rank=80,
                path=f"spec.{key}",
                old=was[key],
                new=value,
                urn=new.urn,
            )
