"""What leads into the cluster of one plan: hosts and paths with their TLS, Services that are open outwards, and who
stands before them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from review.analyses.pods import release_key, releases
from review.analyses.reachability import ports
from review.analyses.reachability.exposure import INTERNAL, OUTWARD, ServicePort, exposure
from review.analyses.reachability.exposure import KINDS as LEADING
from review.analyses.reachability.ports import Ports
from review.given import Given
from review.meaning import azure_doors, azure_groups, closure, ends, reading, seen
from review.meaning.azure_doors import Door
from review.meaning.azure_groups import Groups
from review.meaning.ends import Known, is_controller
from review.meaning.reading import Undetermined
from review.plan import Plan
from settings.pod_fields import mapping, mappings

Reach = Literal["internet", "network", "unknown"]
"""Who gets to a load balancer: everybody, the virtual network alone, or nobody here can tell."""

HOST_KINDS: Final = ("Ingress", "VirtualServer", "VirtualServerRoute")


class Controller(NamedTuple):
    """An ingress controller that the program installs."""

    title: str
    ingress_class: str
    reach: Reach
    source_ranges: tuple[str, ...]
    urn: str


class Host(NamedTuple):
    """One host, with what an object of its own says of it."""

    host: str
    secret: str
    """Name of the Secret with its certificate; empty: no TLS here."""

    ingress_class: str
    title: str
    """Of the object that says so: `Ingress nginx-ingress/public`."""

    urn: str


class Path(NamedTuple):
    """One path of a host, and who answers."""

    host: str
    path: str
    kind: str
    """`Exact`, `Prefix` or `ImplementationSpecific`; empty for what NGINX itself takes."""

    service: str
    port: str
    workloads: tuple[str, ...]
    refused: tuple[str, ...]
    """Of `workloads` those that the controller's pods may not call; empty where no controller is known."""

    ingress_class: str
    title: str
    urn: str

    @property
    def url(self) -> str:
        """As a reader knows it."""
        return f"{self.host}{self.path}"


class Served(NamedTuple):
    """One port of a Service that is open outwards, for one workload."""

    port: int
    protocol: str
    node_port: int | None
    workload: str
    """Empty: nobody answers."""

    ranges: tuple[tuple[int, int, int], ...]
    """Addresses outside that policies let in: family, first and last."""


class Outward(NamedTuple):
    """One Service."""

    title: str
    type: str
    reach: Reach
    source_ranges: tuple[str, ...]
    ports: tuple[Served, ...]
    manners: tuple[tuple[str, str], ...]
    """What else is said of it: `sessionAffinity` and the like."""

    workloads: tuple[str, ...]
    urn: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """Ways into the cluster of one plan."""

    controllers: tuple[Controller, ...]
    hosts: tuple[Host, ...]
    paths: tuple[Path, ...]
    services: tuple[Outward, ...]
    kinds: tuple[tuple[str, str, str], ...]
    """Title, kind and URN of each workload."""

    azure: bool
    """Whether the program builds the cluster: of another's nobody here knows what its load balancers reach."""

    doors: tuple[Door, ...]
    groups: Groups
    """Azure's security groups."""

    undetermined: tuple[Undetermined, ...]
    hidden: tuple[Undetermined, ...]
    """What policies and workloads leave open: told under connections, and what leads to pods hangs on it, too."""

    refused: tuple[tuple[str, str], ...]

    def controller(self, ingress_class: str) -> Controller | None:
        """The one that serves a class."""
        return next((it for it in self.controllers if it.ingress_class == ingress_class), None)


