"""What keeps the data of a cluster: made before it, and kept when it goes."""

from dataclasses import dataclass

import pulumi

from components.azure.grafana import Grafana, GrafanaArgs
from components.azure.log_analytics import LogAnalytics, LogAnalyticsArgs
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
