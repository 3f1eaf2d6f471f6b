"""No ClusterRole reads all Secrets.

A ClusterRole that is bound in namespaces alone is a Role there.
"""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object
from policy.rule import Parameters, StackRule, Subjects, Violation
from policy.rules._roles import READS, everywhere, grants, rights
from policy.stack import Stack
from policy.unknown import Undecided


def _rights(it: Object) -> Subjects:
    for path, rule in rights(it):
        yield path, rule if isinstance(rule, Undecided) else (it, rule)


def _check(it: tuple[Object, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    role, rule = it
    if grants(rule, "", ("secrets",), READS) and everywhere(stack, role):
        yield "", "reads the Secrets of all namespaces"


RULE = StackRule(
    id="rbac-secrets-cluster-wide",
    title="No ClusterRole reads all Secrets",
    area="rbac",
    severity="mandatory",
    kinds=("ClusterRole",),
    each=_rights,
    check=_check,
    why="Every credential of the cluster is open to whoever has it.",
    remedy="use a Role in the namespace, with resourceNames",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
