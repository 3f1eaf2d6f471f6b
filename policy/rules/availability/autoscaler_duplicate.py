"""A workload has one autoscaler."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import autoscalers, is_same
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    target = mapping(it.manifest, "spec", "scaleTargetRef")
    workload = stack.get(str(target.get("kind")), it.namespace, str(target.get("name")))
    others = (
        [other for other in autoscalers(stack, workload) if not is_same(other, it)]
        if workload
        else []
    )
    if others:
        yield "spec.scaleTargetRef", f"scales what {others[0].title} scales, too"


RULE = StackRule(
    id="autoscaler-duplicate",
    title="A workload has one autoscaler",
    area="availability",
    severity="mandatory",
    kinds=("HorizontalPodAutoscaler",),
    reach="namespace",
    check=_check,
    why="Two of them undo each other's changes without end.",
    remedy="put all metrics in one",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
)
