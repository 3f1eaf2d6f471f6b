"""What many nodes write is no disk."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig, listed
from policy.rule import Parameters, StackRule, Violation
from policy.rules._claims import WRITTEN_BY_MANY, claims, class_of, is_disk
from policy.stack import Stack


def _check(it: Mapping[str, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if not any(mode in WRITTEN_BY_MANY for mode in listed(it, "accessModes")):
        return
    name = class_of(it)
    if name and is_disk(stack, name) and dig(it, "volumeMode") != "Block":
        yield "accessModes", f"asks many nodes to mount a disk of class {name}"


RULE = StackRule(
    id="storage-shared-disk",
    title="What many nodes write is no disk",
    area="storage",
    severity="mandatory",
    kinds=("PersistentVolumeClaim", "StatefulSet"),
    each=claims,
    reach="namespace",
    check=_check,
    why="An Azure disk is attached to one node: the claim stays Pending, or pods on other nodes do.",
    remedy="use azurefile-csi, or ReadWriteOnce",
    source="https://learn.microsoft.com/azure/aks/azure-csi-disk-storage-provision",
)
