"""Nobody makes tokens for ServiceAccounts."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import grants, rights


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if grants(it, "", ("serviceaccounts/token",), ("create",)):
        yield "resources", "makes tokens for any ServiceAccount"


RULE = Rule(
    id="rbac-token-create",
    title="Nobody makes tokens for ServiceAccounts",
    area="rbac",
    severity="mandatory",
    kinds=(
        "Role",
        "ClusterRole",
    ),
    each=rights,
    check=_check,
    why="A token of another ServiceAccount is all its rights.",
    remedy="remove create on serviceaccounts/token, or bound it with resourceNames",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request",
)
