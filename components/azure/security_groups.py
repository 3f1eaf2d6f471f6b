"""A network security group for each subnet: what may enter stands in `security_rules`."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.azure import names
from components.azure.security_rules import rules
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class SecurityGroupsArgs:
    """Inputs of `SecurityGroups`."""

    stack: AksStack
    """Subnets, ingress and workloads with a load balancer of their own."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class SecurityGroups(pulumi.ComponentResource):
    """Who may enter which subnet."""

    ids: Mapping[str, pulumi.Output[str]]
    """Azure id of each group by the key of its subnet."""

    def __init__(
        self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:SecurityGroups", name, None, opts)
        stack = args.stack
        made = {
            subnet: network.NetworkSecurityGroup(
                f"{name}-{names.SUBNETS[subnet].removeprefix('snet-')}",
                network_security_group_name=names.security_group(stack, subnet),
                resource_group_name=args.resource_group,
                location=stack.location,
                tags=stack.tags,
                # Connections that stand keep standing when a rule changes; true cuts them all.
                flush_connection=False,
                security_rules=rules(stack, subnet),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for subnet in stack.network.subnets.ranges
        }
        self.ids = {subnet: group.id for subnet, group in made.items()}
        self.register_outputs({"ids": self.ids})
