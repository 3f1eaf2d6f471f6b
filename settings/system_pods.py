"""What the cluster's own pods take of every node: the DaemonSets of AKS and of the add-ons that a stack has on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from settings.node_pools import SystemPods
from settings.stack import Settings


@dataclass(frozen=True)
class Daemon:
    """One pod a node, with what it requests."""

    name: str
    cpu_milli: int
    memory_mib: int
    source: str
    runs: Callable[[Settings], bool] = lambda _: True
    """Whether a stack has it."""


_LISTED: Final = "`kubectl describe node` of an AKS node, February 2025"
_SECRETS: Final = "https://github.com/kubernetes-sigs/secrets-store-csi-driver/blob/main/charts/secrets-store-csi-driver/values.yaml"
_PROVIDER: Final = (
    "https://github.com/Azure/secrets-store-csi-driver-provider-azure/blob/master/charts/"
    "csi-secrets-store-provider-azure/values.yaml"
)
_METRICS: Final = (
    "https://github.com/Azure/prometheus-collector/tree/main/otelcollector/deploy/addon-chart/"
    "azure-monitor-metrics-addon"
)
_LOGS: Final = "https://github.com/microsoft/Docker-Provider/tree/ci_prod/charts/azuremonitor-containerinsights"


def _by_cilium(settings: Settings) -> bool:
    return settings.enforcer == "cilium"


DAEMONS: Final = (
    Daemon("azure-cns", 40, 250, _LISTED),
    Daemon("azure-ip-masq-agent", 100, 50, _LISTED),
    # Again in the second.
    Daemon("cloud-node-manager", 50, 50, "https://github.com/Azure/AKS/issues/5251"),
    Daemon("csi-azuredisk-node", 30, 60, _LISTED, lambda it: it.cluster.storage.disk),
    Daemon("csi-azurefile-node", 30, 60, _LISTED, lambda it: it.cluster.storage.file),
    Daemon("cilium", 0, 100, "https://github.com/Azure/AKS/issues/5244", _by_cilium),
    Daemon("kube-proxy", 100, 0, _LISTED, lambda it: not _by_cilium(it)),
    # Driver 50m 100Mi, registrar and liveness probe 10m 20Mi each; AKS takes the chart's own figures.
    Daemon("aks-secrets-store-csi-driver", 70, 140, _SECRETS),
    Daemon("aks-secrets-store-provider-azure", 50, 100, _PROVIDER),
    # Collector 50m 150Mi, token adapter 20m 30Mi.
    Daemon("ama-metrics-node", 70, 180, _METRICS, lambda it: it.observability.metrics.enabled),
    # Agent 75m 325Mi, its Prometheus sidecar 75m 225Mi, token adapter 20m 50Mi.
    Daemon("ama-logs", 170, 600, _LOGS, lambda it: it.observability.container_insights.enabled),
)
"""Not here: what Azure Policy, Defender and Cilium's paid features put on nodes, whose figures no page gives."""


def system_pods(settings: Settings) -> SystemPods | None:
    """Their sum for a node of a stack with target aks; None for any other cluster, whose pods are not known."""
    if settings.target != "aks":
        return None
    found = [it for it in DAEMONS if it.runs(settings)]
    return SystemPods(
        cpu=f"{sum(it.cpu_milli for it in found)}m",
        memory=f"{sum(it.memory_mib for it in found)}Mi",
        pods=len(found),
    )
