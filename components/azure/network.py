"""The virtual network, the subnet of the nodes and their way to the Internet.

Left out on purpose: route tables, which the stack only names, peerings and security groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.azure import names
from components.azure.stack import AksStack
from settings.network import NetworkSettings

IDLE_TIMEOUT_MINUTES = 4
"""Of outgoing connections; Azure's own default, written out."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Inputs of `Network`."""

    stack: AksStack
    """Address plan, outbound type, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    def __post_init__(self) -> None:
        plan = self.stack.network
        if (plan.outbound_type == "userDefinedRouting") != bool(plan.route_table_id):
            raise ValueError(
                "network.routeTableId goes together with outboundType userDefinedRouting: "
                "set both or neither"
            )


class Network(pulumi.ComponentResource):
    """Where the nodes live."""

    virtual_network_id: pulumi.Output[str]
    """Azure id of the virtual network."""

    nodes_subnet_id: pulumi.Output[str]
    """Azure id of the subnet of every node pool."""

    egress_ranges: Sequence[pulumi.Output[str]]
    """Public ranges that nodes leave by and AKS does not let in by itself, as a public API server
    must: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges . Empty for
    `loadBalancer`, whose address AKS knows, and for `userDefinedRouting`: the address of that
    firewall belongs among the stack's own `authorizedIpRanges`."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        plan, tags, location = args.stack.network, args.stack.tags, args.stack.location

        whole = network.VirtualNetwork(
            f"{name}-virtual-network",
            virtual_network_name=names.virtual_network(args.stack),
            resource_group_name=args.resource_group,
            location=location,
            tags=tags,
            address_space={"address_prefixes": [plan.address_space]},
            enable_ddos_protection=False,
            enable_vm_protection=False,
            opts=child,
        )

        self.egress_ranges = []
        gateway: network.SubResourceArgsDict | None = None
        if plan.outbound_type == "userAssignedNATGateway":
            address = network.PublicIPAddress(
                f"{name}-egress-address",
                public_ip_address_name=names.egress_address(args.stack),
                resource_group_name=args.resource_group,
                location=location,
                tags=tags,
                sku={"name": "Standard", "tier": "Regional"},
                public_ip_allocation_method="Static",
                public_ip_address_version="IPv4",
                idle_timeout_in_minutes=IDLE_TIMEOUT_MINUTES,
                opts=child,
            )
            # No zone: one of Azure's choice. The zone-redundant StandardV2 is not in the API version of azure-native.
            nat = network.NatGateway(
                f"{name}-nat-gateway",
                nat_gateway_name=names.nat_gateway(args.stack),
                resource_group_name=args.resource_group,
                location=location,
                tags=tags,
                sku={"name": "Standard"},
                public_ip_addresses=[{"id": address.id}],
                idle_timeout_in_minutes=IDLE_TIMEOUT_MINUTES,
                opts=child,
            )
            gateway = {"id": nat.id}
            self.egress_ranges = [address.ip_address.apply(lambda known: f"{known}/32")]

        # A resource of its own, since azure-native keeps subnets that the network's own `subnets` leaves unsaid.
        nodes = network.Subnet(
            f"{name}-nodes-subnet",
            subnet_name=names.NODES_SUBNET,
            virtual_network_name=whole.name,
            resource_group_name=args.resource_group,
            address_prefix=plan.subnets.nodes,
            nat_gateway=gateway,
            # Nodes leave by what the outbound type says and by nothing else. Only settable at creation.
            default_outbound_access=False,
            private_endpoint_network_policies="Disabled",
            private_link_service_network_policies="Enabled",
            route_table={"id": plan.route_table_id} if plan.route_table_id else None,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=_fields_of_aks(plan)),
        )

        self.virtual_network_id = whole.id
        self.nodes_subnet_id = nodes.id
        self.register_outputs(
            {
                "virtual_network_id": self.virtual_network_id,
                "nodes_subnet_id": self.nodes_subnet_id,
                "egress_ranges": self.egress_ranges,
            }
        )


def _fields_of_aks(plan: NetworkSettings) -> list[str]:
    """Properties of the subnet that AKS writes: after a refresh they would be taken away again."""
    return ["delegations"] if plan.route_table_id else ["delegations", "routeTable"]
