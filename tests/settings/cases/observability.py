"""Cases of `settings/checks/observability.py`."""

from tests.settings.cases.common import SUBSCRIPTION, case
from tests.settings.estate import GONE

AT = "observability"
LOGS = f"{SUBSCRIPTION}/Microsoft.OperationalInsights/workspaces/log-shared"


def prod(path, value, says, at=None):
    return case("prod", f"{AT}.{path}", value, says, at=f"{AT}.{path if at is None else at}")


CASES = [
    case("local", AT, {}, "has no effect with target kubeconfig; remove it"),
    prod("actionGroups", GONE, "must have a group that is told, or alerts ring where nobody is"),
    prod("actionGroups.ops", {}, "must have a receiver: alerts are on and tell this group"),
    prod("alerts.notify", ["night"], "must be a key of observability.actionGroups; got 'night'", "alerts.notify[0]"),
    prod("alerts.notify", [], "must have a group that is told"),
    prod("metrics.enabled", False, "must be true, since alerts read metrics"),
    prod("metrics.kubeStateMetrics.labels", {"nodes": ["topology"]},
         "must hold nodes: [agentpool], or no alert on a pool ever comes: poolCpuRequests, poolMemoryRequests"),
    case("dev", f"{AT}.grafana.enabled", True, "must be false without observability.metrics, which it shows"),
    prod("logs.workspaceId", LOGS, "must be empty where logs.workspaceId names a workspace", "logs.tables"),
    prod("logs.tables", {"KubeEvents": {"plan": "Basic"}},
         "must be Analytics: of the tables of a cluster only ContainerLogV2, AKSAudit", "logs.tables.KubeEvents.plan"),
    prod("logs.tables", {"AKSAudit": {"plan": "Basic", "retentionDays": 30}},
         "has no effect with plan Basic, which always has 30 days; got 30", "logs.tables.AKSAudit.retentionDays"),
    prod("logs.tables", {"AKSAudit": {"plan": "Basic", "totalRetentionDays": 29}},
         "must be at least the 30 days that the table can be queried; got 29",
         "logs.tables.AKSAudit.totalRetentionDays"),
    prod("logs.tables", {"KubeEvents": {"retentionDays": 90, "totalRetentionDays": 89}},
         "must be at least the 90 days that the table can be queried; got 89",
         "logs.tables.KubeEvents.totalRetentionDays"),
    prod("containerInsights.namespaces", ["course"], "has no effect while namespaceFiltering is Off"),
    prod("containerInsights.namespaceFiltering", "Include",
         "must name at least one with namespaceFiltering Include", "containerInsights.namespaces"),
    prod("diagnostics.categories", ["kube-audit", "kube-audit-admin"],
         "must not stand beside kube-audit, which holds all of it", "diagnostics.categories[1]"),
    case("prod", f"{AT}.logs", {"workspaceId": LOGS, "tables": {}, "dailyCapGb": 5},
         "has no effect where logs.workspaceId names a workspace", at=f"{AT}.logs.dailyCapGb"),
]  # fmt: skip

EDGES = [
    case("prod", f"{AT}.actionGroups.ops", {"webhooks": ["pager"]}, ""),
    case("prod", f"{AT}.alerts", {"enabled": False}, "", before=(("prod", f"{AT}.actionGroups", {}),)),
    case("prod", f"{AT}.metrics", {"enabled": False}, "", before=(("prod", f"{AT}.alerts", {"enabled": False}),)),
    case("prod", f"{AT}.alerts.notify", ["ops"], ""),
    case("prod", f"{AT}.metrics.kubeStateMetrics.labels", {"nodes": ["*"]}, ""),
    case("prod", f"{AT}.metrics.kubeStateMetrics.labels", {}, "",
         before=(("prod", f"{AT}.alerts", {f"pool{it}": {"enabled": False} for it in (
             "CpuRequests", "MemoryRequests", "CpuLimits", "MemoryLimits", "AtMaximum")}),)),
    case("prod", f"{AT}.grafana.enabled", True, ""),
    case("prod", f"{AT}.logs", {"workspaceId": LOGS, "tables": {}}, ""),
    case("prod", f"{AT}.logs.tables", {"AKSControlPlane": {"plan": "Basic", "totalRetentionDays": 30}}, ""),
    case("prod", f"{AT}.logs.tables", {"KubeEvents": {"retentionDays": 90, "totalRetentionDays": 90}}, ""),
    case("prod", f"{AT}.logs.dailyCapGb", 5, ""),
    case("prod", f"{AT}.containerInsights", {"namespaceFiltering": "Include", "namespaces": ["course"]}, ""),
    case("prod", f"{AT}.diagnostics.categories", ["kube-audit", "guard"], ""),
]  # fmt: skip
"""What is just right."""
