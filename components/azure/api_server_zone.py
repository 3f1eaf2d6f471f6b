"""The private DNS zone that holds the name of a private API server, and its link to the virtual network."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import privatedns

from components.azure import names
from components.azure.stack import AksStack

EVERYWHERE = "global"
"""Location of private DNS zones and their links, whatever the cluster's."""


@dataclass(frozen=True, kw_only=True)
class ApiServerZoneArgs:
    """Inputs of `ApiServerZone`."""

    stack: AksStack
    """Names and tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    virtual_network_id: pulumi.Input[str]
    """Network whose machines find the name."""


class ApiServerZone(pulumi.ComponentResource):
    """Where a private API server is found.

    Whoever depends on this component waits for the link: nodes that start before it find no API server.
    """

    zone_id: pulumi.Output[str]
    """Azure id of the zone, for the cluster and for the role on it."""

    def __init__(
        self, name: str, args: ApiServerZoneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:ApiServerZone", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        zone = privatedns.PrivateZone(
            f"{name}-zone",
            private_zone_name=names.api_server_zone(args.stack),
            resource_group_name=args.resource_group,
            location=EVERYWHERE,
            tags=args.stack.tags,
            opts=child,
        )
        privatedns.VirtualNetworkLink(
            f"{name}-link",
            virtual_network_link_name=names.virtual_network(args.stack),
            private_zone_name=zone.name,
            resource_group_name=args.resource_group,
            location=EVERYWHERE,
            tags=args.stack.tags,
            virtual_network={"id": args.virtual_network_id},
            # Machines' own names do not belong in it.
            registration_enabled=False,
            # A name that is not in the zone is not asked of public DNS.
            resolution_policy="Default",
            opts=child,
        )
        self.zone_id = zone.id
        self.register_outputs({"zone_id": self.zone_id})
