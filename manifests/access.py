"""Who may do what in a namespace: one Role a persona, bound to Entra groups.

No persona may read Secrets, give itself rights (`escalate`, `bind`, `impersonate`) or write a Role. A persona without
groups gets neither Role nor binding, so the Roles of a namespace are the list of who may act in it, and none lies
about for a binding made by hand.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from manifests import Manifest, Part
from settings.stack import NamespaceAccess

API_GROUP = "rbac.authorization.k8s.io"


class Rule(NamedTuple):
    """One line of a Role."""

    groups: tuple[str, ...]
    """API groups; the empty one is the core."""

    resources: tuple[str, ...]
    """Plural, as RBAC compares them; a subresource follows a slash."""

    verbs: tuple[str, ...]


_READ = ("get", "list", "watch")

_VIEWER = (
    Rule(
        ("",),
        (
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "persistentvolumeclaims",
            "pods",
            "resourcequotas",
            "serviceaccounts",
            "services",
        ),
        _READ,
    ),
    Rule(
        ("apps",),
        ("controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
        _READ,
    ),
    Rule(("autoscaling",), ("horizontalpodautoscalers",), _READ),
    Rule(("batch",), ("cronjobs", "jobs"), _READ),
    Rule(("discovery.k8s.io",), ("endpointslices",), _READ),
    Rule(("events.k8s.io",), ("events",), _READ),
    Rule(("metrics.k8s.io",), ("pods",), ("get", "list")),
    Rule(("networking.k8s.io",), ("ingresses", "networkpolicies"), _READ),
    Rule(("policy",), ("poddisruptionbudgets",), _READ),
    Rule((API_GROUP,), ("rolebindings", "roles"), _READ),
    Rule(
        ("secrets-store.csi.x-k8s.io",),
        ("secretproviderclasses", "secretproviderclasspodstatuses"),
        _READ,
    ),
)

_DEPLOYER = (
    Rule(("apps",), ("daemonsets", "deployments", "statefulsets"), ("patch",)),
    Rule(("apps",), ("deployments/scale", "statefulsets/scale"), ("get", "patch", "update")),
    Rule(("",), ("pods",), ("delete",)),
)

_DEBUGGER = (
    Rule(("",), ("pods/log",), ("get", "list", "watch")),
    # From Kubernetes 1.35 a WebSocket needs `create`, too; older clients open one with `get` alone.
    Rule(("",), ("pods/attach", "pods/portforward"), ("create", "get")),
    Rule(("",), ("pods/ephemeralcontainers",), ("get", "patch")),
)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "viewer": _VIEWER,
    "deployer": (*_VIEWER, *_DEPLOYER),
    "debugger": (*_VIEWER, *_DEBUGGER),
}
"""Rights by persona; each stands alone, so a group needs only one."""

PURPOSE = {
    "viewer": "looks at everything but Secrets and logs",
    "deployer": "also restarts, scales and rolls back",
    "debugger": "also reads logs, forwards a port and attaches a debug container",
}


def parts(namespace: str, access: NamespaceAccess, labels: dict[str, str]) -> list[Part]:
    """Role and RoleBinding of every persona with groups, after the tenant's role `namespace`."""
    found: list[Part] = []
    groups: dict[str, Sequence[str]] = {
        "viewer": access.viewer,
        "deployer": access.deployer,
        "debugger": access.debugger,
    }
    for persona, members in groups.items():
        if members:
            found += (
                Part(f"role-{persona}", _role(namespace, persona, labels), ("namespace",)),
                Part(
                    f"binding-{persona}",
                    _binding(namespace, persona, members, labels),
                    ("namespace", f"role-{persona}"),
                ),
            )
    return found


def _role(namespace: str, persona: str, labels: dict[str, str]) -> Manifest:
    return {
        "apiVersion": f"{API_GROUP}/v1",
        "kind": "Role",
        "metadata": {"name": persona, "namespace": namespace, "labels": {**labels}},
        "rules": [
            {"apiGroups": [*rule.groups], "resources": [*rule.resources], "verbs": [*rule.verbs]}
            for rule in RULES[persona]
        ],
    }


def _binding(
    namespace: str, persona: str, groups: Sequence[str], labels: dict[str, str]
) -> Manifest:
    return {
        "apiVersion": f"{API_GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": persona, "namespace": namespace, "labels": {**labels}},
        "roleRef": {"apiGroup": API_GROUP, "kind": "Role", "name": persona},
        # AKS knows an Entra group by its object id: https://learn.microsoft.com/azure/aks/azure-ad-rbac
        "subjects": [{"apiGroup": API_GROUP, "kind": "Group", "name": group} for group in groups],
    }


def table() -> str:
    """Rights by persona as a Markdown table; `docs/access.md` holds it."""
    rows = ["| persona | API group | resources | verbs |", "|---|---|---|---|"]
    for persona, rules in (
        ("viewer", _VIEWER),
        ("deployer, beside", _DEPLOYER),
        ("debugger, beside", _DEBUGGER),
    ):
        for rule in rules:
            group = ", ".join(it or "core" for it in rule.groups)
            rows.append(
                f"| {persona} | {group} | {', '.join(rule.resources)} | {', '.join(rule.verbs)} |"
            )
    return "\n".join(rows)
