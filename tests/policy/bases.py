"""A small estate that no rule has anything to say against: cases of rules are edits of it.

By title, as an exemption names an object. A rule of a new kind needs an object of that kind here.
"""

from typing import Any

from tests.policy.bases_azure import AZURE

__all__ = ["AZURE", "KUBERNETES", "labels"]

Manifest = dict[str, Any]


def labels(name: str) -> dict[str, str]:
    """The common labels of one workload."""
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": f"shop-{name}",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/managed-by": "Pulumi",
        "env": "test",
    }


def _select(name: str) -> Manifest:
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def _object(version: str, kind: str, name: str, namespace: str = "shop", **rest: Any) -> Manifest:
    metadata = {"name": name, "labels": labels(name.partition("-")[0])}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def _pod(name: str, **rest: Any) -> Manifest:
    return {
        "metadata": {"labels": labels(name)},
        "spec": {
            "automountServiceAccountToken": False,
            "serviceAccountName": name,
            "nodeSelector": {"agentpool": "work"},
            "securityContext": {
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": name,
                    "image": f"registry.example.com/shop/{name}:1.4.2@sha256:{'ab' * 32}",
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
            **rest,
        },
    }


def _spread(name: str) -> list[Manifest]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": _select(name),
        }
    ]


_BUDGET = {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}
_JOB = {"backoffLimit": 2, "activeDeadlineSeconds": 600}
_DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
_RBAC = "rbac.authorization.k8s.io"
_GROUP = {"apiGroup": _RBAC, "kind": "Group", "name": "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"}
_READ = {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list"]}

_ALL: list[Manifest] = [
    {
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
    _object(
        "apps/v1",
        "Deployment",
        "web",
        spec={
            "replicas": 3,
            "selector": _select("web"),
            "template": _pod("web", topologySpreadConstraints=_spread("web")),
        },
    ),
    _object(
        "apps/v1",
        "Deployment",
        "api",
        spec={
            "selector": _select("api"),
            "template": _pod("api", topologySpreadConstraints=_spread("api")),
        },
    ),
    _object(
        "apps/v1",
        "StatefulSet",
        "redis",
        spec={
            "replicas": 1,
            "serviceName": "redis",
            "selector": _select("redis"),
            "template": _pod("redis"),
            "volumeClaimTemplates": [
                {
                    "metadata": {"name": "data"},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": "managed-csi",
                        "resources": {"requests": {"storage": "8Gi"}},
                    },
                }
            ],
        },
    ),
    _object(
        "batch/v1", "Job", "tests", spec={**_JOB, "template": _pod("tests", restartPolicy="Never")}
    ),
    _object(
        "batch/v1",
        "CronJob",
        "report",
        spec={
            "schedule": "0 4 * * *",
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 120,
            "jobTemplate": {"spec": {**_JOB, "template": _pod("report", restartPolicy="Never")}},
        },
    ),
    *(
        _object(
            "v1",
            "Service",
            name,
            spec={
                "selector": {"app.kubernetes.io/name": name},
                "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
                **more,
            },
        )
        for name, more in (("web", {}), ("api", {}), ("redis", {"clusterIP": "None"}))
    ),
    *(
        _object("v1", "ServiceAccount", name, automountServiceAccountToken=False)
        for name in ("web", "api", "redis", "tests", "report")
    ),
    *(
        _object(
            "policy/v1", "PodDisruptionBudget", name, spec={**_BUDGET, "selector": _select(name)}
        )
        for name in ("web", "api")
    ),
    _object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "api",
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
            "minReplicas": 2,
            "maxReplicas": 6,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": 70},
                    },
                }
            ],
        },
    ),
    _object(
        "networking.k8s.io/v1",
        "Ingress",
        "web",
        spec={
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}],
            "rules": [
                {
                    "host": "shop.example.com",
                    "http": {
                        "paths": [
                            {
                                "path": "/",
                                "pathType": "Prefix",
                                "backend": {"service": {"name": "web", "port": {"number": 80}}},
                            }
                        ]
                    },
                }
            ],
        },
    ),
    _object(
        "networking.k8s.io/v1",
        "IngressClass",
        "nginx",
        "",
        spec={"controller": "nginx.org/ingress-controller"},
    ),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "default-deny",
        spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    ),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "allow-dns",
        spec={"podSelector": {}, "policyTypes": ["Egress"], "egress": [_DNS]},
    ),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "redis",
        spec={
            "podSelector": _select("redis"),
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": _select("web")}], "ports": [{"port": 8080}]}],
        },
    ),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "web",
        spec={
            "podSelector": _select("web"),
            "policyTypes": ["Egress"],
            "egress": [
                {"to": [{"podSelector": _select("redis")}], "ports": [{"port": 8080}]},
                {
                    "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}],
                    "ports": [{"port": 443}],
                },
            ],
        },
    ),
    _object(f"{_RBAC}/v1", "Role", "viewer", rules=[_READ]),
    _object(
        f"{_RBAC}/v1",
        "RoleBinding",
        "viewer",
        roleRef={"apiGroup": _RBAC, "kind": "Role", "name": "viewer"},
        subjects=[_GROUP, {"kind": "ServiceAccount", "name": "web"}],
    ),
    _object(
        f"{_RBAC}/v1",
        "ClusterRole",
        "nodes",
        "",
        rules=[{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list"]}],
    ),
    _object(
        f"{_RBAC}/v1",
        "ClusterRoleBinding",
        "nodes",
        "",
        roleRef={"apiGroup": _RBAC, "kind": "ClusterRole", "name": "nodes"},
        subjects=[_GROUP],
    ),
    _object(
        "v1",
        "ResourceQuota",
        "quota",
        spec={
            "hard": {
                "pods": "40",
                "requests.cpu": "4",
                "requests.memory": "8Gi",
                "limits.memory": "16Gi",
            }
        },
    ),
    _object(
        "v1",
        "LimitRange",
        "limits",
        spec={
            "limits": [
                {"type": "Container", "max": {"cpu": "2", "memory": "4Gi"}, "min": {"cpu": "10m"}}
            ]
        },
    ),
    _object("v1", "ConfigMap", "web", data={"LOG_LEVEL": "info"}),
    _object("v1", "Secret", "web", type="Opaque", stringData={"DB_PASSWORD": {"$secret": True}}),
    _object(
        "v1",
        "PersistentVolumeClaim",
        "files",
        spec={
            "accessModes": ["ReadWriteMany"],
            "storageClassName": "azurefile-csi",
            "resources": {"requests": {"storage": "16Gi"}},
        },
    ),
    _object(
        "v1",
        "PersistentVolume",
        "archive",
        "",
        spec={
            "persistentVolumeReclaimPolicy": "Retain",
            "capacity": {"storage": "16Gi"},
            "csi": {"driver": "file.csi.azure.com", "volumeHandle": "archive"},
        },
    ),
    _object(
        "storage.k8s.io/v1",
        "StorageClass",
        "retained",
        "",
        provisioner="disk.csi.azure.com",
        reclaimPolicy="Retain",
    ),
    _object("scheduling.k8s.io/v1", "PriorityClass", "business", "", value=1000),
    _object(
        "secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", "web", spec={"provider": "azure"}
    ),
]


def _title(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    place = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return f"{manifest['kind']} {place}{metadata['name']}"


KUBERNETES: dict[str, Manifest] = {_title(it): it for it in _ALL}
"""By title: kind, namespace and name."""
