"""Containers of a pod do not share processes."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.spec, "shareProcessNamespace") is True:
        yield "shareProcessNamespace", "lets its containers see each other's processes"


RULE = Rule(
    id="pod-shared-processes",
    title="Containers of a pod do not share processes",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Each sees the others' environment and memory, secrets among it.",
    remedy="remove shareProcessNamespace",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
)
