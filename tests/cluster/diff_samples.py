"""Objects that write out what the tables of `review.diff` fill in: one a kind and form at least."""

SPACE = "diff-oracle"
RBAC = "rbac.authorization.k8s.io"
PROBE = {"httpGet": {"port": 80}}
CONTAINER = {
    "name": "a",
    "image": "registry.example/a:1.0",
    "ports": [{"containerPort": 80}],
    "env": [
        {"name": "EMPTY"},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {
            "name": "CPU",
            "valueFrom": {"resourceFieldRef": {"containerName": "a", "resource": "limits.cpu"}},
        },
    ],
    "livenessProbe": PROBE,
    "readinessProbe": {"tcpSocket": {"port": 80}},
    "startupProbe": {"grpc": {"port": 80}},
    "volumeMounts": [{"name": it, "mountPath": f"/{it}"} for it in ("config", "empty")],
}
VOLUMES = [
    {"name": "config", "configMap": {"name": "a"}},
    {"name": "secret", "secret": {"secretName": "a"}},
    {"name": "empty", "emptyDir": {}},
    {"name": "host", "hostPath": {"path": "/a"}},
    {"name": "claim", "persistentVolumeClaim": {"claimName": "a"}},
    {
        "name": "down",
        "downwardAPI": {
            "items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}],
        },
    },
    {
        "name": "projected",
        "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]},
    },
]
SPEC = {
    "containers": [CONTAINER, {"name": "b", "image": "registry.example/b"}],
    "volumes": VOLUMES,
    "serviceAccountName": "a",
    "automountServiceAccountToken": False,
}
LABELS = {"app": "a"}
SELECTOR = {"matchLabels": LABELS}
TEMPLATE = {"metadata": {"labels": LABELS}, "spec": SPEC}
ONCE = {"metadata": {"labels": LABELS}, "spec": {**SPEC, "restartPolicy": "Never"}}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
HOOK = {
    "name": "a.b.example",
    "admissionReviewVersions": ["v1"],
    "sideEffects": "None",
    "clientConfig": {"service": {"name": "a", "namespace": "b"}},
    "rules": [
        {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["nodes"]}
    ],
}
HPA = {
    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
    "maxReplicas": 5,
    "metrics": [
        {
            "type": "Resource",
            "resource": {
                "name": "cpu",
                "target": {"type": "Utilization", "averageUtilization": 70},
            },
        }
    ],
}
FAILS = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}
CONTROLLED = {"selector": SELECTOR, "template": TEMPLATE}
SAMPLES = [
    ("apps/v1", "Deployment", {"spec": CONTROLLED}),
    ("apps/v1", "Deployment", {"spec": {**CONTROLLED, "strategy": {"type": "Recreate"}}}),
    ("apps/v1", "ReplicaSet", {"spec": CONTROLLED}),
    ("apps/v1", "DaemonSet", {"spec": CONTROLLED}),
    ("apps/v1", "DaemonSet", {"spec": {**CONTROLLED, "updateStrategy": {"type": "OnDelete"}}}),
    (
        "apps/v1",
        "StatefulSet",
        {
            "spec": {
                **CONTROLLED,
                "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": CLAIM}],
            }
        },
    ),
    ("v1", "Pod", {"spec": SPEC}),
    ("batch/v1", "Job", {"spec": {"template": ONCE}}),
    ("batch/v1", "Job", {"spec": {"template": ONCE, "parallelism": 3}}),
    (
        "batch/v1",
        "Job",
        {
            "spec": {
                "template": ONCE,
                "podFailurePolicy": FAILS,
                "completions": 3,
                "completionMode": "Indexed",
                "backoffLimitPerIndex": 1,
            }
        },
    ),
    (
        "batch/v1",
        "CronJob",
        {
            "spec": {
                "schedule": "1 1 * * *",
                "jobTemplate": {"spec": {"template": {"spec": ONCE["spec"]}}},
            }
        },
    ),
    ("v1", "Service", {"spec": {"selector": LABELS, "ports": [{"port": 80}]}}),
    ("v1", "Service", {"spec": {"type": "NodePort", "ports": [{"port": 80}]}}),
    ("v1", "Service", {"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}),
    ("v1", "Service", {"spec": {"type": "ExternalName", "externalName": "a.example"}}),
    (
        "v1",
        "Service",
        {
            "spec": {
                "sessionAffinity": "ClientIP",
                "ports": [{"port": 80}, {"name": "b", "port": 81}][:1],
            }
        },
    ),
    ("v1", "Secret", {"data": {"a": "Yg=="}}),
    ("v1", "ConfigMap", {"data": {"a": "b"}}),
    ("v1", "PersistentVolumeClaim", {"spec": {**CLAIM, "storageClassName": "a"}}),
    (
        "v1",
        "PersistentVolume",
        {
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "1Gi"},
                "hostPath": {"path": "/a"},
            }
        },
    ),
    (
        "v1",
        "LimitRange",
        {
            "spec": {
                "limits": [
                    {
                        "type": "Container",
                        "max": {"cpu": "2", "memory": "1Gi"},
                        "min": {"cpu": "1m"},
                    }
                ]
            }
        },
    ),
    (
        "v1",
        "LimitRange",
        {
            "spec": {
                "limits": [{"type": "Container", "default": {"cpu": "1"}, "min": {"cpu": "5m"}}]
            }
        },
    ),
    ("v1", "ResourceQuota", {"spec": {"hard": {"pods": "9", "requests.cpu": "2000m"}}}),
    ("autoscaling/v2", "HorizontalPodAutoscaler", {"spec": HPA}),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {"spec": {**HPA, "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}}}},
    ),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {"spec": {**HPA, "behavior": {"scaleUp": {"stabilizationWindowSeconds": 60}}}},
    ),
    ("networking.k8s.io/v1", "NetworkPolicy", {"spec": {"ingress": [{"ports": [{"port": 80}]}]}}),
    (
        "networking.k8s.io/v1",
        "NetworkPolicy",
        {"spec": {"podSelector": SELECTOR, "egress": [{"to": [{"namespaceSelector": {}}]}]}},
    ),
    (
        f"{RBAC}/v1",
        "RoleBinding",
        {
            "roleRef": {"kind": "ClusterRole", "name": "view"},
            "subjects": [
                {"kind": "ServiceAccount", "name": "a", "namespace": "b"},
                {"kind": "Group", "name": "c"},
            ],
        },
    ),
    ("storage.k8s.io/v1", "StorageClass", {"provisioner": "a.example"}),
    ("scheduling.k8s.io/v1", "PriorityClass", {"value": 7}),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", {"webhooks": [HOOK]}),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {"webhooks": [HOOK]}),
]
