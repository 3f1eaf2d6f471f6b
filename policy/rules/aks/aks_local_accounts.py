"""A cluster knows no local accounts."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "disableLocalAccounts") is not True:
        yield "disableLocalAccounts", "local accounts are on"


RULE = Rule(
    id="aks-local-accounts",
    title="A cluster has no local accounts",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="The certificate of a local account is cluster-admin, belongs to nobody, and is valid for two years.",
    remedy="set disableLocalAccounts to true; administrators come in by the groups of aadProfile",
    source="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
)
