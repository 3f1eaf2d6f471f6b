"""How many nodes of one pool a set of pods needs: an estimate, as only the scheduler of a running cluster knows.

First fit, the largest pods first, node by node. Counted: CPU, memory, pods a node. Only near the truth: spread that is
required (`DoNotSchedule`) is a most of pods a node and a zone, nodes are dealt out to zones in turn, and what runs
already, affinity between workloads, taints, disks that are bound to a zone and preemption are left out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from settings.demand import Demand

MOST_PODS = 1_000_000
"""Stands for a node that says no number."""

MOST_NODES = 1000
"""In one pool: https://learn.microsoft.com/azure/aks/quotas-skus-regions"""


@dataclass(frozen=True, kw_only=True)
class Node:
    """What pods can use of one node."""

    cpu: Decimal
    """Cores."""

    memory: Decimal
    """Bytes."""

    pods: int | None = None
    """Most pods; None: not known."""

    zones: int = 1
    """Over how many zones the nodes of the pool are dealt out."""

    def without(self, taken: Demand) -> "Node":
        """What is left beside `taken`, which runs on each."""
        pods = None if self.pods is None else self.pods - taken.pods
        cpu, memory = self.cpu - taken.requests_cpu, self.memory - taken.requests_memory
        return Node(cpu=cpu, memory=memory, pods=pods, zones=self.zones)

    def holds(self, one: Demand) -> bool:
        """Whether a pod fits on an empty one."""
        fits = one.requests_cpu <= self.cpu and one.requests_memory <= self.memory
        return fits and (self.pods is None or self.pods >= 1)


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Pods of one size that keep apart from each other."""

    one: Demand
    count: int
    node_skew: int | None = None
    """By how many pods two nodes may differ; None: by any number."""

    zone_skew: int | None = None
    """By how many two zones may."""

    @property
    def free(self) -> bool:
        """Whether any of them may be anywhere."""
        return self.node_skew is None and self.zone_skew is None


@dataclass
class _Room:
    """What is left of one node, in whole units: a sum of a thousand parts is exact, and quick."""

    cpu: int
    """Thousandths of a core."""

    memory: int
    """Bytes."""

    pods: int

    def times(self, cpu: int, memory: int) -> int:
        """How many pods of this size fit."""
        fits = self.pods
        if cpu:
            fits = min(fits, self.cpu // cpu)
        if memory:
            fits = min(fits, self.memory // memory)
        return max(fits, 0)


def unplaced(pods: Iterable[Alike], node: Node, nodes: int) -> int:
    """How many of `pods` find no place on `nodes` of these."""
    room = MOST_PODS if node.pods is None else node.pods
    cpu = int(node.cpu * 1000)
    free = [_Room(cpu, int(node.memory), room) for _ in range(nodes)]
    return sum(_place(it, node.zones, free) for it in _largest_first(_merged(pods), node))


def needed(pods: Iterable[Alike], node: Node, most: int = MOST_NODES) -> int | None:
    """The fewest nodes with a place for every pod; None where `most` are too few.

    With more nodes than that the estimate says they fit, too.
    """
    given = _merged(pods)
    if not given:
        return 0
    if not all(node.holds(it.one) for it in given):
        return None
    for nodes in range(_fewest(given, node), most + 1):
        if not unplaced(given, node, nodes):
            return nodes
    return None


def _merged(pods: Iterable[Alike]) -> list[Alike]:
    """Pods of one size that need not keep apart are one set: a thousand workloads have a handful of sizes."""
    given = [it for it in pods if it.count]
    counts: Counter[Alike] = Counter()
    for it in given:
        if it.free:
            counts[replace(it, count=0)] += it.count
    # Two workloads that are equal and keep apart, each within itself, stay two.
    return [
        *(replace(it, count=count) for it, count in counts.items()),
        *(it for it in given if not it.free),
    ]


def _fewest(pods: list[Alike], node: Node) -> int:
    """What the sums alone take."""
    total = sum((it.one * it.count for it in pods), Demand())
    rows = [(total.requests_cpu, node.cpu), (total.requests_memory, node.memory)]
    if node.pods is not None:
        rows.append((Decimal(total.pods), Decimal(node.pods)))
    counts = [(part / whole).to_integral_value(ROUND_CEILING) for part, whole in rows if whole]
    return max(1, *(int(it) for it in counts))


def _largest_first(pods: Iterable[Alike], node: Node) -> list[Alike]:
    def share(it: Alike) -> Decimal:
        rows = ((it.one.requests_cpu, node.cpu), (it.one.requests_memory, node.memory))
        return max(part / whole if whole > 0 else part for part, whole in rows)

    return sorted(pods, key=share, reverse=True)


def _place(pods: Alike, pool_zones: int, free: list[_Room]) -> int:
    """Place what fits and say how many did not; a node that refuses one refuses all that are like it."""
    zones = max(1, min(pool_zones, len(free)))
    a_node = _most(pods.count, len(free), pods.node_skew)
    a_zone = _most(pods.count, zones, pods.zone_skew)
    in_zone, left = [0] * zones, pods.count
    cpu, memory = _ceiling(pods.one.requests_cpu * 1000), _ceiling(pods.one.requests_memory)
    for index, room in enumerate(free):
        zone = index % zones
        fits = min(left, a_node, a_zone - in_zone[zone], room.times(cpu, memory))
        room.cpu -= cpu * fits
        room.memory -= memory * fits
        room.pods -= fits
        in_zone[zone] += fits
        left -= fits
        if not left:
            break
    return left


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def _most(count: int, places: int, skew: int | None) -> int:
    return count if skew is None or not places else -(-count // places) + skew - 1
