"""No volume lies on a node."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    for key in ("hostPath", "local"):
        if dig(it.manifest, "spec", key) is not None:
            yield f"spec.{key}", "lies on one node"


RULE = Rule(
    id="storage-host-path",
    title="No volume lies on a node",
    area="storage",
    severity="mandatory",
    kinds=("PersistentVolume",),
    check=_check,
    why="The data ends with the node, and every upgrade of AKS makes new nodes.",
    remedy="use a class of a CSI driver",
    source="https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
)