def of_plan(plan: Plan) -> Side:
    """The ways into `plan`'s cluster."""
    plan = seen.network(plan)
    known = ends.known(plan)
    open_: list[Undetermined] = []
    given = sorted(reading.objects(plan, LEADING, open_), key=lambda it: it.file)
    found = exposure(given, known.network)
    titles = {
        str(workload.key): end.title
        for workload, end in zip(known.network.workloads, known.ends, strict=True)
    }
    azure = "clusterName" in plan.outputs
    controllers = tuple(sorted(_controllers(plan, azure)))
    manifests = {(it.manifest["kind"], _title(it)): it for it in given}
    leading = {it.title: it.ports for it in found.services}
    asking = _Asking(known, titles)
    paths = []
    for it in found.routes:
        by = manifests[it.kind, it.title]
        own = _class(by.manifest)
        controller = next((one for one in controllers if one.ingress_class == own), None)
        serving = [
            one for one in leading.get(it.service, ()) if it.port in ("", str(one.port), one.target)
        ]
        paths.append(
            Path(
                it.host,
                it.path,
                _path_kind(by.manifest, it.host, it.path),
                it.service,
                it.port,
                tuple(sorted(titles[name] for name in it.workloads)),
                asking.refused(controller.title, serving) if controller else (),
                own,
                f"{it.kind} {it.title}",
                by.file,
            )
        )
    return Side(
        controllers=controllers,
        hosts=tuple(sorted({host for it in given for host in _hosts(it)})),
        paths=tuple(sorted(paths)),
        services=tuple(
            _outward(manifests["Service", it.title], it.type, it.ports, azure, asking)
            for it in found.services
        ),
        kinds=tuple((it.title, it.resource, it.urn) for it in known.ends),
        azure=azure,
        doors=azure_doors.of_plan(plan),
        groups=azure_groups.of_plan(plan),
        undetermined=tuple(open_),
        hidden=known.undetermined,
        refused=tuple(sorted((it.file, it.rule) for it in found.faults)),
    )


def _controllers(plan: Plan, azure: bool) -> Iterator[Controller]:
    for row in releases(plan):
        if not is_controller(row):
            continue
        values = mapping(mapping(row.inputs.get("values")).get("controller"))
        service = mapping(values.get("service"))
        named = mapping(values.get("ingressClass")).get("name")
        internal = mapping(service.get("annotations")).get(INTERNAL) in ("true", True)
        kind = service.get("type", "LoadBalancer")
        reach: Reach = "unknown"
        if azure and isinstance(kind, str):
            reach = "internet" if kind == "LoadBalancer" and not internal else "network"
        yield Controller(
            "/".join(release_key(row)),
            named if isinstance(named, str) else "nginx",
            reach,
            _ranges(service),
            row.urn,
        )


def _ranges(spec: Mapping[str, Any]) -> tuple[str, ...]:
    found = spec.get("loadBalancerSourceRanges")
    return (
        tuple(sorted(it for it in found if isinstance(it, str))) if isinstance(found, list) else ()
    )


def _title(given: Given) -> str:
    metadata = mapping(given.manifest.get("metadata"))
    return f"{metadata.get('namespace') or 'default'}/{metadata.get('name')}"


def _class(manifest: Mapping[str, Any]) -> str:
    spec = mapping(manifest.get("spec"))
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    found = spec.get("ingressClassName") or annotations.get("kubernetes.io/ingress.class")
    return found if isinstance(found, str) else ""


def _path_kind(manifest: Mapping[str, Any], host: str, path: str) -> str:
    for _, rule in mappings(mapping(manifest.get("spec")).get("rules")):
        if (rule.get("host") or "*") == host:
            for _, it in mappings(mapping(rule.get("http")).get("paths")):
                if (it.get("path") or "/") == path:
                    return str(it.get("pathType") or "")
    return ""


