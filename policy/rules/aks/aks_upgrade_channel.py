"""Patches of Kubernetes come by themselves."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "autoUpgradeProfile", "upgradeChannel") in (None, "none"):
        yield "autoUpgradeProfile.upgradeChannel", "gets no patches of Kubernetes by itself"


RULE = Rule(
    id="aks-upgrade-channel",
    title="Patches of Kubernetes come by themselves",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Known holes stay open until somebody thinks of it.",
    remedy="set autoUpgradeProfile.upgradeChannel to patch or stable",
    source="https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
)
