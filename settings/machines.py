"""What pods can use of a node: machine sizes, and what AKS keeps for itself."""

import re
from dataclasses import dataclass
from decimal import Decimal

from settings.node_pools import NodePool, SystemPods
from settings.quantity import amount, cpu_text, memory_text
from settings.stack import Settings

MIB = 2**20
_GIB_A_VCPU = {"D": 4, "E": 8, "F": 2}
_GIB_A_VCPU_LOW = 2
_MOST_VCPU = {"D": 96, "E": 64, "F": 72}
"""https://learn.microsoft.com/azure/virtual-machines/sizes/overview : Dv4 to Dv6, Ev4 to Ev6, Fsv2. An `l` is low in
memory (Dlsv5); the largest of the E family have less than 8 GiB a vCPU."""

_TEMPORARY_GIB_A_VCPU = Decimal("37.5")
"""Local disk of the sizes with a `d`, v5: 150 GiB for 4 vCPU."""

_SIZE = re.compile(
    r"Standard_((?P<family>[DE])(?P<vcpu>[0-9]+)(-(?P<active>[0-9]+))?(?P<extras>[a-z]*)_v[4-6]"
    r"|(?P<fast>F)(?P<cores>[0-9]+)s_v2)"
)

_CPU_KEPT_MILLI = ((1, 60), (2, 100), (4, 140), (8, 180), (16, 260), (32, 420), (64, 740))
_MEMORY_KEPT_A_POD = 20 * MIB
_MEMORY_KEPT_BASE = 50 * MIB
_MEMORY_KEPT_EVICTION = 100 * MIB
"""https://learn.microsoft.com/azure/aks/node-resource-reservations , Kubernetes 1.29 and later."""


@dataclass(frozen=True)
class Machine:
    """One machine size."""

    vcpu: int
    memory: int
    """Bytes."""

    temporary_disk_gib: Decimal
    """0 where it has none."""


def machine(vm_size: str) -> Machine | None:
    """The size by its name; None for a family that is not in the table."""
    found = _SIZE.fullmatch(vm_size)
    if not found:
        return None
    family, extras = found["family"] or found["fast"], found["extras"] or ""
    vcpu = int(found["vcpu"] or found["cores"])
    if vcpu > _MOST_VCPU[family]:
        return None
    each = _GIB_A_VCPU_LOW if family == "D" and "l" in extras else _GIB_A_VCPU[family]
    disk = vcpu * _TEMPORARY_GIB_A_VCPU if "d" in extras else Decimal(0)
    # `E8-2ds` is an E8 with 2 of its vCPU on: all of the memory and the disk.
    return Machine(int(found["active"] or vcpu), vcpu * each * 2**30, disk)


def burstable(vm_size: str) -> bool:
    """Whether the size is of the B-series, which AKS advises against for system pools."""
    return vm_size.startswith("Standard_B")


@dataclass(frozen=True)
class PoolCapacity:
    """One pool, for the preview: what pods can use of one node, and how many nodes there may be."""

    name: str
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
        """For the stack output `nodePools`: quantities as Kubernetes writes them."""
        return {
            "name": self.name,
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
    pools = dict(settings.node_pools)
    if settings.target == "aks":
        boot = settings.cluster.bootstrap_pool
        fixed = NodePool.model_validate(
            {"mode": "System", "vmSize": boot.vm_size, "min": boot.count, "max": boot.count}
        )
        pools = {boot.name: fixed, **pools}
    return [
        PoolCapacity(
            name, pool.mode, pool.min, pool.max, *usable, pool.max_pods, len(pool.zones) or 1,
            pool.system_pods or (SystemPods() if settings.target == "aks" else None),
        )
        for name, pool in pools.items()
        if (usable := allocatable(pool))
    ]  # fmt: skip
