"""Whether the pods fit: each node pool at its smallest and largest, each quota at rest and at the peak of a rollout.

Pools come from the stack output `nodePools`: what pods can use of a node, and what the cluster's own take of it. What
a RuntimeClass adds to a pod is counted where the plan has it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from review.analyses.objects import Objects
from review.analyses.packing import Alike, Node, needed
from review.analyses.pods import (
    Pods,
    kubernetes_objects,
    pods_of,
    pool_label,
    running,
    uncounted_charts,
)
from review.findings import Finding, Severity
from review.marks import is_mark, known, known_list, names
from review.plan import Plan
from settings.demand import ZERO, Demand
from settings.overlap import UNBOUNDED_RUNS
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
    """All pods: at rest for `min`, at the peak of a rollout for `max`; the cluster's own with what they request."""

    most_pods: int | None = None
    """Pods that all nodes together may run; None: not known."""

    needed: int | None = None
    """Nodes that a first fit of these pods takes, an estimate; None where no number of nodes would do."""

    too_large: tuple[str, ...] = ()
    """Controllers with a pod that no node of the pool could hold."""

    limits_need: int = 0
    """Nodes that hold all limits at once."""


@dataclass(frozen=True)
class QuotaUse:
    """One resource of one namespace's quota."""

    namespace: str
    resource: str
    """As in the ResourceQuota: `requests.cpu`, `pods`, `services.nodeports`."""

    rest: Decimal
    peak: Decimal
    hard: Decimal

    only: str = ""
    """The quota's name where it counts the pods of one priority class only."""

    earlier: Decimal = ZERO
    """How many of the peak are earlier versions that `configHistory` keeps, with the one that an update takes away."""

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


def capacity(plan: Plan, history: int | None = None) -> Capacity:
    """Pools and quotas of the plan, in its order.

    `history` is how many earlier versions of configuration stay (`configHistory`), once there have been so many; None:
    the stack has never been updated. A plan itself has none of them.
    """
    pods = pods_of(plan)
    rows = list(_quotas(plan, pods, history))
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
        label = pool_label(pool)
        each = sum(
            (it.one for it in pods if it.per_node and it.pool in (None, label)), _system(pool)
        )
        own = [it for it in pods if not it.per_node and (it.pool == label or alone)]
        yield from (_fit(pool, size, each, own) for size in ("min", "max"))


def _system(pool: Mapping[str, Any]) -> Demand:
    """The cluster's own pods on one node. Their limits are not counted: most of them have none."""
    given = pool.get("system") or {"pods": 0, "cpu": "0", "memory": "0"}
    return Demand(int(given["pods"]), amount(given["cpu"]), amount(given["memory"]))


def _fit(pool: Mapping[str, Any], size: str, each: Demand, own: list[Pods]) -> PoolFit:
    """One pool at one size; `each` runs on every node of it."""
    nodes, most = int(pool[size]), pool.get("maxPods")
    node = Node(
        cpu=amount(pool["cpu"]),
        memory=amount(pool["memory"]),
        pods=int(most) if most else None,
        zones=int(pool.get("zones", 1)),
    )
    left = node.without(each)
    rows = [(it, it.rest if size == "min" else it.peak) for it in own]
    alike = [
        Alike(one=it.one, count=count, node_skew=it.node_skew, zone_skew=it.zone_skew)
        for it, count in rows
    ]
    pods = sum((it.one * count for it, count in rows), Demand())
    for_limits = [(pods.limits_cpu, node.cpu - each.limits_cpu),
                  (pods.limits_memory, node.memory - each.limits_memory)]  # fmt: skip
    return PoolFit(
        f"{pool['name']}",
        size,
        nodes,
        node.cpu * nodes,
        node.memory * nodes,
        pods + each * nodes,
        node.pods * nodes if node.pods else None,
        needed(alike, left),
        tuple(it.title for it, count in rows if count and not left.holds(it.one)),
        max(ceil(part / room) if room > 0 else 0 for part, room in for_limits),
    )


def _quotas(plan: Plan, pods: list[Pods], history: int | None) -> Iterator[QuotaUse | Uncounted]:
    pools, objects = plan.outputs.get("nodePools", ()), Objects(plan, pods, history)
    for row, manifest in kubernetes_objects(plan, "ResourceQuota"):
        (namespace, name), spec = names(row), known(manifest.get("spec"))
        for holder, key, at in ((manifest, "spec", "spec"), (spec, "hard", "spec.hard")):
            if is_mark(holder.get(key)):
                yield Uncounted(namespace, name, f"{at} must be known")
        rest, peak = Demand(), Demand()
        only = _priorities(spec)
        for it in (it for it in pods if it.namespace == namespace):
            if only is not None and it.priority not in only:
                continue
            least, most = running(it, pools)
            rest, peak = rest + it.one * least, peak + it.one * most
        for resource, hard in known(spec.get("hard")).items():
            attribute = POD_RESOURCES.get(resource)
            if reason := _untold(spec, resource, hard, by_priority=only is not None):
                yield Uncounted(namespace, resource, reason)
            elif attribute:
                used = Decimal(getattr(rest, attribute)), Decimal(getattr(peak, attribute))
                of = "" if only is None else name
                yield QuotaUse(namespace, resource, *used, amount(str(hard)), of)
            elif why := objects.unclear(namespace, resource):
                yield Uncounted(namespace, resource, why)
            else:
                use = objects.of(namespace)
                used = use.rest.get(resource, ZERO), use.peak.get(resource, ZERO)
                kept = use.earlier.get(resource, ZERO)
                yield QuotaUse(namespace, resource, *used, amount(str(hard)), earlier=kept)


