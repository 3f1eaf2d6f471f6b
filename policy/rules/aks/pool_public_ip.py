"""Nodes have no public addresses."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import Object, dig, items
from policy.rule import Parameters, Rule, Subjects, Violation
from policy.rules._index import CLUSTER


def _pools(it: Object) -> Subjects:
    if it.kind == CLUSTER:
        yield from items(it.manifest, "agentPoolProfiles")
    else:
        yield "", it.manifest


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "enableNodePublicIP") is True:
        yield "enableNodePublicIP", "gives every node a public address"


RULE = Rule(
    id="pool-public-ip",
    title="Nodes have no public addresses",
    area="aks",
    severity="mandatory",
    kinds=(
        "azure-native:containerservice:ManagedCluster",
        "azure-native:containerservice:AgentPool",
    ),
    each=_pools,
    check=_check,
    why="Each node can be attacked past the load balancer.",
    remedy="set enableNodePublicIP to false",
    source="https://learn.microsoft.com/azure/aks/use-node-public-ips",
)
