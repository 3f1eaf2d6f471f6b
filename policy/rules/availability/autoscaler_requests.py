"""What an autoscaler measures by share has a request."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items, main_containers, mapping
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
        held = mapping(metric, "resource")
        resource = held.get("name")
        if dig(held, "target", "type") != "Utilization" or not isinstance(resource, str):
            return
        for _, container in main_containers(workload):
            if isinstance(container, Undecided):
                raise container
            if lacks(stack, container, "requests", resource):
                yield (
                    "resource",
                    f"counts {resource}, of which container {container.name} requests none",
                )

    yield from over(items(it.manifest, "spec", "metrics"), look)


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
