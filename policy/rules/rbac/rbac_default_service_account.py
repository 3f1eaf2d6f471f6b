"""The ServiceAccount default has no rights."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import subjects


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "kind") == "ServiceAccount" and dig(it, "name") == "default":
        yield "", "is every pod that names no ServiceAccount"


RULE = Rule(
    id="rbac-default-service-account",
    title="The ServiceAccount default has no rights",
    area="rbac",
    severity="mandatory",
    kinds=(
        "RoleBinding",
        "ClusterRoleBinding",
    ),
    each=subjects,
    check=_check,
    why="Every pod that names no ServiceAccount has them.",
    remedy="bind a ServiceAccount of the workload",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
