"""One namespace with its bounds: pod security, quota, defaults, cut-off network, personas, registry credentials."""

from typing import Any

from manifests import Manifest, Part, Values, access, awaiting, isolation, network_policy
from manifests.labels import of_platform
from settings.demand import amounts
from settings.stack import Limits, NamespaceSettings, Quota, Settings

POD_SECURITY = "pod-security.kubernetes.io"
"""https://kubernetes.io/docs/concepts/security/pod-security-admission/"""

REASON = "aks-platform/pod-security-reason"

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
            namespace_object(
                settings, namespace, labels, tenant.pod_security, tenant.pod_security_reason
            ),
        ),
        Part("quota", _quota(namespace, labels, tenant.quota), inside),
        *_limits(namespace, labels, tenant.limits),
        *isolation.parts(settings, namespace, labels),
        *network_policy.of_monitoring(settings, namespace, labels),
        *access.parts(namespace, tenant.access, labels),
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


def _quota(namespace: str, labels: dict[str, str], quota: Quota) -> Manifest:
    hard = {f"requests.{name}": text for name, text in amounts(quota.requests).items()}
    hard |= {f"limits.{name}": text for name, text in amounts(quota.limits).items()}
    hard |= {
        "pods": str(quota.pods),
        "persistentvolumeclaims": str(quota.persistent_volume_claims),
        "services.loadbalancers": str(quota.load_balancers),
        "services.nodeports": str(quota.node_ports),
    }
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": namespace, "labels": {**labels}},
        "spec": {"hard": hard},
    }


def _limits(namespace: str, labels: dict[str, str], limits: Limits) -> list[Part]:
    bounds = {
        key: amounts(given)
        for key, given in (
            ("default", limits.default),
            ("defaultRequest", limits.default_request),
            ("max", limits.max),
        )
    }
    item = {"type": "Container", **{key: given for key, given in bounds.items() if given}}
    manifest = {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "container-limits", "namespace": namespace, "labels": {**labels}},
        "spec": {"limits": [item]},
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
