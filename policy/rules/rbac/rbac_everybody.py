"""No right is granted to everybody."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import subjects

_EVERYBODY: Final = (
    "system:anonymous",
    "system:authenticated",
    "system:serviceaccounts",
    "system:unauthenticated",
)


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "kind") != "ServiceAccount" and dig(it, "name") in _EVERYBODY:
        yield "", "is everybody"


RULE = Rule(
    id="rbac-everybody",
    title="No right is granted to everybody",
    area="rbac",
    severity="mandatory",
    kinds=(
        "RoleBinding",
        "ClusterRoleBinding",
    ),
    each=subjects,
    check=_check,
    why="All programs and people are system:authenticated, and the whole network system:unauthenticated.",
    remedy="name the groups",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
