"""Whether the pods fit: each node pool at its smallest and largest, each quota at rest and at the peak of a rollout.

Pools come from the stack output `nodePools`, what pods can use of a node included. The cluster's own pods are not
counted: they run on the system pools.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from review.analyses.pods import Pods, kubernetes_objects, meta, pods_of
from review.findings import Finding
from review.plan import Plan
from settings.demand import Demand
from settings.quantity import amount, cpu_text, memory_text


@dataclass(frozen=True)
class PoolFit:
    """One pool at one size."""

    pool: str
    size: str
    """`min` or `max`."""

    nodes: int
    cpu: Decimal
    """Cores of all nodes together."""

    memory: Decimal
    """Bytes of all nodes together."""

    demand: Demand
    """All pods: at rest for `min`, at the peak of a rollout for `max`."""


@dataclass(frozen=True)
class QuotaUse:
    """One resource of one namespace's quota."""

    namespace: str
    resource: str
    """As in the ResourceQuota: `requests.cpu`, `pods`."""

    rest: Decimal
    peak: Decimal
    hard: Decimal


@dataclass(frozen=True)
class Capacity:
    """What a plan asks for and what there is."""

    pools: tuple[PoolFit, ...]
    quotas: tuple[QuotaUse, ...]


def capacity(plan: Plan) -> Capacity:
    """Pools and quotas of the plan, in its order."""
    pods = pods_of(plan)
    return Capacity(tuple(_pools(plan, pods)), tuple(_quotas(plan, pods)))


def _pools(plan: Plan, pods: list[Pods]) -> Iterator[PoolFit]:
    pools: list[Mapping[str, Any]] = [
        it for it in plan.outputs.get("nodePools", ()) if it["mode"] == "User"
    ]
    bound = {it.pool for it in pods if it.pool}
    for pool in pools:
        alone = len(pools) == 1 and not bound
        name = f"{pool['name']}"
        for size in ("min", "max"):
            nodes = int(pool[size])
            demand = Demand()
            for it in pods:
                if it.per_node and it.pool in (None, name):
                    demand = demand + it.one * nodes
                elif not it.per_node and (it.pool == name or alone):
                    demand = demand + it.one * (it.rest if size == "min" else it.peak)
            yield PoolFit(
                name,
                size,
                nodes,
                amount(pool["cpu"]) * nodes,
                amount(pool["memory"]) * nodes,
                demand,
            )


def _quotas(plan: Plan, pods: list[Pods]) -> Iterator[QuotaUse]:
    pools = plan.outputs.get("nodePools", ())
    everywhere = {size: sum(int(it[size]) for it in pools) for size in ("min", "max")}
    workers = {
        size: sum(int(it[size]) for it in pools if it["mode"] == "User") for size in ("min", "max")
    }
    for _, manifest in kubernetes_objects(plan, "ResourceQuota"):
        namespace = meta(manifest)["namespace"]
        rest, peak = Demand(), Demand()
        for it in (it for it in pods if it.namespace == namespace):
            nodes = everywhere if it.on_system else workers
            rest = rest + it.one * (nodes["min"] if it.per_node else it.rest)
            peak = peak + it.one * (nodes["max"] if it.per_node else it.peak)
        for resource, hard in manifest["spec"]["hard"].items():
            attribute = resource.replace(".", "_")
            if hasattr(rest, attribute):
                yield QuotaUse(
                    namespace,
                    resource,
                    Decimal(getattr(rest, attribute)),
                    Decimal(getattr(peak, attribute)),
                    amount(str(hard)),
                )


def capacity_findings(plan: Plan, fit: Capacity) -> Iterator[Finding]:
    """What does not fit: pods that would stay Pending or be refused, limits that outgrow their pool."""
    for use in fit.quotas:
        if use.peak > use.hard:
            text = memory_text if "memory" in use.resource else cpu_text
            yield Finding(
                rule="quota-peak",
                severity="mandatory",
                resource=f"ResourceQuota {use.namespace}",
                message=f"a rollout needs {text(use.peak)} {use.resource} of {text(use.hard)}: new pods would be "
                "refused; raise the quota or lower replicas",
            )
    for row in (row for row in fit.pools if row.size == "max"):
        yield from _pool_findings(row)
    for it in pods_of(plan):
        if it.unknown:
            yield Finding(
                rule="unknown-amount",
                severity="advisory",
                resource=it.title,
                message=f"{', '.join(it.unknown)} is known after deployment only and is not counted",
            )


def _nodes(row: PoolFit) -> str:
    return f"{row.nodes} node{'' if row.nodes == 1 else 's'}"


def _pool_findings(row: PoolFit) -> Iterator[Finding]:
    rows = (
        ("CPU", row.demand.requests_cpu, row.demand.limits_cpu, row.cpu, cpu_text),
        ("memory", row.demand.requests_memory, row.demand.limits_memory, row.memory, memory_text),
    )
    for what, requests, limits, room, text in rows:
        if requests > room:
            yield Finding(
                rule="pool-requests",
                severity="mandatory",
                resource=f"pool {row.pool}",
                message=f"{what} requests of {text(requests)} at the peak of a rollout exceed its {_nodes(row)} "
                f"({text(room)}): pods would stay Pending; raise nodePools.{row.pool}.max or lower requests",
            )
        elif limits > room:
            effect = (
                "containers would be throttled"
                if what == "CPU"
                else "nodes could run out and evict pods"
            )
            yield Finding(
                rule="pool-limits",
                severity="advisory",
                resource=f"pool {row.pool}",
                message=f"{what} limits of {text(limits)} at the peak of a rollout outgrow its {_nodes(row)} "
                f"({text(room)}): under full load {effect}; raise nodePools.{row.pool}.max or lower limits",
            )
