"""Rights and who has them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from policy.objects import Object, dig, listed
from policy.rule import Subjects
from policy.rules._index import once
from policy.stack import Stack
from policy.unknown import Undecided, every, item_name, parts

READS: Final = ("get", "list", "watch", "*")
BINDINGS: Final = ("RoleBinding", "ClusterRoleBinding")
_ACCOUNTS: Final = "system:serviceaccounts"


def rights(it: Object) -> Subjects:
    """Every rule of a role, as a subject of its own."""
    for at, item in parts(listed(it.manifest, "rules")):
        if isinstance(item, Undecided | dict):
            yield f"rules[{at}]", item


def subjects(it: Object) -> Subjects:
    """Everybody that a binding names, as subjects of their own."""
    for at, item in parts(listed(it.manifest, "subjects")):
        if isinstance(item, Undecided | dict):
            yield f"subjects[{item_name('subjects', at, item)}]", item


def grants(rule: Any, group: str, resources: tuple[str, ...], verbs: tuple[str, ...]) -> bool:
    """Whether a rule grants one of these verbs on one of these resources, wildcards counted; one that names single
    objects in `resourceNames` does not."""

    def has(key: str, wanted: tuple[str, ...]) -> bool:
        return any(it in wanted for it in listed(rule, key))

    return every(
        lambda: has("apiGroups", (group, "*")),
        lambda: has("resources", (*resources, "*")),
        lambda: has("verbs", (*verbs, "*")),
        lambda: not listed(rule, "resourceNames"),
    )


class _Bindings:
    def __init__(self, stack: Stack) -> None:
        self.of: dict[tuple[str, str, str], list[Object]] = defaultdict(list)
        self.hidden: Undecided | None = None
        for it in stack.of(*BINDINGS):
            try:
                kind, name = (
                    dig(it.manifest, "roleRef", "kind"),
                    dig(it.manifest, "roleRef", "name"),
                )
                self.of[str(kind), it.namespace if kind == "Role" else "", str(name)].append(it)
            except Undecided as undecided:
                self.hidden = self.hidden or undecided


_bindings = once(_Bindings)


def bindings_of(stack: Stack, role: Object) -> list[Object]:
    """Every binding of a role; raises `Undecided` where one does not say what it binds."""
    found = _bindings(stack)
    if found.hidden:
        raise found.hidden
    return found.of.get((role.kind, role.namespace, role.name), [])


def everywhere(stack: Stack, role: Object) -> bool:
    """Whether a ClusterRole holds in all namespaces: bound so, or bound by nobody here."""
    if role.kind != "ClusterRole":
        return False
    bindings = bindings_of(stack, role)
    return not bindings or any(it.kind == "ClusterRoleBinding" for it in bindings)


def programs(stack: Stack, role: Object) -> Iterator[tuple[Object, str]]:
    """The ServiceAccounts that a role is bound to, each with the binding."""
    for binding in bindings_of(stack, role):
        for _, subject in subjects(binding):
            if isinstance(subject, Undecided):
                raise subject
            name = str(dig(subject, "name"))
            if dig(subject, "kind") == "ServiceAccount" or name.startswith(_ACCOUNTS):
                yield binding, name
