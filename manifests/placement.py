"""Which nodes the pods run on, beside whom, and how they keep apart."""

from collections.abc import Iterable, Mapping
from typing import Any

from manifests.labels import NAME, selector
from settings.pool_names import pool_name
from settings.stack import Settings
from settings.tracks import Track
from settings.workload import Workload

POOL_LABEL = "agentpool"
"""AKS puts the pool's name on every node."""

ZONE = "topology.kubernetes.io/zone"
NODE = "kubernetes.io/hostname"

MOST_WEIGHT = 100
"""Of a preference: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"""


def placement(settings: Settings, workload: Workload, track: Track) -> dict[str, Any]:
    """The fields of a pod's spec that the scheduler reads; empty ones are left out."""
    pool: dict[str, str] = {}
    if settings.node_selectors and workload.pool:
        pool[POOL_LABEL] = pool_name(settings, workload.pool)
    tolerations = [it.model_dump(by_alias=True, exclude_none=True) for it in workload.tolerations]
    fields = {
        "nodeSelector": {**workload.node_selector, **pool},
        "affinity": _affinity(workload),
        "tolerations": tolerations,
        "priorityClassName": workload.priority_class,
        "topologySpreadConstraints": _spread(settings, workload, track),
    }
    return {key: given for key, given in fields.items() if given}


def _affinity(workload: Workload) -> dict[str, Any]:
    wanted = workload.affinity
    if not (wanted.near or wanted.apart or wanted.nodes or wanted.preferred_nodes):
        return {}
    found = {
        "nodeAffinity": _nodes(wanted.nodes, wanted.preferred_nodes),
        "podAffinity": _neighbours(wanted.near),
        "podAntiAffinity": _neighbours(wanted.apart),
    }
    return {key: given for key, given in found.items() if given}


def _nodes(needed: Mapping[str, list[str]], preferred: Mapping[str, list[str]]) -> dict[str, Any]:
    def expressions(of: Iterable[tuple[str, list[str]]]) -> list[dict[str, Any]]:
        return [{"key": key, "operator": "In", "values": [*values]} for key, values in of]

    found: dict[str, Any] = {}
    if needed:
        terms = [{"matchExpressions": expressions(needed.items())}]
        found["requiredDuringSchedulingIgnoredDuringExecution"] = {"nodeSelectorTerms": terms}
    if preferred:
        found["preferredDuringSchedulingIgnoredDuringExecution"] = [
            {"weight": MOST_WEIGHT, "preference": {"matchExpressions": expressions([it])}}
            for it in preferred.items()
        ]
    return found


def _neighbours(others: Mapping[str, str]) -> dict[str, Any]:
    """Pods of other workloads by name, whichever version; no namespace: the pod's own."""

    def term(name: str) -> dict[str, Any]:
        return {"labelSelector": {"matchLabels": {NAME: name}}, "topologyKey": NODE}

    needed = [term(name) for name, how in others.items() if how == "required"]
    preferred = [
        {"weight": MOST_WEIGHT, "podAffinityTerm": term(name)}
        for name, how in others.items()
        if how == "preferred"
    ]
    found: dict[str, Any] = {}
    if needed:
        found["requiredDuringSchedulingIgnoredDuringExecution"] = needed
    if preferred:
        found["preferredDuringSchedulingIgnoredDuringExecution"] = preferred
    return found


def _spread(settings: Settings, workload: Workload, track: Track) -> list[dict[str, Any]]:
    """Replicas keep apart; nothing to do for one, for a daemonset or for a job.

    `matchLabelKeys` lets a Deployment's new pods ignore the old ones, which go. A statefulset needs none: it has no
    surge, so each old pod is gone before its successor is placed.
    """
    if workload.kind not in ("deployment", "statefulset") or workload.most_replicas < 2:
        return []
    revision: dict[str, Any] = (
        {"matchLabelKeys": ["pod-template-hash"]} if workload.kind == "deployment" else {}
    )
    rules = ((ZONE, _over_zones(settings, workload)), (NODE, workload.spread.nodes))
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": rule,
            # A node that the pods may not use must not count as an empty place.
            "nodeTaintsPolicy": "Honor",
            "labelSelector": {"matchLabels": selector(workload, track)},
            **{name: [*keys] for name, keys in revision.items()},
        }
        for key, rule in rules
        if rule
    ]


def _over_zones(settings: Settings, workload: Workload) -> str | None:
    """`availability: ha` insists on zones only where the pool has two: elsewhere no node may have the label, and
    then no pod would find one."""
    rule = workload.spread.zones
    if rule != "DoNotSchedule" or workload.availability != "ha":
        return rule
    pool = settings.node_pools.get(workload.pool or "")
    return rule if pool and len(pool.zones) > 1 else "ScheduleAnyway"
