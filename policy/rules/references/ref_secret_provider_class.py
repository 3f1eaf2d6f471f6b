"""A SecretProviderClass exists."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.rules._turns import over
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(volume: Any) -> Iterator[Violation]:
        if dig(volume, "csi", "driver") != "secrets-store.csi.k8s.io":
            return
        name = dig(volume, "csi", "volumeAttributes", "secretProviderClass")
        if name and is_missing(stack, "SecretProviderClass", it.object.namespace, name):
            place = "csi.volumeAttributes.secretProviderClass"
            yield place, f"is no SecretProviderClass of namespace {it.object.namespace}"

    yield from over(items(it.spec, "volumes"), look)


RULE = StackRule(
    id="ref-secret-provider-class",
    title="A SecretProviderClass exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The pod stays in ContainerCreating.",
    remedy="add it, or correct the name",
    source="https://learn.microsoft.com/azure/aks/csi-secrets-store-driver",
)
