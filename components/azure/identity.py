"""The identities of the cluster, with every right they need before it exists.

Left out on purpose: the identities of workloads, which come after the cluster (`workload_identity`).
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import managedidentity

from components.azure import names
from components.azure.roles import assign
from components.azure.stack import AksStack
from settings.global_names import registry_name


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """Inputs of `Identity`."""

    stack: AksStack
    """Names, tags, and the registry that nodes pull from."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    nodes_subnet_id: pulumi.Input[str]
    """The subnet that AKS puts machines and load balancers in, and the only thing in the network it may change."""

    made_registry_id: pulumi.Input[str] | None = None
    """Azure id of the registry that is made here; None where it exists already, or there is none."""


class Identity(pulumi.ComponentResource):
    """Who AKS acts as, and who its nodes act as.

    Whoever depends on this component waits for all its role assignments.
    """

    control_plane_id: pulumi.Output[str]
    """Azure id of the identity AKS acts as."""

    control_plane_object_id: pulumi.Output[str]
    """Its object id in Entra."""

    kubelet_id: pulumi.Output[str]
    """Azure id of the identity nodes pull images as."""

    kubelet_client_id: pulumi.Output[str]
    """Its client id."""

    kubelet_object_id: pulumi.Output[str]
    """Its object id in Entra."""

    def __init__(
        self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Identity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack = args.stack

        control_plane_name, kubelet_name = (
            names.control_plane_identity(stack),
            names.kubelet_identity(stack),
        )
        control_plane = managedidentity.UserAssignedIdentity(
            f"{name}-control-plane",
            resource_name_=control_plane_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        kubelet = managedidentity.UserAssignedIdentity(
            f"{name}-kubelet",
            resource_name_=kubelet_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )

        assign(
            f"{name}-kubelet-operator",
            stack,
            role="Managed Identity Operator",
            principal=(control_plane_name, control_plane.principal_id),
            scope=(kubelet_name, kubelet.id),
            opts=child,
        )
        assign(
            f"{name}-nodes-subnet-contributor",
            stack,
            role="Network Contributor",
            principal=(control_plane_name, control_plane.principal_id),
            scope=(names.NODES_SUBNET, args.nodes_subnet_id),
            opts=child,
        )
        if registry := stack.settings.cluster.registry:
            known = registry.id or registry_name(stack.settings)
            assign(
                f"{name}-registry-pull",
                stack,
                role="AcrPull",
                principal=(kubelet_name, kubelet.principal_id),
                scope=(known, args.made_registry_id or known),
                opts=child,
            )

        self.control_plane_id = control_plane.id
        self.control_plane_object_id = control_plane.principal_id
        self.kubelet_id = kubelet.id
        self.kubelet_client_id = kubelet.client_id
        self.kubelet_object_id = kubelet.principal_id
        self.register_outputs(
            {
                "control_plane_id": self.control_plane_id,
                "control_plane_object_id": self.control_plane_object_id,
                "kubelet_id": self.kubelet_id,
                "kubelet_client_id": self.kubelet_client_id,
                "kubelet_object_id": self.kubelet_object_id,
            }
        )
