"""Every pod is selected by a policy."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import perhaps_of_chart, policies_of
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.spec, "hostNetwork") is True:
        return
    found, hidden = policies_of(stack, it)
    if found:
        return
    if hidden:
        raise hidden
    perhaps_of_chart(stack, it.object.namespace, "a NetworkPolicy that selects it")
    yield "", "is selected by no NetworkPolicy"


RULE = StackRule(
    id="network-pod-unselected",
    title="Every pod is selected by a policy",
    area="network",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="It takes and makes connections without bounds.",
    remedy="add a NetworkPolicy that selects it, or a default deny",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
