"""Disks outlive their claims."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if it.kind == "StorageClass":
        policy, path = dig(it.manifest, "reclaimPolicy"), "reclaimPolicy"
    else:
        path = "spec.persistentVolumeReclaimPolicy"
        policy = dig(it.manifest, "spec", "persistentVolumeReclaimPolicy") or "Retain"
    if policy != "Retain":
        yield path, "deletes the disk with its claim"


RULE = Rule(
    id="storage-reclaim",
    title="Disks outlive their claims",
    area="storage",
    severity="advisory",
    kinds=(
        "PersistentVolume",
        "StorageClass",
    ),
    check=_check,
    why="With Delete, deleting a claim or its namespace deletes the data.",
    remedy="set reclaimPolicy to Retain",
    source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming",
)