def _hosts(given: Given) -> Iterator[Host]:
    kind = given.manifest["kind"]
    if kind not in HOST_KINDS or kind == "VirtualServerRoute":
        return
    spec, own = mapping(given.manifest.get("spec")), _class(given.manifest)
    title = f"{kind} {_title(given)}"
    if kind == "VirtualServer":
        secret = mapping(spec.get("tls")).get("secret")
        yield Host(str(spec.get("host") or "*"), _text(secret), own, title, given.file)
        return
    certain = {
        host: _text(it.get("secretName")) or "the controller's own"
        for _, it in mappings(spec.get("tls"))
        for host in it.get("hosts") or ("*",)
    }
    for _, rule in mappings(spec.get("rules")):
        host = str(rule.get("host") or "*")
        yield Host(host, certain.get(host, certain.get("*", "")), own, title, given.file)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class _Asking:
    """Whether policies let through what leads to a workload."""

    def __init__(self, known: Known, titles: Mapping[str, str]) -> None:
        self._network = known.network
        self._number = {end.title: at for at, end in enumerate(known.ends)}
        self._titles = titles
        self._inward: tuple[closure.Outside, ...] | None = None

    def refused(self, controller: str, serving: Iterable[ServicePort]) -> tuple[str, ...]:
        """The workloads behind Service ports that the controller may not call there."""
        if controller not in self._number:
            return ()
        network = self._network
        callers = network.units_of[self._number[controller]]
        found = []
        for port in serving:
            for name in port.workloads:
                title = self._titles[name]
                if not any(
                    self._open(caller, unit, self._target(port, unit))
                    for caller in callers
                    for unit in network.units_of[self._number[title]]
                ):
                    found.append(title)
        return tuple(sorted(set(found)))

    def _target(self, port: ServicePort, unit: int) -> Ports:
        if port.target.isdecimal():
            return ports.of(port.protocol, int(port.target), int(port.target))
        return self._network.units[unit].port(port.target, port.protocol)

    def _open(self, caller: int, unit: int, wanted: Ports) -> bool:
        network = self._network
        out = [
            it.ports
            for it in network.openings("egress", network.isolating(caller, "egress"))
            if it.units >> unit & 1
        ]
        into = [
            it.ports
            for it in network.openings("ingress", network.isolating(unit, "ingress"))
            if it.units >> caller & 1
        ]
        return any(
            ports.common(ports.common(a, b), wanted) != ports.NONE for a in out for b in into
        )

    def ranges(self, port: ServicePort, name: str) -> tuple[tuple[int, int, int], ...]:
        """The addresses outside that may call a workload behind a Service port."""
        if self._inward is None:
            self._inward = closure.outside(self._network, "ingress")
        at = self._number[self._titles[name]]
        wanted = ports.NONE
        for unit in self._network.units_of[at]:
            wanted = ports.union(wanted, self._target(port, unit))
        cut = [
            (family, first, last, ports.common(opened, wanted))
            for family, first, last, opened in self._inward[at]
        ]
        joined = closure.joined(it for it in cut if it[3] != ports.NONE)
        return tuple((family, first, last) for family, first, last, _ in joined)

    def title(self, name: str) -> str:
        """As a reader knows a workload."""
        return self._titles[name]


def _outward(
    given: Given, kind: str, listed: Iterable[ServicePort], azure: bool, asking: _Asking
) -> Outward:
    spec, metadata = mapping(given.manifest.get("spec")), mapping(given.manifest.get("metadata"))
    internal = mapping(metadata.get("annotations")).get(INTERNAL) in ("true", True)
    reach: Reach = "network"
    if kind == "LoadBalancer":
        reach = "unknown" if not azure else "network" if internal else "internet"
    served = []
    for port in listed if kind in OUTWARD else ():
        for name in port.workloads or ("",):
            served.append(
                Served(
                    port.port,
                    port.protocol,
                    port.node_port,
                    asking.title(name) if name else "",
                    asking.ranges(port, name) if name else (),
                )
            )
    manners = {
        "sessionAffinity": spec.get("sessionAffinity") or "None",
        "externalTrafficPolicy": spec.get("externalTrafficPolicy")
        or ("Cluster" if kind in OUTWARD else ""),
        "internalTrafficPolicy": spec.get("internalTrafficPolicy") or "Cluster",
        "clusterIP": "None" if spec.get("clusterIP") == "None" else "",
        "publishNotReadyAddresses": str(bool(spec.get("publishNotReadyAddresses"))).lower(),
    }
    return Outward(
        _title(given),
        kind,
        reach,
        _ranges(spec),
        tuple(sorted(served)),
        tuple(sorted((key, it) for key, it in manners.items() if isinstance(it, str))),
        tuple(sorted({asking.title(name) for port in listed for name in port.workloads})),
        given.file,
    )
