"""Node pools: what Azure would refuse late, or accept and regret. One rule a function."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from settings.checks import pool_machines
from settings.checks.pool_machines import BOOTSTRAP, At, every_pool, node_pools
from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.faults import Fault
from settings.machines import allocatable
from settings.node_pools import BootstrapPool, NodePool
from settings.pool_names import pool_name
from settings.sources import Sources
from settings.stack import Settings
from settings.vm_sizes import burstable, entry_level, machine

SYSTEM_POOL_MIN_VCPU = 4
SYSTEM_NODES = 3
"""https://learn.microsoft.com/azure/aks/use-system-pools#recommendations"""

MOST_NODES = 1000
"""Of one pool: https://learn.microsoft.com/azure/aks/quotas-skus-regions"""

RESERVED_LABEL_PREFIX = "kubernetes.azure.com/"
POOL_LABEL = "agentpool"

NONE = (0, "0%")


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below; with another target than aks only those about numbers of nodes."""
    for name, pool in settings.node_pools.items():
        at = ("nodePools", name)
        if settings.target == "aks" and not pool.vm_size:
            yield sources.fault((*at, "vmSize"), "is required with target aks", remedy="add it")
        elif allocatable(pool) is None and not _refused_for_system(pool):
            yield sources.fault(
                (*at, "capacity"),
                "is required where the machine size is not in the built-in table",
                remedy="add 'capacity: {cpu: ..., memory: ...}', what pods can use of one node",
            )
    for rule in RULES if settings.target == "aks" else (_nodes,):
        yield from rule(settings, sources)


def _system(settings: Settings) -> Iterator[tuple[At, NodePool | BootstrapPool]]:
    for at, pool in every_pool(settings):
        if isinstance(pool, BootstrapPool) or pool.mode == "System":
            yield at, pool


def _too_small(vm_size: str) -> bool:
    size = machine(vm_size)
    return size is not None and size.vcpu < SYSTEM_POOL_MIN_VCPU


def _refused_for_system(pool: NodePool) -> bool:
    size = pool.vm_size or ""
    return pool.mode == "System" and (burstable(size) or entry_level(size) or _too_small(size))


@cluster_rule(
    "pool-name",
    "No two pools have the same name in Azure, the bootstrap pool included.",
    "create-node-pools#limitations",
)
def _names(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """The alphabet and the length are `PoolName`'s; `pool_name` keeps both."""
    owners = defaultdict(list)
    boot = settings.cluster.bootstrap_pool.name
    for key in settings.node_pools:
        owners[pool_name(settings, key)].append(key)
    for name, keys in owners.items():
        if name == boot:
            rule = "must differ from every name in nodePools"
            yield sources.fault((*BOOTSTRAP, "name"), rule, repr(boot), "rename one")
        for key in keys[1:]:
            yield sources.fault(
                ("nodePools", key),
                f"is named {name} in Azure, as pool {keys[0]} is",
                repr(key),
                "rename one",
            )


CLUSTER_NAME = impossible(
    "cluster-name",
    "A cluster has a name of at most 63 characters and a dnsPrefix of at most 54.",
    "quotas-skus-regions",
    "the value types ClusterName and DnsPrefix refuse any other",
)


