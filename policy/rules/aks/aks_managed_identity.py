"""The cluster has a managed identity."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "identity", "type") not in ("UserAssigned", "SystemAssigned"):
        yield "identity.type", "is a service principal with a password"


RULE = Rule(
    id="aks-managed-identity",
    title="The cluster has a managed identity",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="The secret of a service principal ends one day, and the cluster with it.",
    remedy="set identity.type to UserAssigned",
    source="https://learn.microsoft.com/azure/aks/use-managed-identity",
)
