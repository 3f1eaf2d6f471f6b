"""Recommended values of node pools and of the bootstrap pool."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from settings.node_pools import BootstrapPool, NodePool
from settings.profiles import Recommended, Value
from settings.vm_sizes import machine

POOL_PAGE: Final = "https://learn.microsoft.com/azure/aks/"
EVERY_POOL: Final = "nodePools.*."
BOOTSTRAP: Final = "cluster.bootstrapPool."
BOOTSTRAP_SIZE: Final[str] = BootstrapPool.model_fields["vm_size"].default
ALL_ZONES: Final = ["1", "2", "3"]


def ephemeral_if_it_fits(pool: Mapping[str, Any]) -> str:
    """`Ephemeral` where the machine's cache or temporary disk holds the system disk, else `Managed`.

    `Managed`, too, where it could lie on NVMe only: no page of AKS says yet that it is placed there.
    """
    vm_size = pool.get("vmSize")
    size = machine(vm_size) if isinstance(vm_size, str) else None
    wanted = pool.get("osDiskSizeGb", NodePool.model_fields["os_disk_size_gb"].default)
    kept = pool.get("scaleDownMode") == "Deallocate"
    if size is None or size.nvme or kept or not isinstance(wanted, int):
        return "Managed"
    return "Ephemeral" if wanted <= size.local_disk_gib else "Managed"


def ephemeral_if_it_fits_the_first(pool: Mapping[str, Any]) -> str:
    """The same of the bootstrap pool, whose machine size has a default."""
    return ephemeral_if_it_fits({"vmSize": BOOTSTRAP_SIZE, **pool})


def _of_pools(key: str, value: Value, azure: str, reason: str, page: str) -> Recommended:
    """The same in every profile."""
    return _row(EVERY_POOL + key, value, value, azure, reason, page)


def _row(
    key: str,
    prod: Value,
    dev: Value,
    azure: str,
    reason: str,
    page: str,
    mode: Literal["System", "User"] | None = None,
) -> Recommended:
    """`page` below Azure's documentation of AKS; automaticLike is as prod."""
    return Recommended(
        key=key, prod=prod, dev=dev, automatic_like=prod,
        azure=azure, reason=reason, source=POOL_PAGE + page, mode=mode,
    )  # fmt: skip


_ZONES = (
    "none",
    "nodes in three zones outlive one; development does without and saves the traffic between them",
    "availability-zones-overview",
)
_DISK = (
    "Ephemeral where the size has room for it",
    "the machine's own disk is quicker, makes scaling and upgrades quicker and costs nothing; written out, since "
    "Azure's own choice moves with the size",
    "concepts-storage#ephemeral-os-disks",
)
_DISK_SIZE = (
    "all of the machine's temporary disk, or 128 to 1024 by its cores",
    "room for images and logs; written out, since Azure's default has changed before and a change cannot be made in "
    "place",
    "concepts-storage#default-os-disk-sizing",
)
_PODS = (
    "250 with overlay networking",
    "each node has a /24 of the pod range whatever the number; more pods a node are more to move when it goes",
    "quotas-skus-regions",
)
_OS = (
    "Ubuntu",
    "a small system made for containers, with fewer packages to patch; named, since what stands behind a default moves "
    "with the Kubernetes version",
    "use-azure-linux",
)
_HOST = (
    "false",
    "caches and temporary disks are encrypted, too; the subscription must have the feature EncryptionAtHost, and "
    "pools that exist keep what they were made with",
    "enable-host-encryption",
)

