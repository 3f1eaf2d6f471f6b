"""Nobody edits the group of the nodes."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "nodeResourceGroupProfile", "restrictionLevel") != "ReadOnly":
        yield "nodeResourceGroupProfile.restrictionLevel", "lets people edit what AKS made"


RULE = Rule(
    id="aks-node-group-lock",
    title="Nobody edits the group of the nodes",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Manual changes of machines and load balancers are undone, or break the cluster.",
    remedy="set nodeResourceGroupProfile.restrictionLevel to ReadOnly",
    source="https://learn.microsoft.com/azure/aks/node-resource-group-lockdown",
)
