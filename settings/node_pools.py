"""Node pools, and what pods can use of their nodes."""

from typing import Annotated, Literal

from settings.azure_values import DiskGib, DrainMinutes, PodsANode, PoolName, VmSize
from settings.constraint import Number, Text
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

OsSku = Literal["AzureLinux", "AzureLinux3", "Ubuntu", "Ubuntu2204", "CBLMariner"]
"""Operating systems that API version 2025-09-01 names; those that Azure has ended are refused with their date."""

OsDiskType = Literal["Ephemeral", "Managed"]

SoakMinutes = Annotated[int, Number("must be minutes from 0 to 30, for example 5", 0, 30)]
"""https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling#customize-node-soak-time"""

SpotPrice = Annotated[
    str,
    Text(
        r"^(-1|[1-9][0-9]*(\.[0-9]{1,5})?|0\.([1-9][0-9]{0,4}|0[1-9][0-9]{0,3}|00[1-9][0-9]{0,2}|000[1-9][0-9]?|0000[1-9]))$",
        "must be -1 or US dollars an hour with at most five decimal places, in quotes, for example '0.05'",
    ),
]
"""https://learn.microsoft.com/azure/aks/spot-node-pool#max-price-for-a-spot-pool"""

SYSTEM_TAINT = "CriticalAddonsOnly=true:NoSchedule"
"""Keeps workloads off system nodes: https://learn.microsoft.com/azure/aks/use-system-pools"""

SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
SPOT_LABELS = {"kubernetes.azure.com/scalesetpriority": "spot"}
"""What AKS puts on spot nodes by itself; declared, or the next preview would take it away.

https://learn.microsoft.com/azure/aks/spot-node-pool#limitations
"""


SYSTEM_PODS_CPU = "370m"
SYSTEM_PODS_MEMORY = "810Mi"
SYSTEM_PODS = 8
"""With Cilium and nothing that watches the cluster, as `system_pods.py` adds them up pod by pod."""


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


class Spot(Section):
    """Machines that Azure lends cheaply and takes back at any time. Fixed at creation."""

    eviction_policy: Literal["Delete", "Deallocate"] = "Delete"
    """What becomes of a node that is taken back; one that is `Deallocate`d still counts against the quota."""

    max_price: SpotPrice = "-1"
    """Most to pay, in US dollars an hour, for example `"0.05"`; `"-1"`: up to the price of an ordinary machine."""


class Gpu(Section):
    """Graphics processors of a pool whose machines have them. Fixed at creation."""

    driver: Literal["Install", "None"] = "Install"
    """`None` leaves the driver to an operator in the cluster."""

    instance_profile: Literal["MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g"] | None = None
    """How each GPU is parted; omitted: it is whole."""


class PoolSecurity(Section):
    """How far the nodes of a pool trust what boots on them, and who may log in."""

    secure_boot: bool = False
    """Whether only signed operating systems and drivers boot. Only a pool that was created with it or with `vtpm`
    can have it."""

    vtpm: bool = False
    """Whether nodes keep keys and measurements in a trusted platform module. Only a pool that was created with it or
    with `secureBoot` can have it."""

    ssh_access: Literal["LocalUser", "Disabled"] = "LocalUser"
    """Whether the SSH service runs. AKS makes a key that nobody is given; to turn the service off the subscription
    needs the preview feature `DisableSSHPreview`."""

    @property
    def trusted_launch(self) -> bool:
        """Whether the pool needs the image for trusted launch."""
        return self.secure_boot or self.vtpm


