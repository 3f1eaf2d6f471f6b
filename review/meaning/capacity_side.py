"""One plan's capacity as plain data: what fits where, each workload's share, and what could not be counted.

The analysis reads amounts and counts as they are; an object with a mark in their place is left out here, and named
with the path that must be known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from review.analyses.capacity import Capacity, capacity
from review.analyses.pods import (
    CONTROLLERS,
    RELEASE,
    Pods,
    pods_of,
    pools_of,
    release_key,
    uncounted_charts,
)
from review.guard.rows_pools import POOL
from review.guard.table import plain_type
from review.marks import is_mark, known, names
from review.plan import Plan, Resource
from review.sources.memo import contents
from settings.quantity import amount

_READ: Final = (
    *CONTROLLERS,
    "HorizontalPodAutoscaler",
    "LimitRange",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "RuntimeClass",
    "Service",
)
"""Kinds whose fields are counted; of all others only that they are there."""


@dataclass(frozen=True)
class Load:
    """One workload: how many pods, and what each asks for."""

    rest: int
    full: int
    peak: int
    cpu: Decimal
    """Cores requested by one pod."""

    memory: Decimal
    """Bytes requested by one pod."""

    per_node: bool
    pool: str
    """Label of its pool; empty: any."""

    urn: str


@dataclass(frozen=True)
class Size:
    """One node pool, as the program says it."""

    mode: str
    least: int
    most: int
    cpu: Decimal
    """Cores of a node that pods can use."""

    memory: Decimal
    """Bytes of a node that pods can use."""

    vm_size: str
    """Empty where no plan has it: an existing cluster."""

    urn: str


@dataclass(frozen=True)
class Side:
    """What one plan asks for, and what there is."""

    fit: Capacity
    loads: Mapping[str, Load]
    """By title, `Deployment course/web`."""

    sizes: Mapping[str, Size]
    """By the pool's key in the settings."""

    unread: Mapping[tuple[str, str], str]
    """What could not be counted, by title and by the path that must be known: the URN."""

    quotas: Mapping[str, str]
    """URNs of ResourceQuotas, by namespace."""

    unbounded: Mapping[str, str]
    """URNs of cron jobs whose runs may pile up, by title."""

    charts: Mapping[str, str]
    """URNs of releases whose pods a plan does not tell, by title."""


def of_plan(plan: Plan) -> Side:
    """Count the plan; what only a deployment tells is left out and named."""
    told, unread = _told(plan)
    rows, fit = _counted(told)
    if fit is None:
        told = _one_by_one(told, unread)
        rows, fit = _counted(told)
    if fit is None:
        told = replace(told, resources=())
        unread["the stack", "resources"] = ""
        rows, fit = [], Capacity((), ())
    urns, quotas = {}, {}
    for row in told.resources:
        if row.type == RELEASE:
            urns[f"Release {'/'.join(release_key(row))}"] = row.urn
        elif (kind := row.inputs.get("kind")) in CONTROLLERS:
            urns[f"{kind} {'/'.join(names(row))}"] = row.urn
        elif kind == "ResourceQuota":
            quotas[names(row)[0]] = row.urn
    for it in rows:
        unread |= {(it.title, path): urns.get(it.title, "") for path in it.unknown}
    return Side(
        _sorted(fit),
        {it.title: _load(it, urns) for it in sorted(rows, key=lambda one: one.title)},
        _sizes(told),
        dict(sorted(unread.items())),
        dict(sorted(quotas.items())),
        {it.title: urns.get(it.title, "") for it in rows if it.unbounded},
        {
            f"Release {space}/{name}": urns[f"Release {space}/{name}"]
            for space, name in uncounted_charts(told)
        },
    )


def _counted(plan: Plan) -> tuple[list[Pods], Capacity | None]:
    """Pods and fit; None where an object is not shaped like one of Kubernetes."""
    try:
        rows = pods_of(plan)
        return rows, capacity(plan)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return [], None


def _load(it: Pods, urns: Mapping[str, str]) -> Load:
    cpu, memory = it.one.requests_cpu, it.one.requests_memory
    urn = urns.get(it.title, "")
    return Load(it.rest, it.full, it.peak, cpu, memory, it.per_node, it.pool or "", urn)


def _sorted(fit: Capacity) -> Capacity:
    return Capacity(
        tuple(sorted(fit.pools, key=lambda it: (it.pool, it.size))),
        tuple(sorted(fit.quotas, key=lambda it: (it.namespace, it.resource, it.only))),
        tuple(sorted(fit.uncounted, key=lambda it: (it.namespace, it.resource))),
    )


