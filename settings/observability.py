"""What watches a cluster: metrics, logs, diagnostics, dashboards, and who is told."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from settings.alerts import Alerts
from settings.azure_values import EntraObjectId, LogWorkspaceId, MonitorWorkspaceId
from settings.constraint import Number, Text
from settings.section import Section
from settings.values import DnsLabel, Positive

EmailAddress = Annotated[
    str,
    Text(
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        "must be an address of mail, for example 'ops@course.example'",
        254,
    ),
]

ShortName = Annotated[
    str,
    Text(r"^[^\s].*$", "must be 1 to 12 characters, for example 'ops'", 12, 1),
]
"""What a text message begins with: https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups"""

RetentionDays = Annotated[int, Number("must be days from 30 to 730, for example 30", 30, 730)]

TableDays = Annotated[int, Number("must be days from 4 to 730, for example 30", 4, 730)]

TotalDays = Annotated[int, Number("must be days from 4 to 4383, for example 365", 4, 4383)]
"""Twelve years: https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"""

IntervalMinutes = Annotated[int, Number("must be minutes from 1 to 30, for example 1", 1, 30)]

TableName = Annotated[
    str, Text(r"^[A-Za-z][A-Za-z0-9_]*$", "must be a table, for example 'ContainerLogV2'", 63)
]

KubernetesResource = Annotated[
    str, Text(r"^[a-z]+$", "must be a resource in the plural, for example 'nodes'", 63)
]

Key = Annotated[
    str,
    Text(
        r"^(\*|[A-Za-z0-9._/-]+)$",
        "must be a label or annotation key, or '*', for example 'agentpool'",
        317,
    ),
]

Category = Literal[
    "kube-apiserver",
    "kube-audit",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
    "cluster-autoscaler",
    "cloud-controller-manager",
    "guard",
    "csi-azuredisk-controller",
    "csi-azurefile-controller",
    "csi-snapshot-controller",
]
"""https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs"""

CATEGORIES: tuple[Category, ...] = get_args(Category)

Stream = Literal[
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
]
"""Each ends in the table of its name:
https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-cost-config"""

Preset = Literal["logsAndEvents", "costOptimized", "standard"]

BASIC_TABLES = ("ContainerLogV2", "AKSAudit", "AKSAuditAdmin", "AKSControlPlane")
"""Tables of a cluster that Azure lets have plan Basic:
https://learn.microsoft.com/azure/azure-monitor/logs/basic-logs-azure-tables"""


class ActionGroup(Section):
    """Who is told, and how."""

    short_name: ShortName | None = None
    """What text messages begin with; omitted: the beginning of the name."""

    email: dict[DnsLabel, EmailAddress] = {}
    """Addresses by the name of the receiver, for example `{ops: ops@course.example}`."""

    webhooks: list[DnsLabel] = []
    """Names of webhooks. The address of each is a secret of the stack, since it lets anybody post:
    `aks-platform:action-group-<group>-<webhook>`."""


class KubeStateMetrics(Section):
    """Labels and annotations of Kubernetes objects that become labels of metrics; each multiplies the series."""

    labels: dict[KubernetesResource, list[Key]] = {}
    """Labels by resource, for example `{nodes: [agentpool]}`, which alerts on pools read."""

    annotations: dict[KubernetesResource, list[Key]] = {}
    """Annotations by resource."""


class Metrics(Section):
    """Managed Prometheus: an agent in the cluster, and an Azure Monitor workspace that keeps 18 months."""

    enabled: bool = False
    """Whether metrics are collected."""

    workspace_id: MonitorWorkspaceId | None = None
    """An Azure Monitor workspace that is there already; omitted: one of the stack's own."""

    public_network_access: bool = True
    """Whether queries and metrics may come over public addresses; without, private endpoints must be there."""

    kube_state_metrics: KubeStateMetrics = KubeStateMetrics()
    """What kube-state-metrics tells beside its own."""

    recording_rules: bool = True
    """Whether Microsoft's recording rules are made, which the dashboards for Kubernetes read."""

    recording_minutes: IntervalMinutes = 1
    """How often recording rules are worked out; Azure allows up to 15."""


class Table(Section):
    """How one table of the Log Analytics workspace is kept."""

    plan: Literal["Analytics", "Basic"] = "Analytics"
    """`Basic` takes in at about a quarter of the price and is paid for by query. May change once a week."""

    retention_days: TableDays | None = None
    """How long it can be queried; omitted: as the workspace. Plan Basic has 30 days, whatever is said."""

    total_retention_days: TotalDays | None = None
    """How long it is kept in all, the rest in the archive; omitted: as long as it can be queried."""


