"""Volumes are of kinds that the cluster hands out."""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, items, mapping, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over

_TYPES: Final = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)
"""What the level restricted refuses, but for hostPath, which has a rule of its own."""


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from over(items(it.spec, "volumes"), _look)


def _look(volume: Any) -> Iterator[Violation]:
    for key in mapping(volume):
        if key in _TYPES and volume[key] is not None:
            yield key, "is a volume that the cluster does not hand out"


RULE = Rule(
    id="pod-volume-types",
    title="Volumes are of kinds that the cluster hands out",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Drivers in the tree carry credentials in pods and are gone from newer versions.",
    remedy="use a claim or a CSI volume",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
