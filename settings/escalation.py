"""Rights that lead to further rights, each with why and what to do instead.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks is the list; what may
start a pod takes any service account of the namespace and mounts any Secret in it.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from settings.rbac import API_GROUP, Right, Rule, allows

EscalationPath = Literal[
    "secrets", "startPods", "exec", "grantRights", "impersonate", "makeTokens", "changeNamespace"
]
"""Those that a role of a namespace can hold; the others need a ClusterRole."""

_WRITE: Final = ("create", "patch", "update")
_NAMELESS: Final = ("create", "deletecollection")
"""Verbs of requests that name no object, so that `resourceNames` lets none of them through."""


class Path(NamedTuple):
    """One way from a right to more."""

    name: str
    """Never reused; the first ones are `EscalationPath`."""

    rights: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """Group, resources and verbs; any one of them is enough."""

    why: str
    """What whoever has it can do: 'can ...'."""

    remedy: str


PATHS: Final = (
    Path(
        "secrets",
        (("", ("secrets",), ("get", "list", "watch", *_WRITE)),),
        "can read every Secret of the namespace or put its own in their place; `list` and `watch` show contents, too",
        "keep 'get' alone and name the Secrets in 'resourceNames', or mount them",
    ),
    Path(
        "startPods",
        (
            ("", ("pods", "replicationcontrollers"), _WRITE),
            ("apps", ("daemonsets", "deployments", "replicasets", "statefulsets"), _WRITE),
            ("batch", ("cronjobs", "jobs"), _WRITE),
        ),
        "can run any image as any service account of the namespace, with any of its Secrets mounted",
        "use a subresource such as 'deployments/scale', and change what runs through the stack",
    ),
    Path(
        "exec",
        (
            ("", ("pods/attach", "pods/exec"), ("create", "get")),
            ("", ("pods/ephemeralcontainers",), ("patch", "update")),
        ),
        "can act as the service account of every pod of the namespace and read what is mounted there",
        "keep to 'pods/log' and 'pods/portforward'",
    ),
    Path(
        "grantRights",
        (
            (API_GROUP, ("clusterroles", "roles"), (*_WRITE, "bind", "escalate")),
            (API_GROUP, ("clusterrolebindings", "rolebindings"), _WRITE),
        ),
        "can give rights that no review has seen, with 'bind' and 'escalate' more than its own",
        "say rights in 'roles' of the stack",
    ),
    Path(
        "impersonate",
        (
            ("", ("groups", "serviceaccounts", "users"), ("impersonate",)),
            ("authentication.k8s.io", ("uids", "userextras"), ("impersonate",)),
        ),
        "can act as somebody else, administrators included",
        "remove it; `./aks explain access` tells what somebody may do",
    ),
    Path(
        "makeTokens",
        (("", ("serviceaccounts/token",), ("create",)),),
        "can make tokens of every service account of the namespace and act as it from anywhere",
        "let the kubelet make them: 'serviceAccount.token' of the workload",
    ),
    Path(
        "changeNamespace",
        (("", ("namespaces",), ("patch", "update")),),
        "can take the pod security level off the namespace by its labels",
        "change the namespace through the stack",
    ),
    Path(
        "nodeProxy",
        (("", ("nodes/proxy",), ("create", "delete", "get", "patch", "update")),),
        "can run commands in every pod of a node past audit and admission; 'get' is enough",
        "use 'nodes/metrics', 'nodes/stats', 'nodes/log' or 'nodes/healthz'",
    ),
    Path(
        "admission",
        (
            (
                "admissionregistration.k8s.io",
                (
                    "mutatingadmissionpolicies",
                    "mutatingadmissionpolicybindings",
                    "mutatingwebhookconfigurations",
                    "validatingadmissionpolicies",
                    "validatingadmissionpolicybindings",
                    "validatingwebhookconfigurations",
                ),
                _WRITE,
            ),
            ("apiregistration.k8s.io", ("apiservices",), _WRITE),
        ),
        "can read and change every object on its way into the API",
        "leave it to whoever installs the cluster",
    ),
    Path(
        "certificates",
        (
            ("certificates.k8s.io", ("certificatesigningrequests/approval",), ("patch", "update")),
            ("certificates.k8s.io", ("signers",), ("approve", "sign")),
        ),
        "can sign a client certificate for any name, system components included",
        "leave it to the control plane",
    ),
    Path(
        "hostVolumes",
        (("", ("persistentvolumes",), ("create", "patch", "update")),),
        "can make a volume of any folder of a node, past the pod security level",
        "let a StorageClass make volumes",
    ),
)

BY_NAME: Final = {it.name: it for it in PATHS}


@lru_cache(maxsize=1024)
def found_in(rule: Rule) -> tuple[tuple[Path, list[Right]], ...]:
    """The paths that `rule` opens, each with the rights that do so.

    Reading a Secret by its name alone opens none: it shows what it says.
    """
    return tuple(_found_in(rule))


def _found_in(rule: Rule) -> Iterator[tuple[Path, list[Right]]]:
    for path in PATHS:
        opened = [
            Right(group, resource, verb)
            for group, resources, verbs in path.rights
            for resource in resources
            for verb in verbs
            if _opens(rule, Right(group, resource, verb))
        ]
        if opened:
            yield path, opened


def _opens(rule: Rule, right: Right) -> bool:
    if rule.names:
        if right.verb in _NAMELESS and "/" not in right.resource:
            return False
        if right == Right("", "secrets", "get"):
            return False
    return allows(rule._replace(names=()), right)
