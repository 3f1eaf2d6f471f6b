"""Azure Managed Grafana and who may do what in it.

Left out on purpose: dashboards and data sources beside the Azure Monitor workspace.
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import dashboard

from components.azure import watch_names as names
from components.azure.roles import assign
from components.azure.stack import AksStack

_WORKSPACE = "observability.metrics"


@dataclass(frozen=True, kw_only=True)
class GrafanaArgs:
    """Inputs of `Grafana`."""

    stack: AksStack
    """Sku, version, groups, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group."""

    workspace_id: pulumi.Input[str]
    """Azure id of the Azure Monitor workspace that it reads."""


class Grafana(pulumi.ComponentResource):
    """Dashboards."""

    endpoint: pulumi.Output[str]
    """Address in the browser."""

    def __init__(
        self, name: str, args: GrafanaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Grafana", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, wanted = args.stack, args.stack.settings.observability.grafana
        own_name = names.grafana(stack)

        made = dashboard.Grafana(
            f"{name}-grafana",
            workspace_name=own_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            sku={"name": wanted.sku},
            identity={"type": "SystemAssigned"},
            properties={
                "grafana_major_version": wanted.major_version,
                "zone_redundancy": "Enabled" if wanted.zone_redundant else "Disabled",
                "public_network_access": "Enabled" if wanted.public_network_access else "Disabled",
                "api_key": "Enabled" if wanted.api_keys else "Disabled",
                "deterministic_outbound_ip": "Disabled",
                "auto_generated_domain_name_label_scope": "TenantReuse",
                "grafana_integrations": {
                    "azure_monitor_workspace_integrations": [
                        {"azure_monitor_workspace_resource_id": args.workspace_id}
                    ]
                },
            },
            opts=child,
        )
        # Before it exists a preview may hand these back as they were put in: unknown, as the id is, and not absent.
        reads = pulumi.Output.all(made.identity.principal_id, made.id).apply(
            lambda them: str(them[0])
        )
        assign(
            f"{name}-reads-metrics",
            stack,
            role="Monitoring Data Reader",
            principal=(own_name, reads),
            scope=(_WORKSPACE, args.workspace_id),
            opts=child,
        )
        groups = {
            "Grafana Admin": wanted.admins or stack.access.admins,
            "Grafana Viewer": wanted.viewers,
        }
        for role, members in groups.items():
            for group in members:
                assign(
                    f"{name}-{role.lower().replace(' ', '-')}-{group}",
                    stack,
                    role=role,
                    principal=(group, group),
                    principal_type="Group",
                    scope=(own_name, made.id),
                    opts=child,
                )

        self.endpoint = pulumi.Output.all(made.properties.endpoint, made.id).apply(
            lambda them: str(them[0])
        )
        self.register_outputs({"endpoint": self.endpoint})
