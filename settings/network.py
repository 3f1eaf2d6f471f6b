"""The address plan, the ways in and out, who holds pods to their network policies, and who scrapes them."""

from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from settings.addresses import AUTO, SubnetRange, planned
from settings.azure_values import RouteTableId
from settings.constraint import Number
from settings.node_pools import Zone
from settings.section import BY_KEY, Section
from settings.values import Cidr, DnsLabel, IpAddress, LabelKey, LabelValue

IdleMinutes = Annotated[int, Number("must be minutes from 4 to 120, for example 30", 4, 120)]

NatAddresses = Annotated[int, Number("must be from 1 to 16, for example 2", 1, 16)]
"""https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource#nat-gateway-public-ip-addresses"""

BalancerAddresses = Annotated[int, Number("must be from 1 to 100, for example 2", 1, 100)]
BalancerPorts = Annotated[int, Number("must be from 0 to 64000, for example 4000", 0, 64_000)]
"""https://learn.microsoft.com/azure/aks/load-balancer-standard"""


class Subnets(Section):
    """Subnets of the virtual network: a range each, or `auto`, which takes a fixed part of `addressSpace`.

    Half of it is for nodes (a /20 at most), an eighth each for system nodes, private endpoints (a /24 at most) and the
    API server (a /27 at most); the last eighth stays free.
    """

    nodes: SubnetRange
    """Nodes of every pool, or of worker pools where there is `system`; a /24 holds 251."""

    system: SubnetRange | None = None
    """Nodes of system pools and of the bootstrap pool; omitted: they stand among the others. Fixed at creation of a
    pool."""

    api_server: SubnetRange | None = None
    """The API server itself, with `cluster.apiServer.vnetIntegration`: a /28 or larger, delegated to AKS and for
    nothing else."""

    private_endpoints: SubnetRange | None = None
    """Private endpoints of vaults, registries and the like."""

    @property
    def ranges(self) -> dict[str, IPv4Network]:
        """What has a range, by key; not an `auto` for which there is no room."""
        given = {
            "nodes": self.nodes,
            "system": self.system,
            "apiServer": self.api_server,
            "privateEndpoints": self.private_endpoints,
        }
        return {key: IPv4Network(it) for key, it in given.items() if it and it != AUTO}

    @property
    def of_nodes(self) -> dict[str, IPv4Network]:
        """Those of `ranges` in which nodes stand."""
        return {key: it for key, it in self.ranges.items() if key in ("nodes", "system")}


Cni = Literal["cilium", "calico", "azure", "none"]
"""Who holds pods to their network policies."""


class Monitoring(Section):
    """What scrapes the workloads that have `metrics`."""

    namespace: DnsLabel
    """Namespace of its pods, for example `kube-system`."""

    pod_labels: Annotated[dict[LabelKey, LabelValue], BY_KEY] = {}
    """What selects its pods there, for example `{rsName: ama-metrics}`; omitted: all of the namespace."""


class LoadBalancer(Section):
    """How nodes leave with outboundType loadBalancer."""

    addresses: BalancerAddresses = 1
    """Public addresses that AKS makes for leaving; each has 64,000 ports for all nodes together."""

    allocated_ports: BalancerPorts = 0
    """Outgoing ports of each node, a multiple of 8; 0: Azure shares them out by the number of nodes, which cuts
    connections when that number grows past a step."""

    idle_timeout_minutes: IdleMinutes = 30
    """Minutes after which an outgoing connection without traffic is cut."""


class NatGateway(Section):
    """How nodes leave with outboundType userAssignedNATGateway."""

    addresses: NatAddresses = 1
    """Public addresses to leave by; each has 64,512 ports to every destination, for all nodes together."""

    idle_timeout_minutes: IdleMinutes = 4
    """Minutes after which an outgoing connection without traffic is cut."""

    zone: Zone | None = None
    """Zone of the gateway, which then fails with it; omitted: one of Azure's choice. A new one replaces the gateway."""

    address_zones: list[Zone] = []
    """Zones of the addresses: all three, or the gateway's own; empty: Azure's choice. A change replaces them."""


class Firewall(Section):
    """An appliance that is there already and that all traffic to the Internet goes through."""

    private_ip: IpAddress
    """Its address in this network or a peered one: next hop of the route to everywhere."""

    public_ips: list[IpAddress] = []
    """Addresses it leaves by; a public API server lets them in."""

    gateway_routes: bool = False
    """Whether routes learnt from a VPN or ExpressRoute gateway count, too: one to 0.0.0.0/0 among them would lead round
    the firewall."""


class AdvancedNetworking(Section):
    """Advanced Container Networking Services, paid by the node hour."""

    observability: bool = False
    """Whether flows, DNS and drops of pods become metrics and logs."""

    security: Literal["None", "FQDN", "L7"] = "None"
    """Which policies beyond addresses and ports Cilium holds: `FQDN` by host name, `L7` also by HTTP path. With
    `cni: cilium` only; `fqdnPolicies` needs at least `FQDN` and gets it without being said."""


class NetworkSettings(Section):
    """Address plan and ways out: no two ranges may overlap, here or with peered networks."""

    address_space: Cidr
    """The virtual network."""

    subnets: Subnets = Subnets(nodes=AUTO)
    """Its parts; omitted: all of them, each `auto`."""

    peered: list[Cidr] = []
    """Ranges that this network is connected with, by peering, VPN or ExpressRoute, now or later: nothing here may
    overlap them. No peering is made."""

    pod_cidr: Cidr = "10.244.0.0/16"
    """Addresses of pods (overlay): a /24 each node. A change replaces the cluster."""

    service_cidr: Cidr = "10.0.0.0/16"
    """Addresses of Services. A change replaces the cluster."""

    dns_service_ip: IpAddress = "10.0.0.10"
    """Address of the cluster's DNS in `serviceCidr`, not its first; omitted: its tenth. A change replaces the
    cluster."""

    security_groups: bool = True
    """Whether each subnet has a network security group that lets in what AKS and the stack's load balancers need, and
    nothing else from the Internet; false where somebody else governs them."""

    outbound_type: Literal[
        "loadBalancer",
        "userAssignedNATGateway",
        "userDefinedRouting",
        "managedNATGateway",
        "none",
        "block",
    ] = "loadBalancer"
    """How nodes reach the Internet: the first three; the others are Azure's, and why they are refused a check tells. A
    change replaces the cluster."""

    load_balancer: LoadBalancer = LoadBalancer()
    """With outboundType loadBalancer."""

    nat_gateway: NatGateway = NatGateway()
    """With outboundType userAssignedNATGateway."""

    route_table_id: RouteTableId | None = None
    """Route table of the nodes' subnets, which exists already; with outboundType userDefinedRouting only."""

    firewall: Firewall | None = Field(default=None)
    """Where a route table made here leads; with outboundType userDefinedRouting, in place of `routeTableId`."""

    advanced_networking: AdvancedNetworking = AdvancedNetworking()
    """What Advanced Container Networking Services does."""

    @model_validator(mode="before")
    @classmethod
    def _plan(cls, data: Any) -> Any:
        """A range in place of each `auto`."""
        if not isinstance(data, dict):
            return data
        subnets = data.get("subnets", {"nodes": AUTO})
        if not isinstance(subnets, dict):
            return data
        return {**data, "subnets": planned(subnets, data.get("addressSpace"))}
