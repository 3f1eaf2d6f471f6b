"""What the machines of a pool run on and lie on: zones, disks, operating system, boot, GPUs. One rule a function."""

from collections.abc import Iterator
from typing import Final

from settings.calendar import RETIREMENTS
from settings.cluster_rules import ClusterRule, cluster_rule
from settings.faults import Fault
from settings.node_pools import BootstrapPool, NodePool
from settings.sources import LOCATION_KEY, Sources
from settings.stack import Settings
from settings.vm_sizes import has_gpu, machine

OS_SKU_ENDS: Final = {"CBLMariner": "azure-linux-2", "Ubuntu2204": "ubuntu-22.04"}
"""Entries of `settings.calendar.RETIREMENTS` by `osSku`."""

WITHOUT_ZONES: Final = frozenset({"australiacentral", "australiacentral2", "australiasoutheast"})
"""Those of https://learn.microsoft.com/azure/reliability/regions-list that were read there; elsewhere Azure answers."""

At = tuple[str, ...]
BOOTSTRAP: Final[At] = ("cluster", "bootstrapPool")


def every_pool(settings: Settings) -> Iterator[tuple[At, NodePool | BootstrapPool]]:
    """The bootstrap pool, then those of the settings, each with its key path."""
    yield BOOTSTRAP, settings.cluster.bootstrap_pool
    yield from node_pools(settings)


def node_pools(settings: Settings) -> Iterator[tuple[At, NodePool]]:
    """The pools of the settings, each with its key path."""
    yield from ((("nodePools", name), pool) for name, pool in settings.node_pools.items())


@cluster_rule(
    "pool-zones",
    "A pool names each zone once, and only where the region has zones.",
    "https://learn.microsoft.com/azure/reliability/regions-list",
)
def _zones(settings: Settings, sources: Sources) -> Iterator[Fault]:
    location = sources.config.get(LOCATION_KEY)
    for at, pool in every_pool(settings):
        if len(set(pool.zones)) < len(pool.zones):
            shown = ", ".join(pool.zones)
            yield sources.fault(
                (*at, "zones"), "must name each zone once", shown, "remove the second"
            )
        if pool.zones and isinstance(location, str) and location in WITHOUT_ZONES:
            rule = f"must be empty in {location}, which has no availability zones"
            yield sources.fault((*at, "zones"), rule, ", ".join(pool.zones), "write 'zones: []'")


@cluster_rule(
    "ephemeral-disk",
    "An ephemeral system disk fits the machine's cache, temporary disk or one NVMe disk, and goes with its node.",
    "concepts-storage#ephemeral-os-disks",
)
def _ephemeral(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in every_pool(settings):
        size = machine(pool.vm_size) if pool.vm_size else None
        if pool.os_disk_type != "Ephemeral":
            continue
        if size and size.local_disk_gib < pool.os_disk_size_gb:
            yield sources.fault(
                (*at, "osDiskType"),
                f"must be Managed: {pool.vm_size} has {size.local_disk_gib:.0f} GiB of local disk "
                f"for {pool.os_disk_size_gb}",
                "'Ephemeral'",
                "lower osDiskSizeGb or take a size with a 'd'",
            )
        if isinstance(pool, NodePool) and pool.scale_down_mode == "Deallocate":
            # https://learn.microsoft.com/azure/aks/scale-down-mode
            rule = "must be Delete with osDiskType Ephemeral, whose disk does not outlive its node"
            remedy = "write 'osDiskType: Managed', or remove it"
            yield sources.fault((*at, "scaleDownMode"), rule, "'Deallocate'", remedy)


@cluster_rule(
    "spot-eviction",
    "A spot pool may shrink to nothing, and none of its nodes is kept on an ephemeral disk.",
    "spot-node-pool",
)
def _spot(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """AKS's own taint and label come with `spot`: `NodePool.node_taints`, `node_labels`."""
    for at, pool in node_pools(settings):
        ephemeral = pool.os_disk_type == "Ephemeral"
        if pool.spot and pool.spot.eviction_policy == "Deallocate" and ephemeral:
            yield sources.fault(
                (*at, "spot", "evictionPolicy"),
                "must be Delete with osDiskType Ephemeral: such a machine cannot be kept without its host",
                "'Deallocate'",
                "remove it, or write 'osDiskType: Managed'",
            )


@cluster_rule(
    "os-sku",
    "Nodes run an operating system that Azure has not ended.",
    "upgrade-os-version",
)
def _os(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in every_pool(settings):
        ended = RETIREMENTS.get(OS_SKU_ENDS.get(pool.os_sku, ""))
        if ended and ended.on < sources.today:
            rule = f"must be in support: Azure ended {ended.what} on {ended.on}"
            yield sources.fault((*at, "osSku"), rule, repr(pool.os_sku), f"take {ended.instead}")


@cluster_rule(
    "trusted-launch",
    "Secure boot and vTPM exclude FIPS, Arm machines, isolated pods and, for secure boot, GPU drivers from AKS.",
    "use-trusted-launch#limitations",
)
def _trusted_launch(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in node_pools(settings):
        if not pool.security.trusted_launch:
            continue
        size = machine(pool.vm_size) if pool.vm_size else None
        excluded = {
            "fips": pool.fips,
            f"{pool.vm_size}, whose cores are Arm": size is not None and size.arm,
            "workloadRuntime KataVmIsolation": pool.workload_runtime != "OCIContainer",
            "gpu.driver Install": pool.security.secure_boot and has_gpu(pool.vm_size or "")
            and (pool.gpu is None or pool.gpu.driver == "Install"),
        }  # fmt: skip
        for what in (name for name, so in excluded.items() if so):
            key = "secureBoot" if pool.security.secure_boot else "vtpm"
            rule = f"must be false with {what}"
            yield sources.fault((*at, "security", key), rule, "true", "remove one of the two")


@cluster_rule(
    "pool-machines",
    "A pool with GPU settings has machines with GPUs, and one for isolated pods runs Azure Linux.",
    "use-nvidia-gpu",
)
def _machines(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in node_pools(settings):
        if pool.gpu and pool.vm_size and not has_gpu(pool.vm_size):
            rule = f"is for machines with GPUs, and {pool.vm_size} has none"
            yield sources.fault(
                (*at, "gpu"), rule, remedy="remove it, or take a size of the N family"
            )
        if pool.workload_runtime == "KataVmIsolation" and not pool.os_sku.startswith("AzureLinux"):
            # https://learn.microsoft.com/azure/aks/use-pod-sandboxing
            rule = "must be AzureLinux with workloadRuntime KataVmIsolation"
            yield sources.fault((*at, "osSku"), rule, repr(pool.os_sku), "remove it")


RULES: Final[tuple[ClusterRule, ...]] = (
    _zones,
    _ephemeral,
    _spot,
    _os,
    _trusted_launch,
    _machines,
)
"""In the order in which they are held."""
