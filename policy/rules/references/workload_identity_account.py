"""A pod with a workload identity has an account with one."""

from collections.abc import Iterator
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, pods
from policy.rule import Parameters, StackRule, Violation
from policy.stack import Stack

_USE: Final = "azure.workload.identity/use"
_CLIENT: Final = "azure.workload.identity/client-id"


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    if it.labels.get(_USE) != "true":
        return
    account = stack.get("ServiceAccount", it.object.namespace, it.account)
    if account and _CLIENT not in account.annotations:
        yield "serviceAccountName", f"names {account.title}, which has no identity in Azure"


RULE = StackRule(
    id="workload-identity-account",
    title="A pod with a workload identity has an account with one",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The webhook injects no client id, and tokens are refused.",
    remedy="annotate the ServiceAccount with azure.workload.identity/client-id",
    source="https://learn.microsoft.com/azure/aks/workload-identity-overview",
)
