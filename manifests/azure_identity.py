"""What pods sign in to Azure as: marks for the workload identity webhook, which does the rest.

The webhook mounts a token of the service account for Azure and sets the AZURE_* variables as a pod is made; a token
that is projected here, too, would stand beside it. So an identity that changes reaches no pod that runs, and the
pods of a shared one say which it is: they roll with it.
https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
"""

from typing import Any

from manifests import Values
from settings.azure_identity import SharedIdentity
from settings.stack import Settings
from settings.workload import Workload

CLIENT_ID = "azure.workload.identity/client-id"
TENANT_ID = "azure.workload.identity/tenant-id"
"""Annotations of a service account."""

USE_IDENTITY = "azure.workload.identity/use"
"""Label of a pod: the webhook looks at no other."""

SHARED_IDENTITY = "aks-platform/azure-identity"
"""Annotation of a pod: what a shared identity is called, and its ids where the stack gives them."""


def has_identity(settings: Settings, workload: Workload) -> bool:
    """Whether its pods sign in to Azure, and there is one: of this stack's making, or given."""
    given = shared(settings, workload)
    if settings.target == "aks":
        return workload.signs_in_to_azure
    return given is not None and given.client_id is not None


def shared(settings: Settings, workload: Workload) -> SharedIdentity | None:
    """The identity of the stack that it shares with others."""
    name = workload.shared_identity
    return settings.azure_identities.get(name) if name else None


def client_id(settings: Settings, workload: Workload, values: Values) -> Any:
    """Client id of its identity: what the stack gives, else what Azure gave."""
    given = shared(settings, workload)
    return given.client_id if given and given.client_id else values.client_ids[workload.name]


def tenant_id(settings: Settings, workload: Workload) -> str | None:
    """Entra tenant of its identity, where it is not the cluster's."""
    given = shared(settings, workload)
    return given.tenant_id if given else None


def of_account(settings: Settings, workload: Workload, values: Values) -> dict[str, Any]:
    """Annotations of its service account."""
    if not has_identity(settings, workload):
        return {}
    found = {CLIENT_ID: client_id(settings, workload, values)}
    tenant = tenant_id(settings, workload)
    return {**found, TENANT_ID: tenant} if tenant else found


def of_pods(settings: Settings, workload: Workload) -> tuple[dict[str, str], dict[str, str]]:
    """Labels and annotations of its pods."""
    if not has_identity(settings, workload):
        return {}, {}
    given = shared(settings, workload)
    if given is None:
        return {USE_IDENTITY: "true"}, {}
    parts = (workload.shared_identity, given.client_id, given.tenant_id)
    return {USE_IDENTITY: "true"}, {SHARED_IDENTITY: " ".join(it for it in parts if it)}
