"""The cluster and its pools: what Azure would refuse late, or accept and regret."""

from collections.abc import Iterator

from settings.faults import Fault
from settings.machines import allocatable, burstable, machine
from settings.node_pools import NodePool
from settings.sources import Sources
from settings.stack import Settings

SYSTEM_POOL_MIN_VCPU = 4
"""https://learn.microsoft.com/azure/aks/use-system-pools"""

RESERVED_LABEL_PREFIX = "kubernetes.azure.com/"
"""https://learn.microsoft.com/azure/aks/use-labels"""

POOL_LABEL = "agentpool"


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Required parts for the target, pool sizes and modes."""
    yield from _pools(settings, sources)
    if settings.target == "aks":
        yield from _aks(settings, sources)
    else:
        yield from _kubeconfig(settings, sources)


def _kubeconfig(settings: Settings, sources: Sources) -> Iterator[Fault]:
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


def _aks(settings: Settings, sources: Sources) -> Iterator[Fault]:
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
    modes = {pool.mode for pool in settings.node_pools.values()}
    for mode, purpose in (("System", "the cluster's own pods"), ("User", "workloads")):
        if mode not in modes:
            rule = f"must have a pool with mode {mode} for {purpose}"
            yield sources.fault(("nodePools",), rule, remedy="add one")
    boot, at = settings.cluster.bootstrap_pool, ("cluster", "bootstrapPool")
    if boot.name in settings.node_pools:
        rule = "must differ from every name in nodePools"
        yield sources.fault((*at, "name"), rule, repr(boot.name), "rename one")
    yield from _system_size(boot.vm_size, (*at, "vmSize"), sources)


def _pools(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for name, pool in settings.node_pools.items():
        at = ("nodePools", name)
        yield from _scale(pool, at, sources)
        if settings.target == "aks" and not pool.vm_size:
            yield sources.fault((*at, "vmSize"), "is required with target aks", remedy="add it")
        else:
            yield from _size(pool, at, sources)
        for key in pool.labels:
            if key == POOL_LABEL or key.startswith(RESERVED_LABEL_PREFIX):
                rule = f"is set by AKS, as is every label below {RESERVED_LABEL_PREFIX}"
                yield sources.fault((*at, "labels", key), rule, remedy="choose another key")


def _scale(pool: NodePool, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    if pool.min > pool.max:
        rule = f"must not exceed max ({pool.max})"
        yield sources.fault((*at, "min"), rule, str(pool.min), "lower it")
    if pool.mode == "System" and pool.min < 1:
        rule = "must be at least 1 for a system pool"
        yield sources.fault((*at, "min"), rule, str(pool.min), "raise it")
    if pool.max_surge in (0, "0%"):
        rule = "must not be 0: an upgrade could never replace a node"
        yield sources.fault((*at, "maxSurge"), rule, repr(pool.max_surge), "write 'maxSurge: 33%'")


def _size(pool: NodePool, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    size = machine(pool.vm_size) if pool.vm_size else None
    if pool.mode == "System" and pool.vm_size and _too_small(pool.vm_size):
        yield from _system_size(pool.vm_size, (*at, "vmSize"), sources)
    elif allocatable(pool) is None:
        yield sources.fault(
            (*at, "capacity"),
            "is required where the machine size is not in the built-in table",
            remedy="add 'capacity: {cpu: ..., memory: ...}', what pods can use of one node",
        )
    if pool.os_disk_type == "Ephemeral" and size and size.temporary_disk_gib < pool.os_disk_size_gb:
        yield sources.fault(
            (*at, "osDiskType"),
            f"must be Managed: {pool.vm_size} has {size.temporary_disk_gib:.0f} GiB of local disk "
            f"for {pool.os_disk_size_gb}",
            "'Ephemeral'",
            "lower osDiskSizeGb or take a size with a 'd'",
        )


def _too_small(vm_size: str) -> bool:
    size = machine(vm_size)
    return burstable(vm_size) or (size is not None and size.vcpu < SYSTEM_POOL_MIN_VCPU)


def _system_size(vm_size: str, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    if _too_small(vm_size):
        yield sources.fault(
            at,
            f"must have at least {SYSTEM_POOL_MIN_VCPU} vCPU and not be of the B-series, for "
            "example 'Standard_D4ds_v5'",
            repr(vm_size),
            "choose a larger size",
        )
