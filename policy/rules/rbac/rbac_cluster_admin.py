"""Nobody is bound to cluster-admin."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items, mapping
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    role = mapping(it.manifest, "roleRef")
    if role.get("name") == "cluster-admin" and role.get("kind") != "Role":
        yield "roleRef", "binds cluster-admin"

    def look(subject: Any) -> Iterator[Violation]:
        if dig(subject, "name") == "system:masters":
            yield "name", "is past all rights"

    yield from over(items(it.manifest, "subjects"), look)


RULE = Rule(
    id="rbac-cluster-admin",
    title="Nobody is bound to cluster-admin",
    area="rbac",
    severity="mandatory",
    kinds=(
        "RoleBinding",
        "ClusterRoleBinding",
    ),
    check=_check,
    why="All rights in all namespaces; on AKS admins have them by Azure RBAC, with audit and expiry.",
    remedy="bind a role with the rights that are needed",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
