"""A Service selects a pod."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Object
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import perhaps_of_operator, service_selector
from policy.stack import Stack
from policy.unknown import Undecided


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = service_selector(it)
    if selector is None or stack.selected(it.namespace, selector):
        return
    perhaps_of_operator(stack, it.namespace)
    for chart in stack.charts(it.namespace):
        raise Undecided(f"{chart} may make the pods that it selects")
    if not stack.complete and not stack.pods(it.namespace) and not _elsewhere(it, stack):
        raise Undecided(f"no pod of namespace {it.namespace} is here")
    yield "spec.selector", f"selects no pod of namespace {it.namespace}"


def _elsewhere(it: Object, stack: Stack) -> bool:
    """Whether another namespace has such pods: then it is the namespace that is wrong."""
    selector = service_selector(it) or {}
    others = {pods.namespace for pods in stack.of(*WORKLOADS)} - {it.namespace}
    return any(stack.selected(name, selector) for name in sorted(others))


RULE = StackRule(
    id="service-selects-nothing",
    title="A Service selects a pod",
    area="references",
    severity="mandatory",
    kinds=("Service",),
    reach="namespace",
    check=_check,
    why="It has no endpoints: connections to it are refused, or time out.",
    remedy="make the selector match the labels of the pods, in the same namespace",
    source="https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
)
