"""Entra ID and Azure RBAC decide who may do what."""

from collections.abc import Iterator
from functools import partial

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str, what: str) -> Iterator[Violation]:
        if dig(it.manifest, "aadProfile", key) is not True:
            yield f"aadProfile.{key}", what

    yield from in_turn(
        partial(look, "managed", "does not ask Entra ID who somebody is"),
        partial(look, "enableAzureRBAC", "does not ask Azure what somebody may do"),
    )


RULE = Rule(
    id="aks-entra",
    title="Entra ID and Azure RBAC decide who may do what",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Otherwise rights end with a kubeconfig file, not with the person.",
    remedy="set aadProfile.managed and enableAzureRBAC",
    source="https://learn.microsoft.com/azure/aks/manage-azure-rbac",
)
