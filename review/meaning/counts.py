"""How many pods a controller has and where they may run, for plans of anybody: what is not known is said to be so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from review.analyses.pods import POOL_LABEL, SYSTEM_TAINT, pools_of
from review.marks import known, known_list, names
from review.meaning.controllers import Controller, Key
from review.plan import Plan

Pools = Sequence[Mapping[str, Any]]
"""The stack output `nodePools`."""

_SCALED: Final = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


@dataclass(frozen=True, kw_only=True)
class Count:
    """Of one controller."""

    rest: int
    """Pods at rest: the autoscaler's minimum; one run of a job."""

    full: int
    """At the top of the scale."""

    pool: str = ""
    """Label of the pool that its pods are bound to; empty: any."""

    unknown: str = ""
    """Path that must be known to say how many: then 1 is counted."""

    @property
    def text(self) -> str:
        """`1 pod`, `3 to 8 pods`."""
        if self.unknown:
            return f"an unknown number of pods ({self.unknown} is known after deployment only)"
        if self.rest == self.full:
            return f"{self.rest} pod{'' if self.rest == 1 else 's'}"
        return f"{self.rest} to {self.full} pods"


def counts(plan: Plan, controllers: Mapping[Key, Controller]) -> dict[Key, Count]:
    """Of each of `controllers`."""
    pools = pools_of(plan)
    scalers: dict[Key, Mapping[str, Any]] = {}
    for row in plan.resources:
        if row.inputs.get("kind") == "HorizontalPodAutoscaler":
            spec = known(row.inputs.get("spec"))
            target = known(spec.get("scaleTargetRef"))
            scalers[str(target.get("kind")), names(row)[0], str(target.get("name"))] = spec
    return {key: _count(it, scalers.get(key), pools) for key, it in controllers.items()}


def _count(it: Controller, scaler: Mapping[str, Any] | None, pools: Pools) -> Count:
    selector = known(it.pod.get("nodeSelector")).get(POOL_LABEL)
    pool = selector if isinstance(selector, str) else ""
    if it.kind == "DaemonSet":
        may = [one for one in pools if _may_run(it, one, pool)]
        return Count(
            rest=sum(one["min"] for one in may), full=sum(one["max"] for one in may), pool=pool
        )
    if it.kind in ("Job", "CronJob"):
        spec = it.spec if it.kind == "Job" else known(known(it.spec.get("jobTemplate")).get("spec"))
        at_once = spec.get("parallelism", 1)
        if not isinstance(at_once, int):
            return Count(rest=1, full=1, pool=pool, unknown="spec.parallelism")
        done = spec.get("completions", at_once)
        run = min(at_once, done) if isinstance(done, int) else at_once
        return Count(rest=run, full=run, pool=pool)
    if it.kind not in _SCALED:
        return Count(rest=1, full=1, pool=pool)
    if scaler is not None:
        least, most = scaler.get("minReplicas", 1), scaler.get("maxReplicas", 1)
        if isinstance(least, int) and isinstance(most, int):
            return Count(rest=least, full=most, pool=pool)
        return Count(rest=1, full=1, pool=pool, unknown="the bounds of its autoscaler")
    replicas = it.spec.get("replicas", 1)
    if not isinstance(replicas, int):
        return Count(rest=1, full=1, pool=pool, unknown="spec.replicas")
    return Count(rest=replicas, full=replicas, pool=pool)


def _may_run(it: Controller, pool: Mapping[str, Any], bound: str) -> bool:
    if bound:
        return bool(pool["agentpool"] == bound)
    keys = {one.get("key") for one in known_list(it.pod.get("tolerations"))}
    return pool.get("mode") == "User" or bool(keys & {None, SYSTEM_TAINT})
