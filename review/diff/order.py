"""Lists of Kubernetes whose order says nothing, though the API server keeps it, and those whose order does.

Their schemas call most of them `atomic`: replaced as a whole, whatever that means. Each row rests on the reference of
its field, https://kubernetes.io/docs/reference/kubernetes-api/ . A list that is in no table keeps its order: `command`,
`args`, `envFrom` (the last one wins), `sources` of a projected volume, `rules` of a pod failure policy,
`mountOptions`, `ipFamilies` (the first one is primary), `nameservers`.
"""

from collections.abc import Mapping
from typing import Final

Place = tuple[str, str]
"""Definition without its version, and property."""

ORDERED: Final[frozenset[Place]] = frozenset(
    {
        ("core.PodSpec", "initContainers"),
        ("core.Container", "env"),
        ("core.EphemeralContainer", "env"),
    }
)
"""Merged by key, and run or expanded in order: `$(VAR)` only sees what stands before it."""

_BY_VALUE: Final = ()

UNORDERED: Final[Mapping[Place, tuple[str, ...]]] = {
    ("meta.LabelSelector", "matchExpressions"): ("key",),
    ("meta.LabelSelectorRequirement", "values"): _BY_VALUE,
    ("meta.ObjectMeta", "finalizers"): _BY_VALUE,
    ("core.Capabilities", "add"): _BY_VALUE,
    ("core.Capabilities", "drop"): _BY_VALUE,
    ("core.ConfigMapProjection", "items"): ("key",),
    ("core.ConfigMapVolumeSource", "items"): ("key",),
    ("core.SecretProjection", "items"): ("key",),
    ("core.SecretVolumeSource", "items"): ("key",),
    ("core.DownwardAPIProjection", "items"): ("path",),
    ("core.DownwardAPIVolumeSource", "items"): ("path",),
    ("core.Container", "resizePolicy"): ("resourceName",),
    ("core.HTTPGetAction", "httpHeaders"): ("name",),
    ("core.LimitRangeSpec", "limits"): ("type",),
    ("core.NodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"): _BY_VALUE,
    ("core.NodeSelector", "nodeSelectorTerms"): _BY_VALUE,
    ("core.NodeSelectorTerm", "matchExpressions"): ("key",),
    ("core.NodeSelectorTerm", "matchFields"): ("key",),
    ("core.NodeSelectorRequirement", "values"): _BY_VALUE,
    ("core.NodeSpec", "taints"): ("key", "effect"),
    ("core.PersistentVolumeClaimSpec", "accessModes"): _BY_VALUE,
    ("core.PersistentVolumeSpec", "accessModes"): _BY_VALUE,
    ("core.PodAffinity", "preferredDuringSchedulingIgnoredDuringExecution"): _BY_VALUE,
    ("core.PodAffinity", "requiredDuringSchedulingIgnoredDuringExecution"): _BY_VALUE,
    ("core.PodAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"): _BY_VALUE,
    ("core.PodAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"): _BY_VALUE,
    ("core.PodAffinityTerm", "matchLabelKeys"): _BY_VALUE,
    ("core.PodAffinityTerm", "mismatchLabelKeys"): _BY_VALUE,
    ("core.PodAffinityTerm", "namespaces"): _BY_VALUE,
    ("core.PodSecurityContext", "supplementalGroups"): _BY_VALUE,
    ("core.PodSecurityContext", "sysctls"): ("name",),
    ("core.PodSpec", "readinessGates"): ("conditionType",),
    ("core.PodSpec", "tolerations"): ("key", "effect"),
    ("core.ResourceQuotaSpec", "scopes"): _BY_VALUE,
    ("core.ScopeSelector", "matchExpressions"): ("scopeName",),
    ("core.ScopedResourceSelectorRequirement", "values"): _BY_VALUE,
    ("core.ServiceAccount", "imagePullSecrets"): ("name",),
    ("core.ServiceSpec", "externalIPs"): _BY_VALUE,
    ("core.ServiceSpec", "loadBalancerSourceRanges"): _BY_VALUE,
    ("core.TopologySelectorLabelRequirement", "values"): _BY_VALUE,
    ("core.TopologySelectorTerm", "matchLabelExpressions"): ("key",),
    ("core.TopologySpreadConstraint", "matchLabelKeys"): _BY_VALUE,
    ("apps.StatefulSetSpec", "volumeClaimTemplates"): ("metadata.name",),
    ("autoscaling.HorizontalPodAutoscalerSpec", "metrics"): ("type", "resource.name"),
    ("autoscaling.HPAScalingRules", "policies"): ("type", "periodSeconds"),
    ("networking.HTTPIngressRuleValue", "paths"): ("path", "pathType"),
    ("networking.IPBlock", "except"): _BY_VALUE,
    ("networking.IngressSpec", "rules"): ("host",),
    ("networking.IngressSpec", "tls"): ("secretName",),
    ("networking.IngressTLS", "hosts"): _BY_VALUE,
    ("networking.NetworkPolicySpec", "policyTypes"): _BY_VALUE,
    ("networking.NetworkPolicySpec", "ingress"): _BY_VALUE,
    ("networking.NetworkPolicySpec", "egress"): _BY_VALUE,
    ("networking.NetworkPolicyIngressRule", "from"): _BY_VALUE,
    ("networking.NetworkPolicyIngressRule", "ports"): ("port", "protocol"),
    ("networking.NetworkPolicyEgressRule", "to"): _BY_VALUE,
    ("networking.NetworkPolicyEgressRule", "ports"): ("port", "protocol"),
    ("networking.ServiceCIDRSpec", "cidrs"): _BY_VALUE,
    ("rbac.AggregationRule", "clusterRoleSelectors"): _BY_VALUE,
    ("rbac.ClusterRole", "rules"): ("apiGroups", "resources", "resourceNames", "nonResourceURLs"),
    ("rbac.Role", "rules"): ("apiGroups", "resources", "resourceNames", "nonResourceURLs"),
    ("rbac.ClusterRoleBinding", "subjects"): ("kind", "namespace", "name"),
    ("rbac.RoleBinding", "subjects"): ("kind", "namespace", "name"),
    ("rbac.PolicyRule", "apiGroups"): _BY_VALUE,
    ("rbac.PolicyRule", "nonResourceURLs"): _BY_VALUE,
    ("rbac.PolicyRule", "resourceNames"): _BY_VALUE,
    ("rbac.PolicyRule", "resources"): _BY_VALUE,
    ("rbac.PolicyRule", "verbs"): _BY_VALUE,
    ("storage.StorageClass", "allowedTopologies"): _BY_VALUE,
    ("storage.CSIDriverSpec", "tokenRequests"): ("audience",),
    ("admissionregistration.RuleWithOperations", "apiGroups"): _BY_VALUE,
    ("admissionregistration.RuleWithOperations", "apiVersions"): _BY_VALUE,
    ("admissionregistration.RuleWithOperations", "operations"): _BY_VALUE,
    ("admissionregistration.RuleWithOperations", "resources"): _BY_VALUE,
    ("admissionregistration.NamedRuleWithOperations", "apiGroups"): _BY_VALUE,
    ("admissionregistration.NamedRuleWithOperations", "apiVersions"): _BY_VALUE,
    ("admissionregistration.NamedRuleWithOperations", "operations"): _BY_VALUE,
    ("admissionregistration.NamedRuleWithOperations", "resources"): _BY_VALUE,
    ("admissionregistration.NamedRuleWithOperations", "resourceNames"): _BY_VALUE,
    ("admissionregistration.MutatingWebhook", "rules"): _BY_VALUE,
    ("admissionregistration.ValidatingWebhook", "rules"): _BY_VALUE,
    ("apiextensions.CustomResourceDefinitionSpec", "versions"): ("name",),
}
"""By place, the fields that name an item; nothing where an item has no name but what it says."""

NAMED: Final[Mapping[Place, tuple[str, ...]]] = {
    ("core.Container", "envFrom"): ("configMapRef.name", "secretRef.name", "prefix"),
}
"""Ordered, and yet each item has a name to be told by."""
