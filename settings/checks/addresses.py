"""The address plan: ranges that overlap or are too small are found here, not after an hour of provisioning. One rule a
function."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Final

from settings.addresses import AUTO, SMALLEST_CARVED_PREFIX
from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.demand import extra_pods
from settings.faults import Fault
from settings.network import NetworkSettings
from settings.node_pools import NodePool
from settings.pool_names import most_nodes
from settings.sources import Sources
from settings.stack import Settings

RESERVED = ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
"""https://learn.microsoft.com/azure/aks/configure-azure-cni#prerequisites : ranges AKS keeps for itself."""

SERVICE_CIDR_MIN_PREFIX = 13
SERVICE_CIDR_MAX_PREFIX = 28
"""Kubernetes takes any; a /28 holds 14, half of which the cluster's own and the ingress need."""

BOOTSTRAP_SURGE = "33%"
AZURE_ADDRESSES_A_SUBNET = 5
"""https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq : first four and last of each subnet."""

POD_PREFIX_A_NODE = 24
API_SERVER_MAX_PREFIX = 28
OTHER = "choose another range"

Path = tuple[str | int, ...]
NetworkCheck = Callable[[Settings, NetworkSettings, Sources], Iterator[Fault]]
Ranges = Mapping[Path, IPv4Network]


def network_rule(name: str, text: str, source: str) -> Callable[[NetworkCheck], ClusterRule]:
    """As `cluster_rule`, for a check of stacks that have a network."""

    def rule(check: NetworkCheck) -> ClusterRule:
        def held(settings: Settings, sources: Sources) -> Iterator[Fault]:
            if settings.network is not None:
                yield from check(settings, settings.network, sources)

        return cluster_rule(name, text, source)(held)

    return rule


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below, with target aks."""
    if settings.target == "aks":
        for rule in RULES:
            yield from rule(settings, sources)


@network_rule(
    "address-space",
    "An address space that is divided by itself is a /25 or larger.",
    "api-server-vnet-integration",
)
def _carving(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    subnets = network.subnets
    if AUTO in (subnets.nodes, subnets.system, subnets.api_server, subnets.private_endpoints):
        yield sources.fault(
            ("network", "addressSpace"),
            f"must be a /{SMALLEST_CARVED_PREFIX} or larger where a subnet is {AUTO!r}",
            repr(network.address_space),
            "widen it, or give every subnet its range",
        )


@network_rule(
    "ranges-apart",
    "Network, pods, Services and peered networks do not overlap.",
    "azure-cni-overlay#ip-address-planning",
)
def _overlap(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    own, peered = _own(network), _peered(network)
    pairs = [
        *combinations(own.items(), 2),
        *((one, other) for one in own.items() for other in peered.items()),
    ]
    for (one, first), (other, second) in pairs:
        if first.overlaps(second):
            name = one[-1]
            yield sources.fault(other, f"must not overlap {name} {first}", repr(str(second)), OTHER)


@network_rule(
    "ranges-reserved",
    "No range lies in what AKS keeps for itself.",
    "configure-azure-cni#prerequisites",
)
def _reserved(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    for path, own in _own(network).items():
        for kept in RESERVED:
            if own.overlaps(IPv4Network(kept)):
                rule = f"must not overlap {kept}, which AKS keeps for itself"
                yield sources.fault(path, rule, repr(str(own)), OTHER)


@network_rule(
    "service-range",
    "Services have a range smaller than a /12, and of a /28 or larger.",
    "azure-cni-overlay#ip-address-planning",
)
def _service_range(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    path, services = ("network", "serviceCidr"), IPv4Network(network.service_cidr)
    if services.prefixlen < SERVICE_CIDR_MIN_PREFIX:
        yield sources.fault(
            path,
            "must be smaller than a /12",
            repr(network.service_cidr),
            f"use a /{SERVICE_CIDR_MIN_PREFIX} or longer prefix",
        )
    if services.prefixlen > SERVICE_CIDR_MAX_PREFIX:
        yield sources.fault(
            path,
            f"must hold more than a handful of Services: a /{SERVICE_CIDR_MAX_PREFIX} or larger",
            repr(network.service_cidr),
            "widen it",
        )


@network_rule(
    "dns-address",
    "The DNS address is one of the Services' and not the first, which the API server has.",
    "azure-cni-overlay#ip-address-planning",
)
def _dns_address(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    services, dns = IPv4Network(network.service_cidr), IPv4Address(network.dns_service_ip)
    if services.prefixlen > SERVICE_CIDR_MAX_PREFIX:  # a fault already
        return
    if dns not in services or dns <= services[1] or dns == services.broadcast_address:
        yield sources.fault(
            ("network", "dnsServiceIp"),
            "must lie in serviceCidr and be neither its first address nor its last",
            repr(network.dns_service_ip),
            f"for example '{services[10]}'",
        )


@network_rule(
    "subnets-inside",
    "Every subnet is a part of the address space.",
    "https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet",
)
def _within_the_network(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    for path, own in _subnets(network).items():
        if not own.subnet_of(IPv4Network(network.address_space)):
            rule = f"must lie in addressSpace {network.address_space}"
            yield sources.fault(path, rule, repr(str(own)), "choose a part of it")


@network_rule(
    "subnets-apart",
    "No two subnets overlap.",
    "https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet",
)
def _apart(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    for (one, first), (other, second) in combinations(_subnets(network).items(), 2):
        if first.overlaps(second):
            rule = f"must not overlap subnets.{one[-1]} {first}"
            yield sources.fault(other, rule, repr(str(second)), OTHER)


@network_rule(
    "room-for-nodes",
    "A subnet has an address for each node that can be at once, an upgrade's surge included.",
    "concepts-network-ip-address-planning",
)
def _room_for_nodes(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    for key, own in network.subnets.of_nodes.items():
        wanted, room = _nodes_in(key, settings), own.num_addresses - AZURE_ADDRESSES_A_SUBNET
        if wanted > room:
            yield sources.fault(
                ("network", "subnets", key),
                f"must hold {wanted} nodes, every pool at its maximum with an upgrade's surge; it holds {max(room, 0)}",
                repr(str(own)),
                "widen it",
            )


@network_rule(
    "room-for-pods",
    "The range of pods has a /24 for each node that can be at once, whatever it runs.",
    "azure-cni-overlay#ip-address-planning",
)
def _room_for_pods(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    pods = IPv4Network(network.pod_cidr)
    wanted = sum(_nodes_in(key, settings) for key in network.subnets.of_nodes)
    room = 2 ** (POD_PREFIX_A_NODE - pods.prefixlen) if pods.prefixlen <= POD_PREFIX_A_NODE else 0
    if wanted > room:
        yield sources.fault(
            ("network", "podCidr"),
            f"must hold a /24 for each of {wanted} nodes; it holds {room}",
            repr(str(pods)),
            "widen it",
        )


@network_rule(
    "api-server-subnet",
    "An API server in the virtual network has a subnet of its own, a /28 or larger.",
    "api-server-vnet-integration",
)
def _api_server_subnet(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    path, own = ("network", "subnets", "apiServer"), network.subnets.ranges.get("apiServer")
    if own and own.prefixlen > API_SERVER_MAX_PREFIX:
        rule = f"must be a /{API_SERVER_MAX_PREFIX} or larger: an API server takes at least 9 addresses"
        yield sources.fault(path, rule, repr(str(own)), "widen it")
    if settings.cluster.api_server.vnet_integration and network.subnets.api_server is None:
        yield sources.fault(
            path,
            "is required with cluster.apiServer.vnetIntegration: the API server stands in it",
            remedy=f"add 'apiServer: {AUTO}', or write 'vnetIntegration: false'",
        )


def nodes_of(pools: Iterable[NodePool]) -> int:
    """Most nodes at once: each pool at its maximum, with an upgrade's surge; a blue/green one twice."""
    return sum(map(most_nodes, pools))