def _sizes(plan: Plan) -> dict[str, Size]:
    machines = {
        it.inputs.get("agentPoolName"): it
        for it in plan.resources
        if plain_type(it.type) == POOL and isinstance(it.inputs.get("agentPoolName"), str)
    }
    found = {}
    for it in pools_of(plan):
        machine = machines.get(it["agentpool"])
        size = machine.inputs.get("vmSize") if machine else None
        found[str(it["name"])] = Size(
            str(it.get("mode")),
            it["min"],
            it["max"],
            _amount(it.get("cpu")),
            _amount(it.get("memory")),
            size if isinstance(size, str) else "",
            machine.urn if machine else "",
        )
    return dict(sorted(found.items()))


def _amount(value: Any) -> Decimal:
    try:
        return amount(str(value))
    except ValueError:
        return Decimal(0)


Unread = dict[tuple[str, str], str]


def _told(plan: Plan) -> tuple[Plan, Unread]:
    """The plan without objects that cannot be counted for a mark, and without pools whose size is not known."""
    unread: Unread = {}
    kept = []
    for row, content in zip(plan.resources, contents(plan), strict=True):
        if path := _marked(row, somewhere=content.marked):
            unread[_title(row), path] = row.urn
        else:
            kept.append(row)
    # The same rows are the same pods, which others have asked for.
    resources = tuple(kept) if unread else plan.resources
    pools = plan.outputs.get("nodePools")
    rows = [it for it in pools_of(plan) if all(map(_amount, (it.get("cpu"), it.get("memory"))))]
    listed = pools if isinstance(pools, list | tuple) else ()
    if is_mark(pools) or len(listed) != len(rows):
        unread["the node pools", "outputs.nodePools"] = ""
    outputs = {**plan.outputs, "nodePools": [*rows]}
    return replace(plan, resources=resources, outputs=outputs), unread


def _title(row: Resource) -> str:
    namespace, name = names(row)
    return f"{row.inputs.get('kind', row.type.rpartition(':')[2])} {namespace}/{name}"


_COUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Deployment": ("replicas", "strategy", "template"),
    "StatefulSet": ("replicas", "template", "volumeClaimTemplates"),
    "DaemonSet": ("template",),
    "Job": ("parallelism", "completions", "template"),
    "CronJob": ("jobTemplate", "concurrencyPolicy"),
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas", "scaleTargetRef"),
    "LimitRange": ("limits",),
    "ResourceQuota": ("hard", "scopes", "scopeSelector"),
}
_SKIPPED: Final = frozenset(
    {
        *("resources", "volumes", "metadata", "image", "env", "envFrom", "volumeMounts"),
        *("command", "args", "ports", "securityContext", "serviceAccountName", "affinity"),
        *("livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "imagePullSecrets"),
    }
)
"""Inside pods: amounts that are not known the analysis names itself, and the rest is not counted."""


def _marked(row: Resource, *, somewhere: bool) -> str:
    """The path of a mark where something is counted; empty where all of it is told. `somewhere` is whether the row has
    one at all."""
    if not row.type.startswith("kubernetes:") or row.type == RELEASE:
        return ""
    inputs, kind = row.inputs, row.inputs.get("kind")
    metadata = inputs.get("metadata")
    if is_mark(metadata):
        return "metadata"
    for key in ("name", "namespace"):
        if not isinstance(known(metadata).get(key), str | None):
            return f"metadata.{key}"
    if not somewhere or kind not in _READ:
        return ""
    spec = inputs.get("spec")
    if is_mark(spec):
        return "spec"
    for key in _COUNTS.get(str(kind), ()):
        for path in _marks(known(spec).get(key), f"spec.{key}"):
            return path
    return ""


def _marks(value: Any, at: str) -> Iterator[str]:
    if is_mark(value):
        yield at
    elif isinstance(value, Mapping):
        for key, it in value.items():
            if key not in _SKIPPED:
                yield from _marks(it, f"{at}.{key}")
    elif isinstance(value, list | tuple):
        for index, it in enumerate(value):
            yield from _marks(it, f"{at}[{index}]")


def _one_by_one(plan: Plan, unread: Unread) -> Plan:
    """The plan without objects that cannot be counted for another reason: no plan of this program has one."""
    kept = []
    for row in plan.resources:
        is_object = row.type.startswith("kubernetes:") and row.type != RELEASE
        if not is_object:
            if row.type != RELEASE or _counted(replace(plan, resources=(row,)))[1] is not None:
                kept.append(row)
            else:
                unread[f"Release {row.name}", "values"] = row.urn
        elif _is_shaped(row) and _counted(replace(plan, resources=(row,)))[1] is not None:
            kept.append(row)
        else:
            unread[_title(row), "spec"] = row.urn
    return replace(plan, resources=tuple(kept))


def _is_shaped(row: Resource) -> bool:
    """Whether an object has what no other one of the plan could make up for."""
    if not known(row.inputs.get("metadata")):
        return False
    if row.inputs.get("kind") != "HorizontalPodAutoscaler":
        return True
    spec = known(row.inputs.get("spec"))
    bounds = (spec.get("minReplicas", 1), spec.get("maxReplicas"))
    return all(isinstance(it, int) and not isinstance(it, bool) for it in bounds)
