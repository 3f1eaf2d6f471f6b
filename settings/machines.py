"""What pods can use of a node: what its machine has, less what AKS keeps for itself."""

from dataclasses import dataclass
from decimal import Decimal

from settings.node_pools import NodePool, SystemPods
from settings.pool_names import pool_name
from settings.quantity import amount, cpu_text, memory_text
from settings.stack import Settings
from settings.system_pods import system_pods
from settings.vm_sizes import machine as machine

MIB = 2**20
_CPU_KEPT_MILLI = ((1, 60), (2, 100), (4, 140), (8, 180), (16, 260), (32, 420), (64, 740))
_MEMORY_KEPT_A_POD = 20 * MIB
_MEMORY_KEPT_BASE = 50 * MIB
_MEMORY_KEPT_EVICTION = 100 * MIB
"""https://learn.microsoft.com/azure/aks/node-resource-reservations , Kubernetes 1.29 and later."""


@dataclass(frozen=True)
class PoolCapacity:
    """One pool, for the preview: what pods can use of one node, and how many nodes there may be."""

    name: str
    """Key in `nodePools`, or the bootstrap pool's name."""

    label: str
    """What its nodes have as label `agentpool`: the name in Azure."""

    mode: str
    min: int
    max: int
    cpu: Decimal
    """Cores of one node."""

    memory: Decimal
    """Bytes of one node."""

    max_pods: int
    """Pods of one node."""

    zones: int
    """Over how many zones its nodes are dealt out; 1 where it has none."""

    system: SystemPods | None
    """What the cluster's own pods take of each node."""

    def as_output(self) -> dict[str, object]:
        """For the stack output `nodePools`: quantities as Kubernetes writes them; `agentpool` only if not `name`."""
        return {
            "name": self.name,
            **({"agentpool": self.label} if self.label != self.name else {}),
            "mode": self.mode,
            "min": self.min,
            "max": self.max,
            "cpu": cpu_text(self.cpu),
            "memory": memory_text(self.memory),
            "maxPods": self.max_pods,
            "zones": self.zones,
            "system": self.system.model_dump(by_alias=True) if self.system else {},
        }


def allocatable(pool: NodePool) -> tuple[Decimal, Decimal] | None:
    """Cores and bytes that pods can use of one node; None if the size is unknown and no `capacity` is given."""
    if pool.capacity:
        return amount(pool.capacity.cpu), amount(pool.capacity.memory)
    size = machine(pool.vm_size) if pool.vm_size else None
    if size is None:
        return None
    kept = max((milli for vcpu, milli in _CPU_KEPT_MILLI if vcpu <= size.vcpu), default=60)
    memory = (
        min(_MEMORY_KEPT_A_POD * pool.max_pods + _MEMORY_KEPT_BASE, size.memory // 4)
        + _MEMORY_KEPT_EVICTION
    )
    return size.vcpu - Decimal(kept) / 1000, Decimal(size.memory - memory)


def capacities(settings: Settings) -> list[PoolCapacity]:
    """Every pool whose machine size is known: the cluster's bootstrap pool, then those of the settings in order."""
    pools, own = dict(settings.node_pools), system_pods(settings)
    if settings.target == "aks":
        boot = settings.cluster.bootstrap_pool
        pools = {boot.name: boot.as_pool(), **pools}
    return [
        PoolCapacity(
            name, pool_name(settings, name), pool.mode, pool.min, pool.max, *usable, pool.max_pods,
            len(pool.zones) or 1,
            pool.system_pods or own,
        )
        for name, pool in pools.items()
        if (usable := allocatable(pool))
    ]  # fmt: skip
