"""Kubernetes RBAC is on."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "enableRBAC") is False:
        yield "enableRBAC", "lets every user do everything"


RULE = Rule(
    id="aks-rbac",
    title="Kubernetes RBAC is on",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Without it every user of the API may do everything.",
    remedy="set enableRBAC to true",
    source="https://learn.microsoft.com/azure/aks/concepts-identity",
)
