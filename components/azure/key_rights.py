"""The role that a cluster needs on the vault of its etcd key."""

from dataclasses import dataclass

import pulumi

from components.azure import names
from components.azure.roles import assign
from components.azure.stack import AksStack

ROLE = "Key Vault Crypto User"
"""https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption : encrypts and decrypts, and can neither read nor
delete the key."""


@dataclass(frozen=True, kw_only=True)
class KeyRightsArgs:
    """Inputs of `KeyRights`."""

    stack: AksStack
    """Names."""

    principal_id: pulumi.Input[str]
    """Object id in Entra of the identity AKS acts as."""

    vault_id: str
    """Azure id of the vault, as the stack gives it."""


class KeyRights(pulumi.ComponentResource):
    """What a cluster with `kms` needs before it exists; it depends on this component."""

    assignment_id: pulumi.Output[str]
    """Azure id of the role assignment."""

    def __init__(
        self, name: str, args: KeyRightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:KeyRights", name, None, opts)
        made = assign(
            f"{name}-crypto-user",
            args.stack,
            role=ROLE,
            principal=(names.control_plane_identity(args.stack), args.principal_id),
            scope=(args.vault_id, args.vault_id),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.assignment_id = made.id
        self.register_outputs({"assignment_id": self.assignment_id})
