"""Whether the pods fit: each node pool at its smallest and largest, each quota at rest and at the peak of a rollout.

Pools come from the stack output `nodePools`, what pods can use of a node included. The cluster's own pods are not
counted: they run on the system pools.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from review.analyses.objects import Objects
from review.analyses.pods import (
    Pods,
    kubernetes_objects,
    meta,
    pods_of,
    running,
    uncounted_charts,
)
from review.findings import Finding
from review.plan import Plan
from settings.demand import ZERO, Demand
from settings.quantity import amount, cpu_text, memory_text

POD_RESOURCES = {
    "pods": "pods",
    "cpu": "requests_cpu",
    "memory": "requests_memory",
    "requests.cpu": "requests_cpu",
    "requests.memory": "requests_memory",
    "limits.cpu": "limits_cpu",
    "limits.memory": "limits_memory",
}
"""Names that a ResourceQuota has for what pods ask for, to the field of `Demand`."""

UNITS: Mapping[str, Callable[[Decimal], str]] = {
    "cpu": cpu_text,
    "memory": memory_text,
    "storage": memory_text,
}
"""How amounts of a resource are written, by the last word of its name; all others are counts."""


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
    """As in the ResourceQuota: `requests.cpu`, `pods`, `services.nodeports`."""

    rest: Decimal
    peak: Decimal
    hard: Decimal

    def text(self, used: Decimal) -> str:
        """An amount of this resource, exactly: `250m`, `2Gi`, `3`."""
        return UNITS.get(self.resource.rpartition(".")[2], count_text)(used)


@dataclass(frozen=True)
class Uncounted:
    """One resource of one namespace's quota that a plan does not tell the use of."""

    namespace: str
    resource: str
    reason: str


@dataclass(frozen=True)
class Capacity:
    """What a plan asks for and what there is."""

    pools: tuple[PoolFit, ...]
    quotas: tuple[QuotaUse, ...]
    uncounted: tuple[Uncounted, ...] = ()


def capacity(plan: Plan) -> Capacity:
    """Pools and quotas of the plan, in its order."""
    pods = pods_of(plan)
    rows = list(_quotas(plan, pods))
    return Capacity(
        tuple(_pools(plan, pods)),
        tuple(it for it in rows if isinstance(it, QuotaUse)),
        tuple(it for it in rows if isinstance(it, Uncounted)),
    )


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


def _quotas(plan: Plan, pods: list[Pods]) -> Iterator[QuotaUse | Uncounted]:
    pools, objects = plan.outputs.get("nodePools", ()), Objects(plan, pods)
    for _, manifest in kubernetes_objects(plan, "ResourceQuota"):
        namespace, spec = meta(manifest)["namespace"], manifest["spec"]
        rest, peak = Demand(), Demand()
        for it in (it for it in pods if it.namespace == namespace):
            least, most = running(it, pools)
            rest, peak = rest + it.one * least, peak + it.one * most
        for resource, hard in spec.get("hard", {}).items():
            attribute = POD_RESOURCES.get(resource)
            if spec.get("scopes") or spec.get("scopeSelector"):
                yield Uncounted(
                    namespace, resource, "the quota counts some pods only, by its scopes"
                )
            elif attribute:
                used = Decimal(getattr(rest, attribute)), Decimal(getattr(peak, attribute))
                yield QuotaUse(namespace, resource, *used, amount(str(hard)))
            elif reason := objects.unclear(namespace, resource):
                yield Uncounted(namespace, resource, reason)
            else:
                use = objects.of(namespace)
                used = use.rest.get(resource, ZERO), use.peak.get(resource, ZERO)
                yield QuotaUse(namespace, resource, *used, amount(str(hard)))


def count_text(count: Decimal) -> str:
    """`3`."""
    return f"{count:f}"


def capacity_findings(plan: Plan, fit: Capacity) -> Iterator[Finding]:
    """What does not fit: pods that would stay Pending or be refused, limits that outgrow their pool."""
    for use in fit.quotas:
        if use.peak > use.hard:
            needs, refused, remedy = (
                ("a rollout needs", "new pods", " or lower replicas")
                if use.resource in POD_RESOURCES
                else ("the stack needs", "what is beyond it", "")
            )
            yield Finding(
                rule="quota-peak",
                severity="mandatory",
                resource=f"ResourceQuota {use.namespace}",
                message=f"{needs} {use.text(use.peak)} {use.resource} of {use.text(use.hard)}: {refused} would be "
                f"refused; raise the quota{remedy}",
            )
    for it in fit.uncounted:
        yield Finding(
            rule="quota-unknown",
            severity="advisory",
            resource=f"ResourceQuota {it.namespace}",
            message=f"{it.resource} is not held against what the stack uses: {it.reason}",
        )
    for pool in (pool for pool in fit.pools if pool.size == "max"):
        yield from _pool_findings(pool)
    for namespace, release in uncounted_charts(plan):
        yield Finding(
            rule="chart-pods",
            severity="advisory",
            resource=f"Release {namespace}/{release}",
            message="its pods are not counted: a plan has the values of a chart, not what it makes of them; "
            f"leave room in the quota of {namespace} and in the pools",
        )
    for row in pods_of(plan):
        if row.unknown:
            yield Finding(
                rule="unknown-amount",
                severity="advisory",
                resource=row.title,
                message=f"{', '.join(row.unknown)} is known after deployment only and is not counted",
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
