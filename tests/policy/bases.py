"""A small estate that no rule has anything to say against: cases of rules are edits of it.

By title, as an exemption names an object. A rule of a new kind needs an object of that kind here.
"""

from typing import Any

LABELS = {"app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop"}

KUBERNETES: dict[str, dict[str, Any]] = {
    "Namespace shop": {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "shop",
            "labels": {
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/enforce-version": "v1.35",
            },
        },
    },
    "Deployment shop/web": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "labels": LABELS},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {
                    "automountServiceAccountToken": False,
                    "serviceAccountName": "web",
                    "securityContext": {
                        "runAsNonRoot": True,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "web",
                            "image": f"registry.example.com/shop/web:1.4.2@sha256:{'ab' * 32}",
                            "ports": [{"name": "http", "containerPort": 8080}],
                            "resources": {
                                "requests": {"cpu": "100m", "memory": "128Mi"},
                                "limits": {"memory": "128Mi"},
                            },
                            "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
                            "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                        }
                    ],
                },
            },
        },
    },
    "Service shop/web": {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", "labels": LABELS},
        "spec": {
            "selector": {"app.kubernetes.io/name": "web"},
            "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
        },
    },
    "ServiceAccount shop/web": {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web", "namespace": "shop", "labels": LABELS},
        "automountServiceAccountToken": False,
    },
}
"""By title: kind, namespace and name."""

AZURE: dict[str, tuple[str, dict[str, Any]]] = {
    "ManagedCluster aks": (
        "azure-native:containerservice:ManagedCluster",
        {
            "resourceGroupName": "rg",
            "resourceName": "aks",
            "location": "westeurope",
            "disableLocalAccounts": True,
        },
    ),
}
"""Type token and inputs by title."""
