"""Managed Prometheus: what is collected from the cluster, where it goes, and the sums dashboards read.

Left out on purpose: the ConfigMaps by which a cluster scrapes more than Azure's default targets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import alertsmanagement, monitor

from components.azure import recording_rules
from components.azure import watch_names as names
from components.azure.recording_rules import RecordingRule
from components.azure.stack import AksStack

STREAM = "Microsoft-PrometheusMetrics"
_DESTINATION = "workspace"


@dataclass(frozen=True, kw_only=True)
class ManagedPrometheusArgs:
    """Inputs of `ManagedPrometheus`."""

    stack: AksStack
    """Names, tags, and whether sums are made."""

    resource_group: pulumi.Input[str]
    """Name of the group."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster that is collected from."""

    workspace_id: pulumi.Input[str]
    """Azure id of the Azure Monitor workspace."""


class ManagedPrometheus(pulumi.ComponentResource):
    """The way of metrics from a cluster to its workspace."""

    collection_rule_id: pulumi.Output[str]
    """Azure id of the data collection rule."""

    def __init__(
        self, name: str, args: ManagedPrometheusArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:ManagedPrometheus", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, metrics = args.stack, args.stack.settings.observability.metrics

        endpoint = monitor.DataCollectionEndpoint(
            f"{name}-endpoint",
            data_collection_endpoint_name=names.collection_endpoint(stack),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            kind="Linux",
            network_acls={
                "public_network_access": "Enabled" if metrics.public_network_access else "Disabled"
            },
            opts=child,
        )
        rule = monitor.DataCollectionRule(
            f"{name}-rule",
            data_collection_rule_name=names.collection_rule(stack, "prometheus"),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            kind="Linux",
            description=f"Prometheus metrics of {stack.cluster_name}",
            data_collection_endpoint_id=endpoint.id,
            data_sources={
                "prometheus_forwarder": [{"name": "prometheus", "streams": [STREAM]}],
            },
            destinations={
                "monitoring_accounts": [
                    {"name": _DESTINATION, "account_resource_id": args.workspace_id}
                ]
            },
            data_flows=[{"streams": [STREAM], "destinations": [_DESTINATION]}],
            opts=child,
        )
        monitor.DataCollectionRuleAssociation(
            f"{name}-association",
            association_name=names.association(stack, "prometheus"),
            resource_uri=args.cluster_id,
            data_collection_rule_id=rule.id,
            description=f"Metrics of {stack.cluster_name} go by this rule",
            opts=child,
        )
        if metrics.recording_rules:
            groups = {"nodes": recording_rules.NODE, "kubernetes": recording_rules.KUBERNETES}
            for what, rules in groups.items():
                alertsmanagement.PrometheusRuleGroup(
                    f"{name}-recording-{what}",
                    rule_group_name=names.rule_group(stack, f"recording-{what}"),
                    resource_group_name=args.resource_group,
                    location=stack.location,
                    tags=stack.tags,
                    description=f"Sums of {stack.cluster_name} that dashboards read: {what}",
                    enabled=True,
                    cluster_name=stack.cluster_name,
                    scopes=[args.workspace_id, args.cluster_id],
                    interval=f"PT{metrics.recording_minutes}M",
                    rules=_recorded(rules),
                    opts=child,
                )

        self.collection_rule_id = rule.id
        self.register_outputs({"collection_rule_id": self.collection_rule_id})


def _recorded(
    rules: Sequence[RecordingRule],
) -> Sequence[alertsmanagement.PrometheusRuleArgsDict]:
    return [
        {
            "record": it.record,
            "expression": it.expression,
            "enabled": True,
            **({"labels": dict(it.labels)} if it.labels else {}),
        }
        for it in rules
    ]
