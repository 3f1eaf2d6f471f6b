"""A container registry that the stack makes.

Left out on purpose: its images, and who pushes them: give pipelines AcrPush.
"""

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import containerregistry

from components.azure import data_names
from components.azure.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.azure.stack import AksStack
from settings.global_names import registry_name
from settings.registries import RegistryCreate

ZONE: Final = "privatelink.azurecr.io"
"""https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

PART: Final = "registry"


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """Inputs of `Registry`."""

    stack: AksStack
    """Names, tags, and what the registry is."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    endpoint_subnet_id: pulumi.Input[str] | None = None
    """Subnet of private endpoints; required with `privateEndpoint`."""

    zone_id: pulumi.Input[str] | None = None
    """Private DNS zone `ZONE`; required with `privateEndpoint`."""

    def __post_init__(self) -> None:
        if self.create.private_endpoint and not (self.endpoint_subnet_id and self.zone_id):
            raise ValueError(
                "cluster.registry.create.privateEndpoint requires network.subnets.privateEndpoints"
            )

    @property
    def create(self) -> RegistryCreate:
        """What the stack says of it; raises `ValueError` where it makes none."""
        registry = self.stack.settings.cluster.registry
        if registry is None or registry.create is None:
            raise ValueError("cluster.registry is not made here")
        return registry.create


class Registry(pulumi.ComponentResource):
    """One registry and its private address."""

    registry_id: pulumi.Output[str]
    """Azure id; whoever uses it waits for the private address."""

    def __init__(
        self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Registry", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, create = args.stack, args.create
        made = containerregistry.Registry(
            f"{name}-registry",
            registry_name=registry_name(stack.settings),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            sku={"name": create.sku},
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            network_rule_bypass_options="AzureServices",
            public_network_access="Disabled" if create.private_endpoint else "Enabled",
            opts=child,
        )
        waits = [made.id]
        if create.private_endpoint and args.endpoint_subnet_id and args.zone_id:
            endpoint = PrivateEndpointArgs(
                stack=stack,
                resource_group=args.resource_group,
                endpoint_name=data_names.private_endpoint(registry_name(stack.settings)),
                target_id=made.id,
                part=PART,
                subnet_id=args.endpoint_subnet_id,
                zone_id=args.zone_id,
            )
            waits.append(PrivateEndpoint(f"{name}-private", endpoint, child).endpoint_id)
        self.registry_id = pulumi.Output.all(*waits).apply(lambda them: str(them[0]))
        self.register_outputs({"registry_id": self.registry_id})
