"""No program may run commands in pods.

People of a group that debug in their namespace are no program, and no finding.
"""

from collections.abc import Iterator
from typing import Any, Final

from policy.objects import Object
from policy.rule import Parameters, StackRule, Subjects, Violation
from policy.rules._roles import bindings_of, everywhere, grants, programs, rights
from policy.stack import Stack
from policy.unknown import Undecided

_WAYS_IN: Final = ("pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers")
_VERBS: Final = ("create", "get", "patch", "update")


def _rights(it: Object) -> Subjects:
    for path, rule in rights(it):
        yield path, rule if isinstance(rule, Undecided) else (it, rule)


def _check(it: tuple[Object, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    role, rule = it
    if not grants(rule, "", _WAYS_IN, _VERBS):
        return
    if everywhere(stack, role):
        yield "resources", "leads into every pod of the cluster"
        return
    if not stack.complete and not bindings_of(stack, role):
        raise Undecided(f"no binding of {role.title} is here, and a ServiceAccount may have it")
    for binding, name in programs(stack, role):
        yield "resources", f"lets ServiceAccount {name} into pods, by {binding.title}"
        return


RULE = StackRule(
    id="rbac-pod-exec",
    title="No program may run commands in pods",
    area="rbac",
    severity="mandatory",
    kinds=("Role", "ClusterRole"),
    each=_rights,
    check=_check,
    why="It has every pod's rights and secrets.",
    remedy="grant pods/exec, attach, portforward and ephemeralcontainers to groups of people only, in a namespace",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
)
