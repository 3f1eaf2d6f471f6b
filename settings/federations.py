"""Which service accounts sign in to Azure as which shared identity: what is federated, and what is counted."""

from collections.abc import Mapping
from typing import NamedTuple

from settings.stack import Settings


class Account(NamedTuple):
    """One service account that signs in to Azure."""

    namespace: str
    name: str

    @property
    def subject(self) -> str:
        """As the cluster's tokens call it: https://kubernetes.io/docs/reference/access-authn-authz/authentication/"""
        return f"system:serviceaccount:{self.namespace}:{self.name}"

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def federated(settings: Settings) -> Mapping[str, list[Account]]:
    """The service accounts of every shared identity, sorted, those of an identity that nobody uses included: [].

    An identity that the stack does not have is there, too: `settings.checks` refuses it.
    """
    found: dict[str, list[Account]] = {name: [] for name in settings.azure_identities}
    for workload in settings.workloads.values():
        if workload.shared_identity:
            accounts = [Account(workload.namespace, it) for it in workload.service_accounts]
            found.setdefault(workload.shared_identity, []).extend(accounts)
    return {name: sorted(accounts) for name, accounts in found.items()}


def shared_vaults(settings: Settings, identity: str) -> list[str]:
    """The vaults that workloads with this shared identity read, sorted."""
    users = (it for it in settings.workloads.values() if it.shared_identity == identity)
    return sorted({vault for it in users for vault in it.vaults})
