"""Prometheus alerts on a cluster: a group of rules for the whole of it, and one for each pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import alertsmanagement

from components.azure import alert_rules
from components.azure import watch_names as names
from components.azure.alert_rules import AlertRule
from components.azure.stack import AksStack


@dataclass(frozen=True, kw_only=True)
class AlertsArgs:
    """Inputs of `Alerts`."""

    stack: AksStack
    """Thresholds, pools, names, tags."""

    resource_group: pulumi.Input[str]
    """Name of the group."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""

    workspace_id: pulumi.Input[str]
    """Azure id of the Azure Monitor workspace that has its metrics."""

    action_groups: Mapping[str, pulumi.Input[str]]
    """Azure ids by name."""


class Alerts(pulumi.ComponentResource):
    """What wakes somebody."""

    rule_groups: Mapping[str, pulumi.Output[str]]
    """Azure id of each group of rules: `cluster`, and `pool-<name>`."""

    def __init__(
        self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Alerts", name, None, opts)
        stack, settings = args.stack, args.stack.settings
        alerts = settings.observability.alerts
        told: Sequence[alertsmanagement.PrometheusRuleGroupActionArgsDict] = [
            {"action_group_id": args.action_groups[it]} for it in settings.observability.notified
        ]
        groups = {"cluster": alert_rules.of_cluster(settings)}
        for pool in settings.node_pools:
            groups[f"pool-{pool}"] = alert_rules.of_pool(settings, pool)

        self.rule_groups = {
            what: alertsmanagement.PrometheusRuleGroup(
                f"{name}-{what}",
                rule_group_name=names.rule_group(stack, what),
                resource_group_name=args.resource_group,
                location=stack.location,
                tags=stack.tags,
                description=f"Alerts on {what.replace('-', ' ')} of {stack.cluster_name}"
                if what != "cluster"
                else f"Alerts on {stack.cluster_name}",
                enabled=True,
                cluster_name=stack.cluster_name,
                scopes=[args.workspace_id, args.cluster_id],
                interval=f"PT{alerts.evaluation_minutes}M",
                rules=[_rule(it, alerts.resolve_minutes, told) for it in rules],
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for what, rules in groups.items()
            if rules
        }
        self.register_outputs({"rule_groups": self.rule_groups})


def _rule(
    rule: AlertRule,
    resolve_minutes: int,
    told: Sequence[alertsmanagement.PrometheusRuleGroupActionArgsDict],
) -> alertsmanagement.PrometheusRuleArgsDict:
    return {
        "alert": rule.name,
        "expression": rule.expression,
        "for_": f"PT{rule.settings.for_minutes}M",
        "severity": rule.settings.severity,
        "enabled": True,
        "annotations": {"description": rule.description, "remedy": rule.remedy},
        "actions": told,
        "resolve_configuration": {
            "auto_resolved": True,
            "time_to_resolve": f"PT{resolve_minutes}M",
        },
    }
