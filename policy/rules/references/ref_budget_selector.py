"""A disruption budget selects pods."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import budget_selector, selects_elsewhere
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = budget_selector(it)
    if selector is None:
        yield "spec.selector", "selects nothing"
    elif not stack.selected(it.namespace, selector):
        selects_elsewhere(stack, it.namespace, selector)
        yield "spec.selector", f"selects no pod of namespace {it.namespace}"


RULE = StackRule(
    id="ref-budget-selector",
    title="A disruption budget selects pods",
    area="references",
    severity="mandatory",
    kinds=("PodDisruptionBudget",),
    reach="namespace",
    check=_check,
    why="It protects nothing.",
    remedy="use labels of the pod template",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
)
