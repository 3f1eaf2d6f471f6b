"""Recommended values of what watches a cluster."""

from collections.abc import Mapping
from typing import Any, Final

from settings.profiles import NOTHING, Recommended, Value

SCRAPER: Final = {"namespace": "kube-system", "podLabels": {"rsName": "ama-metrics"}}
"""The pods of managed Prometheus that read what workloads tell."""

_STREAMS = {
    "logsAndEvents": [
        "Microsoft-ContainerLogV2",
        "Microsoft-KubeEvents",
        "Microsoft-KubePodInventory",
    ],
    "standard": [
        "Microsoft-ContainerLogV2",
        "Microsoft-KubeEvents",
        "Microsoft-KubePodInventory",
        "Microsoft-KubeNodeInventory",
        "Microsoft-KubeServices",
        "Microsoft-KubePVInventory",
        "Microsoft-KubeMonAgentEvents",
        "Microsoft-InsightsMetrics",
        "Microsoft-ContainerInventory",
        "Microsoft-ContainerNodeInventory",
        "Microsoft-Perf",
    ],
}
_PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "logsAndEvents": {
        "streams": _STREAMS["logsAndEvents"],
        "intervalMinutes": 1,
        "namespaceFiltering": "Off",
        "namespaces": [],
    },
    "costOptimized": {
        "streams": _STREAMS["standard"],
        "intervalMinutes": 5,
        "namespaceFiltering": "Exclude",
        "namespaces": ["kube-system", "gatekeeper-system", "azure-arc"],
    },
    "standard": {
        "streams": _STREAMS["standard"],
        "intervalMinutes": 1,
        "namespaceFiltering": "Off",
        "namespaces": [],
    },
}
"""https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-cost-config"""

_PRESET = "logsAndEvents"

_PROMETHEUS = (
    "https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable"
)
_CARDINALITY = (
    "https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default"
)
_LOGS = "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"
_CAP = "https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap"
_BASIC = "https://learn.microsoft.com/azure/azure-monitor/logs/data-platform-logs#table-plans"
_INSIGHTS = (
    "https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-cost-config"
)
_DIAGNOSTICS = "https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-planeresource-logs"
_GRAFANA = "https://learn.microsoft.com/azure/managed-grafana/overview"


def _row(
    key: str,
    prod: Value,
    dev: Value,
    automatic: Value,
    azure: str,
    reason: str,
    source: str,
    by: str = "the machine",
) -> Recommended:
    return Recommended(
        by=by,
        key=key,
        prod=prod,
        dev=dev,
        automatic_like=automatic,
        azure=azure,
        reason=reason,
        source=source,
    )


def _same(
    key: str, value: Value, azure: str, reason: str, source: str, by: str = "the machine"
) -> Recommended:
    return _row(f"observability.{key}", value, value, value, azure, reason, source, by)


def _preset(key: str) -> Value:
    def said(owner: Mapping[str, Any]) -> Any:
        return _PRESETS.get(owner.get("preset", _PRESET), {}).get(key, NOTHING)

    return said


def _scraper(by_profile: bool) -> Value:
    """The agent, where the stack has it: what a profile says of one key is not seen by another's row."""

    def said(root: Mapping[str, Any]) -> Any:
        at: Any = root
        for step in ("observability", "metrics"):
            at = at.get(step, {}) if isinstance(at, Mapping) else {}
        enabled = at.get("enabled", by_profile) if isinstance(at, Mapping) else by_profile
        return dict(SCRAPER) if enabled is True else NOTHING

    return said