class Logs(Section):
    """The Log Analytics workspace; made where `containerInsights` or `diagnostics` needs one."""

    workspace_id: LogWorkspaceId | None = None
    """A workspace that is there already; omitted: one of the stack's own."""

    retention_days: RetentionDays = 30
    """How long tables can be queried that say nothing themselves; 31 days cost nothing."""

    daily_cap_gb: Positive | None = None
    """GB a day after which nothing is taken in until the next, audit included; omitted: no cap."""

    shared_keys: bool = False
    """Whether agents may sign in with the workspace's keys."""

    public_network_access: bool = True
    """Whether logs and queries may come over public addresses; without, a private link scope must be there."""

    tables: dict[TableName, Table] = {}
    """Tables that are kept otherwise, for example `{ContainerLogV2: {plan: Basic}}`."""


class ContainerInsights(Section):
    """Logs and events of containers, by an agent on every node that signs in with Entra."""

    enabled: bool = False
    """Whether they are collected."""

    preset: Preset = "logsAndEvents"
    """`logsAndEvents`: no metrics, for a cluster that has `metrics`. `costOptimized`: also inventory and performance,
    every five minutes and without system namespaces. `standard`: all of it every minute. It says what the next four
    keys are where they are not said."""

    streams: list[Stream] = Field(default=["Microsoft-ContainerLogV2"], min_length=1)
    """What is collected."""

    interval_minutes: IntervalMinutes = 1
    """How often inventory and performance are."""

    namespace_filtering: Literal["Off", "Include", "Exclude"] = "Off"
    """Whether `namespaces` are the only ones, or those left out."""

    namespaces: list[DnsLabel] = []
    """Namespaces that `namespaceFiltering` is about."""

    container_log_v2: bool = True
    """Whether lines end in ContainerLogV2, which has pod and namespace in columns and may have plan Basic."""


class Diagnostics(Section):
    """Logs of the control plane."""

    enabled: bool = False
    """Whether they are kept."""

    categories: list[Category] = Field(default=["kube-audit-admin"], min_length=1)
    """Which of them."""

    destination_type: Literal["Dedicated", "AzureDiagnostics"] = "Dedicated"
    """`Dedicated`: AKSAudit, AKSAuditAdmin and AKSControlPlane, which may have plan Basic. `AzureDiagnostics`: one
    table for everything in the workspace, with 500 columns at most."""


class Grafana(Section):
    """Azure Managed Grafana, which reads the Azure Monitor workspace."""

    enabled: bool = False
    """Whether there is one; it costs by the hour and by user."""

    sku: Literal["Standard", "Essential"] = "Standard"
    """`Essential` has neither an uptime agreement nor managed private endpoints."""

    major_version: Literal["11", "12"] = "12"
    """Version of Grafana; Azure installs what is below it."""

    zone_redundant: bool = False
    """Whether it runs in several zones. Fixed at creation."""

    public_network_access: bool = True
    """Whether browsers reach it over a public address."""

    api_keys: bool = False
    """Whether service accounts may be made in it."""

    admins: list[EntraObjectId] = []
    """Entra groups that administer it; omitted: `access.admins`."""

    viewers: list[EntraObjectId] = []
    """Entra groups that look at it."""


class Observability(Section):
    """What watches the cluster. Only with target aks."""

    metrics: Metrics = Metrics()
    """Managed Prometheus."""

    logs: Logs = Logs()
    """The Log Analytics workspace."""

    container_insights: ContainerInsights = ContainerInsights()
    """Logs of containers."""

    diagnostics: Diagnostics = Diagnostics()
    """Logs of the control plane."""

    grafana: Grafana = Grafana()
    """Dashboards."""

    action_groups: dict[DnsLabel, ActionGroup] = {}
    """Who is told of alerts, by name; made where `alerts` are on."""

    alerts: Alerts = Alerts()
    """Of what."""

    @property
    def wants_logs(self) -> bool:
        """Whether anything ends in a Log Analytics workspace."""
        return self.container_insights.enabled or self.diagnostics.enabled

    @property
    def notified(self) -> list[str]:
        """The action groups that alerts tell, as settings name them."""
        return list(self.action_groups) if self.alerts.notify is None else self.alerts.notify
