"""Which pods run on which nodes: never a workload on a system pool."""

from collections.abc import Iterator

from settings.demand import one_pod
from settings.faults import Fault, did_you_mean
from settings.machines import allocatable
from settings.quantity import cpu_text, memory_text
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

SYSTEM_TAINT_KEY = "CriticalAddonsOnly"
POOL_LABEL = "agentpool"

SYSTEM_PRIORITY_PREFIX = "system-"
"""https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass"""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Pools exist, are for workloads, are tolerated, and one node of them can hold the pod."""
    workers = [name for name, pool in settings.node_pools.items() if pool.mode == "User"]
    wanted = [(("workloads", name, "pool"), it.pool, it) for name, it in settings.workloads.items()]
    if settings.ingress.controller == "nginx":
        wanted.append((("ingress", "pool"), settings.ingress.pool, None))  # type: ignore[arg-type]
    bound = settings.target == "aks" or settings.node_selectors
    for path, pool, workload in wanted:
        if pool is None:
            if workload and workload.kind != "daemonset":
                yield sources.fault(
                    path,
                    f"is required for a {workload.kind}",
                    remedy=f"name one of {', '.join(workers) or 'none yet: add a pool with mode User'}",
                )
            continue
        if pool in settings.node_pools and settings.node_pools[pool].mode == "System":
            yield sources.fault(
                path,
                "must be a worker pool: system pools carry the cluster's own pods",
                repr(pool),
                f"name one of {', '.join(workers) or 'none yet: add a pool with mode User'}",
            )
        elif pool not in settings.node_pools and bound:
            yield sources.fault(
                path,
                f"must be a worker pool of this stack: {', '.join(workers) or 'none'}",
                repr(pool),
                did_you_mean(pool, workers) or "add it to 'nodePools'",
            )
        elif workload and pool in settings.node_pools:
            yield from _fits(workload, settings, sources)
    yield from _wishes(settings, sources)


def _wishes(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for name, workload in settings.workloads.items():
        yield from _tolerations(name, workload, sources)
        yield from _node_labels(workload, ("workloads", name), sources)
        yield from _neighbours(workload, ("workloads", name), settings, sources)
        yield from _priority(workload, ("workloads", name, "priorityClass"), settings, sources)
    for name in settings.priority_classes:
        if name.startswith(SYSTEM_PRIORITY_PREFIX):
            rule = f"must not begin with {SYSTEM_PRIORITY_PREFIX!r}: those are the cluster's own"
            yield sources.fault(("priorityClasses", name), rule, remedy="rename it")


def _tolerations(name: str, workload: Workload, sources: Sources) -> Iterator[Fault]:
    for index, toleration in enumerate(workload.tolerations):
        at = ("workloads", name, "tolerations", index)
        if toleration.key in (None, SYSTEM_TAINT_KEY) and workload.kind != "daemonset":
            yield sources.fault(
                at,
                "tolerates the taint of system pools, which only a daemonset may",
                repr(toleration.key) if toleration.key else "",
                "remove it or name another taint",
            )
        if toleration.operator == "Equal" and (toleration.value is None or toleration.key is None):
            yield sources.fault(
                at, "needs 'key' and 'value' with operator Equal", remedy="add them or use Exists"
            )
        if toleration.operator == "Exists" and toleration.value is not None:
            rule = "goes with operator Equal only"
            yield sources.fault(
                (*at, "value"), rule, repr(toleration.value), "add 'operator: Equal'"
            )
        if toleration.toleration_seconds is not None and toleration.effect != "NoExecute":
            yield sources.fault(
                (*at, "tolerationSeconds"),
                "goes with effect NoExecute only: no other taint ends a pod",
                str(toleration.toleration_seconds),
                "add 'effect: NoExecute' or remove it",
            )


def _node_labels(workload: Workload, at: tuple[str, ...], sources: Sources) -> Iterator[Fault]:
    affinity = workload.affinity
    given = (
        (("nodeSelector",), workload.node_selector),
        (("affinity", "nodes"), affinity.nodes),
        (("affinity", "preferredNodes"), affinity.preferred_nodes),
    )
    for path, labels in given:
        for key, values in labels.items():
            if key == POOL_LABEL:
                rule = f"must not be {POOL_LABEL!r}: the pool is 'pool'"
                yield sources.fault((*at, *path, key), rule, remedy="remove it and write 'pool'")
            elif values == []:
                yield sources.fault(
                    (*at, *path, key), "must name at least one value", remedy="add one"
                )


def _neighbours(
    workload: Workload, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    affinity = workload.affinity
    for kind, wanted in (("near", affinity.near), ("apart", affinity.apart)):
        for name, how in wanted.items():
            path = (*at, "affinity", kind, name)
            other = settings.workloads.get(name)
            if other is None and name in sources.catalogue and sources.mended:
                continue  # a model refused it, and so it is told of
            if other is None or other.namespace != workload.namespace:
                known = [
                    it.name
                    for it in settings.workloads.values()
                    if it.namespace == workload.namespace
                ]
                yield sources.fault(
                    path,
                    f"must be a workload of namespace {workload.namespace}",
                    repr(name),
                    did_you_mean(name, known) or f"name one of {', '.join(known)}",
                )
            elif kind == "near":
                yield from _can_meet(workload, other, how, path, sources)


def _can_meet(
    workload: Workload, other: Workload, how: str, at: tuple[str, ...], sources: Sources
) -> Iterator[Fault]:
    """Whether a pod of `workload` can share a node with one of `other`."""
    name = other.name
    if other is workload:
        yield sources.fault(
            at, "names the workload itself, whose replicas keep apart", remedy="remove it"
        )
    elif name in workload.affinity.apart:
        yield sources.fault(
            at, "must not stand under 'apart', too", repr(name), "remove one of the two"
        )
    elif how == "required" and other.affinity.apart.get(workload.name) == "required":
        yield sources.fault(
            at,
            f"is required, and {name} must have no node with {workload.name}: its 'apart'",
            remedy="remove one of the two, or write 'preferred'",
        )
    elif how == "required" and workload.pool and other.pool not in (None, workload.pool):
        yield sources.fault(
            at,
            f"is required, and {name} runs in pool {other.pool}, not in {workload.pool}",
            remedy="use one pool for both, or write 'preferred'",
        )


def _priority(
    workload: Workload, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    known = settings.priority_classes
    if workload.priority_class and workload.priority_class not in known:
        yield sources.fault(
            at,
            f"must be a key in 'priorityClasses' of the stack: {', '.join(known) or 'none'}",
            repr(workload.priority_class),
            did_you_mean(workload.priority_class, known) or "add it there",
        )


def _fits(workload: Workload, settings: Settings, sources: Sources) -> Iterator[Fault]:
    pool = settings.node_pools[workload.pool or ""]
    usable = allocatable(pool)
    tenant = settings.namespaces.get(workload.namespace)
    asked = one_pod(workload, tenant.limits if tenant else None)
    at = ("workloads", workload.name)
    if usable:
        for key, request, room, text in (
            ("cpu", asked.requests_cpu, usable[0], cpu_text),
            ("memory", asked.requests_memory, usable[1], memory_text),
        ):
            if request > room:
                yield sources.fault(
                    (*at, "resources", "requests", key),
                    f"must fit one node of {workload.pool}, which has {text(room)} for pods",
                    repr(text(request)),
                    "lower it or take larger nodes",
                )
    for taint in pool.node_taints:
        key, _, effect = taint.partition(":")
        key, _, value = key.partition("=")
        tolerated = any(
            it.key in (None, key)
            and it.effect in (None, effect)
            and (it.operator == "Exists" or it.value == value)
            for it in workload.tolerations
        )
        if effect != "PreferNoSchedule" and not tolerated:
            yield sources.fault(
                (*at, "tolerations"),
                f"must tolerate {taint!r} of pool {workload.pool}",
                remedy=f"add {{key: {key}, operator: Exists}}",
            )
