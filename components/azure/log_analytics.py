"""The Log Analytics workspace and how its tables are kept.

Left out on purpose: private link scopes, replication to another region, and export.
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import operationalinsights

from components.azure import watch_names as names
from components.azure.stack import AksStack

NO_CAP_GB = -1
"""What Azure takes for no daily cap."""


@dataclass(frozen=True, kw_only=True)
class LogAnalyticsArgs:
    """Inputs of `LogAnalytics`."""

    stack: AksStack
    """Retention, cap, tables, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""


class LogAnalytics(pulumi.ComponentResource):
    """Where logs of containers and of the control plane end."""

    workspace_id: pulumi.Output[str]
    """Azure id of the workspace."""

    def __init__(
        self, name: str, args: LogAnalyticsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:LogAnalytics", name, None, opts)
        stack, logs = args.stack, args.stack.settings.observability.logs
        public = "Enabled" if logs.public_network_access else "Disabled"

        workspace = operationalinsights.Workspace(
            f"{name}-workspace",
            workspace_name=names.log_workspace(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            sku={"name": "PerGB2018"},
            retention_in_days=logs.retention_days,
            workspace_capping={"daily_quota_gb": logs.daily_cap_gb or NO_CAP_GB},
            features={
                "disable_local_auth": not logs.shared_keys,
                "enable_log_access_using_only_resource_permissions": True,
            },
            public_network_access_for_ingestion=public,
            public_network_access_for_query=public,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for table, kept in logs.tables.items():
            operationalinsights.Table(
                f"{name}-table-{table}",
                table_name=table,
                workspace_name=workspace.name,
                resource_group_name=args.resource_group,
                plan=kept.plan,
                retention_in_days=None if kept.plan == "Basic" else kept.retention_days,
                total_retention_in_days=kept.total_retention_days,
                # Azure's own tables cannot be deleted: they go with the workspace.
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            )

        self.workspace_id = workspace.id
        self.register_outputs({"workspace_id": self.workspace_id})
