"""Nodes have ephemeral OS disks."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    if is_production(it, parameters) and dig(it.manifest, "osDiskType") != "Ephemeral":
        yield "osDiskType", "is a managed disk"


RULE = Rule(
    id="pool-ephemeral-disk",
    title="Nodes have ephemeral OS disks",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:AgentPool",),
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="Managed disks are slower, cost extra and are reimaged slowly.",
    remedy="set osDiskType to Ephemeral when the pool is made",
    source="https://learn.microsoft.com/azure/aks/concepts-storage",
)
