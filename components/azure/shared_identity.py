"""An Entra identity that several workloads sign in to Azure as, with a credential for each service account.

Left out on purpose: an identity whose client id the stack gives. Who made it federates it and gives it its roles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import managedidentity

from components.azure import names
from components.azure.rights import give, require_vaults
from components.azure.stack import AksStack
from components.azure.workload_identity import TOKEN_AUDIENCE
from settings.federations import Account, shared_vaults


@dataclass(frozen=True, kw_only=True)
class SharedIdentityArgs:
    """Inputs of `SharedIdentity`."""

    stack: AksStack
    """Names, tags, the vaults by name, and the workloads that read them as this identity."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    identity: str
    """Key in `azureIdentities` of the stack. A new one is a new identity."""

    accounts: list[Account]
    """Service accounts that sign in as it, at most 20."""

    oidc_issuer_url: pulumi.Input[str]
    """Issuer of the cluster's service account tokens."""

    made_vaults: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Azure ids of the vaults that are made here, by key in `keyVaults`."""

    def __post_init__(self) -> None:
        require_vaults(self.stack, self.vaults)

    @property
    def vaults(self) -> list[str]:
        """Names of the vaults that its workloads read, sorted."""
        return shared_vaults(self.stack.settings, self.identity)


class SharedIdentity(pulumi.ComponentResource):
    """Who several workloads are in Azure."""

    client_id: pulumi.Output[str]
    """For the service accounts. Whoever uses it waits for every credential and right of the identity."""

    def __init__(
        self, name: str, args: SharedIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:SharedIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack = args.stack

        identity_name = names.shared_identity(stack, args.identity)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=identity_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        credentials: list[managedidentity.FederatedIdentityCredential] = []
        for account in args.accounts:
            credentials.append(
                managedidentity.FederatedIdentityCredential(
                    f"{name}-credential-{account.name}",
                    federated_identity_credential_resource_name=names.federated_credential(
                        *account
                    ),
                    resource_name_=identity.name,
                    resource_group_name=args.resource_group,
                    issuer=args.oidc_issuer_url,
                    subject=account.subject,
                    audiences=[TOKEN_AUDIENCE],
                    # Azure refuses to write two credentials of one identity at a time (409,
                    # ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity), and the provider does not
                    # keep them apart: https://github.com/pulumi/pulumi-azure-native/issues/4343. Behind all before
                    # it and not the last alone: the engine deletes two at once between which it sees no dependency.
                    opts=pulumi.ResourceOptions(parent=self, depends_on=[*credentials]),
                )
            )
        rights = give(
            name,
            stack,
            (identity_name, identity.principal_id),
            vaults=args.vaults,
            made_vaults=args.made_vaults,
            roles=stack.settings.azure_identities[args.identity].roles,
            opts=child,
        )

        self.client_id = pulumi.Output.all(
            identity.client_id, *(it.id for it in credentials), *rights
        ).apply(lambda them: str(them[0]))
        self.register_outputs({"client_id": self.client_id})
