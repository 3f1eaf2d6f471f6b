"""The virtual network, its subnets and how each is guarded and left.

Left out on purpose: peerings, which the stack only names, and the firewall that a route may lead to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.azure import names
from components.azure.api_server_zone import ApiServerZone, ApiServerZoneArgs
from components.azure.egress import Egress, egress
from components.azure.network_rights import NETWORK, ZONE, Right
from components.azure.security_groups import SecurityGroups, SecurityGroupsArgs
from components.azure.stack import AksStack
from settings.node_pools import NodePool

AKS = "Microsoft.ContainerService/managedClusters"
"""Whom the subnet of the API server is delegated to."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Inputs of `Network`."""

    stack: AksStack
    """Address plan, outbound type, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    def __post_init__(self) -> None:
        plan = self.stack.network
        routed = plan.outbound_type == "userDefinedRouting"
        if routed != bool(plan.route_table_id or plan.firewall):
            raise ValueError(
                "network.routeTableId goes together with outboundType userDefinedRouting, as does "
                "network.firewall: set one of the two with it, or none"
            )


class Network(pulumi.ComponentResource):
    """Where the nodes live."""

    virtual_network_id: pulumi.Output[str]
    """Azure id of the virtual network."""

    nodes_subnet_id: pulumi.Output[str]
    """Azure id of the subnet of worker pools, and of every pool where there is no other."""

    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Azure id of each subnet by its key in `network.subnets`."""

    egress_ranges: Sequence[pulumi.Input[str]]
    """Public ranges that nodes leave by and AKS does not let in by itself, as a public API server
    must: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges . Empty for
    `loadBalancer`, whose address AKS knows, and with `routeTableId`: the address behind that table belongs among the
    stack's own `authorizedIpRanges`."""

    rights: Sequence[Right]
    """What AKS may change here beside the nodes' subnet."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, plan = args.stack, args.stack.network

        whole = network.VirtualNetwork(
            f"{name}-virtual-network",
            virtual_network_name=names.virtual_network(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            address_space={"address_prefixes": [plan.address_space]},
            enable_ddos_protection=False,
            enable_vm_protection=False,
            opts=child,
        )
        way = egress(name, stack, args.resource_group, child)
        groups: Mapping[str, pulumi.Output[str]] = {}
        if plan.security_groups:
            guarded = SecurityGroupsArgs(stack=stack, resource_group=args.resource_group)
            groups = SecurityGroups(f"{name}-security-groups", guarded, child).ids

        made: dict[str, network.Subnet] = {}
        for key, range_ in plan.subnets.ranges.items():
            of_nodes = key in plan.subnets.of_nodes
            # A resource of its own, since azure-native keeps subnets that the network's own `subnets` leaves unsaid.
            made[key] = network.Subnet(
                f"{name}-{_role(key)}-subnet",
                subnet_name=names.SUBNETS[key],
                virtual_network_name=whole.name,
                resource_group_name=args.resource_group,
                address_prefix=str(range_),
                nat_gateway={"id": way.gateway_id} if of_nodes and way.gateway_id else None,
                route_table={"id": way.route_table_id} if of_nodes and way.route_table_id else None,
                network_security_group={"id": groups[key]} if key in groups else None,
                delegations=(
                    [{"name": "aks", "service_name": AKS}] if key == "apiServer" else None
                ),
                # Nodes leave by what the outbound type says and by nothing else. Only settable at creation.
                default_outbound_access=False,
                private_endpoint_network_policies=(
                    "NetworkSecurityGroupEnabled" if key == "privateEndpoints" else "Disabled"
                ),
                private_link_service_network_policies="Enabled",
                opts=pulumi.ResourceOptions(
                    parent=self,
                    ignore_changes=_fields_of_aks(way) if of_nodes else None,
                    # Azure writes one subnet of a network at a time.
                    depends_on=list(made.values())[-1:],
                ),
            )

        self.virtual_network_id = whole.id
        self.nodes_subnet_id = made["nodes"].id
        self.subnet_ids = {key: subnet.id for key, subnet in made.items()}
        self.egress_ranges = way.ranges
        self._zone: ApiServerZone | None = None
        self._zone_id: pulumi.Input[str] | None = None
        asked = stack.settings.cluster.api_server
        if asked.private and asked.private_dns_zone not in ("system", "none"):
            self._zone_id = asked.private_dns_zone
        if asked.private and asked.private_dns_zone == "own":
            linked = ApiServerZoneArgs(
                stack=stack,
                resource_group=args.resource_group,
                virtual_network_id=whole.id,
            )
            self._zone = ApiServerZone(f"{name}-api-server", linked, child)
            self._zone_id = self._zone.zone_id
        self.rights = _rights(stack, made, way, self._zone_id, whole.id)
        self.register_outputs(
            {
                "virtual_network_id": self.virtual_network_id,
                "nodes_subnet_id": self.nodes_subnet_id,
                "subnet_ids": self.subnet_ids,
                "egress_ranges": self.egress_ranges,
                "rights": [right._asdict() for right in self.rights],
            }
        )

    def subnet_of(self, pool: NodePool) -> pulumi.Output[str]:
        """Azure id of the subnet that the nodes of `pool` stand in."""
        return self.system_subnet_id if pool.mode == "System" else self.nodes_subnet_id

    @property
    def system_subnet_id(self) -> pulumi.Output[str]:
        """Azure id of the subnet of system pools and of the bootstrap pool."""
        return self.subnet_ids.get("system", self.nodes_subnet_id)

    @property
    def api_server_zone_id(self) -> pulumi.Input[str] | None:
        """Azure id of the private DNS zone that the API server's name stands in; None where AKS makes one, or none."""
        return self._zone_id

    @property
    def before_the_cluster(self) -> Sequence[pulumi.Resource]:
        """What no input of the cluster leads to and it needs all the same: the link of the zone."""
        return [self._zone] if self._zone else []


def _rights(
    stack: AksStack,
    subnets: Mapping[str, network.Subnet],
    way: Egress,
    zone_id: pulumi.Input[str] | None,
    network_id: pulumi.Input[str],
) -> list[Right]:
    """Subnets that AKS places things in, the table it may add routes to, and what a zone of one's own takes: AKS writes
    the name there and links the network.

    https://learn.microsoft.com/azure/aks/private-clusters#hub-and-spoke-with-custom-dns-for-private-aks-clusters
    """
    found = [
        Right(f"{_role(key)}-subnet", NETWORK, (names.SUBNETS[key], subnets[key].id))
        for key in ("system", "apiServer")
        if key in subnets
    ]
    if way.route_table_id is not None:
        table = stack.network.route_table_id or names.route_table(stack)
        found.append(Right("route-table", NETWORK, (table, way.route_table_id)))
    if zone_id is not None:
        given = stack.settings.cluster.api_server.private_dns_zone
        zone = names.api_server_zone(stack) if given == "own" else given
        found.append(Right("api-server-zone", ZONE, (zone, zone_id)))
        whole = names.virtual_network(stack)
        found.append(Right("virtual-network", NETWORK, (whole, network_id)))
    return found


def _role(subnet: str) -> str:
    """What a subnet is called in logical names."""
    return names.SUBNETS[subnet].removeprefix("snet-")


def _fields_of_aks(way: Egress) -> list[str]:
    """Properties of the subnet that AKS writes: after a refresh they would be taken away again."""
    return ["delegations"] if way.route_table_id else ["delegations", "routeTable"]
