"""Who adds and removes nodes: the cluster autoscaler, or AKS with nodes of its own; settings in, the SDK's dicts out.

Every value is written out: what the service would take today it need not take tomorrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_azure_native import containerservice as aks

    from components.azure.stack import AksStack


def autoscaler(stack: AksStack) -> aks.ManagedClusterPropertiesAutoScalerProfileArgsDict | None:
    """How every scaled pool grows and shrinks; None where AKS makes nodes of its own, which excludes it."""
    cluster = stack.settings.cluster
    if cluster.node_provisioning == "Auto":
        return None
    it = cluster.autoscaler
    return {
        "balance_similar_node_groups": _truth(it.balance_similar_node_groups),
        "expander": it.expander,
        "scan_interval": f"{it.scan_interval_seconds}s",
        "new_pod_scale_up_delay": f"{it.new_pod_scale_up_delay_seconds}s",
        "max_node_provision_time": f"{it.max_node_provision_minutes}m",
        "scale_down_unneeded_time": f"{it.scale_down_unneeded_minutes}m",
        "scale_down_unready_time": f"{it.scale_down_unready_minutes}m",
        "scale_down_delay_after_add": f"{it.scale_down_delay_after_add_minutes}m",
        "scale_down_delay_after_delete": f"{it.scale_down_delay_after_delete_minutes}m",
        "scale_down_delay_after_failure": f"{it.scale_down_delay_after_failure_minutes}m",
        "scale_down_utilization_threshold": f"{it.scale_down_utilization_percentage / 100}",
        "max_graceful_termination_sec": f"{it.max_graceful_termination_seconds}",
        "max_empty_bulk_delete": f"{it.max_empty_bulk_delete}",
        "skip_nodes_with_local_storage": _truth(it.skip_nodes_with_local_storage),
        "skip_nodes_with_system_pods": _truth(it.skip_nodes_with_system_pods),
        "ignore_daemonsets_utilization": it.ignore_daemonsets_utilization,
        "daemonset_eviction_for_empty_nodes": it.daemonset_eviction_for_empty_nodes,
        "daemonset_eviction_for_occupied_nodes": it.daemonset_eviction_for_occupied_nodes,
        "max_total_unready_percentage": f"{it.max_total_unready_percentage}",
        "ok_total_unready_count": f"{it.ok_total_unready_count}",
    }


def provisioning(stack: AksStack) -> aks.ManagedClusterNodeProvisioningProfileArgsDict:
    """Whether AKS makes nodes of its own; then with the node pools of Karpenter that it brings along."""
    if stack.settings.cluster.node_provisioning == "Manual":
        return {"mode": "Manual"}
    return {"mode": "Auto", "default_node_pools": "Auto"}


def _truth(value: bool) -> str:
    return "true" if value else "false"
