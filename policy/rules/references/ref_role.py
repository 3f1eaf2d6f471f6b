"""A binding's role exists."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.stack import Stack

_BUILT_IN: Final = ("admin", "cluster-admin", "edit", "view")


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    kind, name = dig(it.manifest, "roleRef", "kind"), str(dig(it.manifest, "roleRef", "name"))
    if kind == "Role":
        missing = is_missing(stack, "Role", it.namespace, name)
    elif kind == "ClusterRole" and name not in _BUILT_IN and not name.startswith("system:"):
        missing = is_missing(stack, "ClusterRole", "", name)
    else:
        return
    if missing:
        yield "roleRef", f"binds {kind} {name}, which is not there"


RULE = StackRule(
    id="ref-role",
    title="A binding's role exists",
    area="references",
    severity="mandatory",
    kinds=("RoleBinding", "ClusterRoleBinding"),
    check=_check,
    why="It grants nothing.",
    remedy="add the role, or correct the name",
    source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
)
