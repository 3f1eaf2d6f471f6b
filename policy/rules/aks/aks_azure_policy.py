"""Azure Policy watches the cluster."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import addons


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if not addons(it, "azurepolicy"):
        yield "addonProfiles.azurepolicy", "is off"


RULE = Rule(
    id="aks-azure-policy",
    title="Azure Policy watches the cluster",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Nothing in the cluster refuses what a review missed.",
    remedy="enable addonProfiles.azurepolicy",
    source="https://learn.microsoft.com/azure/aks/use-azure-policy",
)
