"""How a workload is reached: its Service inside the cluster, its paths on the stack's hosts."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from settings.forms import ShortForm
from settings.ports import PORT_RULE, TCP, Opened, Protocol, long_port
from settings.section import BY_KEY, Section
from settings.values import (
    AffinityTimeout,
    Cidr,
    DnsLabel,
    NodePort,
    Port,
    PortName,
    UrlPath,
)


class ServicePort(Section):
    """One of several ports of a Service."""

    port: Port
    """Port that callers use."""

    protocol: Protocol | None = None
    """That of the container port, which it has without being said."""

    target_port: PortName | None = None
    """Name of the container port; omitted: the key."""

    node_port: NodePort | None = None
    """Fixed port on every node, 30000 to 32767; omitted: Kubernetes chooses. Not with type ClusterIP."""


ServicePortOrNumber = Annotated[ServicePort, ShortForm(long_port, PORT_RULE, ServicePort | Port)]


class Service(Section):
    """The stable address of the workload inside the cluster; `service: 80` is short for `service: {port: 80}`."""

    ONE_OF: ClassVar = ("port", "ports")

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    """How far the Service reaches: the cluster, every node's address, or a load balancer."""

    port: Port | None = None
    """Port that callers use; either this or `ports`."""

    protocol: Protocol | None = None
    """That of the container port behind `port`, which it has without being said."""

    target_port: PortName | None = None
    """Name of the container port behind `port`; omitted: the only one in `ports`, or `http`."""

    node_port: NodePort | None = None
    """Fixed port on every node, 30000 to 32767; omitted: Kubernetes chooses. Not with type ClusterIP."""

    ports: Annotated[dict[PortName, ServicePortOrNumber], BY_KEY] = {}
    """Several ports, by name: a number, or that with `targetPort` and `nodePort`. One number may serve two
    protocols."""

    session_affinity: Literal["None", "ClientIP"] = "None"
    """`ClientIP` keeps one client on one pod."""

    session_affinity_seconds: AffinityTimeout | None = None
    """How long a client stays on its pod, at most a day; Kubernetes' default is 10800. With `ClientIP` only."""

    headless: bool = False
    """No virtual address: DNS answers with the pods themselves. A statefulset always has a headless one."""

    publish_not_ready_addresses: bool = False
    """Whether pods are found before they are ready: for peers that must meet to become so."""

    internal: bool = True
    """Whether a load balancer has an address of the virtual network only; `false` opens it to the Internet."""

    subnet: str | None = Field(default=None, min_length=1)
    """Subnet of the internal load balancer's address; omitted: that of the nodes."""

    allowed_sources: list[Cidr] = []
    """Addresses that a load balancer lets in; omitted: all that reach it."""

    external_traffic_policy: Literal["Cluster", "Local"] | None = None
    """`Local` keeps the client's address and skips nodes without a pod; Kubernetes' default is `Cluster`. Not with
    type ClusterIP."""

    internal_traffic_policy: Literal["Cluster", "Local"] | None = None
    """`Local` stays on the caller's node; Kubernetes' default is `Cluster`."""


ServiceOrPort = Annotated[Service, ShortForm(long_port, PORT_RULE, Service | Port)]


class Served(NamedTuple):
    """One port of a Service, resolved."""

    name: str
    """Name of the Service's port."""

    port: int
    """Port that callers use."""

    target: str
    """Name of the container port behind it."""

    number: int
    """Number of that port; 0 where no container has it, which a check tells."""

    node_port: int | None

    protocol: Protocol = TCP
    """Of the container port and so of the Service's: Kubernetes finds no pod behind a port of another."""

    @property
    def opened(self) -> Opened:
        """What a policy in front of the pods opens: it meets the packet behind the Service."""
        return Opened(self.number, self.protocol)


class Route(Section):
    """One path under one host of the stack."""

    host: DnsLabel
    """Key in `ingress.hosts` of the stack: the host name differs per environment, the key does not."""

    path: UrlPath = "/"
    """Beginning of the URL path. A host and path belong to one workload in the whole estate."""

    path_type: Literal["Prefix", "Exact"] = "Prefix"
    """`Prefix` matches whole path segments."""

    port: PortName | None = None
    """Name of the Service's port; omitted: the only one, or `http`."""


def _metrics_port(value: Any) -> dict[str, Any] | None:
    """`metrics: stats` is short for `metrics: {port: stats}`."""
    return {"port": value} if isinstance(value, str) else None


class Metrics(Section):
    """Where a pod tells its numbers; `metrics: stats` is short for `metrics: {port: stats}`."""

    port: PortName
    """Name of the container port."""

    path: UrlPath = "/metrics"
    """Path of the page."""


MetricsOrPort = Annotated[
    Metrics,
    ShortForm(
        _metrics_port, "must be the name of a port, or a map of settings", Metrics | PortName
    ),
]


def led_to(served: Sequence[Served], route: Route) -> Served | None:
    """The port of a Service that `route` leads to: the named one, else the only one or `http`; None where it names
    none that is there or leaves it open."""
    if route.port is None and len(served) == 1:
        return served[0]
    wanted = "http" if route.port is None else route.port
    return next((it for it in served if it.name == wanted), None)
