"""A pod's ServiceAccount exists."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.account == "default":
        return
    if is_missing(stack, "ServiceAccount", it.object.namespace, it.account):
        yield "serviceAccountName", f"is no ServiceAccount of namespace {it.object.namespace}"


RULE = StackRule(
    id="ref-service-account",
    title="A pod's ServiceAccount exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The API server refuses the pods, and the controller waits without end.",
    remedy="add it, or correct the name",
    source="https://kubernetes.io/docs/concepts/security/service-accounts/",
)
