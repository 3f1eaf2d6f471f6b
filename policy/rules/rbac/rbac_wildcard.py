"""No right is a wildcard."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.objects import listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import rights


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    for key in ("verbs", "resources", "apiGroups"):
        if "*" in listed(it, key):
            yield key, "grants everything of its sort"
            return


RULE = Rule(
    id="rbac-wildcard",
    title="No right is a wildcard",
    area="rbac",
    severity="mandatory",
    kinds=(
        "Role",
        "ClusterRole",
    ),
    each=rights,
    check=_check,
    why="It grants what is added to the API later, too, secrets and roles among it.",
    remedy="list groups, resources and verbs",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
