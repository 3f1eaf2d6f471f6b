"""Recommended values of alerts: the defaults of their model, each with its reason."""

from collections.abc import Mapping
from typing import Final

from settings.alerts import Alerts
from settings.profiles import Recommended

_RULES = "https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-metric-alerts"

_ALERTS: Final[Mapping[str, tuple[str, str]]] = {
    "nodesNotReady": (
        "pods of a node that is away are only moved after five minutes, and what is left must carry them",
        "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/availability-performance/node-not-ready-basic-troubleshooting",
    ),
    "pendingPods": (
        "a pod without a node serves nobody; longer than a new node takes means that none will come",
        "https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview",
    ),
    "poolCpuRequests": (
        "what the scheduler counts: at 100 percent of the maximum nothing more fits, however idle the nodes are",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "poolMemoryRequests": (
        "what the scheduler counts: at 100 percent of the maximum nothing more fits, however idle the nodes are",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "poolCpuLimits": (
        "pods that all use what they may get less than that beyond 100 percent, and slow each other down",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "poolMemoryLimits": (
        "pods that all use what they may are killed beyond 100 percent, since memory cannot be taken back",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "poolAtMaximum": (
        "the autoscaler can do no more: the next peak finds no node",
        "https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview",
    ),
    "oomKills": (
        "a container that was killed for memory restarts as if nothing had been, and its requests are lost",
        _RULES,
    ),
    "crashLoops": ("a container that does not stay up serves nobody", _RULES),
    "failedJobs": ("nobody waits for a Job, so nobody sees that it failed", _RULES),
    "volumesNearlyFull": ("a database on a full disk stops, and a larger disk takes a while", _RULES),
    "certificateEnds": (
        "AKS renews them by itself, months ahead; one that is near its end was not renewed, and its node drops out",
        "https://learn.microsoft.com/azure/aks/certificate-rotation",
    ),
    "versionEnds": (
        "an upgrade is prepared in weeks; after the end there are no fixes and no support",
        "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    ),
}  # fmt: skip

_OF_ALL: Final[Mapping[str, tuple[str, str]]] = {
    "evaluationMinutes": (
        "1",
        "metrics come every 30 seconds; a later look only makes every alert later",
    ),
    "resolveMinutes": (
        "by hand",
        "an alert that is over closes itself, and one that flaps is one alert and not many",
    ),
}


ROWS: Final = (
    Recommended(
        key="observability.alerts.enabled",
        prod=True,
        dev=False,
        automatic_like=True,
        azure="Azure makes no alert by itself",
        reason="what breaks at night is known before users write; in dev whoever broke it is there",
        source=_RULES,
    ),
    *(
        Recommended(
            key=f"observability.alerts.{key}",
            prod=value,
            dev=value,
            automatic_like=value,
            azure=_OF_ALL[key][0],
            reason=_OF_ALL[key][1],
            source="https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-rule-groups",
        )
        for key, value in Alerts().model_dump(by_alias=True).items()
        if key in _OF_ALL
    ),
    *(
        Recommended(
            key=f"observability.alerts.{alert}.{key}",
            prod=value,
            dev=value,
            automatic_like=value,
            azure="Azure makes no alert by itself",
            reason=_ALERTS[alert][0],
            source=_ALERTS[alert][1],
        )
        for alert, section in Alerts().each()
        for key, value in section.model_dump(by_alias=True).items()
    ),
)
