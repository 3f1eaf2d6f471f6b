"""Services: their ports, how far they reach, and what goes with which type."""

from collections.abc import Iterator

from settings.faults import Fault, did_you_mean
from settings.ports import Protocol, usual_port
from settings.service import Service
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

At = tuple[str | int, ...]

_BALANCED = ("LoadBalancer",)
_OUTSIDE = ("NodePort", "LoadBalancer")
_ONLY = (
    ("internal", "internal", _BALANCED),
    ("subnet", "subnet", _BALANCED),
    ("allowedSources", "allowed_sources", _BALANCED),
    ("externalTrafficPolicy", "external_traffic_policy", _OUTSIDE),
)
"""Keys that say something with these types only."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What a Service says leads to a port of its pods and fits its type; a node port belongs to one."""
    taken: dict[int, tuple[str, set[Protocol]]] = {}
    for name, workload in settings.workloads.items():
        service, at = workload.service, ("workloads", name, "service")
        if service is None:
            continue
        if workload.kind in ("job", "cronjob"):
            yield sources.fault(at, f"has no use for a {workload.kind}", remedy="remove it")
        yield from _ports(workload, service, at, sources)
        yield from _protocols(settings, workload, service, at, sources)
        yield from _type(service, at, sources)
        yield from _clients(service, at, sources)
        if service.headless:
            yield from _headless(workload, service, at, sources)
        yield from _node_ports(workload, service, at, taken, sources)


def _ports(workload: Workload, service: Service, at: At, sources: Sources) -> Iterator[Fault]:
    if bool(service.ports) == (service.port is not None):
        yield sources.fault(
            at,
            "must have exactly one of port, ports",
            "both" if service.ports else "none",
            "keep one; null removes one that comes from the catalogue"
            if service.ports
            else "add 'port: 80'",
        )
    elif service.ports:
        yield from _several(workload, service, at, sources)
    elif service.target_port is None and usual_port(workload.all_ports) is None:
        known = _list(workload)
        yield sources.fault(
            at,
            f"must name the container port behind it: there are {known}, and none is 'http'"
            if workload.all_ports
            else "needs a port of a container, and none has one in 'ports'",
            remedy=f"add 'targetPort: {next(iter(workload.all_ports))}'"
            if workload.all_ports
            else "add 'ports: {http: 8080}'",
        )


def _several(workload: Workload, service: Service, at: At, sources: Sources) -> Iterator[Fault]:
    for key, given in (
        ("targetPort", service.target_port),
        ("nodePort", service.node_port),
        ("protocol", service.protocol),
    ):
        if given is not None:
            yield sources.fault(
                (*at, key),
                "goes with 'port' only: beside 'ports' each port has its own",
                repr(given),
                f"move it to the port, for example 'ports: {{http: {{port: 80, {key}: {given}}}}}'",
            )
    numbers: dict[tuple[int, Protocol | None], str] = {}
    protocols = {it.name: it.protocol for it in workload.served}
    for name, port in service.ports.items():
        target = port.target_port or name
        if target not in workload.all_ports:
            yield sources.fault(
                (*at, "ports", name, *(("targetPort",) if port.target_port else ())),
                f"must lead to a container port: {_list(workload)}",
                repr(target),
                did_you_mean(target, workload.all_ports) or "add 'targetPort' with one of them",
            )
        opened = (port.port, protocols[name])
        if opened in numbers:
            yield sources.fault(
                (*at, "ports", name),
                f"must not repeat the port of {numbers[opened]!r} with the same protocol, {opened[1]}",
                str(port.port),
                "choose another number",
            )
        numbers.setdefault(opened, name)


