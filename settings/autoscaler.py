"""How the cluster autoscaler adds and removes nodes: one profile for every pool whose `max` exceeds its `min`."""

from typing import Annotated, Literal

from settings.constraint import Number
from settings.section import Section
from settings.values import Count, Percent, Positive, Seconds

NodeProvisioning = Literal["Manual", "Auto"]

Minutes = Annotated[int, Number("must be minutes from 1 to 1440, for example 10", 1, 1440)]


class Autoscaler(Section):
    """https://learn.microsoft.com/azure/aks/cluster-autoscaler#cluster-autoscaler-profile-settings"""

    balance_similar_node_groups: bool = False
    """Whether pools of alike machines, labels and taints grow evenly: with a pool a zone, so do the zones."""

    expander: Literal["least-waste", "most-pods", "priority", "random"] = "random"
    """Which of several pools grows that all would do; `priority` reads the ConfigMap
    `cluster-autoscaler-priority-expander` in kube-system."""

    scan_interval_seconds: Positive = 10
    """How often the autoscaler looks."""

    new_pod_scale_up_delay_seconds: Seconds = 0
    """How old a pending pod must be before a node is added for it."""

    max_node_provision_minutes: Minutes = 15
    """How long a new node may take before it is given up."""

    scale_down_unneeded_minutes: Minutes = 10
    """How long a node must be unneeded before it goes."""

    scale_down_unready_minutes: Minutes = 20
    """How long a node that is not ready must be unneeded before it goes."""

    scale_down_delay_after_add_minutes: Minutes = 10
    """How long after a new node none goes."""

    scale_down_delay_after_delete_minutes: Minutes = 1
    """How long after a node has gone no other goes."""

    scale_down_delay_after_failure_minutes: Minutes = 3
    """How long after a failure to remove a node none goes."""

    scale_down_utilization_percentage: Percent = 50
    """Share of a node's CPU and memory that is requested, below which it may go."""

    max_graceful_termination_seconds: Seconds = 600
    """Longest that a pod may take to end when its node goes."""

    max_empty_bulk_delete: Positive = 10
    """How many empty nodes may go at a time."""

    skip_nodes_with_local_storage: bool = True
    """Whether a node stays that has a pod with an `emptyDir` or a `hostPath`."""

    skip_nodes_with_system_pods: bool = True
    """Whether a node stays that has a pod of kube-system, other than of a DaemonSet."""

    ignore_daemonsets_utilization: bool = False
    """Whether DaemonSets count nothing when a node's use is measured."""

    daemonset_eviction_for_empty_nodes: bool = False
    """Whether DaemonSets are asked to end before an empty node goes."""

    daemonset_eviction_for_occupied_nodes: bool = True
    """Whether DaemonSets are asked to end before a node with other pods goes."""

    max_total_unready_percentage: Percent = 45
    """Share of nodes that are not ready, beyond which the autoscaler stops."""

    ok_total_unready_count: Count = 3
    """Nodes that may be not ready whatever their share."""
