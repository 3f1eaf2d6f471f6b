"""The kinds that rules are asked of: one kind name may belong to several API groups, and only some are Kubernetes' own.

Calico has a NetworkPolicy, Knative a Service: those are not judged by what Kubernetes says of its own.
"""

from collections.abc import Mapping
from typing import Final

WORKLOADS: Final = (
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
)
"""Everything that makes pods, and the pod itself."""

CONTROLLERS: Final = ("Deployment", "StatefulSet")
"""What keeps a number of pods running."""

TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "Pod": (),
    "ReplicationController": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where the metadata and the spec of the pods of each kind stand."""

_CORE = frozenset({""})
_APPS = frozenset({"apps", "extensions"})
_OPERATED: Mapping[str, frozenset[str]] = {
    **{
        kind: frozenset({"monitoring.coreos.com"})
        for kind in ("Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler")
    },
    "Rollout": frozenset({"argoproj.io"}),
}
_RBAC = frozenset({"rbac.authorization.k8s.io"})
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "ClusterRole": _RBAC,
    "ClusterRoleBinding": _RBAC,
    "ConfigMap": _CORE,
    "CronJob": frozenset({"batch"}),
    "DaemonSet": _APPS,
    "Deployment": _APPS,
    "HorizontalPodAutoscaler": frozenset({"autoscaling"}),
    "Ingress": frozenset({"networking.k8s.io", "extensions"}),
    "IngressClass": frozenset({"networking.k8s.io"}),
    "Job": frozenset({"batch"}),
    "LimitRange": _CORE,
    "Namespace": _CORE,
    "NetworkPolicy": frozenset({"networking.k8s.io", "extensions"}),
    "PersistentVolume": _CORE,
    "PersistentVolumeClaim": _CORE,
    "Pod": _CORE,
    "PodDisruptionBudget": frozenset({"policy"}),
    "PriorityClass": frozenset({"scheduling.k8s.io"}),
    "ReplicaSet": _APPS,
    "ReplicationController": _CORE,
    "ResourceQuota": _CORE,
    "Role": _RBAC,
    "RoleBinding": _RBAC,
    "RuntimeClass": frozenset({"node.k8s.io"}),
    "Secret": _CORE,
    "SecretProviderClass": frozenset({"secrets-store.csi.x-k8s.io"}),
    "Service": _CORE,
    "ServiceAccount": _CORE,
    "StatefulSet": frozenset({"apps"}),
    "StorageClass": frozenset({"storage.k8s.io"}),
    "ValidatingWebhookConfiguration": frozenset({"admissionregistration.k8s.io"}),
    "MutatingWebhookConfiguration": frozenset({"admissionregistration.k8s.io"}),
    **_OPERATED,
}
"""The API groups of each kind; `""` is the core one. A kind more is a line more."""

OPERATED: Final = tuple(sorted(_OPERATED))
"""Kinds of which operators make pods, with labels that no manifest says."""

CLUSTER_WIDE: Final = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingWebhookConfiguration",
    }
)
"""Kinds that are in no namespace."""

RELEASE: Final = "kubernetes:helm.sh/v3:Release"
"""A chart as Pulumi installs it; its inputs are no manifest, and what it makes is not in the plan."""


def is_known(kind: str) -> bool:
    """Whether a rule may name it."""
    return kind in GROUPS or kind == RELEASE or kind.startswith("azure-native:")
