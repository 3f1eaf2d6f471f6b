"""API versions that Kubernetes serves no longer, by the minor from which on they are gone.

Up to 1.25 of https://kubernetes.io/docs/reference/using-api/deprecation-guide/ ; from 1.26 on a test holds the table to
the published schemas of each minor.
"""

from collections.abc import Mapping
from typing import Final

GUIDE: Final = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"

_ROWS: Final[Mapping[int, Mapping[str, str]]] = {
    16: {
        "apps/v1beta1": "ControllerRevision Deployment StatefulSet",
        "apps/v1beta2": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
        "extensions/v1beta1": "DaemonSet Deployment NetworkPolicy PodSecurityPolicy ReplicaSet",
    },
    22: {
        "admissionregistration.k8s.io/v1beta1": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        "apiextensions.k8s.io/v1beta1": "CustomResourceDefinition",
        "apiregistration.k8s.io/v1beta1": "APIService",
        "authentication.k8s.io/v1beta1": "TokenReview",
        "authorization.k8s.io/v1beta1": "LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview",
        "certificates.k8s.io/v1beta1": "CertificateSigningRequest",
        "coordination.k8s.io/v1beta1": "Lease",
        "extensions/v1beta1": "Ingress",
        "networking.k8s.io/v1beta1": "Ingress IngressClass",
        "rbac.authorization.k8s.io/v1beta1": "ClusterRole ClusterRoleBinding Role RoleBinding",
        "scheduling.k8s.io/v1beta1": "PriorityClass",
        "storage.k8s.io/v1beta1": "CSIDriver CSINode StorageClass VolumeAttachment",
    },
    25: {
        "autoscaling/v2beta1": "HorizontalPodAutoscaler",
        "batch/v1beta1": "CronJob",
        "discovery.k8s.io/v1beta1": "EndpointSlice",
        "events.k8s.io/v1beta1": "Event",
        "node.k8s.io/v1beta1": "RuntimeClass",
        "policy/v1beta1": "PodDisruptionBudget PodSecurityPolicy",
    },
    26: {
        "autoscaling/v2beta2": "HorizontalPodAutoscaler",
        "flowcontrol.apiserver.k8s.io/v1beta1": "FlowSchema PriorityLevelConfiguration",
    },
    27: {
        "resource.k8s.io/v1alpha1": "PodScheduling ResourceClaim ResourceClaimTemplate ResourceClass",
        "storage.k8s.io/v1beta1": "CSIStorageCapacity",
    },
    29: {
        "flowcontrol.apiserver.k8s.io/v1beta2": "FlowSchema PriorityLevelConfiguration",
        "networking.k8s.io/v1alpha1": "ClusterCIDR",
    },
    31: {
        "networking.k8s.io/v1alpha1": "IPAddress ServiceCIDR",
        "resource.k8s.io/v1alpha2": "PodSchedulingContext ResourceClaim ResourceClaimParameters ResourceClaimTemplate "
        "ResourceClass ResourceClassParameters ResourceSlice",
    },
    32: {
        "admissionregistration.k8s.io/v1alpha1": "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        "authentication.k8s.io/v1alpha1": "SelfSubjectReview",
        "coordination.k8s.io/v1alpha1": "LeaseCandidate",
        "flowcontrol.apiserver.k8s.io/v1beta3": "FlowSchema PriorityLevelConfiguration",
        "resource.k8s.io/v1alpha3": "PodSchedulingContext",
    },
    33: {"authentication.k8s.io/v1beta1": "SelfSubjectReview"},
    34: {
        "admissionregistration.k8s.io/v1beta1": "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        "resource.k8s.io/v1alpha3": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
    },
    35: {
        "certificates.k8s.io/v1alpha1": "PodCertificateRequest",
        "storage.k8s.io/v1alpha1": "VolumeAttributesClass",
        "storagemigration.k8s.io/v1alpha1": "StorageVersionMigration",
    },
    36: {"scheduling.k8s.io/v1alpha1": "Workload"},
    37: {
        "certificates.k8s.io/v1alpha1": "ClusterTrustBundle",
        "networking.k8s.io/v1beta1": "IPAddress ServiceCIDR",
        "scheduling.k8s.io/v1alpha2": "PodGroup Workload",
        "storage.k8s.io/v1beta1": "VolumeAttributesClass",
    },
}

REMOVED: Final[Mapping[tuple[str, str], int]] = {
    (api_version, kind): minor
    for minor, rows in _ROWS.items()
    for api_version, kinds in rows.items()
    for kind in kinds.split()
}
"""First minor without it, by apiVersion and kind."""

_GROUPS: Final[Mapping[str, str]] = {"extensions": "apps"}
_MOVED: Final[Mapping[str, str]] = {
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    "PodSecurityPolicy": "",
}


def instead(api_version: str, kind: str) -> str:
    """What to write in its place, where the group tells."""
    group = api_version.rpartition("/")[0]
    group = _MOVED.get(kind, _GROUPS.get(group, group))
    if not group or "alpha" in api_version:
        return "take what the guide names, or leave it out"
    version = "v2" if group == "autoscaling" else "v1"
    return f"write apiVersion {group}/{version}"