def _nodes_in(subnet: str, settings: Settings) -> int:
    network, pools = settings.network, settings.node_pools.values()
    boot = settings.cluster.bootstrap_pool.count
    boot += extra_pods(BOOTSTRAP_SURGE, boot)
    if network is None or network.subnets.system is None:
        return boot + nodes_of(pools)
    if subnet == "system":
        return boot + nodes_of(pool for pool in pools if pool.mode == "System")
    return nodes_of(pool for pool in pools if pool.mode != "System")


def _own(network: NetworkSettings) -> Ranges:
    return {
        ("network", "addressSpace"): IPv4Network(network.address_space),
        ("network", "podCidr"): IPv4Network(network.pod_cidr),
        ("network", "serviceCidr"): IPv4Network(network.service_cidr),
    }


def _peered(network: NetworkSettings) -> Ranges:
    return {
        ("network", "peered", index): IPv4Network(text) for index, text in enumerate(network.peered)
    }


def _subnets(network: NetworkSettings) -> Ranges:
    return {("network", "subnets", key): it for key, it in network.subnets.ranges.items()}


PLUGIN: Final = impossible(
    "data-plane",
    "The data plane is Cilium exactly where the policies are.",
    "azure-cni-powered-by-cilium",
    "`cni` sets both",
)
WINDOWS: Final = impossible(
    "cilium-nodes",
    "Cilium runs on Linux nodes only.",
    "azure-cni-powered-by-cilium#limitations",
    "there is no setting for Windows nodes",
)
UNDELEGATED: Final = impossible(
    "nodes-undelegated",
    "No subnet of nodes is handed to a service of Azure.",
    "configure-azure-cni#prerequisites",
    "the subnet of the API server alone is delegated, and no setting delegates another",
)
RULES: Final[tuple[ClusterRule, ...]] = (
    PLUGIN,
    WINDOWS,
    _carving,
    _overlap,
    _reserved,
    _service_range,
    _dns_address,
    _within_the_network,
    _apart,
    UNDELEGATED,
    _room_for_nodes,
    _room_for_pods,
    _api_server_subnet,
)
"""In the order in which they are held."""
