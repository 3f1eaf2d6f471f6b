"""The pod template: restricted by default, on its own pool, with what it mounts and reads."""

from typing import Any

from manifests import Part, Values, azure_identity, config, containers, volumes
from manifests.containers import Reads
from manifests.labels import of_pods
from manifests.placement import placement
from manifests.secret_provider import Folder
from settings.container import Container
from settings.jobs import JobRun
from settings.service import Metrics
from settings.stack import Settings
from settings.tracks import Track
from settings.workload import Workload

FIRST_UNPRIVILEGED_PORT = 1024
UNPRIVILEGED_PORT_START = "net.ipv4.ip_unprivileged_port_start"
"""A safe sysctl, allowed by the restricted level: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/"""

USUAL_DNS_POLICY = "ClusterFirst"


def template(
    settings: Settings,
    workload: Workload,
    labels: dict[str, str],
    configs: list[Part],
    folders: list[Folder],
    track: Track,
    values: Values,
) -> dict[str, Any]:
    """Pod template of version `track` of `workload`, with `labels` of its objects; it reads `configs` and mounts
    `folders`; `values` has the names of Secrets."""
    own, annotations = azure_identity.of_pods(settings, workload)
    pod_labels = of_pods(labels) | own
    names = {part.role: part.manifest["metadata"]["name"] for part in configs}
    metadata: dict[str, Any] = {"labels": pod_labels}
    if workload.metrics:
        annotations |= _scraped(workload, workload.metrics)
    if annotations:
        metadata["annotations"] = annotations
    spec = _spec(settings, workload, track, Reads(names, folders, values))
    return {"metadata": metadata, "spec": spec}


def _scraped(workload: Workload, metrics: Metrics) -> dict[str, str]:
    """How Prometheus finds the page, by the convention of its charts, which Azure Monitor's agent follows in the
    namespaces of its `podannotationnamespaceregex`:
    https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration"""
    return {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": str(workload.all_ports[metrics.port].port),
        "prometheus.io/path": metrics.path,
    }


def _spec(settings: Settings, workload: Workload, track: Track, reads: Reads) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": workload.service_account.token,
        # Without it a pod gets seven variables for every Service of the namespace and differs by start order.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": workload.termination_grace_period_seconds,
        "securityContext": _security(workload),
        **containers.of_pod(settings, workload, track, reads),
        **placement(settings, workload, track),
    }
    if workload.kind in ("job", "cronjob"):
        spec["restartPolicy"] = (workload.job or JobRun()).restart_policy
    if workload.image_pull_secrets:
        spec["imagePullSecrets"] = [{"name": name} for name in workload.image_pull_secrets]
    if workload.dns_policy != USUAL_DNS_POLICY:
        spec["dnsPolicy"] = workload.dns_policy
    if workload.host_aliases:
        spec["hostAliases"] = [
            {"ip": address, "hostnames": [*names]}
            for address, names in workload.host_aliases.items()
        ]
    mounted = volumes.of_pod(settings, workload)
    if config.FILES in reads.configs:
        mounted.append({"name": config.FILES, "configMap": {"name": reads.configs[config.FILES]}})
    mounted += [{"name": it.volume, **it.source} for it in reads.folders]
    if mounted:
        spec["volumes"] = mounted
    return spec


def _security(workload: Workload) -> dict[str, Any]:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    security = workload.security
    context: dict[str, Any] = {
        **containers.user(security),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    if security.fs_group is not None:
        context["fsGroup"] = security.fs_group
        # `Always` walks the whole disk at every start.
        context["fsGroupChangePolicy"] = "OnRootMismatch"
    lowest = _lowest_port(workload)
    if lowest < FIRST_UNPRIVILEGED_PORT:
        # NET_BIND_SERVICE does nothing for a non-root user who may not gain privileges.
        context["sysctls"] = [{"name": UNPRIVILEGED_PORT_START, "value": str(lowest)}]
    return context


def _lowest_port(workload: Workload) -> int:
    """Of the containers that do not run as root; the sysctl is of the whole pod."""
    found = [FIRST_UNPRIVILEGED_PORT]
    for _, it in workload.all_containers:
        security = (it.security if isinstance(it, Container) else None) or workload.security
        if security.run_as_user != 0:
            found += (port.port for port in it.ports.values())
    return min(found)
