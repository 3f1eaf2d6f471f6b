"""One namespace with its bounds: pod security, quota, defaults, cut-off network, personas, registry credentials."""

from typing import Any

from manifests import Manifest, Part, Values, access, awaiting, isolation, network_policy
from manifests.labels import of_platform, value
from settings import pod_levels
from settings.bounds import Limits, PriorityQuota, Quota
from settings.container import Amounts
from settings.demand import amounts, ratios
from settings.stack import NamespaceSettings, Settings

POD_SECURITY = "pod-security.kubernetes.io"
"""https://kubernetes.io/docs/concepts/security/pod-security-admission/"""

REASON = "aks-platform/pod-security-reason"

OWNER, COST_CENTER, CONTACT = (f"aks-platform/{it}" for it in ("owner", "cost-center", "contact"))
"""Whose a namespace is. The first two are labels, too, where their text can be one: AKS cost analysis groups by it."""

CLASS_STORAGE = ".storageclass.storage.k8s.io/requests.storage"

NO_CREDENTIALS = '{"auths":{}}'
"""A docker config.json that signs in nowhere: what a pull secret holds until its value is set."""


def parts(settings: Settings, namespace: str, values: Values) -> tuple[Part, ...]:
    """Objects of the tenant `namespace`, the Namespace (role `namespace`) first; all others come after it."""
    tenant = settings.namespaces[namespace]
    labels = of_platform(settings, "tenant", namespace)
    inside = ("namespace",)
    found = [
        Part(
            "namespace",
            _with_owner(
                namespace_object(
                    settings,
                    namespace,
                    labels,
                    pod_levels.level_of(settings, namespace),
                    pod_levels.reason_of(settings, namespace),
                ),
                tenant,
            ),
        ),
        Part("quota", _quota(namespace, labels, tenant.quota), inside),
        *_priorities(namespace, labels, tenant.quota),
        *_limits(namespace, labels, tenant.limits),
        *isolation.parts(settings, namespace, labels),
        *network_policy.of_monitoring(settings, namespace, labels),
        *access.parts(settings, namespace, labels),
        *_pull_secrets(namespace, labels, tenant, values),
    ]
    if settings.skip_await:
        awaiting.without_await(found)
    return tuple(found)


def namespace_object(
    settings: Settings,
    name: str,
    labels: dict[str, str],
    level: str = "restricted",
    reason: str | None = None,
) -> Manifest:
    """A Namespace that enforces `level` as the stack's Kubernetes version defines it.

    `warn` follows it, for what a user applies is refused only later, pod by pod. `audit` stays at restricted, so
    that the audit log shows what else would have passed there.
    """
    version = f"v{settings.cluster.kubernetes_version}"
    metadata: dict[str, Any] = {"name": name, "labels": {**labels}}
    for mode, strictness in (("enforce", level), ("audit", "restricted"), ("warn", level)):
        metadata["labels"][f"{POD_SECURITY}/{mode}"] = strictness
        metadata["labels"][f"{POD_SECURITY}/{mode}-version"] = version
    if reason:
        metadata["annotations"] = {REASON: reason}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _with_owner(manifest: Manifest, tenant: NamespaceSettings) -> Manifest:
    found = {OWNER: tenant.owner, COST_CENTER: tenant.cost_center, CONTACT: tenant.contact}
    notes = {key: text for key, text in found.items() if text}
    if not notes:
        return manifest
    metadata = manifest["metadata"]
    metadata["annotations"] = {**metadata.get("annotations", {}), **notes}
    for key in (OWNER, COST_CENTER):
        if key in notes and value(notes[key]) == notes[key]:
            metadata["labels"][key] = notes[key]
    return manifest


def _quota(namespace: str, labels: dict[str, str], quota: Quota) -> Manifest:
    hard = _of_pods(quota.requests, quota.limits)
    hard |= {
        "pods": str(quota.pods),
        "persistentvolumeclaims": str(quota.persistent_volume_claims),
        "services.loadbalancers": str(quota.load_balancers),
        "services.nodeports": str(quota.node_ports),
    }
    hard |= {f"count/{name}": str(count) for name, count in quota.counts.items()}
    if quota.storage.total:
        hard["requests.storage"] = quota.storage.total
    hard |= {f"{name}{CLASS_STORAGE}": size for name, size in quota.storage.classes.items()}
    return _quota_object("quota", namespace, labels, {"hard": hard})


def _priorities(namespace: str, labels: dict[str, str], quota: Quota) -> list[Part]:
    """A quota each: one object counts for one scope."""
    return [
        Part(
            f"quota-{name}",
            _quota_object(
                f"quota-{name}",
                namespace,
                labels,
                {"hard": _hard(it), "scopeSelector": _only(name)},
            ),
            ("namespace",),
        )
        for name, it in quota.priorities.items()
    ]


def _hard(quota: PriorityQuota) -> dict[str, str]:
    pods = {"pods": str(quota.pods)} if quota.pods else {}
    return {**_of_pods(quota.requests, quota.limits), **pods}


def _only(priority: str) -> dict[str, Any]:
    """https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-per-priorityclass"""
    expression = {"scopeName": "PriorityClass", "operator": "In", "values": [priority]}
    return {"matchExpressions": [expression]}


def _of_pods(requests: Amounts, limits: Amounts) -> dict[str, str]:
    hard = {f"requests.{name}": text for name, text in amounts(requests).items()}
    return hard | {f"limits.{name}": text for name, text in amounts(limits).items()}


def _quota_object(
    name: str, namespace: str, labels: dict[str, str], spec: dict[str, Any]
) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
        "spec": spec,
    }


def _limits(namespace: str, labels: dict[str, str], limits: Limits) -> list[Part]:
    bounds = {
        key: amounts(given)
        for key, given in (
            ("default", limits.default),
            ("defaultRequest", limits.default_request),
            ("min", limits.min),
            ("max", limits.max),
        )
    }
    bounds["maxLimitRequestRatio"] = ratios(limits.max_limit_request_ratio)
    items = [{"type": "Container", **{key: given for key, given in bounds.items() if given}}]
    claim = limits.persistent_volume_claim
    sizes = {key: {"storage": it} for key, it in (("min", claim.min), ("max", claim.max)) if it}
    if sizes:
        items.append({"type": "PersistentVolumeClaim", **sizes})
    manifest = {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "container-limits", "namespace": namespace, "labels": {**labels}},
        "spec": {"limits": items},
    }
    return [Part("limits", manifest, ("namespace",))]


def _pull_secrets(
    namespace: str, labels: dict[str, str], tenant: NamespaceSettings, values: Values
) -> list[Part]:
    return [
        Part(
            f"pull-{name}",
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
                "type": "kubernetes.io/dockerconfigjson",
                "stringData": {
                    ".dockerconfigjson": values.secrets.get(f"{namespace}-{name}", NO_CREDENTIALS)
                },
            },
            ("namespace",),
        )
        for name in tenant.pull_secrets
    ]
