"""The Azure Monitor workspace: where metrics are kept, for 18 months."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor

from components.azure import watch_names as names
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class MonitorWorkspaceArgs:
    """Inputs of `MonitorWorkspace`."""

    stack: AksStack
    """Names, tags, and who may reach it."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class MonitorWorkspace(pulumi.ComponentResource):
    """Where metrics of managed Prometheus end."""

    workspace_id: pulumi.Output[str]
    """Azure id of the workspace."""

    def __init__(
        self, name: str, args: MonitorWorkspaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:MonitorWorkspace", name, None, opts)
        stack = args.stack
        public = stack.settings.observability.metrics.public_network_access

        workspace = monitor.AzureMonitorWorkspace(
            f"{name}-workspace",
            azure_monitor_workspace_name=names.monitor_workspace(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            public_network_access="Enabled" if public else "Disabled",
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.workspace_id = workspace.id
        self.register_outputs({"workspace_id": self.workspace_id})
