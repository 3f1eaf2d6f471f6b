"""Container Insights: which logs of containers are collected, and where they go."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import monitor

from components.azure import watch_names as names
from components.azure.stack import AksStack
from settings.observability import ContainerInsights as Collected

EXTENSION = "ContainerInsights"
_DESTINATION = "workspace"


@dataclass(frozen=True, kw_only=True)
class ContainerInsightsArgs:
    """Inputs of `ContainerInsights`."""

    stack: AksStack
    """What is collected, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster that is collected from."""

    workspace_id: pulumi.Input[str]
    """Azure id of the Log Analytics workspace."""


class ContainerInsights(pulumi.ComponentResource):
    """The way of container logs from a cluster to its workspace; the agent is part of the cluster."""

    collection_rule_id: pulumi.Output[str]
    """Azure id of the data collection rule."""

    def __init__(
        self, name: str, args: ContainerInsightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:ContainerInsights", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, collected = args.stack, args.stack.settings.observability.container_insights

        rule = monitor.DataCollectionRule(
            f"{name}-rule",
            data_collection_rule_name=names.collection_rule(stack, "insights"),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            kind="Linux",
            description=f"Logs of the containers of {stack.cluster_name}",
            data_sources={
                "extensions": [
                    {
                        "name": names.INSIGHTS_ASSOCIATION,
                        "extension_name": EXTENSION,
                        "streams": [*collected.streams],
                        "extension_settings": _settings(collected),
                    }
                ]
            },
            destinations={
                "log_analytics": [
                    {"name": _DESTINATION, "workspace_resource_id": args.workspace_id}
                ]
            },
            data_flows=[{"streams": [*collected.streams], "destinations": [_DESTINATION]}],
            opts=child,
        )
        monitor.DataCollectionRuleAssociation(
            f"{name}-association",
            association_name=names.INSIGHTS_ASSOCIATION,
            resource_uri=args.cluster_id,
            data_collection_rule_id=rule.id,
            description=f"Logs of {stack.cluster_name} go by this rule",
            opts=child,
        )

        self.collection_rule_id = rule.id
        self.register_outputs({"collection_rule_id": self.collection_rule_id})


def _settings(collected: Collected) -> dict[str, Any]:
    said: dict[str, Any] = {
        "interval": f"{collected.interval_minutes}m",
        "namespaceFilteringMode": collected.namespace_filtering,
        "enableContainerLogV2": collected.container_log_v2,
    }
    if collected.namespace_filtering != "Off":
        said["namespaces"] = [*collected.namespaces]
    return {"dataCollectionSettings": said}
