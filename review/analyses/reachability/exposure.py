"""What leads to workloads from outside, on top of what policies allow: Services, Ingresses and VirtualServers.

A Service of type ClusterIP is listed, too, as the name under which workloads are called. Whether the ingress
controller's pods may call a routed workload is a connection like any other, and theirs are seldom among the objects:
a chart makes them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.addresses import listed
from review.analyses.reachability.network import Network
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.selectors import bits, selector
from review.analyses.reachability.shapes import RefusedError, a_list, a_map, a_text
from review.analyses.reachability.workloads import name, namespace
from review.given import Given
from settings.faults import Fault

NGINX: Final = frozenset({"k8s.nginx.org"})
KINDS: Final = {
    "Service": frozenset({""}),
    "Ingress": frozenset({"networking.k8s.io", "extensions"}),
    "VirtualServer": NGINX,
    "VirtualServerRoute": NGINX,
}
OUTWARD: Final = ("LoadBalancer", "NodePort")
INTERNAL: Final = "service.beta.kubernetes.io/azure-load-balancer-internal"


class ServicePort(NamedTuple):
    """One port of a Service."""

    port: int
    protocol: str
    target: str
    """As written: a number or a name."""

    node_port: int | None
    workloads: tuple[str, ...]
    """Those whose pods answer there."""

    allowed_from: tuple[str, ...]
    """Ranges of addresses that their policies let in, for a Service that is open outwards."""


class Service(NamedTuple):
    """One Service."""

    title: str
    """`namespace/name`."""

    type: str
    internal: bool
    """A load balancer within the virtual network alone."""

    source_ranges: tuple[str, ...]
    """What a load balancer takes requests from; empty: everywhere."""

    ports: tuple[ServicePort, ...]


class Route(NamedTuple):
    """One path of a host that leads to a Service."""

    host: str
    """`*`: any."""

    path: str
    kind: str
    title: str
    """Of the object, `namespace/name`."""

    service: str
    port: str
    workloads: tuple[str, ...] = ()
    """Those whose pods answer, once the Services are known."""


@dataclass
class Exposure:
    """All of it, sorted."""

    services: list[Service] = field(default_factory=list[Service])
    routes: list[Route] = field(default_factory=list[Route])
    faults: list[Fault] = field(default_factory=list[Fault])


def exposure(given: Iterable[Given], network: Network) -> Exposure:
    """What the Services and routes among `given` lead to; other kinds are passed over."""
    found = Exposure()
    backends: list[Route] = []
    servers: dict[str, dict[str, Mapping[str, Any]]] = {
        "VirtualServer": {},
        "VirtualServerRoute": {},
    }
    for it in given:
        kind = it.manifest["kind"]
        try:
            metadata = a_map(it.manifest.get("metadata"), ("metadata",))
            home, title = namespace(metadata), f"{namespace(metadata)}/{name(metadata)}"
            spec = a_map(it.manifest.get("spec"), ("spec",))
            if kind == "Service":
                found.services.append(_service(metadata, home, title, spec, network))
            elif kind == "Ingress":
                backends += _ingress(home, title, spec)
            elif kind in servers:
                servers[kind][title] = spec
        except RefusedError as error:
            rule = f"{kind} {name_shown(it)}: {error}".strip()
            remedy = "the API server would refuse it; it is left out"
            found.faults.append(Fault(it.file, it.line, "", rule, remedy=remedy))
    for title, spec in servers["VirtualServer"].items():
        backends += _virtual_server(title, spec, servers["VirtualServerRoute"])
    leading = {it.title: it for it in found.services}
    for one in dict.fromkeys(backends):
        service = leading.get(one.service)
        to = {
            workload
            for port in (service.ports if service else ())
            if one.port in ("", str(port.port), port.target)
            for workload in port.workloads
        }
        found.routes.append(one._replace(workloads=tuple(sorted(to))))
    found.services.sort()
    found.routes.sort()
    return found


def name_shown(given: Given) -> str:
    """The object's name where it has one."""
    metadata = given.manifest.get("metadata")
    found = metadata.get("name") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, str) else ""


def _service(
    metadata: Mapping[str, Any], home: str, title: str, spec: Mapping[str, Any], network: Network
) -> Service:
    kind = spec.get("type") or "ClusterIP"
    wanted = a_map(spec.get("selector"), ("spec", "selector"))
    units = 0
    if wanted and kind != "ExternalName":
        units = network.labelled(home, selector({"matchLabels": wanted}, ("spec", "selector")))
    annotations = a_map(metadata.get("annotations"), ("metadata", "annotations"))
    path = ("spec", "ports")
    return Service(
        title=title,
        type=a_text(kind, ("spec", "type")),
        internal=annotations.get(INTERNAL) in ("true", True),
        source_ranges=tuple(
            map(str, a_list(spec.get("loadBalancerSourceRanges"), ("spec", "ports")))
        ),
        ports=tuple(
            _port(a_map(it, path), units, kind in OUTWARD, network)
            for it in a_list(spec.get("ports"), path)
        ),
    )


