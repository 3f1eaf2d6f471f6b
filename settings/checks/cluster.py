"""The cluster and its pools: what Azure would refuse late, or accept and regret."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from settings.faults import Fault
from settings.machines import allocatable, burstable, machine
from settings.stack import Settings

if TYPE_CHECKING:
    from settings.load import Sources

SYSTEM_POOL_MIN_VCPU = 4
"""https://learn.microsoft.com/azure/aks/use-system-pools"""


def check(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    """Required parts for the target, pool sizes and modes, and who may reach the API server."""
    yield from _pools(settings, sources)
    if settings.target == "aks":
        yield from _aks(settings, sources)
    else:
        yield from _kubeconfig(settings, sources)


def _kubeconfig(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    if settings.kubeconfig is None:
        yield sources.fault(
            ("kubeconfig",), "is required with target kubeconfig", remedy="add 'kubeconfig: {}'"
        )
    for key in ("resourceGroup", "network", "access"):
        if key in sources.root:
            yield sources.fault((key,), "has no effect with target kubeconfig", remedy="remove it")
    if settings.ingress.controller != "none":
        yield sources.fault(
            ("ingress", "controller"),
            "must be none with target kubeconfig: no chart is installed",
            repr(settings.ingress.controller),
            "write 'controller: none'",
        )


def _aks(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    required = {
        ("resourceGroup",): settings.resource_group,
        ("cluster", "name"): settings.cluster.name,
        ("cluster", "dnsPrefix"): settings.cluster.dns_prefix,
        ("network",): settings.network,
        ("access",): settings.access,
    }
    for path, value in required.items():
        if value is None:
            yield sources.fault(path, "is required with target aks", remedy="add it")
    if settings.kubeconfig is not None:
        yield sources.fault(("kubeconfig",), "has no effect with target aks", remedy="remove it")
    api = settings.cluster.api_server
    ranges = ("cluster", "apiServer", "authorizedIpRanges")
    if api.private and api.authorized_ip_ranges:
        yield sources.fault(
            ranges, "must be empty for a private API server", remedy="remove one of the two"
        )
    if not api.private and not api.authorized_ip_ranges:
        yield sources.fault(
            ranges,
            "must name at least one range, or the API server is open to the Internet",
            remedy="add the ranges of your offices and pipelines, or set apiServer.private",
        )
    modes = {pool.mode for pool in settings.node_pools.values()}
    for mode, purpose in (("System", "the cluster's own pods"), ("User", "workloads")):
        if mode not in modes:
            yield sources.fault(
                ("nodePools",), f"must have a pool with mode {mode} for {purpose}", remedy="add one"
            )
    boot = settings.cluster.bootstrap_pool
    at = ("cluster", "bootstrapPool")
    if boot.name in settings.node_pools:
        yield sources.fault(
            (*at, "name"), "must differ from every name in nodePools", repr(boot.name), "rename one"
        )
    yield from _system_size(boot.vm_size, (*at, "vmSize"), sources)
    route_table = settings.network.route_table_id if settings.network else None
    if settings.network and (settings.network.outbound_type == "userDefinedRouting") != bool(
        route_table
    ):
        yield sources.fault(
            ("network", "routeTableId"),
            "goes together with outboundType userDefinedRouting",
            remedy="set both or neither",
        )


def _pools(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    for name, pool in settings.node_pools.items():
        at = ("nodePools", name)
        if pool.min > pool.max:
            yield sources.fault(
                (*at, "min"), f"must not exceed max ({pool.max})", str(pool.min), "lower it"
            )
        if settings.target == "aks" and not pool.vm_size:
            yield sources.fault((*at, "vmSize"), "is required with target aks", remedy="add it")
            continue
        if pool.mode == "System" and pool.min < 1:
            yield sources.fault(
                (*at, "min"), "must be at least 1 for a system pool", str(pool.min), "raise it"
            )
        if pool.mode == "System" and pool.vm_size:
            yield from _system_size(pool.vm_size, (*at, "vmSize"), sources)
        if allocatable(pool) is None:
            yield sources.fault(
                (*at, "capacity"),
                "is required where the machine size is not in the built-in table",
                remedy="add 'capacity: {cpu: ..., memory: ...}', what pods can use of one node",
            )
        size = machine(pool.vm_size) if pool.vm_size else None
        if (
            pool.os_disk_type == "Ephemeral"
            and size
            and size.temporary_disk_gib < pool.os_disk_size_gb
        ):
            yield sources.fault(
                (*at, "osDiskType"),
                f"must be Managed: {pool.vm_size} has "
                f"{size.temporary_disk_gib} GiB of local disk for {pool.os_disk_size_gb}",
                "'Ephemeral'",
                "lower osDiskSizeGb or take a size with a 'd'",
            )


def _system_size(vm_size: str, at: tuple[str, ...], sources: "Sources") -> Iterator[Fault]:
    size = machine(vm_size)
    if burstable(vm_size) or (size and size.vcpu < SYSTEM_POOL_MIN_VCPU):
        yield sources.fault(
            at,
            f"must have at least {SYSTEM_POOL_MIN_VCPU} vCPU and not be of the B-series, for "
            "example 'Standard_D4ds_v5'",
            repr(vm_size),
            "choose a larger size",
        )
