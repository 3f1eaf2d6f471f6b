"""A PriorityClass exists."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.spec, "priorityClassName")
    if not name or str(name).startswith("system-"):
        return
    if is_missing(stack, "PriorityClass", "", name):
        yield "priorityClassName", "is no PriorityClass of the cluster"


RULE = StackRule(
    id="ref-priority-class",
    title="A PriorityClass exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The API server refuses the pods.",
    remedy="add it, or correct the name",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
)
