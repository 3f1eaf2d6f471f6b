"""The system pool is for the system."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, items, listed
from policy.rule import Parameters, Rule, Subjects, Violation
from policy.rules._index import CLUSTER

_TAINT: Final = "CriticalAddonsOnly=true:NoSchedule"


def _pools(it: Object) -> Subjects:
    if it.kind == CLUSTER:
        yield from items(it.manifest, "agentPoolProfiles")
    else:
        yield "", it.manifest


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "mode") == "System" and _TAINT not in listed(it, "nodeTaints"):
        yield "nodeTaints", "lets workloads onto system nodes"


RULE = Rule(
    id="pool-system-taint",
    title="The system pool is for the system",
    area="aks",
    severity="mandatory",
    kinds=(
        "azure-native:containerservice:ManagedCluster",
        "azure-native:containerservice:AgentPool",
    ),
    each=_pools,
    check=_check,
    why="Workloads displace DNS and the metrics server.",
    remedy="set nodeTaints to [CriticalAddonsOnly=true:NoSchedule]",
    source="https://learn.microsoft.com/azure/aks/use-system-pools",
)
