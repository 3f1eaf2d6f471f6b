"""A Service selects a pod."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.stack import Stack
from policy.unknown import Undecided


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = mapping(it.manifest, "spec", "selector")
    if not selector or stack.selected(it.namespace, {"matchLabels": selector}):
        return
    for chart in stack.charts(it.namespace):
        raise Undecided(f"{chart} may make the pods that it selects")
    yield "spec.selector", f"selects no pod of namespace {it.namespace}"


RULE = StackRule(
    id="service-selects-nothing",
    title="A Service selects a pod",
    area="references",
    severity="mandatory",
    kinds=("Service",),
    check=_check,
    why="It has no endpoints: connections to it are refused, or time out.",
    remedy="make the selector match the labels of the pods, in the same namespace",
    source="https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
)
