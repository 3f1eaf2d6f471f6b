"""A token of the API is mounted on purpose only."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, StackRule, Violation
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    said = dig(it.spec, "automountServiceAccountToken")
    if said is None:
        account = stack.get("ServiceAccount", it.object.namespace, it.account)
        said = dig(account.manifest, "automountServiceAccountToken") if account else None
    if said is None:
        yield "automountServiceAccountToken", "mounts a token that nobody asked for"


RULE = StackRule(
    id="pod-token-automount",
    title="A token of the API is mounted on purpose only",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="Whoever reads a pod's files is its ServiceAccount for the API server.",
    remedy="set automountServiceAccountToken to false for the pod or its ServiceAccount",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
)
