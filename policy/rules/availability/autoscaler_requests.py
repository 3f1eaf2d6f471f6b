"""What an autoscaler measures by share has a request.

One without metrics measures CPU by share, as `autoscaling/v1` does
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/).
"""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items, listed, main_containers, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._amounts import lacks
from policy.rules._turns import over
from policy.stack import Stack
from policy.unknown import Undecided


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    target = mapping(it.manifest, "spec", "scaleTargetRef")
    workload = stack.get(str(target.get("kind")), it.namespace, str(target.get("name")))
    if workload is None:
        return

    def look(metric: Any) -> Iterator[Violation]:
        for key in ("resource", "containerResource"):
            held = mapping(metric, key)
            resource = held.get("name")
            if dig(held, "target", "type") == "Utilization" and isinstance(resource, str):
                for message in _silent(stack, workload, resource, held.get("container")):
                    yield key, message

    if listed(it.manifest, "spec", "metrics"):
        yield from over(items(it.manifest, "spec", "metrics"), look)
        return
    for message in _silent(stack, workload, "cpu", None):
        yield "spec.metrics", message


def _silent(stack: Stack, workload: Object, resource: str, name: Any) -> Iterator[str]:
    """What is to be said of the containers, or the one of a name, that do not request a resource."""
    for _, it in main_containers(workload):
        if isinstance(it, Undecided):
            raise it
        if name in (None, it.name) and lacks(stack, it, "requests", resource):
            yield f"counts {resource}, of which container {it.name} requests none"


RULE = StackRule(
    id="autoscaler-requests",
    title="What an autoscaler measures by share has a request",
    area="availability",
    severity="mandatory",
    kinds=("HorizontalPodAutoscaler",),
    reach="namespace",
    check=_check,
    why="Without a request the metric is not known, and the autoscaler does nothing.",
    remedy="set resources.requests of every container",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
)
