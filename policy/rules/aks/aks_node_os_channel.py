"""Nodes get security patches.

Without a word AKS takes NodeImage.
"""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    channel = dig(it.manifest, "autoUpgradeProfile", "nodeOSUpgradeChannel")
    if channel in ("None", "Unmanaged"):
        yield "autoUpgradeProfile.nodeOSUpgradeChannel", "leaves the nodes unpatched"


RULE = Rule(
    id="aks-node-os-channel",
    title="Nodes get security patches",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Unmanaged or None leaves kernels unpatched.",
    remedy="set autoUpgradeProfile.nodeOSUpgradeChannel to NodeImage or SecurityPatch",
    source="https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image",
)
