"""No volume is a folder of the node."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from over(items(it.spec, "volumes"), _volume)


def _volume(volume: Any) -> Iterator[Violation]:
    if dig(volume, "hostPath") is not None:
        yield "hostPath", "is a folder of the node"


RULE = Rule(
    id="pod-host-path",
    title="No volume is a folder of the node",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Through the node's files a pod reaches kubelet credentials and other pods' data, and it depends on one node.",
    remedy="use an emptyDir, a claim or a CSI volume",
    source="https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
)