ROWS: Final = (
    _row(f"{EVERY_POOL}zones", ALL_ZONES, [], *_ZONES),
    _row(f"{EVERY_POOL}osDiskType", ephemeral_if_it_fits, ephemeral_if_it_fits, *_DISK),
    _row(f"{EVERY_POOL}osDiskSizeGb", 128, 128, *_DISK_SIZE),
    _row(f"{EVERY_POOL}maxPods", 110, 110, *_PODS),
    _row(f"{EVERY_POOL}osSku", "AzureLinux", "AzureLinux", *_OS),
    _row(f"{EVERY_POOL}encryptionAtHost", True, False, *_HOST),
    _of_pools(
        "kubeletDiskType",
        "OS",
        "OS",
        "one disk to size and to watch; a temporary disk may be smaller than what pods write",
        "cluster-configuration",
    ),
    _of_pools(
        "maxSurge",
        "33%",
        "10%",
        "an upgrade ends in three rounds; 10% of a small pool is one node at a time",
        "upgrade-aks-node-pools-rolling#customize-node-surge",
    ),
    _of_pools(
        "maxUnavailable",
        0,
        "0",
        "an upgrade adds a node before it takes one away, so that pods find room and disruption budgets hold",
        "upgrade-aks-node-pools-rolling#customize-unavailable-nodes",
    ),
    _of_pools(
        "drainTimeoutMinutes",
        30,
        "30",
        "longer than any pod of this platform takes to end; when it is over the upgrade stops and tells of it",
        "upgrade-aks-node-pools-rolling#customize-node-drain-timeout",
    ),
    _of_pools(
        "nodeSoakMinutes",
        0,
        "0",
        "probes and disruption budgets tell whether pods run; a soak makes every upgrade longer by its rounds",
        "upgrade-aks-node-pools-rolling#customize-node-soak-time",
    ),
    _of_pools(
        "undrainableNodeBehavior",
        "Cordon",
        "Schedule",
        "one node that does not drain is set aside and the rest of the pool is upgraded all the same",
        "upgrade-cluster",
    ),
    _of_pools(
        "scaleDownMode",
        "Delete",
        "Delete",
        "a node that comes back is new; one that was kept costs its disk, has old images, and cannot be ephemeral",
        "scale-down-mode",
    ),
    _of_pools(
        "fips",
        False,
        "false",
        "for whom a rule demands it: its image comes later and lacks algorithms that other software uses",
        "enable-fips-nodes",
    ),
    _of_pools(
        "security.secureBoot",
        False,
        "false",
        "worth it on sizes of generation 2 without GPU drivers; fixed with the pool, so it is asked for by name",
        "use-trusted-launch",
    ),
    _of_pools(
        "security.vtpm",
        False,
        "false",
        "worth it on sizes of generation 2; fixed with the pool, so it is asked for by name",
        "use-trusted-launch",
    ),
    _of_pools(
        "security.sshAccess",
        "LocalUser",
        "LocalUser",
        "turning SSH off is a preview that the subscription must ask for; AKS makes a key here and gives it to nobody",
        "manage-ssh-node-access",
    ),
    _of_pools(
        "workloadRuntime",
        "OCIContainer",
        "OCIContainer",
        "ordinary containers; machines for single pods need sizes with nested virtualization",
        "use-pod-sandboxing",
    ),
    _of_pools(
        "blueGreen",
        False,
        "no such thing: a pool with a new machine size is deleted before the next is made",
        "the name stays the key, for labels and queries outside that use it; true for pools whose machines will change",
        "resize-node-pool",
    ),
    _row(
        f"{BOOTSTRAP}vmSize",
        BOOTSTRAP_SIZE,
        BOOTSTRAP_SIZE,
        "a size by what the subscription has",
        "4 cores, which system pools need, and a temporary disk for an ephemeral system disk",
        "use-system-pools#recommendations",
    ),
    _row(
        f"{BOOTSTRAP}count",
        3,
        1,
        "1",
        "three nodes outlive one and are enough without any other system pool; development has one",
        "use-system-pools#recommendations",
    ),
    _row(f"{BOOTSTRAP}zones", ALL_ZONES, [], *_ZONES),
    _row(
        f"{BOOTSTRAP}osDiskType",
        ephemeral_if_it_fits_the_first,
        ephemeral_if_it_fits_the_first,
        *_DISK,
    ),
    _row(f"{BOOTSTRAP}osDiskSizeGb", 128, 128, *_DISK_SIZE),
    _row(f"{BOOTSTRAP}maxPods", 110, 110, *_PODS),
    _row(f"{BOOTSTRAP}osSku", "AzureLinux", "AzureLinux", *_OS),
    _row(f"{BOOTSTRAP}encryptionAtHost", True, False, *_HOST),
)
