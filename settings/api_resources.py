"""What the Kubernetes API serves: groups, resources, subresources and verbs, for rules of roles.

`api_resources.json` is what kube-apiserver says of itself, with the third-party kinds of this platform; a test of the
cluster tier compares it with a live server of each minor, and writes it anew. What discovery does not say stands here:
verbs that only authorizers ask for, and API servers that are added beside.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from settings.rbac import ALL, API_GROUP, Right, Rule, covers

FILE: Final = Path(__file__).with_suffix(".json")

_EXTRA_VERBS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("", "serviceaccounts"): ("impersonate",),
    (API_GROUP, "roles"): ("bind", "escalate"),
    (API_GROUP, "clusterroles"): ("bind", "escalate"),
}
"""https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verb-resource"""


class Resource(NamedTuple):
    """One resource or subresource."""

    group: str
    name: str
    """Plural; a subresource follows a slash."""

    kind: str
    namespaced: bool
    verbs: tuple[str, ...]
    short_names: tuple[str, ...] = ()


_STORED: Final = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
"""What every resource serves that is kept in etcd."""

_UNLISTED: Final = (
    Resource("", "users", "User", False, ("impersonate",)),
    Resource("", "groups", "Group", False, ("impersonate",)),
    Resource("authentication.k8s.io", "uids", "UID", False, ("impersonate",)),
    Resource("authentication.k8s.io", "userextras", "UserExtra", False, ("impersonate",)),
    Resource("certificates.k8s.io", "signers", "Signer", False, ("approve", "attest", "sign")),
    *(
        Resource("", f"nodes/{it}", "Node", False, ("get",))
        for it in ("checkpoint", "configz", "healthz", "log", "metrics", "pods", "stats")
    ),
    Resource("metrics.k8s.io", "nodes", "NodeMetrics", False, ("get", "list")),
    Resource("metrics.k8s.io", "pods", "PodMetrics", True, ("get", "list")),
    Resource("cilium.io", "ciliumnetworkpolicies", "CiliumNetworkPolicy", True, _STORED, ("cnp",)),
    Resource(
        "secrets-store.csi.x-k8s.io",
        "secretproviderclasspodstatuses",
        "SecretProviderClassPodStatus",
        True,
        _STORED,
    ),
    Resource(
        "snapshot.storage.k8s.io", "volumesnapshots", "VolumeSnapshot", True, _STORED, ("vs",)
    ),
)
"""No discovery has the first. Those of metrics-server are on every AKS cluster, and so are the last with Cilium, the
Key Vault add-on and the disk drivers.
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"""

Table = Mapping[tuple[str, str], Resource]
"""By group and name."""


@cache
def minors() -> tuple[str, ...]:
    """The Kubernetes minors that the table knows, oldest first."""
    return tuple(sorted({it for row in rows() for it in row["minors"]}, key=_number))


@cache
def served_by(minor: str) -> Table:
    """The resources of a Kubernetes minor such as `1.35`; of one that the table lacks, those of the nearest."""
    near = min(minors(), key=lambda it: abs(_number(it)[1] - _number(minor)[1]))
    found = {(it.group, it.name): it for it in _UNLISTED}
    for row in rows():
        if near in row["minors"]:
            key = (row["group"], row["name"])
            verbs = (*row["verbs"], *_EXTRA_VERBS.get(key, ()))
            short = tuple(row.get("shortNames", ()))
            found[key] = Resource(*key, row["kind"], row["namespaced"], verbs, short)
    return found


def expanded(rule: Rule, table: Table) -> Iterator[Right]:
    """The rights that `rule` gives, wildcards spelt out over `table`.

    What no wildcard covers and the table lacks, as the resource of somebody's CRD, is kept as it is written.
    """
    for group, resource in _meant(rule, table):
        known = table.get((group, resource))
        verbs: Iterable[str] = rule.verbs
        if ALL in rule.verbs:
            verbs = known.verbs if known else rule.verbs
        for verb in verbs:
            for name in rule.names or ("",):
                yield Right(group, resource, verb, name)


def _meant(rule: Rule, table: Table) -> Iterator[tuple[str, str]]:
    wild = ALL in rule.groups or any(it.startswith(ALL) for it in rule.resources)
    if wild:
        for group, resource in table:
            if (ALL in rule.groups or group in rule.groups) and any(
                covers(it, resource) for it in rule.resources
            ):
                yield group, resource
    for group in rule.groups:
        for resource in rule.resources:
            if not wild or (
                ALL not in group and ALL not in resource and (group, resource) not in table
            ):
                yield group, resource


@cache
def rows() -> list[dict[str, Any]]:
    """The rows of the file, each with the minors that it is true of."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def _number(minor: str) -> tuple[int, int]:
    major, _, number = minor.partition(".")
    return int(major), int(number)
