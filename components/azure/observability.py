"""What is collected from a cluster, and who is told: made after it. What keeps the data is `telemetry`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.azure.action_groups import ActionGroups, ActionGroupsArgs
from components.azure.alerts import Alerts, AlertsArgs
from components.azure.container_insights import ContainerInsights, ContainerInsightsArgs
from components.azure.diagnostics import Diagnostics, DiagnosticsArgs
from components.azure.managed_prometheus import ManagedPrometheus, ManagedPrometheusArgs
from components.azure.stack import AksStack


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
