"""What watches a cluster, in two halves: what keeps data, before the cluster; and what reads it, after."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.azure.action_groups import ActionGroups, ActionGroupsArgs
from components.azure.alerts import Alerts, AlertsArgs
from components.azure.container_insights import ContainerInsights, ContainerInsightsArgs
from components.azure.diagnostics import Diagnostics, DiagnosticsArgs
from components.azure.grafana import Grafana, GrafanaArgs
from components.azure.log_analytics import LogAnalytics, LogAnalyticsArgs
from components.azure.managed_prometheus import ManagedPrometheus, ManagedPrometheusArgs
from components.azure.monitor_workspace import MonitorWorkspace, MonitorWorkspaceArgs
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class TelemetryArgs:
    """Inputs of `Telemetry`."""

    stack: AksStack
    """Which workspaces, and how long they keep what."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class Telemetry(pulumi.ComponentResource):
    """What keeps data: the workspaces of metrics and logs, and Grafana with people's dashboards."""

    log_workspace_id: pulumi.Input[str] | None
    """Azure id of the Log Analytics workspace; None where nothing is logged."""

    monitor_workspace_id: pulumi.Input[str] | None
    """Azure id of the Azure Monitor workspace; None without metrics."""

    grafana_endpoint: pulumi.Input[str] | None
    """Address of Grafana; None without."""

    def __init__(
        self, name: str, args: TelemetryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Telemetry", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, group = args.stack, args.resource_group
        wanted = stack.settings.observability
        self.log_workspace_id = self.monitor_workspace_id = self.grafana_endpoint = None

        if wanted.wants_logs:
            self.log_workspace_id = (
                wanted.logs.workspace_id
                or LogAnalytics(
                    f"{name}-logs", LogAnalyticsArgs(stack=stack, resource_group=group), child
                ).workspace_id
            )
        if wanted.metrics.enabled:
            self.monitor_workspace_id = (
                wanted.metrics.workspace_id
                or MonitorWorkspace(
                    f"{name}-metrics",
                    MonitorWorkspaceArgs(stack=stack, resource_group=group),
                    child,
                ).workspace_id
            )
        if wanted.grafana.enabled and self.monitor_workspace_id is not None:
            self.grafana_endpoint = Grafana(
                f"{name}-grafana",
                GrafanaArgs(
                    stack=stack, resource_group=group, workspace_id=self.monitor_workspace_id
                ),
                child,
            ).endpoint

        self.register_outputs(
            {
                "log_workspace_id": self.log_workspace_id,
                "monitor_workspace_id": self.monitor_workspace_id,
                "grafana_endpoint": self.grafana_endpoint,
            }
        )


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs:
    """Inputs of `Observability`."""

    stack: AksStack
    """What is collected, and who is told of what."""

    resource_group: pulumi.Input[str]
    """Name of the group."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""

    log_workspace_id: pulumi.Input[str] | None
    """Azure id of the Log Analytics workspace, where anything is logged."""

    monitor_workspace_id: pulumi.Input[str] | None
    """Azure id of the Azure Monitor workspace, where there are metrics."""

    webhooks: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Address of each webhook by `<group>-<webhook>`."""


class Observability(pulumi.ComponentResource):
    """What is collected from a cluster, and who is told: no data of its own, so nothing here needs protection."""

    action_groups: Mapping[str, pulumi.Output[str]]
    """Azure id of each action group by its name; empty without alerts."""

    def __init__(
        self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Observability", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, group, wanted = args.stack, args.resource_group, args.stack.settings.observability
        logs, metrics = args.log_workspace_id, args.monitor_workspace_id
        self.action_groups = {}

        if metrics is not None:
            ManagedPrometheus(
                f"{name}-prometheus",
                ManagedPrometheusArgs(
                    stack=stack,
                    resource_group=group,
                    cluster_id=args.cluster_id,
                    workspace_id=metrics,
                ),
                child,
            )
        if logs is not None and wanted.container_insights.enabled:
            ContainerInsights(
                f"{name}-insights",
                ContainerInsightsArgs(
                    stack=stack,
                    resource_group=group,
                    cluster_id=args.cluster_id,
                    workspace_id=logs,
                ),
                child,
            )
        if logs is not None and wanted.diagnostics.enabled:
            Diagnostics(
                f"{name}-diagnostics",
                DiagnosticsArgs(stack=stack, cluster_id=args.cluster_id, workspace_id=logs),
                child,
            )
        if metrics is not None and wanted.alerts.enabled:
            if wanted.action_groups:
                self.action_groups = ActionGroups(
                    f"{name}-action-groups",
                    ActionGroupsArgs(stack=stack, resource_group=group, webhooks=args.webhooks),
                    child,
                ).ids
            Alerts(
                f"{name}-alerts",
                AlertsArgs(
                    stack=stack,
                    resource_group=group,
                    cluster_id=args.cluster_id,
                    workspace_id=metrics,
                    action_groups=self.action_groups,
                ),
                child,
            )

        self.register_outputs({"action_groups": self.action_groups})
