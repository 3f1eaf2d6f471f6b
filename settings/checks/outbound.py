"""How nodes reach the Internet: what Azure would refuse after the network is made, or accept and cut off. One rule a
function."""

from collections.abc import Iterator
from typing import Final

from settings.checks.addresses import BOOTSTRAP_SURGE, network_rule, nodes_of
from settings.cluster_rules import ClusterRule
from settings.demand import extra_pods
from settings.faults import Fault
from settings.network import NetworkSettings
from settings.sources import Sources
from settings.stack import Settings

PORTS_AN_ADDRESS: Final = 64_000
"""https://learn.microsoft.com/azure/aks/load-balancer-standard#configure-the-allocated-outbound-ports"""

PORTS_STEP: Final = 8

REFUSED: Final = {
    "managedNATGateway": "is for a network that AKS makes, and this one is made here",
    "none": "leaves nodes without images and packages unless a registry of the cluster's own holds them, which this "
    "program does not make",
    "block": "is a preview that bars every way out, and this program needs one for charts and images",
}
"""https://learn.microsoft.com/azure/aks/egress-outboundtype"""

OUTBOUND = ("network", "outboundType")


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below, with target aks."""
    if settings.target == "aks":
        for rule in RULES:
            yield from rule(settings, sources)


@network_rule(
    "outbound-type",
    "The outbound type fits a network of the stack's own.",
    "egress-outboundtype",
)
def _way_out(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    if why := REFUSED.get(network.outbound_type):
        yield sources.fault(
            OUTBOUND,
            f"must be loadBalancer, userAssignedNATGateway or userDefinedRouting: {network.outbound_type} {why}",
            repr(network.outbound_type),
            "choose one of the three",
        )


@network_rule(
    "outbound-route",
    "User-defined routing has one route table, and no other outbound type has any.",
    "egress-udr",
)
def _routed(_: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    by_route = network.outbound_type == "userDefinedRouting"
    if network.firewall and network.route_table_id:
        yield sources.fault(
            ("network", "firewall"),
            "excludes routeTableId: a subnet has one route table",
            remedy="remove one of the two",
        )
    elif by_route != bool(network.route_table_id or network.firewall):
        key = "firewall" if network.firewall else "routeTableId"
        yield sources.fault(
            ("network", key),
            "goes together with outboundType userDefinedRouting",
            remedy="set both or neither" if not by_route else "add it, or 'firewall'",
        )


@network_rule(
    "outbound-return",
    "Behind a firewall nothing comes in by a public load balancer.",
    "https://learn.microsoft.com/azure/firewall/integrate-lb#asymmetric-routing",
)
def _balanced_return(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    ingress = settings.ingress
    if network.outbound_type != "userDefinedRouting":
        return
    if network.firewall and ingress.controller == "nginx" and not ingress.internal:
        yield sources.fault(
            ("ingress", "internal"),
            "must be true behind a firewall: answers to a public load balancer would leave by the firewall, which "
            "drops them",
            remedy="write 'internal: true' and let the firewall translate its own address to the ingress",
        )


@network_rule(
    "outbound-ports",
    "Allocated ports are a multiple of 8 and enough for every node that can be at once.",
    "load-balancer-standard#configure-the-allocated-outbound-ports",
)
def _ports_of_the_balancer(
    settings: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    given, path = network.load_balancer, ("network", "loadBalancer", "allocatedPorts")
    if network.outbound_type != "loadBalancer" or given.allocated_ports == 0:
        return
    if given.allocated_ports % PORTS_STEP:
        near = given.allocated_ports // PORTS_STEP * PORTS_STEP or PORTS_STEP
        yield sources.fault(
            path,
            f"must be a multiple of {PORTS_STEP}",
            str(given.allocated_ports),
            f"for example {near}",
        )
        return
    boot = settings.cluster.bootstrap_pool.count
    nodes = boot + extra_pods(BOOTSTRAP_SURGE, boot) + nodes_of(settings.node_pools.values())
    there, most = PORTS_AN_ADDRESS * given.addresses, given.allocated_ports * nodes
    if most > there:
        yield sources.fault(
            path,
            f"must leave ports for every node: {nodes} nodes at most x {given.allocated_ports} = {most}, and "
            f"{given.addresses} x {PORTS_AN_ADDRESS} = {there} are there",
            str(given.allocated_ports),
            f"lower it to {there // nodes // PORTS_STEP * PORTS_STEP}, or raise loadBalancer.addresses to "
            f"{-(-most // PORTS_AN_ADDRESS)}",
        )


@network_rule(
    "outbound-zones",
    "An address of a gateway in one zone is in that zone or in all three.",
    "https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones",
)
def _zones_of_the_gateway(
    _: Settings, network: NetworkSettings, sources: Sources
) -> Iterator[Fault]:
    zones, own = network.nat_gateway.address_zones, network.nat_gateway.zone
    allowed = [[], ["1", "2", "3"], *([[own]] if own else [["1"], ["2"], ["3"]])]
    if sorted(zones) not in allowed:
        yield sources.fault(
            ("network", "natGateway", "addressZones"),
            f"must be empty, all three zones or {f'the zone {own} of the gateway' if own else 'one of them'}",
            repr(zones),
            'write \'["1", "2", "3"]\'',
        )


RULES: Final[tuple[ClusterRule, ...]] = (
    _way_out,
    _routed,
    _balanced_return,
    _ports_of_the_balancer,
    _zones_of_the_gateway,
)
"""In the order in which they are held."""
