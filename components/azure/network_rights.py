"""What AKS may change in a network beside the nodes' subnet, whose role is given with the identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pulumi

from components.azure import names
from components.azure.roles import assign
from components.azure.stack import AksStack

NETWORK = "Network Contributor"
ZONE = "Private DNS Zone Contributor"


class Right(NamedTuple):
    """One role on one resource."""

    key: str
    """End of the assignment's logical name."""

    role: str
    """Built-in role by name."""

    scope: tuple[str, pulumi.Input[str]]
    """The resource: a name known beforehand and its Azure id."""


@dataclass(frozen=True, kw_only=True)
class NetworkRightsArgs:
    """Inputs of `NetworkRights`."""

    stack: AksStack
    """Names."""

    principal_id: pulumi.Input[str]
    """Object id in Entra of the identity AKS acts as."""

    rights: Sequence[Right]
    """What it may, at least one."""


class NetworkRights(pulumi.ComponentResource):
    """Roles that a cluster needs before it exists; it depends on this component."""

    ids: Sequence[pulumi.Output[str]]
    """Azure ids of the assignments."""

    def __init__(
        self, name: str, args: NetworkRightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:NetworkRights", name, None, opts)
        principal = (names.control_plane_identity(args.stack), args.principal_id)
        made = [
            assign(
                f"{name}-{right.key}",
                args.stack,
                role=right.role,
                principal=principal,
                scope=right.scope,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for right in args.rights
        ]
        self.ids = [it.id for it in made]
        self.register_outputs({"ids": self.ids})
