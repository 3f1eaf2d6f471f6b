"""Who reaches the API server over the network, and by which name."""

from typing import Annotated

from settings.constraint import Text
from settings.section import Section
from settings.values import Cidr

PrivateDnsZone = Annotated[
    str,
    Text(
        r"^(system|none|own|/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network/"
        r"privateDnsZones/([a-z0-9-]{1,32}\.)?privatelink\.[a-z0-9]+\.azmk8s\.io)$",
        "must be 'system', 'none', 'own' or the resource id of a private DNS zone "
        "'privatelink.<location>.azmk8s.io', or of one below it",
    ),
]
"""https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns"""


class ApiServer(Section):
    """Who reaches the API server over the network."""

    private: bool = False
    """Whether it has a private address only. Fixed at creation, unless `vnetIntegration` is on."""

    authorized_ip_ranges: list[Cidr] = []
    """Public ranges that may connect, beside the nodes' own way out. A public API server with none is refused."""

    vnet_integration: bool = False
    """Whether it stands in `network.subnets.apiServer`, so that nodes reach it without tunnel or private endpoint. It
    cannot be undone; switched on later, the cluster must be stopped and started at once and every node made anew."""

    private_dns_zone: PrivateDnsZone = "system"
    """Where the name of a private API server stands: `system` is a zone that AKS makes, `own` one that is made here and
    linked to the virtual network, a resource id one that is there; `none` leaves public DNS. Fixed at creation."""

    public_fqdn: bool = False
    """Whether a private API server has a name in public DNS, too, that leads to its private address."""

    run_command: bool = False
    """Whether `az aks command invoke` may run commands in the cluster past every network rule, with the rights of an
    administrator of Azure."""
