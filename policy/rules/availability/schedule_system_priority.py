"""System priorities are left to the system."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Pod, parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.spec, "priorityClassName")
    if (
        isinstance(name, str)
        and name.startswith("system-")
        and it.object.namespace not in parameters["namespaces"]
    ):
        yield "priorityClassName", f"is as important as the system's own: {name}"


RULE = Rule(
    id="schedule-system-priority",
    title="System priorities are left to the system",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    parameters={
        "namespaces": Parameter(default=["kube-system"], docs="namespaces of the system itself")
    },
    check=_check,
    why="The pod evicts others, DNS among them, when room is short.",
    remedy="use a PriorityClass of your own",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
)
