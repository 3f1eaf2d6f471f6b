"""Identities in Azure: what workloads sign in as, and what those may do there."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from settings.azure_roles import AzureRoleName
from settings.azure_values import ClientId, EntraObjectId, RoleScope
from settings.forms import ShortForm
from settings.section import Section
from settings.values import DnsLabel

MOST_FEDERATIONS = 20
"""Federated credentials of one identity: one a service account that signs in as it.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

Reason = Annotated[str, Field(min_length=10)]


class AzureRole(Section):
    """One Azure role in one place."""

    role: AzureRoleName
    """Built-in role, most of them for data alone. One that manages everything or hands out rights needs a `reason`."""

    scope: RoleScope
    """Id of the resource. A resource group or a subscription takes in whatever is made there later and needs a
    `reason`; a management group is refused."""

    reason: Reason | None = None
    """Why it is that much."""


class AzureIdentity(Section):
    """What a workload signs in to Azure as: an identity of its own, or one that it shares."""

    ONE_OF: ClassVar = ("shared", "roles")

    shared: DnsLabel | None = None
    """Key in `azureIdentities` of the stack. Omitted: an identity that no other workload has. Another identity rolls
    the pods: theirs is fixed when they start."""

    roles: dict[DnsLabel, AzureRole] = {}
    """What its own identity may do in Azure, by names of one's own; a stack overrides a `scope` by them. Vaults in
    `secrets` need none. Those of a shared one stand in the stack."""


def _long(value: object) -> dict[str, object] | None:
    if value is True:
        return {}
    return {"shared": value} if isinstance(value, str) else None


AzureIdentityOrName = Annotated[
    AzureIdentity,
    ShortForm(
        _long,
        "must be true, the name of an identity in 'azureIdentities' of the stack, or a map of settings",
        AzureIdentity | Literal[True] | DnsLabel,
    ),
]
"""`azureIdentity: true` is short for `azureIdentity: {}`, `azureIdentity: uploads` for `{shared: uploads}`."""


class SharedIdentity(Section):
    """An identity that workloads share, or that somebody else made.

    Each workload that names it may do in Azure what any other of them may. Up to 20 service accounts: Azure takes no
    more federated credentials an identity.
    """

    roles: dict[DnsLabel, AzureRole] = {}
    """What it may do in Azure, by names of one's own. The vaults that its workloads read need none."""

    client_id: ClientId | None = None
    """Client id of an identity that somebody else made, federated and gave its roles; then nothing is made in Azure.
    Omitted: it is made, and with target kubeconfig its workloads have none."""

    tenant_id: EntraObjectId | None = None
    """Entra tenant of `clientId`, where it is not the cluster's."""
