"""A private DNS zone of a service of Azure, linked to the virtual network."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import privatedns

from components.azure import names
from components.azure.api_server_zone import EVERYWHERE
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class PrivateZoneArgs:
    """Inputs of `PrivateZone`."""

    stack: AksStack
    """Names and tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    zone: str
    """Name of the zone, which Azure gives: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

    virtual_network_id: pulumi.Input[str]
    """Network whose machines find the names."""


class PrivateZone(pulumi.ComponentResource):
    """Where private endpoints of one service are found."""

    zone_id: pulumi.Output[str]
    """Azure id of the zone; whoever uses it waits for the link."""

    def __init__(
        self, name: str, args: PrivateZoneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:PrivateZone", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        zone = privatedns.PrivateZone(
            f"{name}-zone",
            private_zone_name=args.zone,
            resource_group_name=args.resource_group,
            location=EVERYWHERE,
            tags=args.stack.tags,
            opts=child,
        )
        link = privatedns.VirtualNetworkLink(
            f"{name}-link",
            virtual_network_link_name=names.virtual_network(args.stack),
            private_zone_name=zone.name,
            resource_group_name=args.resource_group,
            location=EVERYWHERE,
            tags=args.stack.tags,
            virtual_network={"id": args.virtual_network_id},
            registration_enabled=False,
            # What is not in the zone is somebody else's: it is asked of public DNS.
            resolution_policy="NxDomainRedirect",
            opts=child,
        )
        self.zone_id = pulumi.Output.all(zone.id, link.id).apply(lambda them: str(them[0]))
        self.register_outputs({"zone_id": self.zone_id})
