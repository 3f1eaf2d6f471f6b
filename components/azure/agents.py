"""The agents that AKS runs for metrics and logs: sections of the cluster's own body."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi
    from pulumi_azure_native import containerservice as aks

    from components.azure.stack import AksStack


def metrics_agent(stack: AksStack) -> aks.ManagedClusterAzureMonitorProfileArgsDict:
    """Managed Prometheus and what kube-state-metrics tells beside its own; said where it is off, too."""
    metrics = stack.settings.observability.metrics
    if not metrics.enabled:
        return {"metrics": {"enabled": False}}
    told = metrics.kube_state_metrics
    return {
        "metrics": {
            "enabled": True,
            "kube_state_metrics": {
                "metric_labels_allowlist": allow_list(told.labels),
                "metric_annotations_allow_list": allow_list(told.annotations),
            },
        }
    }


def logs_agent(
    stack: AksStack, log_workspace_id: pulumi.Input[str] | None
) -> aks.ManagedClusterAddonProfileArgsDict:
    """Container Insights, which signs in with Entra and not with a key of the workspace."""
    if not stack.settings.observability.container_insights.enabled:
        return {"enabled": False}
    if log_workspace_id is None:
        raise ValueError("observability.containerInsights requires a Log Analytics workspace")
    return {
        "enabled": True,
        "config": {"logAnalyticsWorkspaceResourceID": log_workspace_id, "useAADAuth": "true"},
    }


def allow_list(keys: dict[str, list[str]]) -> str:
    """`nodes=[agentpool],pods=[app]`, as kube-state-metrics reads it; empty for none."""
    return ",".join(f"{resource}=[{','.join(of)}]" for resource, of in sorted(keys.items()))