@cluster_rule(
    "system-pool-cores",
    "A system pool has machines with 4 cores or more.",
    "use-system-pools#system-and-user-node-pools",
)
def _cores(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in _system(settings):
        if pool.vm_size and not burstable(pool.vm_size) and _too_small(pool.vm_size):
            yield sources.fault(
                (*at, "vmSize"),
                f"must have at least {SYSTEM_POOL_MIN_VCPU} vCPU in a system pool, for example 'Standard_D4ds_v5'",
                repr(pool.vm_size),
                "choose a larger size",
            )


@cluster_rule(
    "system-pool-series",
    "A system pool has no machines of the A- or B-series.",
    "use-system-pools#system-and-user-node-pools",
)
def _series(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in _system(settings):
        if pool.vm_size and (burstable(pool.vm_size) or entry_level(pool.vm_size)):
            yield sources.fault(
                (*at, "vmSize"),
                "must not be of the A- or B-series in a system pool, for example 'Standard_D4ds_v5'",
                repr(pool.vm_size),
                "choose another series",
            )


@cluster_rule(
    "system-nodes",
    "A production cluster, one that pays for an uptime agreement, has three nodes or more for its own pods.",
    "use-system-pools#recommendations",
)
def _system_nodes(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.cluster.profile != "prod" or settings.cluster.tier == "Free":
        return
    boot = settings.cluster.bootstrap_pool.count
    least = [(at, pool.min) for at, pool in node_pools(settings) if pool.mode == "System"]
    nodes = boot + sum(count for _, count in least)
    if least and nodes < SYSTEM_NODES:
        yield sources.fault(
            (*least[0][0], "min"),
            f"must make {SYSTEM_NODES} system nodes with profile prod; with the {boot} of the bootstrap pool it makes "
            f"{nodes}",
            str(least[0][1]),
            f"write {least[0][1] + SYSTEM_NODES - nodes}, or take 'profile: dev'",
        )


@cluster_rule(
    "system-pool-machines",
    "A system pool runs Linux on ordinary machines, never on spot.",
    "use-system-pools#system-and-user-node-pools",
)
def _system_machines(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Linux is the only system this program makes."""
    for at, pool in node_pools(settings):
        if pool.mode == "System" and pool.spot:
            rule = "is for worker pools: Azure may take the nodes of the cluster's own pods away"
            yield sources.fault((*at, "spot"), rule, remedy="remove it, or write 'mode: User'")


MAX_PODS = impossible(
    "max-pods",
    "A node of a system pool has room for 30 pods or more, and none for more than 250.",
    "quotas-skus-regions",
    "the value type PodsANode goes from 30 to 250 for every pool",
)


@cluster_rule(
    "pools-for-each",
    "A cluster has a system pool, tainted, and a pool for workloads.",
    "use-system-pools#system-and-user-node-pools",
)
def _both_modes(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """The taint comes with the mode: `NodePool.node_taints`."""
    modes = {pool.mode for pool in settings.node_pools.values()}
    for mode, purpose in (("System", "the cluster's own pods"), ("User", "workloads")):
        if mode not in modes:
            rule = f"must have a pool with mode {mode} for {purpose}"
            yield sources.fault(("nodePools",), rule, remedy="add one")


@cluster_rule(
    "pool-labels",
    f"No pool has a label below {RESERVED_LABEL_PREFIX} or {POOL_LABEL}, which AKS writes itself.",
    "use-labels",
)
def _labels(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in node_pools(settings):
        for key in pool.labels:
            if key == POOL_LABEL or key.startswith(RESERVED_LABEL_PREFIX):
                rule = f"is set by AKS, as is every label below {RESERVED_LABEL_PREFIX}"
                yield sources.fault((*at, "labels", key), rule, remedy="choose another key")


@cluster_rule(
    "pool-nodes",
    "A pool has as few nodes as min and as many as max: min up to max, max up to 1000, a system pool at least one.",
    "create-node-pools#limitations",
)
def _nodes(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in node_pools(settings):
        if pool.min > pool.max:
            rule = f"must not exceed max ({pool.max})"
            yield sources.fault((*at, "min"), rule, str(pool.min), "lower it")
        if pool.mode == "System" and pool.min < 1:
            rule = "must be at least 1 for a system pool"
            yield sources.fault((*at, "min"), rule, str(pool.min), "raise it")
        if pool.max > MOST_NODES:
            rule = f"must be at most {MOST_NODES}, all that one pool may have"
            yield sources.fault((*at, "max"), rule, str(pool.max), "make a second pool")


@cluster_rule(
    "node-provisioning",
    "Where AKS makes nodes of its own (Karpenter) no pool is scaled by the autoscaler, and no cluster is stopped.",
    "node-auto-provisioning#limitations-and-unsupported-features",
)
def _provisioning(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.cluster.node_provisioning == "Manual":
        return
    if settings.cluster.runs:
        rule = "excludes 'nodeProvisioning: Auto': such a cluster cannot be stopped"
        yield sources.fault(("cluster", "runs"), rule, remedy="remove one of the two")
    for at, pool in node_pools(settings):
        if pool.autoscaled:
            yield sources.fault(
                (*at, "max"),
                f"must equal min ({pool.min}) with 'cluster.nodeProvisioning: Auto', which excludes the autoscaler",
                str(pool.max),
                f"write {max(pool.min, 1)}, or 'nodeProvisioning: Manual'",
            )


@cluster_rule(
    "upgrade-moves",
    "An upgrade adds nodes (maxSurge) or takes some away (maxUnavailable), one of the two; in a system pool it adds.",
    "upgrade-aks-node-pools-rolling#customize-unavailable-nodes",
)
def _upgrades(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for at, pool in node_pools(settings):
        surge, gone = pool.max_surge not in NONE, pool.max_unavailable not in NONE
        if pool.mode == "System" and gone:
            rule = "must be 0 in a system pool, which Azure upgrades with extra nodes alone"
            yield sources.fault(
                (*at, "maxUnavailable"), rule, repr(pool.max_unavailable), "remove it"
            )
        elif not surge and not gone and not pool.spot:
            rule = "must not be 0: an upgrade could never replace a node"
            remedy = "write 'maxSurge: 33%', or 'maxUnavailable: 1'"
            yield sources.fault((*at, "maxSurge"), rule, repr(pool.max_surge), remedy)
        elif surge and gone:
            rule = f"must be 0 beside maxSurge {pool.max_surge}: both together are a preview of Azure's"
            remedy = "remove it, or write 'maxSurge: 0'"
            yield sources.fault((*at, "maxUnavailable"), rule, repr(pool.max_unavailable), remedy)


LONG_TERM_SUPPORT = impossible(
    "long-term-support",
    "Long-term support takes tier Premium.",
    "long-term-support",
    "the tier decides: Premium brings long-term support, and no key asks for it otherwise",
)


RULES: Final[tuple[ClusterRule, ...]] = (
    _nodes,
    _names,
    CLUSTER_NAME,
    _cores,
    _series,
    _system_nodes,
    _system_machines,
    MAX_PODS,
    _both_modes,
    _labels,
    _provisioning,
    _upgrades,
    LONG_TERM_SUPPORT,
    *pool_machines.RULES,
)
"""In the order in which they are held."""
