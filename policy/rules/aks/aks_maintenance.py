"""Upgrades have their hours."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production
from policy.stack import Stack

_WINDOWS: Final = {
    "upgradeChannel": "aksManagedAutoUpgradeSchedule",
    "nodeOSUpgradeChannel": "aksManagedNodeOSUpgradeSchedule",
}


def _check(it: Object, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    if not is_production(it, parameters):
        return
    given = [
        dig(window.manifest, "configName")
        for window in stack.of("azure-native:containerservice:MaintenanceConfiguration")
    ]
    for key, name in _WINDOWS.items():
        upgrades = dig(it.manifest, "autoUpgradeProfile", key) not in (None, "none", "None")
        if upgrades and name not in given:
            yield f"autoUpgradeProfile.{key}", f"upgrades at any hour: there is no {name}"


RULE = StackRule(
    id="aks-maintenance",
    title="Upgrades have their hours",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="Nodes are drained in the busiest one.",
    remedy="add the MaintenanceConfigurations aksManagedAutoUpgradeSchedule and aksManagedNodeOSUpgradeSchedule",
    source="https://learn.microsoft.com/azure/aks/planned-maintenance",
)
