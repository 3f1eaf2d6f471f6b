"""A storage class exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rule import Parameters, StackRule, Violation
from policy.rules._claims import BUILT_IN_CLASSES, claims, class_of
from policy.rules._index import is_missing
from policy.stack import Stack


def _check(it: Mapping[str, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    name = class_of(it)
    if name and name not in BUILT_IN_CLASSES and is_missing(stack, "StorageClass", "", name):
        yield "storageClassName", "is no storage class of the cluster"


RULE = StackRule(
    id="ref-storage-class",
    title="A storage class exists",
    area="references",
    severity="mandatory",
    kinds=("PersistentVolumeClaim", "StatefulSet"),
    each=claims,
    reach="namespace",
    check=_check,
    why="The claim stays Pending.",
    remedy="name a class of AKS, managed-csi for example, or add it",
    source="https://learn.microsoft.com/azure/aks/concepts-storage",
)
