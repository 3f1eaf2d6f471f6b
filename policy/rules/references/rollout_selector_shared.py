"""No controller selects another's pods."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_same
from policy.stack import Stack

_CONTROLLERS: Final = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = mapping(it.manifest, "spec", "selector")
    if not selector:
        return
    for pod in stack.selected(it.namespace, selector):
        if pod.object.kind in _CONTROLLERS and not is_same(pod.object, it):
            yield "spec.selector", f"selects the pods of {pod.object.title}, too"
            return


RULE = StackRule(
    id="rollout-selector-shared",
    title="No controller selects another's pods",
    area="references",
    severity="mandatory",
    kinds=("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    reach="namespace",
    check=_check,
    why="Two controllers adopt and delete each other's pods.",
    remedy="give every workload a label value of its own in selector and template",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
