"""A NetworkPolicy selects pods.

Pods of a chart are those with its release's name in the label app.kubernetes.io/instance.
"""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import chart_of, selects_elsewhere
from policy.rules._peers import selects_all
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    selector = mapping(it.manifest, "spec", "podSelector")
    if selects_all(selector) or not selector or stack.selected(it.namespace, selector):
        return
    if not chart_of(stack, it.namespace, selector):
        selects_elsewhere(stack, it.namespace, selector)
        yield "spec.podSelector", f"selects no pod of namespace {it.namespace}"


RULE = StackRule(
    id="ref-policy-selector",
    title="A NetworkPolicy selects pods",
    area="references",
    severity="advisory",
    kinds=("NetworkPolicy",),
    reach="namespace",
    check=_check,
    why="It does nothing; what it was meant for is open or cut off.",
    remedy="use labels of the pod template",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