def _untold(spec: Mapping[str, Any], resource: str, hard: object, *, by_priority: bool) -> str:
    """Why a quota itself does not tell what it counts; empty where it does."""
    if not _is_amount(hard):
        return f"spec.hard.{resource} must be known"
    if not by_priority and (spec.get("scopes") or spec.get("scopeSelector")):
        return "the quota counts some pods only, by its scopes"
    return ""


def _priorities(spec: Mapping[str, Any]) -> list[str] | None:
    """The priority classes whose pods a quota counts, where it counts by them alone; None for any other scope."""
    found = known_list(known(spec.get("scopeSelector")).get("matchExpressions"))
    if spec.get("scopes") or len(found) != 1:
        return None
    [only] = found
    values = only.get("values", ())
    by_name = only.get("scopeName") == "PriorityClass" and only.get("operator") == "In"
    return [*values] if by_name and isinstance(values, list | tuple) else None


def _is_amount(value: object) -> bool:
    try:
        amount(str(value))
    except ValueError:
        return False
    return True


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
                else (
                    "the stack needs",
                    "what is beyond it",
                    " or lower 'configHistory'" if use.earlier else "",
                )
            )
            yield Finding(
                rule="quota-peak",
                severity="mandatory",
                resource=f"ResourceQuota {use.namespace}{f'/{use.only}' if use.only else ''}",
                message=f"{needs} {use.text(use.peak)} {use.resource} of {use.text(use.hard)}{_earlier(use)}: "
                f"{refused} would be refused; raise the quota to {use.text(use.peak)}{remedy}",
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
        if row.unbounded:
            yield Finding(
                rule="cron-unbounded",
                severity="advisory",
                resource=row.title,
                message=f"nothing ends a run before the next ones start: {UNBOUNDED_RUNS} at once are counted and any "
                "number may pile up; set 'job.activeDeadlineSeconds', or 'cron.concurrencyPolicy: Forbid'",
            )
        if row.unknown:
            yield Finding(
                rule="unknown-amount",
                severity="advisory",
                resource=row.title,
                message=f"{', '.join(row.unknown)} is known after deployment only and is not counted",
            )


def _earlier(use: QuotaUse) -> str:
    if not use.earlier:
        return ""
    return f" while an update runs ({count_text(use.earlier)} are earlier versions, by 'configHistory')"


def _nodes(row: PoolFit) -> str:
    return f"{row.nodes} node{'' if row.nodes == 1 else 's'}"


def _pool_findings(row: PoolFit) -> Iterator[Finding]:
    """What is over is told with the smallest `max` that would do."""
    rows = (
        ("CPU", row.demand.requests_cpu, row.demand.limits_cpu, row.cpu, cpu_text),
        ("memory", row.demand.requests_memory, row.demand.limits_memory, row.memory, memory_text),
    )
    raised = _raised(row, row.needed)
    over = False
    for what, requests, limits, room, text in rows:
        if requests > room:
            over = True
            yield _of_pool(
                row,
                "pool-requests",
                f"{what} requests of {text(requests)} at the peak of a rollout exceed its {_nodes(row)} "
                f"({text(room)}): pods would stay Pending; {raised} or lower requests",
            )
        elif limits > room:
            effect = (
                "containers would be throttled"
                if what == "CPU"
                else "nodes could run out and evict pods"
            )
            yield _of_pool(
                row,
                "pool-limits",
                f"{what} limits of {text(limits)} at the peak of a rollout outgrow its {_nodes(row)} "
                f"({text(room)}): under full load {effect}; {_raised(row, row.limits_need)} or lower limits",
                "advisory",
            )
    if row.most_pods is not None and row.demand.pods > row.most_pods:
        over = True
        yield _of_pool(
            row,
            "pool-pods",
            f"{row.demand.pods} pods at the peak of a rollout exceed the {row.most_pods} of its {_nodes(row)}: the "
            f"rest would stay Pending; {raised} or lower replicas",
        )
    for title in row.too_large:
        yield _of_pool(
            row,
            "pool-pod",
            f"a pod of {title} asks for more than any of its nodes has left beside what runs on each: it would stay "
            "Pending; lower its requests or take a larger vmSize",
        )
    if not over and not row.too_large and (row.needed is None or row.needed > row.nodes):
        yield _of_pool(
            row,
            "pool-packing",
            f"its {_nodes(row)} hold the pods in sum, but placed one by one, the largest first, not all find a node "
            f"(an estimate): some could stay Pending; {raised} or lower requests",
            "advisory",
        )


def _raised(row: PoolFit, nodes: int | None) -> str:
    key = f"nodePools.{row.pool}.max"
    return (
        f"raise {key} from {row.nodes} to {nodes}"
        if nodes and nodes > row.nodes
        else f"raise {key}"
    )


def _of_pool(row: PoolFit, rule: str, message: str, severity: Severity = "mandatory") -> Finding:
    return Finding(rule=rule, severity=severity, resource=f"pool {row.pool}", message=message)
