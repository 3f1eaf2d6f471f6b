"""The personas of a namespace and the rights of each.

No persona reads Secrets, directly or by what it may start: none may write what pods are made of. None gives rights.
Only debugger and operator open a shell, beside no service account that may do more than they
(`settings.checks.access`). https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Mapping
from typing import Final

from settings.rbac import API_GROUP, Rule

_READ = ("get", "list", "watch")

VIEWER: Final = (
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

DEPLOYER: Final = (
    Rule(("apps",), ("deployments/scale", "statefulsets/scale"), ("get", "patch", "update")),
    Rule(("",), ("pods",), ("delete",)),
    # Unlike `delete` it keeps to the disruption budget.
    Rule(("",), ("pods/eviction",), ("create",)),
)

DEBUGGER: Final = (
    Rule(("",), ("pods/log",), ("get",)),
    # From Kubernetes 1.35 a WebSocket needs `create`, too; older clients open one with `get` alone.
    Rule(("",), ("pods/attach", "pods/exec", "pods/portforward"), ("create", "get")),
    Rule(("",), ("pods/ephemeralcontainers",), ("get", "patch")),
)

OPERATOR: Final = (
    Rule(("autoscaling",), ("horizontalpodautoscalers",), ("patch", "update")),
    Rule(("policy",), ("poddisruptionbudgets",), ("patch", "update")),
    Rule(("batch",), ("jobs",), ("delete",)),
)

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "viewer": VIEWER,
    "deployer": (*VIEWER, *DEPLOYER),
    "debugger": (*VIEWER, *DEBUGGER),
    "operator": (*VIEWER, *DEPLOYER, *DEBUGGER, *OPERATOR),
}
"""Rights by persona; each stands alone, so a group needs only one."""

PURPOSE: Final[Mapping[str, str]] = {
    "viewer": "looks at everything but Secrets and logs",
    "deployer": "also scales, and restarts pods by evicting or deleting them",
    "debugger": "also reads logs, forwards a port, attaches a debug container and opens a shell",
    "operator": "all of deployer and debugger; also changes autoscalers and budgets, and ends jobs",
}
