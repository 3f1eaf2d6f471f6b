"""The address plan, who holds pods to their network policies, and who scrapes them."""

from typing import Annotated, Literal

from settings.azure_values import RouteTableId
from settings.section import BY_KEY, Section
from settings.values import Cidr, DnsLabel, IpAddress, LabelKey, LabelValue


class Subnets(Section):
    """Subnets of the virtual network."""

    nodes: Cidr
    """Nodes of every pool; a /24 holds 251."""


Cni = Literal["cilium", "calico", "azure", "none"]
"""Who holds pods to their network policies."""


class Monitoring(Section):
    """What scrapes the workloads that have `metrics`."""

    namespace: DnsLabel
    """Namespace of its pods, for example `kube-system`."""

    pod_labels: Annotated[dict[LabelKey, LabelValue], BY_KEY] = {}
    """What selects its pods there, for example `{rsName: ama-metrics}`; omitted: all of the namespace."""


class NetworkSettings(Section):
    """Address plan: no two ranges may overlap, here or with peered networks."""

    address_space: Cidr
    """The virtual network."""

    subnets: Subnets
    """Its parts."""

    pod_cidr: Cidr
    """Addresses of pods (overlay): a /24 each node. A change replaces the cluster."""

    service_cidr: Cidr
    """Addresses of Services. A change replaces the cluster."""

    dns_service_ip: IpAddress
    """Address of the cluster's DNS in `serviceCidr`, not its first. A change replaces the cluster."""

    outbound_type: Literal["loadBalancer", "userAssignedNATGateway", "userDefinedRouting"] = (
        "loadBalancer"
    )
    """How nodes reach the Internet. A change replaces the cluster."""

    route_table_id: RouteTableId | None = None
    """Route table of the node subnet, which exists already; with outboundType userDefinedRouting only."""