ROWS: Final = (
    _row(
        "observability.metrics.enabled", True, False, True, "none are collected",
        "alerts and dashboards read them; a workspace keeps them for 18 months without a server to run",
        _PROMETHEUS,
    ),
    _same(
        "metrics.publicNetworkAccess", True, "public access",
        "without private endpoints for queries and for the collection endpoint nothing would arrive",
        "https://learn.microsoft.com/azure/azure-monitor/metrics/azure-monitor-workspace-overview",
    ),
    _same(
        "metrics.kubeStateMetrics.labels", {"nodes": ["agentpool"]}, "none",
        "alerts on a pool join nodes to it by this label; every further one multiplies the series that are paid for",
        _CARDINALITY,
    ),
    _same(
        "metrics.kubeStateMetrics.annotations", {}, "none",
        "no alert here reads one, and each value of each makes a series", _CARDINALITY,
    ),
    _same(
        "metrics.recordingRules", True, "the portal makes them, a template does not",
        "the dashboards for Kubernetes of Managed Grafana and the portal are empty without them", _CARDINALITY,
    ),
    _same(
        "metrics.recordingMinutes", 1, "1",
        "metrics come every 30 seconds; later sums make dashboards lag behind alerts",
        "https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-rule-groups",
    ),
    _row(
        "monitoring", _scraper(by_profile=True), _scraper(by_profile=False), _scraper(by_profile=True),
        "nothing may come in where network policies hold",
        "network policies let the agent in where a workload has metrics, and nobody else",
        "https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration",
        "observability.metrics",
    ),
    _same(
        "logs.retentionDays", 30, "30",
        "31 days are in the price; tables that must be kept longer say so themselves", _LOGS,
    ),
    _row(
        "observability.logs.dailyCapGb", NOTHING, 1, NOTHING, "no cap",
        "a cap drops audit logs, too, just when most happens; in dev a loop that logs must not cost a month", _CAP,
    ),
    _same(
        "logs.sharedKeys", False, "keys are accepted",
        "the agent signs in with Entra, so nobody needs a key that lets anybody write",
        "https://learn.microsoft.com/azure/azure-monitor/logs/azure-ad-authentication-logs",
    ),
    _same(
        "logs.publicNetworkAccess", True, "public access",
        "without a private link scope no agent could write and nobody could ask",
        "https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security",
    ),
    _row(
        "observability.logs.tables",
        {
            "ContainerLogV2": {"plan": "Basic", "totalRetentionDays": 90},
            "AKSAuditAdmin": {"plan": "Basic", "totalRetentionDays": 365},
            "AKSControlPlane": {"plan": "Basic", "totalRetentionDays": 90},
        },
        {"AKSAuditAdmin": {"plan": "Basic", "totalRetentionDays": 30}},
        {"ContainerLogV2": {"plan": "Basic", "totalRetentionDays": 90}},
        "plan Analytics, kept as long as the workspace says",
        "logs are written always and read seldom; who changed what is still asked a year later", _BASIC,
    ),
    _row(
        "observability.containerInsights.enabled", True, False, True, "off",
        "output of containers that are gone can still be read; in dev the API server has it for a while", _INSIGHTS,
    ),
    _same(
        "containerInsights.preset", _PRESET, "standard: performance is collected, too",
        "Prometheus has the numbers already; the same again as logs is what makes the bill", _INSIGHTS,
    ),
    *(
        _same(
            f"containerInsights.{key}", _preset(key), azure,
            "as the preset says, whose four keys belong together", _INSIGHTS, "the preset",
        )
        for key, azure in (
            ("streams", "Microsoft-ContainerInsights-Group-Default, which is all of them"),
            ("intervalMinutes", "1"),
            ("namespaceFiltering", "Off"),
            ("namespaces", "none"),
        )
    ),
    _same(
        "containerInsights.containerLogV2", True, "true with sign-in by Entra, false with keys",
        "pod, namespace and level are columns, and only this table may have plan Basic",
        "https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-logs-schema",
    ),
    _same(
        "diagnostics.enabled", True, "off: no log of the control plane is kept",
        "without them nobody can say afterwards who changed what in the cluster", _DIAGNOSTICS,
    ),
    _row(
        "observability.diagnostics.categories",
        [
            "kube-audit-admin",
            "guard",
            "cluster-autoscaler",
            "kube-controller-manager",
            "cloud-controller-manager",
            "csi-azuredisk-controller",
            "csi-azurefile-controller",
            "csi-snapshot-controller",
        ],
        ["kube-audit-admin"],
        ["kube-audit-admin", "guard", "cluster-autoscaler", "kube-controller-manager"],
        "none",
        "what changes things, signs people in, moves nodes, balancers and disks; reads and schedulers are most of the "
        "volume and seldom asked for",
        _DIAGNOSTICS,
    ),
    _same(
        "diagnostics.destinationType", "Dedicated", "AzureDiagnostics",
        "tables of their own may have plan Basic, and their columns are not shared with every other service",
        "https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs#resource-specific",
    ),
    _row(
        "observability.grafana.enabled", False, False, True, "none",
        "the portal shows the same dashboards free of charge; an own Grafana pays where teams keep theirs", _GRAFANA,
    ),
    _same(
        "grafana.sku", "Standard", "must be said",
        "Essential has no uptime agreement and no private endpoints, and is no longer sold in every region", _GRAFANA,
    ),
    _same(
        "grafana.majorVersion", "12", "the newest at creation",
        "a major version changes dashboards, so somebody should ask for it",
        "https://learn.microsoft.com/azure/managed-grafana/how-to-upgrade-grafana",
    ),
    _row(
        "observability.grafana.zoneRedundant", True, False, False, "Disabled",
        "it is looked at when a zone is down; fixed at creation",
        "https://learn.microsoft.com/azure/managed-grafana/how-to-enable-zone-redundancy",
    ),
    _same(
        "grafana.publicNetworkAccess", True, "Enabled",
        "people reach it after they have signed in with Entra; a private one needs an endpoint and a way there",
        "https://learn.microsoft.com/azure/managed-grafana/how-to-set-up-private-access",
    ),
    _same(
        "grafana.apiKeys", False, "Disabled",
        "a token of a service account outlives the person that made it",
        "https://learn.microsoft.com/azure/managed-grafana/how-to-service-accounts",
    ),
)  # fmt: skip
