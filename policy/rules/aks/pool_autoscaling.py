"""Pools scale by themselves."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "enableAutoScaling") is not True:
        yield "enableAutoScaling", "has the same number of nodes at every load"
        return
    least, most = dig(it.manifest, "minCount"), dig(it.manifest, "maxCount")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield "maxCount", "is below minCount"


RULE = Rule(
    id="pool-autoscaling",
    title="Pools scale by themselves",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:AgentPool",),
    check=_check,
    why="Pods stay Pending at the peak, and nodes idle in the night.",
    remedy="set enableAutoScaling with minCount and maxCount",
    source="https://learn.microsoft.com/azure/aks/cluster-autoscaler",
)
