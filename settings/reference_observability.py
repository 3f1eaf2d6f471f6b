"""Rows of the stack file about what watches a cluster. Azure fields are those of the resource as it is registered."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_ID: Final = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
)
_GROUP: Final = "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"
_KSM: Final = "ManagedCluster: azureMonitorProfile.metrics.kubeStateMetrics"
_RULES: Final = "PrometheusRuleGroup: rules[]"
_THRESHOLD: Final = f"{_RULES}.expression"
_COLLECTED: Final = "DataCollectionRule: dataSources.extensions[]"
_SETTINGS: Final = f"{_COLLECTED}.extensionSettings.dataCollectionSettings"

_FOR: Final = Row("45", f"{_RULES}.for")
_SEVERITY: Final = Row("0", f"{_RULES}.severity")
_PERCENT: Final = Row("75", _THRESHOLD)
_HOW: Final = {"forMinutes": _FOR, "severity": _SEVERITY}


def _alert(example: str = "{forMinutes: 45}") -> Row:
    return Row(example, _RULES)


OBSERVABILITY: Final[Mapping[str, Mapping[str, Row]]] = {
    "Observability": {
        "metrics": Row("{enabled: true}", "ManagedCluster: azureMonitorProfile.metrics"),
        "logs": Row("{retentionDays: 60}", "Workspace: retentionInDays"),
        "containerInsights": Row(
            "{enabled: true}", "ManagedCluster: addonProfiles.omsagent.config"
        ),
        "diagnostics": Row("{enabled: true}", "DiagnosticSetting: logs[]"),
        "grafana": Row("{enabled: true}", "several objects: a Managed Grafana and who may use it"),
        "actionGroups": Row(
            "{ops: {email: {ops: ops@course.example}}}", "ActionGroup: actionGroupName"
        ),
        "alerts": Row("{enabled: true}", "PrometheusRuleGroup: ruleGroupName"),
    },
    "Metrics": {
        "enabled": Row("true", "ManagedCluster: azureMonitorProfile.metrics.enabled"),
        "workspaceId": Row(
            f"{_ID}/Microsoft.Monitor/accounts/amw-shared",
            "DataCollectionRule: destinations.monitoringAccounts[].accountResourceId",
        ),
        "publicNetworkAccess": Row("false", "AzureMonitorWorkspace: publicNetworkAccess"),
        "kubeStateMetrics": Row("{labels: {nodes: [agentpool]}}", _KSM),
        "recordingRules": Row("false", "several objects: two groups of rules less"),
        "recordingMinutes": Row("5", "PrometheusRuleGroup: interval"),
    },
    "KubeStateMetrics": {
        "labels": Row("{nodes: [agentpool], pods: [app]}", f"{_KSM}.metricLabelsAllowlist"),
        "annotations": Row("{pods: [team]}", f"{_KSM}.metricAnnotationsAllowList"),
    },
    "Logs": {
        "workspaceId": Row(
            f"{_ID}/Microsoft.OperationalInsights/workspaces/log-shared",
            "DiagnosticSetting: workspaceId",
        ),
        "retentionDays": Row("60", "Workspace: retentionInDays"),
        "dailyCapGb": Row("5", "Workspace: workspaceCapping.dailyQuotaGb"),
        "sharedKeys": Row("true", "Workspace: features.disableLocalAuth"),
        "publicNetworkAccess": Row("false", "Workspace: publicNetworkAccessForQuery"),
        "tables": Row("{ContainerLogV2: {plan: Basic}}", "Table: tableName"),
    },
    "Table": {
        "plan": Row("Basic", "Table: plan"),
        "retentionDays": Row("60", "Table: retentionInDays"),
        "totalRetentionDays": Row("365", "Table: totalRetentionInDays"),
    },
    "ContainerInsights": {
        "enabled": Row("true", "ManagedCluster: addonProfiles.omsagent.enabled"),
        "preset": Row("costOptimized", "what the next four keys say where the stack does not"),
        "streams": Row("[Microsoft-KubeEvents]", f"{_COLLECTED}.streams[]"),
        "intervalMinutes": Row("5", f"{_SETTINGS}.interval"),
        "namespaceFiltering": Row("Exclude", f"{_SETTINGS}.namespaceFilteringMode"),
        "namespaces": Row("[testing]", f"{_SETTINGS}.namespaces[]"),
        "containerLogV2": Row("false", f"{_SETTINGS}.enableContainerLogV2"),
    },
    "Diagnostics": {
        "enabled": Row("true", "DiagnosticSetting: resourceUri"),
        "categories": Row("[kube-audit, guard]", "DiagnosticSetting: logs[].category"),
        "destinationType": Row(
            "AzureDiagnostics", "DiagnosticSetting: logAnalyticsDestinationType"
        ),
    },
    "Grafana": {
        "enabled": Row("true", "several objects: a Managed Grafana and who may use it"),
        "sku": Row("Essential", "Grafana: sku.name"),
        "majorVersion": Row('"11"', "Grafana: properties.grafanaMajorVersion"),
        "zoneRedundant": Row("true", "Grafana: properties.zoneRedundancy"),
        "publicNetworkAccess": Row("false", "Grafana: properties.publicNetworkAccess"),
        "apiKeys": Row("true", "Grafana: properties.apiKey"),
        "admins": Row(f"[{_GROUP}]", "RoleAssignment: principalId"),
        "viewers": Row(f"[{_GROUP}]", "RoleAssignment: principalId"),
    },
    "ActionGroup": {
        "shortName": Row("ops", "ActionGroup: groupShortName"),
        "email": Row("{ops: ops@course.example}", "ActionGroup: emailReceivers[].emailAddress"),
        "webhooks": Row("[pager]", "ActionGroup: webhookReceivers[].serviceUri"),
    },
    "Alerts": {
        "enabled": Row("true", "PrometheusRuleGroup: ruleGroupName"),
        "notify": Row("[ops]", f"{_RULES}.actions[].actionGroupId"),
        "evaluationMinutes": Row("5", "PrometheusRuleGroup: interval"),
        "resolveMinutes": Row("5", f"{_RULES}.resolveConfiguration.timeToResolve"),
        "nodesNotReady": _alert(),
        "pendingPods": _alert("{pods: 3}"),
        "poolCpuRequests": _alert("{percent: 75}"),
        "poolMemoryRequests": _alert("{percent: 75}"),
        "poolCpuLimits": _alert("{percent: 75}"),
        "poolMemoryLimits": _alert("{percent: 75}"),
        "poolAtMaximum": _alert(),
        "oomKills": _alert("{restarts: 3}"),
        "crashLoops": _alert(),
        "failedJobs": _alert("{enabled: false}"),
        "volumesNearlyFull": _alert("{percent: 75}"),
        "certificateEnds": _alert("{days: 30}"),
        "versionEnds": _alert("{days: 60}"),
    },
    "Alert": {"enabled": Row("false", "several objects: one rule less"), **_HOW},
    "NodesNotReady": _HOW,
    "PendingPods": {"pods": Row("3", _THRESHOLD), **_HOW},
    "PoolShare": {"percent": _PERCENT, **_HOW},
    "PoolRequests": {"percent": _PERCENT},
    "PoolLimits": {"percent": _PERCENT},
    "PoolAtMaximum": _HOW,
    "OomKills": {
        "restarts": Row("3", _THRESHOLD),
        "windowMinutes": Row("30", _THRESHOLD),
        **_HOW,
    },
    "CrashLoops": _HOW,
    "FailedJobs": _HOW,
    "VolumesNearlyFull": {"percent": _PERCENT, **_HOW},
    "CertificateEnds": {"days": Row("30", _THRESHOLD), **_HOW},
    "VersionEnds": {"days": Row("60", _THRESHOLD), **_HOW},
}