def _protocols(
    settings: Settings, workload: Workload, service: Service, at: At, sources: Sources
) -> Iterator[Fault]:
    """https://kubernetes.io/docs/concepts/services-networking/service/#protocol-support"""
    public = settings.target == "aks" and service.type == "LoadBalancer" and not service.internal
    for it in workload.served:
        path = (*at, "ports", it.name) if service.ports else at
        said = service.ports[it.name].protocol if service.ports else service.protocol
        if it.number and said not in (None, it.protocol):
            yield sources.fault(
                (*path, "protocol"),
                f"must be {it.protocol}, that of the container port {it.target!r}: Kubernetes finds no pod behind "
                "another",
                repr(said),
                f"remove it, or write it in 'ports.{it.target}'",
            )
        elif public and it.protocol == "SCTP":
            rule = "must not be SCTP: Azure's load balancers take it from the virtual network only"
            yield sources.fault(path, rule, remedy="remove 'internal: false'")


def _list(workload: Workload) -> str:
    return ", ".join(map(repr, workload.all_ports)) or "none"


def _type(service: Service, at: At, sources: Sources) -> Iterator[Fault]:
    for key, field, types in _ONLY:
        given = field in service.model_fields_set and getattr(service, field) not in (None, [])
        if given and service.type not in types:
            yield sources.fault(
                (*at, key),
                f"goes with type {' or '.join(types)} only",
                remedy=f"remove it or change 'type: {service.type}'",
            )
    if service.subnet and service.type == "LoadBalancer" and not service.internal:
        yield sources.fault(
            (*at, "subnet"),
            "goes with an internal load balancer only: a public address is in no subnet",
            repr(service.subnet),
            "remove it, or remove 'internal: false'",
        )


def _clients(service: Service, at: At, sources: Sources) -> Iterator[Fault]:
    if service.session_affinity_seconds is not None and service.session_affinity != "ClientIP":
        yield sources.fault(
            (*at, "sessionAffinitySeconds"),
            "goes with sessionAffinity ClientIP only",
            str(service.session_affinity_seconds),
            "add 'sessionAffinity: ClientIP' or remove it",
        )


def _headless(workload: Workload, service: Service, at: At, sources: Sources) -> Iterator[Fault]:
    """DNS answers with the pods' own addresses, so nothing stands between that could change or choose anything."""
    if service.type != "ClusterIP":
        yield sources.fault(
            (*at, "headless"), "goes with type ClusterIP only", "true", "remove one of the two"
        )
        return
    if service.session_affinity != "None":
        yield sources.fault(
            (*at, "sessionAffinity"),
            "has no effect on a headless Service: callers choose a pod themselves",
            repr(service.session_affinity),
            "remove one of the two",
        )
    if service.internal_traffic_policy is not None:
        yield sources.fault(
            (*at, "internalTrafficPolicy"),
            "has no effect on a headless Service: callers choose a pod themselves",
            repr(service.internal_traffic_policy),
            "remove one of the two",
        )
    for it in workload.served:
        if it.number not in (0, it.port):
            yield sources.fault(
                (*at, "ports", it.name) if service.ports else (*at, "port"),
                f"must be {it.number}, the number of {it.target!r}: behind a headless Service callers meet the pods' "
                "own ports",
                str(it.port),
                f"write {it.number}, or remove 'headless'",
            )


def _node_ports(
    workload: Workload,
    service: Service,
    at: At,
    taken: dict[int, tuple[str, set[Protocol]]],
    sources: Sources,
) -> Iterator[Fault]:
    """One Service may have the same node port for two protocols, two Services may not."""
    for it in workload.served:
        number = it.node_port
        path = (*at, *(("ports", it.name) if service.ports else ()), "nodePort")
        if number is None:
            continue
        if service.type == "ClusterIP":
            yield sources.fault(
                path,
                "goes with type NodePort or LoadBalancer only",
                str(number),
                "add 'type: NodePort' or remove it",
            )
        owner, protocols = taken.setdefault(number, (workload.name, set()))
        if owner != workload.name or it.protocol in protocols:
            yield sources.fault(
                path,
                f"is taken by {owner}",
                str(number),
                "choose another, or leave the choice to Kubernetes",
            )
        protocols.add(it.protocol)