def _port(data: Mapping[str, Any], units: int, outward: bool, network: Network) -> ServicePort:
    port, protocol = data.get("port"), data.get("protocol") or "TCP"
    if not isinstance(port, int) or protocol not in ports.PROTOCOLS:
        raise RefusedError(("spec", "ports"), "a port needs a number, and TCP, UDP or SCTP", port)
    target = data.get("targetPort") or port
    answering: dict[int, Ports] = {}
    for unit in bits(units):
        number = (
            ports.of(protocol, target, target)
            if isinstance(target, int)
            else network.units[unit].port(str(target), protocol)
        )
        if number != ports.NONE:
            answering[unit] = number
    node_port = data.get("nodePort")
    return ServicePort(
        port=port,
        protocol=protocol,
        target=str(target),
        node_port=node_port if isinstance(node_port, int) else None,
        workloads=tuple(sorted(network.owners(answering))),
        allowed_from=_allowed_from(answering, network) if outward else (),
    )


def _allowed_from(answering: Mapping[int, Ports], network: Network) -> tuple[str, ...]:
    found: list[str] = []
    for family in network.families:
        opened = [
            (ranges, both)
            for unit, wanted in answering.items()
            for ranges, open_ports in network.opened(
                "ingress", network.isolating(unit, "ingress"), family
            )
            if (both := ports.common(open_ports, wanted)) != ports.NONE
        ]
        found += dict.fromkeys(it[0] for it in listed(family, opened))
    return tuple(found)


def _ingress(home: str, title: str, spec: Mapping[str, Any]) -> Iterator[Route]:
    path = ("spec", "rules")
    default = spec.get("defaultBackend") or spec.get("backend")
    if default:
        yield Route("*", "/", "Ingress", title, *_service_of(default, home))
    for item in a_list(spec.get("rules"), path):
        rule = a_map(item, path)
        host = a_text(rule.get("host") or "*", (*path, "host"))
        for entry in a_list(a_map(rule.get("http"), path).get("paths"), path):
            data = a_map(entry, path)
            where = a_text(data.get("path") or "/", path)
            yield Route(host, where, "Ingress", title, *_service_of(data.get("backend"), home))


def _service_of(backend: Any, home: str) -> tuple[str, str]:
    """Service and port of a backend, in the form of v1 or of the betas before it."""
    data = a_map(backend, ("backend",))
    if "serviceName" in data:
        return f"{home}/{data['serviceName']}", str(data.get("servicePort", ""))
    service = a_map(data.get("service"), ("backend", "service"))
    port = a_map(service.get("port"), ("backend", "service", "port"))
    called = f"{home}/{service['name']}" if service.get("name") else ""
    return called, str(port.get("number") or port.get("name") or "")


def _virtual_server(
    title: str, spec: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]
) -> Iterator[Route]:
    """Its own routes, and the subroutes of each VirtualServerRoute that it names."""
    home, host = title.partition("/")[0], str(spec.get("host") or "*")
    for item in _maps(spec.get("routes")):
        if isinstance(other := item.get("route"), str):
            other = other if "/" in other else f"{home}/{other}"
            if found := others.get(other):
                yield from _routes(host, "VirtualServerRoute", other, found, "subroutes")
    yield from _routes(host, "VirtualServer", title, spec, "routes")


def _routes(host: str, kind: str, title: str, spec: Mapping[str, Any], key: str) -> Iterator[Route]:
    home = title.partition("/")[0]
    upstreams = {str(it.get("name")): it for it in _maps(spec.get("upstreams"))}
    for item in _maps(spec.get(key)):
        for upstream in _upstreams(item):
            if found := upstreams.get(upstream):
                service = str(found.get("service"))
                service = service if "/" in service else f"{home}/{service}"
                port = str(found.get("port") or "")
                yield Route(host, str(item.get("path")), kind, title, service, port)


def _upstreams(item: Mapping[str, Any]) -> Iterator[str]:
    """Names of the upstreams that a route may pass a request to."""
    for part in (item, *_maps(item.get("splits")), *_maps(item.get("matches"))):
        action = part.get("action")
        if isinstance(action, Mapping):
            proxy = action.get("proxy")
            found = action.get("pass") or (isinstance(proxy, Mapping) and proxy.get("upstream"))
            if isinstance(found, str):
                yield found
        if part is not item:
            yield from _upstreams({"splits": part.get("splits")})


def _maps(data: Any) -> list[Mapping[str, Any]]:
    return [it for it in data if isinstance(it, Mapping)] if isinstance(data, list) else []
