"""An Entra identity for one workload: its pods sign in to Azure without a password."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import managedidentity

from components.azure import names
from components.azure.rights import give, require_vaults
from components.azure.stack import AksStack
from settings.federations import Account
from settings.workload import Workload

TOKEN_AUDIENCE = "api://AzureADTokenExchange"
"""https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust"""


@dataclass(frozen=True, kw_only=True)
class WorkloadIdentityArgs:
    """Inputs of `WorkloadIdentity`."""

    stack: AksStack
    """Names, tags, and the vaults by name."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    workload: Workload
    """Its service account has its name, in its namespace; its secrets say which vaults it may read."""

    oidc_issuer_url: pulumi.Input[str]
    """Issuer of the cluster's service account tokens."""

    made_vaults: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Azure ids of the vaults that are made here, by key in `keyVaults`."""

    def __post_init__(self) -> None:
        require_vaults(self.stack, self.vaults)

    @property
    def vaults(self) -> list[str]:
        """Names of the vaults that the workload reads, sorted."""
        return self.workload.vaults


class WorkloadIdentity(pulumi.ComponentResource):
    """Who a workload is in Azure, where it shares that with no other (`SharedIdentity`)."""

    client_id: pulumi.Output[str]
    """For the service account. Whoever uses it waits for the credential and all its rights."""

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:WorkloadIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, workload = args.stack, args.workload

        identity_name = names.workload_identity(stack, workload.name)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=identity_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        [account] = workload.service_accounts
        credential = managedidentity.FederatedIdentityCredential(
            f"{name}-credential",
            federated_identity_credential_resource_name=names.FEDERATED_CREDENTIAL,
            resource_name_=identity.name,
            resource_group_name=args.resource_group,
            issuer=args.oidc_issuer_url,
            subject=Account(workload.namespace, account).subject,
            audiences=[TOKEN_AUDIENCE],
            opts=child,
        )
        own = workload.azure_identity
        rights = give(
            name,
            stack,
            (identity_name, identity.principal_id),
            vaults=args.vaults,
            made_vaults=args.made_vaults,
            roles=own.roles if own else {},
            opts=child,
        )

        self.client_id = pulumi.Output.all(identity.client_id, credential.id, *rights).apply(
            lambda them: str(them[0])
        )
        self.register_outputs({"client_id": self.client_id})