class NodePool(Section):
    """One node pool: a resource of its own, so that it can change without the cluster.

    Kubelet and sysctl values are those of the node image: no setting changes them.
    """

    mode: Literal["System", "User"] = "User"
    """`System` carries the cluster's own pods and no workload."""

    vm_size: VmSize | None = None
    """Machine size, for example `Standard_D4ds_v5`; required with target aks. A new one replaces the pool: see
    `blueGreen`."""

    min: Count
    """Fewest nodes."""

    max: Positive
    """Most nodes. More than `min`: the cluster autoscaler decides; equal: a fixed number."""

    blue_green: bool = False
    """Whether a change of what is fixed at creation makes a new pool first, moves the pods there and deletes the old
    one last. The pool's name in Azure, and its nodes' label `agentpool`, is then the key with four characters of a
    hash behind it, and both pools stand beside each other for a while."""

    zones: list[Zone] = []
    """Availability zones; empty: none. Fixed at creation."""

    max_pods: PodsANode = 110
    """Pods a node; fixed at creation."""

    os_sku: OsSku = "AzureLinux"
    """Operating system of the nodes. A new one images the nodes anew, in place and with `maxSurge`."""

    os_disk_type: OsDiskType = "Managed"
    """`Ephemeral` lies on the machine's own disk: quicker, and gone with it. Fixed at creation."""

    os_disk_size_gb: DiskGib = 128
    """Size of the system disk in GiB. Fixed at creation."""

    kubelet_disk_type: Literal["OS", "Temporary"] = "OS"
    """Where `emptyDir` volumes, images and logs lie: on the system disk, or on the machine's temporary one. Fixed at
    creation."""

    labels: dict[LabelKey, LabelValue] = {}
    """Node labels beside `agentpool`, which every pool has."""

    taints: list[Taint] = []
    """Node taints; a system pool has `CriticalAddonsOnly=true:NoSchedule` without being told, a spot pool AKS's own."""

    max_surge: IntOrPercent = "33%"
    """Extra nodes during an upgrade; without meaning for a spot pool, whose upgrades have none."""

    max_unavailable: IntOrPercent = 0
    """Nodes that an upgrade may take away without an extra one; not with `maxSurge`, and not in a system pool."""

    drain_timeout_minutes: DrainMinutes = 30
    """How long an upgrade waits for a node to drain."""

    node_soak_minutes: SoakMinutes = 0
    """How long an upgrade waits after a node has drained, before it goes on."""

    undrainable_node_behavior: Literal["Cordon", "Schedule"] = "Cordon"
    """What becomes of a node that does not drain in time: `Cordon` replaces it and keeps it aside, `Schedule` leaves it
    as it was."""

    scale_down_mode: Literal["Delete", "Deallocate"] = "Delete"
    """What becomes of a node that is no longer needed; `Deallocate` keeps its disk, and its images, for the next."""

    spot: Spot | None = None
    """Machines that Azure may take back; omitted: ordinary ones. Fixed at creation."""

    encryption_at_host: bool = False
    """Whether the host encrypts caches and temporary disks, too. Fixed at creation; the subscription needs the feature
    `Microsoft.Compute/EncryptionAtHost`."""

    fips: bool = False
    """Whether nodes run the image with validated cryptography. A change images every node anew at once."""

    gpu: Gpu | None = None
    """Graphics processors; omitted: the machine has none, or AKS installs their driver. Fixed at creation."""

    security: PoolSecurity = PoolSecurity()
    """What may boot, and who may log in."""

    workload_runtime: Literal["OCIContainer", "KataVmIsolation"] = "OCIContainer"
    """`KataVmIsolation` gives pods that ask for it a machine of their own. Fixed at creation."""

    capacity: Capacity | None = None
    """What pods can use of one node; needed where the machine size is not in the built-in table."""

    system_pods: SystemPods | None = None
    """What the cluster's own pods take of each node. Omitted: with target aks what AKS runs on every node with this
    network plugin and the add-ons of this program; elsewhere nothing."""

    @property
    def autoscaled(self) -> bool:
        """Whether the cluster autoscaler decides how many nodes there are."""
        return self.max > self.min

    @property
    def node_taints(self) -> list[str]:
        """Every taint of its nodes: what it has without being told, then the stack's."""
        implied = [
            *([SYSTEM_TAINT] if self.mode == "System" else []),
            *([SPOT_TAINT] if self.spot else []),
        ]
        return [*implied, *(taint for taint in self.taints if taint not in implied)]

    @property
    def node_labels(self) -> dict[str, str]:
        """Every label of its nodes that AKS does not keep to itself."""
        return {**self.labels, **(SPOT_LABELS if self.spot else {})}


class BootstrapPool(Section):
    """The one pool inside the cluster resource: Azure wants it at creation and it never changes afterwards.

    A change here reaches clusters that are made later and no other.
    """

    name: PoolName = "boot"
    """Pool name; fixed for the life of the cluster."""

    vm_size: VmSize = "Standard_D4ds_v5"
    """At least 4 vCPU, not of the B-series; fixed for the life of the cluster."""

    count: Positive = 1
    """Nodes; never scaled."""

    zones: list[Zone] = []
    """Availability zones; fixed for the life of the cluster."""

    max_pods: PodsANode = 110
    """Pods a node; fixed for the life of the cluster."""

    os_sku: OsSku = "AzureLinux"
    """Operating system of the nodes; fixed for the life of the cluster."""

    os_disk_type: OsDiskType = "Managed"
    """Where the system disk lies; fixed for the life of the cluster."""

    os_disk_size_gb: DiskGib = 128
    """Size of the system disk in GiB; fixed for the life of the cluster."""

    encryption_at_host: bool = False
    """Whether the host encrypts caches and temporary disks, too; fixed for the life of the cluster."""

    def as_pool(self) -> NodePool:
        """The same as a system pool of a fixed number of nodes."""
        shared = self.model_dump(by_alias=True, exclude={"name", "count"})
        return NodePool.model_validate(
            {**shared, "mode": "System", "min": self.count, "max": self.count}
        )
