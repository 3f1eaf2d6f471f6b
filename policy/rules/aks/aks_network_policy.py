"""The cluster enforces network policies."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "networkProfile", "networkPolicy") in (None, "", "none"):
        yield "networkProfile.networkPolicy", "enforces no NetworkPolicy"


RULE = Rule(
    id="aks-network-policy",
    title="The cluster enforces network policies",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Without an engine NetworkPolicies are accepted and do nothing.",
    remedy="set networkProfile.networkPolicy to cilium",
    source="https://learn.microsoft.com/azure/aks/use-network-policies",
)
