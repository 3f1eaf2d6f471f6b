"""Pods have a ServiceAccount of their own.

Where no token is mounted the account means nothing.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    if it.account == "default" and dig(it.spec, "automountServiceAccountToken") is not False:
        yield "serviceAccountName", "acts as the ServiceAccount default"


RULE = Rule(
    id="pod-default-service-account",
    title="Pods have a ServiceAccount of their own",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="What is granted to default is granted to every such pod of the namespace.",
    remedy="name a ServiceAccount of the workload",
    source="https://kubernetes.io/docs/concepts/security/service-accounts/",
)
