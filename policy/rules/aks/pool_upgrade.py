"""Upgrades add nodes before they take any."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    surge = dig(it.manifest, "upgradeSettings", "maxSurge")
    if surge in (None, "0", "1", 0, 1):
        yield "upgradeSettings.maxSurge", "upgrades one node after the other"


RULE = Rule(
    id="pool-upgrade",
    title="Upgrades add nodes before they take any",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:AgentPool",),
    check=_check,
    why="One node at a time for hours, or less room than pods need.",
    remedy="set upgradeSettings.maxSurge to 33%",
    source="https://learn.microsoft.com/azure/aks/upgrade-aks-cluster",
)
