"""Bindings: to everybody or to accounts that nobody chose, to roles and namespaces that are not there."""

from collections.abc import Collection, Iterator
from typing import Final

from review.analyses.access.objects import (
    BUILT_IN,
    AccessFinding,
    AccessObjects,
    is_kubernetes_own,
    reason_of,
)
from review.analyses.permissions import (
    AUTHENTICATED,
    SERVICE_ACCOUNTS,
    RoleName,
    Subject,
    read_binding,
)

RBAC: Final = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
SUBJECTS: Final = f"{RBAC}#referring-to-subjects"
ROLES: Final = f"{RBAC}#rolebinding-and-clusterrolebinding"
USER_FACING: Final = f"{RBAC}#user-facing-roles"
ACCOUNTS: Final = f"{RBAC}#service-account-permissions"
PRACTICES: Final = (
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"
)

MASTERS: Final = "system:masters"
EVERYBODY: Final = {
    Subject(
        "Group", AUTHENTICATED
    ): "everybody who can sign in, and every pod with a token, has it",
    Subject("Group", "system:unauthenticated"): "everybody who reaches the API server has it",
    Subject("User", "system:anonymous"): "everybody who reaches the API server has it",
    Subject("Group", SERVICE_ACCOUNTS): "every pod with a token, of every namespace, has it",
}
BROAD: Final = {
    "cluster-admin": "it allows everything, in a namespace all that the namespace has",
    "admin": "it reads Secrets, runs pods as any service account of the namespace and gives rights",
    "edit": "it reads Secrets and runs pods as any service account of the namespace",
}
"""Kubernetes' own roles that amount to more than their names say."""

SHIPPED: Final = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Namespaces that every cluster has."""


def binding_findings(
    given: AccessObjects, charts: Collection[str] = frozenset()
) -> Iterator[AccessFinding]:
    """Of every binding, in the order of the objects; a chart in `charts`, by namespace, may bring what is missing."""
    known = {*given.levels, *SHIPPED, *charts}
    for manifest in given.permissions.bindings:
        if is_kubernetes_own(manifest):
            continue
        binding, role, subjects = read_binding(manifest)
        if not reason_of(manifest):
            yield from _broad(binding, role)
            for it in subjects:
                yield from _subject(binding, role, it)
        yield from _role(given, binding, role, charts)
        # Without one Namespace among the objects nothing tells which there are.
        if given.levels:
            yield from _places(binding, subjects, known)


def _broad(binding: RoleName, role: RoleName) -> Iterator[AccessFinding]:
    if role.kind == "ClusterRole" and role.name in BROAD:
        yield AccessFinding(
            rule="binding-broad",
            severity="mandatory" if role.name == "cluster-admin" else "advisory",
            of=binding,
            what=f"gives {role}",
            why=BROAD[role.name],
            remedy="bind a role that lists what is needed",
            source=USER_FACING,
        )


def _subject(binding: RoleName, role: RoleName, subject: Subject) -> Iterator[AccessFinding]:
    given = f"gives {role} to {subject}"
    if subject in EVERYBODY:
        yield AccessFinding(
            rule="binding-everybody",
            severity="mandatory",
            of=binding,
            what=given,
            why=EVERYBODY[subject],
            remedy="bind a group of people, or one service account",
            source=SUBJECTS,
        )
    elif subject == Subject("Group", MASTERS):
        yield AccessFinding(
            rule="binding-masters",
            severity="advisory",
            of=binding,
            what=given,
            why="who is in it may do everything past every role, and no binding takes that back",
            remedy="remove it, and bind a group that can be emptied",
            source=PRACTICES,
        )
    elif namespace := _unchosen(subject):
        yield AccessFinding(
            rule="binding-default-account",
            severity="mandatory",
            of=binding,
            what=given,
            why=f"pods of {namespace} that chose no account of their own have it, those of tomorrow included",
            remedy="give the pods that need it a service account of their own",
            source=ACCOUNTS,
        )


def _unchosen(subject: Subject) -> str:
    """The namespace whose pods have `subject` without having chosen it; empty: none."""
    own = f"{SERVICE_ACCOUNTS}:"
    if subject.kind == "Group" and subject.name.startswith(own):
        return subject.name.removeprefix(own)
    if subject.kind == "User" and subject.name.startswith("system:serviceaccount:"):
        namespace, _, name = subject.name.removeprefix("system:serviceaccount:").partition(":")
        return namespace if name == "default" else ""
    return (
        subject.namespace if subject.kind == "ServiceAccount" and subject.name == "default" else ""
    )


def _role(
    given: AccessObjects, binding: RoleName, role: RoleName, charts: Collection[str]
) -> Iterator[AccessFinding]:
    shipped = role.kind == "ClusterRole" and (
        role.name in BUILT_IN or role.name.startswith("system:")
    )
    if role in given.permissions.roles or shipped:
        return
    brought = bool(charts) if role.kind == "ClusterRole" else role.namespace in charts
    yield AccessFinding(
        rule="binding-role-missing",
        severity="advisory" if brought else "mandatory",
        of=binding,
        what=f"refers to {role}, which is not among the objects",
        why="nobody gets a right by it, until somebody makes a role of that name, with whatever rights",
        remedy="correct the name in 'roleRef', or add the role",
        source=ROLES,
    )


def _places(
    binding: RoleName, subjects: list[Subject], known: Collection[str]
) -> Iterator[AccessFinding]:
    for it in subjects:
        if it.kind == "ServiceAccount" and it.namespace not in known:
            yield AccessFinding(
                rule="binding-namespace-missing",
                severity="advisory",
                of=binding,
                what=f"binds {it}, whose namespace is not among the objects",
                why="whoever makes that namespace gets the right",
                remedy="correct 'namespace' of the subject, or remove it",
                source=SUBJECTS,
            )
