"""Recommended values of the cluster autoscaler."""

from typing import Any, Final

from settings.profiles import Recommended

_PAGE: Final = "https://learn.microsoft.com/azure/aks/cluster-autoscaler"
_SETTINGS: Final = f"{_PAGE}#cluster-autoscaler-profile-settings"
_ADVICE: Final = f"{_PAGE}-overview#optimizing-the-cluster-autoscaler-profile"


def _row(
    key: str, value: Any, azure: str, reason: str, source: str = _SETTINGS, *, dev: Any = None
) -> Recommended:
    """automaticLike is as prod, and so is dev where nothing else is said."""
    return Recommended(
        key=f"cluster.autoscaler.{key}",
        prod=value,
        dev=value if dev is None else dev,
        automatic_like=value,
        azure=azure,
        reason=reason,
        source=source,
    )


ROWS: Final = (
    Recommended(
        key="cluster.nodeProvisioning",
        prod="Manual",
        dev="Manual",
        automatic_like="Manual",
        azure="Manual",
        reason="workloads are bound to pools by name, which nodes of Karpenter do not carry, and Auto refuses pools "
        "that scale, a stopped cluster and a new outbound type; AKS Automatic itself has Auto",
        source="https://learn.microsoft.com/azure/aks/node-auto-provisioning#limitations-and-unsupported-features",
    ),
    _row(
        "balanceSimilarNodeGroups",
        True,
        "false",
        "pools that are alike, one a zone, grow evenly, so that a lost zone takes its share and no more",
        f"{_PAGE}-overview#best-practices-and-considerations",
    ),
    _row(
        "expander",
        "least-waste",
        "random",
        "of the pools that would do, the one that leaves the least idle; random may take the largest machines",
    ),
    _row("scanIntervalSeconds", 10, "10s", "a pending pod is seen within ten seconds", _ADVICE),
    _row(
        "newPodScaleUpDelaySeconds",
        0,
        "0s",
        "a pending pod is not kept waiting: nobody's burst is worth that here",
    ),
    _row(
        "maxNodeProvisionMinutes",
        15,
        "15m",
        "a node that has not come in a quarter of an hour is tried elsewhere",
    ),
    _row(
        "scaleDownUnneededMinutes",
        10,
        "10m",
        "long enough for a rollout to come back to a node; development gives nodes back sooner",
        _ADVICE,
        dev=5,
    ),
    _row(
        "scaleDownUnreadyMinutes",
        20,
        "20m",
        "a node may come back from a restart before it is taken away",
    ),
    _row(
        "scaleDownDelayAfterAddMinutes",
        10,
        "10m",
        "what was just added is not taken away again while its pods still start",
        _ADVICE,
        dev=5,
    ),
    _row(
        "scaleDownDelayAfterDeleteMinutes",
        1,
        "the scan interval, ten seconds",
        "pods of one node have found their place before the next node goes",
    ),
    _row("scaleDownDelayAfterFailureMinutes", 3, "3m", "whatever stopped it has a moment to pass"),
    _row(
        "scaleDownUtilizationPercentage",
        50,
        "0.5",
        "a node goes when less than half of it is asked for",
        _ADVICE,
    ),
    _row(
        "maxGracefulTerminationSeconds",
        600,
        "600",
        "longer than any terminationGracePeriodSeconds of the estate; a pod with a longer one is cut off",
    ),
    _row(
        "maxEmptyBulkDelete",
        10,
        "10",
        "nodes without pods cost nobody anything when they go together",
    ),
    _row(
        "skipNodesWithLocalStorage",
        False,
        "true by the API's own words, false by what a cluster shows",
        "emptyDir holds what a pod can lose: with true one scratch folder keeps a node for ever",
        _ADVICE,
    ),
    _row(
        "skipNodesWithSystemPods",
        True,
        "true",
        "the cluster's own pods are not moved for the sake of one node less",
    ),
    _row(
        "ignoreDaemonsetsUtilization",
        False,
        "false",
        "what DaemonSets ask for is used, and counts when a node's use is measured",
    ),
    _row(
        "daemonsetEvictionForEmptyNodes",
        False,
        "false",
        "an empty node may go at once: its DaemonSets hold nothing that must be handed over",
    ),
    _row(
        "daemonsetEvictionForOccupiedNodes",
        True,
        "true",
        "log agents and the like may send what they hold before their node goes",
    ),
    _row(
        "maxTotalUnreadyPercentage",
        45,
        "45",
        "when half the nodes fail something larger is wrong, which more nodes would not mend",
    ),
    _row(
        "okTotalUnreadyCount", 3, "3", "a few failing nodes of a small cluster do not stop the rest"
    ),
)
