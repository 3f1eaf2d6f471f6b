"""The scheduler chooses the node."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.spec, "nodeName"):
        yield "nodeName", "names the node itself"


RULE = Rule(
    id="schedule-node-name",
    title="The scheduler chooses the node",
    area="availability",
    severity="advisory",
    kinds=tuple(kind for kind in WORKLOADS if kind != "Pod"),
    each=pods,
    check=_check,
    why="The field nodeName passes by taints, free room and cordons, and ends with that node.",
    remedy="use a nodeSelector or affinity",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
)
