"""The address plan: ranges that overlap or are too small are found here, not after an hour of provisioning.

Each rule is one function; its text is the rule that users read, its source stands in its description.
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

from settings.addresses import AUTO, SMALLEST_CARVED_PREFIX
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
Ranges = Mapping[Path, IPv4Network]


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """No overlap, nothing reserved, and room for every node at its maximum with an upgrade's surge."""
    network = settings.network
    if network is None:
        return
    yield from carving(network, sources)
    yield from overlap(network, sources)
    yield from reserved(network, sources)
    yield from service_range(network, sources)
    yield from dns_address(network, sources)
    yield from within_the_network(network, sources)
    yield from apart(network, sources)
    yield from room_for_nodes(settings, network, sources)
    yield from room_for_pods(settings, network, sources)
    yield from api_server_subnet(settings, network, sources)


def carving(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """An address space of which an eighth is less than the API server takes is not divided: settings/addresses.py."""
    subnets = network.subnets
    if AUTO in (subnets.nodes, subnets.system, subnets.api_server, subnets.private_endpoints):
        yield sources.fault(
            ("network", "addressSpace"),
            f"must be a /{SMALLEST_CARVED_PREFIX} or larger where a subnet is {AUTO!r}",
            repr(network.address_space),
            "widen it, or give every subnet its range",
        )


def overlap(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Rule 11: network, pods, Services and peered networks are apart.

    https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
    """
    own, peered = _own(network), _peered(network)
    pairs = [
        *combinations(own.items(), 2),
        *((one, other) for one in own.items() for other in peered.items()),
    ]
    for (one, first), (other, second) in pairs:
        if first.overlaps(second):
            name = one[-1]
            yield sources.fault(other, f"must not overlap {name} {first}", repr(str(second)), OTHER)


def reserved(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Rule 12: nothing lies in what AKS keeps for itself.

    https://learn.microsoft.com/azure/aks/configure-azure-cni#prerequisites
    """
    for path, own in _own(network).items():
        for kept in RESERVED:
            if own.overlaps(IPv4Network(kept)):
                rule = f"must not overlap {kept}, which AKS keeps for itself"
                yield sources.fault(path, rule, repr(str(own)), OTHER)


def service_range(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Rule 13: Services have less than a /12, and enough.

    https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
    """
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


def dns_address(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Rule 14: the DNS address is one of the Services' and not the first, which the API server has.

    https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
    """
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


def within_the_network(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Every subnet is a part of the address space.

    https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet
    """
    for path, own in _subnets(network).items():
        if not own.subnet_of(IPv4Network(network.address_space)):
            rule = f"must lie in addressSpace {network.address_space}"
            yield sources.fault(path, rule, repr(str(own)), "choose a part of it")


def apart(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    """Rule 11, of subnets among each other: Azure refuses the second, after the first is made."""
    for (one, first), (other, second) in combinations(_subnets(network).items(), 2):
        if first.overlaps(second):
            rule = f"must not overlap subnets.{one[-1]} {first}"
            yield sources.fault(other, rule, repr(str(second)), OTHER)


def room_for_nodes(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    """Rule 16: a subnet has an address for each node that can be at once.

    https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
    """
    for key, own in network.subnets.of_nodes.items():
        wanted, room = _nodes_in(key, settings), own.num_addresses - AZURE_ADDRESSES_A_SUBNET
        if wanted > room:
            yield sources.fault(
                ("network", "subnets", key),
                f"must hold {wanted} nodes, every pool at its maximum with an upgrade's surge; it holds {max(room, 0)}",
                repr(str(own)),
                "widen it",
            )


def room_for_pods(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    """Rule 15: overlay gives each node a /24 of the pods' range, whatever it runs.

    https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
    """
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


def api_server_subnet(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    """Rule 17: an API server in the network has a subnet of its own, a /28 or larger.

    https://learn.microsoft.com/azure/aks/api-server-vnet-integration
    """
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
