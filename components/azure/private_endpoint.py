"""A private address of something in Azure, with its name in the private DNS zone."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointArgs:
    """Inputs of `PrivateEndpoint`."""

    stack: AksStack
    """Location and tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    endpoint_name: str
    """Its name in Azure."""

    target_id: pulumi.Input[str]
    """Azure id of what it leads to."""

    part: str
    """Which part of the target, in Azure's words, for example `vault`."""

    subnet_id: pulumi.Input[str]
    """Subnet that the address is of."""

    zone_id: pulumi.Input[str]
    """Private DNS zone that its name stands in."""


class PrivateEndpoint(pulumi.ComponentResource):
    """One private endpoint."""

    endpoint_id: pulumi.Output[str]
    """Azure id; whoever uses it waits for the name."""

    def __init__(
        self, name: str, args: PrivateEndpointArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:PrivateEndpoint", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        endpoint = network.PrivateEndpoint(
            f"{name}-endpoint",
            private_endpoint_name=args.endpoint_name,
            resource_group_name=args.resource_group,
            location=args.stack.location,
            tags=args.stack.tags,
            subnet={"id": args.subnet_id},
            private_link_service_connections=[
                {
                    "name": args.part,
                    "private_link_service_id": args.target_id,
                    "group_ids": [args.part],
                }
            ],
            opts=child,
        )
        group = network.PrivateDnsZoneGroup(
            f"{name}-zone-group",
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=args.resource_group,
            private_dns_zone_configs=[{"name": args.part, "private_dns_zone_id": args.zone_id}],
            opts=child,
        )
        self.endpoint_id = pulumi.Output.all(endpoint.id, group.id).apply(lambda it: str(it[0]))
        self.register_outputs({"endpoint_id": self.endpoint_id})
