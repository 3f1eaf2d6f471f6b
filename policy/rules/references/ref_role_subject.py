"""A binding's ServiceAccount exists."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Subjects, Violation
from policy.rules._index import is_missing
from policy.rules._roles import subjects
from policy.stack import Stack
from policy.unknown import Undecided


def _subjects(it: Object) -> Subjects:
    for path, subject in subjects(it):
        yield path, subject if isinstance(subject, Undecided) else (it, subject)


def _check(it: tuple[Object, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    binding, subject = it
    if dig(subject, "kind") != "ServiceAccount" or dig(subject, "name") == "default":
        return
    namespace, name = dig(subject, "namespace") or binding.namespace, str(dig(subject, "name"))
    if namespace not in stack.namespaces and not stack.pods(namespace):
        if stack.get("ServiceAccount", namespace, name):
            return
        raise Undecided(
            f"namespace {namespace} is not here, and others may make ServiceAccount {name} there"
        )
    if is_missing(stack, "ServiceAccount", namespace, name):
        yield "", f"is ServiceAccount {name}, which namespace {namespace} does not have"


RULE = StackRule(
    id="ref-role-subject",
    title="A binding's ServiceAccount exists",
    area="references",
    severity="advisory",
    kinds=("RoleBinding", "ClusterRoleBinding"),
    each=_subjects,
    check=_check,
    why="It grants nothing now, and to whoever makes that ServiceAccount later.",
    remedy="add it, or correct name and namespace",
    source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
)
