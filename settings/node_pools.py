"""Node pools, and what pods can use of their nodes."""

from typing import Literal

from settings.azure_values import DiskGib, DrainMinutes, PodsANode, VmSize
from settings.section import Section
from settings.values import (
    Count,
    CpuQuantity,
    IntOrPercent,
    LabelKey,
    LabelValue,
    MemoryQuantity,
    Positive,
    Taint,
)

Zone = Literal["1", "2", "3"]


SYSTEM_PODS_CPU = "370m"
SYSTEM_PODS_MEMORY = "810Mi"
SYSTEM_PODS = 8
"""DaemonSets on each node of AKS with Azure CNI and Cilium, requests of CPU and memory:

azure-cns 40m 250Mi, azure-ip-masq-agent 100m 50Mi, cloud-node-manager 50m 50Mi, csi-azuredisk-node 30m 60Mi,
csi-azurefile-node 30m 60Mi (`kubectl describe node` of an AKS node, February 2025; the third again in
https://github.com/Azure/AKS/issues/5251 , November 2025); cilium 0 100Mi (https://github.com/Azure/AKS/issues/5244 ;
it replaces kube-proxy's 100m 0). Assumed, without a listing to cite: aks-secrets-store-csi-driver 70m 140Mi and
aks-secrets-store-provider-azure 50m 100Mi. `kubectl describe node` tells your own.
"""


class Capacity(Section):
    """What pods can use of one node."""

    cpu: CpuQuantity
    """Cores left after what AKS keeps for itself."""

    memory: MemoryQuantity
    """Bytes left after what AKS keeps for itself."""


class SystemPods(Section):
    """What the cluster's own pods ask for on every node of a pool."""

    cpu: CpuQuantity = SYSTEM_PODS_CPU
    """Sum of their CPU requests."""

    memory: MemoryQuantity = SYSTEM_PODS_MEMORY
    """Sum of their memory requests."""

    pods: Count = SYSTEM_PODS
    """How many they are."""


class NodePool(Section):
    """One node pool: a resource of its own, so that it can change without the cluster."""

    mode: Literal["System", "User"] = "User"
    """`System` carries the cluster's own pods and no workload."""

    vm_size: VmSize | None = None
    """Machine size, for example `Standard_D4ds_v5`; required with target aks. A new one replaces the pool."""

    min: Count
    """Fewest nodes."""

    max: Positive
    """Most nodes. More than `min`: the cluster autoscaler decides; equal: a fixed number."""

    zones: list[Zone] = []
    """Availability zones; empty: none. Fixed at creation."""

    max_pods: PodsANode = 110
    """Pods a node; fixed at creation."""

    os_sku: Literal["AzureLinux", "Ubuntu"] = "AzureLinux"
    """Operating system of the nodes."""

    os_disk_type: Literal["Ephemeral", "Managed"] = "Managed"
    """`Ephemeral` lies on the machine's own disk: quicker, and gone with it. Fixed at creation."""

    os_disk_size_gb: DiskGib = 128
    """Size of the system disk in GiB. Fixed at creation."""

    labels: dict[LabelKey, LabelValue] = {}
    """Node labels beside `agentpool`, which every pool has."""

    taints: list[Taint] = []
    """Node taints; a system pool has `CriticalAddonsOnly=true:NoSchedule` without being told."""

    max_surge: IntOrPercent = "33%"
    """Extra nodes during an upgrade."""

    drain_timeout_minutes: DrainMinutes = 30
    """How long an upgrade waits for a node to drain."""

    capacity: Capacity | None = None
    """What pods can use of one node; needed where the machine size is not in the built-in table."""

    system_pods: SystemPods | None = None
    """What the cluster's own pods take of each node. Omitted: with target aks what AKS runs on every node with this
    network plugin and the add-ons of this program; elsewhere nothing."""
