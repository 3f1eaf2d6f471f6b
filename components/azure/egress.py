"""How nodes leave: the NAT gateway with its addresses, or the route to a firewall.

Functions and no component: the gateway's parent is the network, and a new parent is a new resource.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pulumi
from pulumi_azure_native import network

from components.azure import names
from components.azure.stack import AksStack

EVERYWHERE = "0.0.0.0/0"


class Egress(NamedTuple):
    """The way out of the nodes' subnets."""

    gateway_id: pulumi.Output[str] | None = None
    """NAT gateway of the subnets."""

    route_table_id: pulumi.Input[str] | None = None
    """Route table of the subnets."""

    ranges: Sequence[pulumi.Input[str]] = ()
    """Public ranges that nodes leave by and AKS does not let in to a public API server by itself."""


def egress(
    name: str,
    stack: AksStack,
    resource_group: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> Egress:
    """What the outbound type needs beside the subnets; nothing for `loadBalancer`, which AKS makes."""
    plan = stack.network
    if plan.outbound_type == "userAssignedNATGateway":
        return _nat_gateway(name, stack, resource_group, opts)
    if plan.firewall:
        return _route_to_firewall(name, stack, resource_group, opts)
    return Egress(route_table_id=plan.route_table_id)


def _nat_gateway(
    name: str,
    stack: AksStack,
    resource_group: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> Egress:
    asked = stack.network.nat_gateway
    addresses = [
        network.PublicIPAddress(
            f"{name}-egress-address{'' if number == 1 else f'-{number}'}",
            public_ip_address_name=names.egress_address(stack, number),
            resource_group_name=resource_group,
            location=stack.location,
            tags=stack.tags,
            sku={"name": "Standard", "tier": "Regional"},
            zones=asked.address_zones or None,
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            idle_timeout_in_minutes=asked.idle_timeout_minutes,
            opts=opts,
        )
        for number in range(1, asked.addresses + 1)
    ]
    # One zone or none: the zone-redundant StandardV2 is not in the API version of azure-native.
    gateway = network.NatGateway(
        f"{name}-nat-gateway",
        nat_gateway_name=names.nat_gateway(stack),
        resource_group_name=resource_group,
        location=stack.location,
        tags=stack.tags,
        sku={"name": "Standard"},
        zones=[asked.zone] if asked.zone else None,
        public_ip_addresses=[{"id": address.id} for address in addresses],
        idle_timeout_in_minutes=asked.idle_timeout_minutes,
        opts=opts,
    )
    ranges = [address.ip_address.apply(lambda known: f"{known}/32") for address in addresses]
    return Egress(gateway_id=gateway.id, ranges=ranges)


def _route_to_firewall(
    name: str,
    stack: AksStack,
    resource_group: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> Egress:
    """AKS demands a route to everywhere by an appliance, and none of its own range may lead round it.

    https://learn.microsoft.com/azure/aks/limit-egress-traffic#create-a-route-with-a-hop-to-azure-firewall
    """
    firewall = stack.network.firewall
    assert firewall  # held by egress
    own: list[network.RouteArgsDict] = [
        {
            "name": f"firewall-{address.replace('.', '-')}",
            "address_prefix": f"{address}/32",
            "next_hop_type": "Internet",
        }
        for address in firewall.public_ips
    ]
    table = network.RouteTable(
        f"{name}-route-table",
        route_table_name=names.route_table(stack),
        resource_group_name=resource_group,
        location=stack.location,
        tags=stack.tags,
        disable_bgp_route_propagation=not firewall.gateway_routes,
        routes=[
            {
                "name": "everywhere",
                "address_prefix": EVERYWHERE,
                "next_hop_type": "VirtualAppliance",
                "next_hop_ip_address": firewall.private_ip,
            },
            *own,
        ],
        opts=opts,
    )
    return Egress(route_table_id=table.id, ranges=[f"{it}/32" for it in firewall.public_ips])
