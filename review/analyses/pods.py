"""The pods a plan leads to: how many, how large, where.

Read from the recorded objects, not from settings: what is counted is what the API server would be sent. An amount
that only a deployment can tell counts as nothing and is named in `unknown`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from manifests.charts import DIGEST_MARK
from manifests.third_party import NGINX_INGRESS
from review.plan import Plan, Resource
from settings.demand import Defaults, Demand, container, extra_pods, pod, with_overhead
from settings.overlap import UNBOUNDED_RUNS, runs_at_once
from settings.pod_fields import mapping

T = TypeVar("T")

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
RELEASE = "kubernetes:helm.sh/v3:Release"
POOL_LABEL = "agentpool"
SYSTEM_TAINT = "CriticalAddonsOnly"
NODE = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
DEFAULT_GRACE_SECONDS = 30
"""`terminationGracePeriodSeconds` of a pod that does not say."""


@dataclass(frozen=True, kw_only=True)
class Pods:
    """All pods of one controller."""

    kind: str
    namespace: str
    name: str
    pool: str | None
    """Node pool by label; None: any node."""

    per_node: bool
    """Whether there is one on every node (DaemonSet)."""

    on_system: bool
    """Whether the pods tolerate the taint of system pools."""

    one: Demand
    """One pod, with the namespace's defaults filled in."""

    rest: int
    """Pods at rest: the autoscaler's minimum, no run of a job."""

    full: int
    """Pods at the top of the scale, every job running."""

    peak: int
    """`full` with the extra pods of a rollout."""

    priority: str = ""
    """Its priority class; empty: none."""

    node_skew: int | None = None
    """By how many of them two nodes may differ, where that is required; 1 where none may be beside another."""

    zone_skew: int | None = None
    """The same of zones."""

    unbounded: bool = False
    """Whether nothing bounds how many of its runs are there at once; two are counted."""

    unknown: tuple[str, ...] = field(default=())
    """Paths whose amount is not known before a deployment."""

    @property
    def title(self) -> str:
        """As a reader names it."""
        return f"{self.kind} {self.namespace}/{self.name}"


def _of_rows(find: Callable[[Plan], T]) -> Callable[[Plan], T]:
    """`find`, which hangs on the rows of a plan alone, asked once for them: the last two plans are remembered."""
    last: list[tuple[tuple[Resource, ...], T]] = []

    def found(plan: Plan) -> T:
        for rows, made in last:
            if rows is plan.resources:
                return made
        made = find(plan)
        last[:] = [*last[-1:], (plan.resources, made)]
        return made

    return found


@_of_rows
def _by_kind(plan: Plan) -> Mapping[str | None, list[tuple[Resource, Mapping[str, Any]]]]:
    """Kubernetes objects by kind; under None all of them."""
    found: dict[str | None, list[tuple[Resource, Mapping[str, Any]]]] = {None: []}
    for resource in plan.resources:
        if resource.type.startswith("kubernetes:") and resource.type != RELEASE:
            row = resource, resource.inputs
            found[None].append(row)
            kind = resource.inputs.get("kind")
            if isinstance(kind, str):
                found.setdefault(kind, []).append(row)
    return found


def kubernetes_objects(
    plan: Plan, kind: str | None = None
) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Every Kubernetes object of the plan, or those of one kind, with its inputs."""
    return iter(_by_kind(plan).get(kind, ()))


def pods_of(plan: Plan) -> list[Pods]:
    """Every controller of the plan, in its order; a Helm release of a known chart as the Deployment it makes."""
    return [*_pods_of(plan)]


@_of_rows
def _pods_of(plan: Plan) -> list[Pods]:
    defaults = {
        meta(it)["namespace"]: _defaults(it) for _, it in kubernetes_objects(plan, "LimitRange")
    }
    scalers = {
        (
            meta(it)["namespace"],
            it["spec"]["scaleTargetRef"]["kind"],
            it["spec"]["scaleTargetRef"]["name"],
        ): it["spec"]
        for _, it in kubernetes_objects(plan, "HorizontalPodAutoscaler")
    }
    overheads = {
        it["metadata"]["name"]: mapping(mapping(it.get("overhead")).get("podFixed"))
        for _, it in kubernetes_objects(plan, "RuntimeClass")
    }
    found = [
        _controller(it, defaults, scalers, overheads)
        for _, it in kubernetes_objects(plan)
        if it.get("kind") in CONTROLLERS
    ]
    found += [_release(row, defaults) for row in releases(plan) if _is_known(row)]
    return found


def releases(plan: Plan) -> list[Resource]:
    """Every Helm release of the plan."""
    return [row for row in plan.resources if row.type == RELEASE]


def uncounted_charts(plan: Plan) -> list[tuple[str, str]]:
    """Namespace and release of each chart whose pods a plan does not tell."""
    return [
        (str(row.inputs.get("namespace", "default")), str(row.inputs.get("name", row.name)))
        for row in releases(plan)
        if not _is_known(row)
    ]


def _is_known(row: Resource) -> bool:
    """Whether it is the chart of the ingress controller, whose pods follow from its values."""
    return str(row.inputs.get("chart")).partition(DIGEST_MARK)[0] == NGINX_INGRESS.url


def running(row: Pods, pools: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Pods of `row` at rest and at the peak; for one a node, `pools` is the stack output `nodePools`."""
    if not row.per_node:
        return row.rest, row.peak
    may = [it for it in pools if row.on_system or it["mode"] == "User"]
    return sum(int(it["min"]) for it in may), sum(int(it["max"]) for it in may)


def pool_label(pool: Mapping[str, Any]) -> str:
    """What nodes of a row of the stack output `nodePools` carry as `agentpool`; its `name` is the key users know."""
    return f"{pool.get('agentpool', pool['name'])}"


def meta(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """`metadata`, with the namespace filled in."""
    return {"namespace": "default", **manifest["metadata"]}


def _defaults(limit_range: Mapping[str, Any]) -> Defaults:
    requests: dict[str, str] = {}
    limits: dict[str, str] = {}
    for item in limit_range["spec"]["limits"]:
        if item["type"] == "Container":
            filled = {**item.get("max", {}), **item.get("default", {})}
            limits |= filled
            # As the API server completes it: a default limit is the default request before a minimum is.
            requests |= {**item.get("min", {}), **filled, **item.get("defaultRequest", {})}
    return Defaults(requests, limits)


def _controller(
    manifest: Mapping[str, Any],
    defaults: Mapping[str, Defaults],
    scalers: Mapping[Any, Mapping[str, Any]],
    overheads: Mapping[str, Mapping[str, Any]],
) -> Pods:
    kind, metadata, spec = manifest["kind"], meta(manifest), manifest["spec"]
    namespace, name = metadata["namespace"], metadata["name"]
    job = spec["jobTemplate"]["spec"] if kind == "CronJob" else spec
    template = job["template"]["spec"]
    one, unknown = _pod(template, defaults.get(namespace, Defaults({}, {})), overheads)
    runs = _runs(spec, job, template) if kind == "CronJob" else 1
    rest, full, peak = _counts(kind, spec, job, scalers.get((namespace, kind, name)))
    peak *= UNBOUNDED_RUNS if runs is None else runs
    keys = {it.get("key") for it in template.get("tolerations", ())}
    return Pods(
        kind=kind,
        namespace=namespace,
        name=name,
        pool=template.get("nodeSelector", {}).get(POOL_LABEL),
        per_node=kind == "DaemonSet",
        on_system=bool(keys & {None, SYSTEM_TAINT}),
        one=one,
        rest=rest,
        full=full,
        peak=peak,
        priority=template.get("priorityClassName", ""),
        node_skew=_skew(template, NODE),
        zone_skew=_skew(template, ZONE),
        unbounded=runs is None,
        unknown=unknown,
    )


def _skew(template: Mapping[str, Any], key: str) -> int | None:
    rules = template.get("topologySpreadConstraints", ())
    found = [
        it["maxSkew"]
        for it in rules
        if it.get("topologyKey") == key and it.get("whenUnsatisfiable") != "ScheduleAnyway"
    ]
    return min(found, default=None)


def _counts(
    kind: str, spec: Mapping[str, Any], job: Mapping[str, Any], scaler: Mapping[str, Any] | None
) -> tuple[int, int, int]:
    """Pods at rest, at full scale and at the peak of a rollout; per node for a DaemonSet, of one run of a job."""
    if kind == "DaemonSet":
        return 1, 1, 1
    if kind in ("Job", "CronJob"):
        running = min(job.get("parallelism", 1), job.get("completions", job.get("parallelism", 1)))
        return 0, running, running
    rest = scaler.get("minReplicas", 1) if scaler else spec.get("replicas", 1)
    full = scaler["maxReplicas"] if scaler else rest
    rolling = spec.get("strategy", {})
    if kind == "StatefulSet" or rolling.get("type") == "Recreate":
        return rest, full, full
    return (
        rest,
        full,
        full + extra_pods(rolling.get("rollingUpdate", {}).get("maxSurge", "25%"), full),
    )


def _runs(
    spec: Mapping[str, Any], job: Mapping[str, Any], template: Mapping[str, Any]
) -> int | None:
    grace = _seconds(template.get("terminationGracePeriodSeconds"))
    return runs_at_once(
        str(spec.get("concurrencyPolicy") or "Allow"),
        str(spec.get("schedule")),
        deadline_seconds=_seconds(job.get("activeDeadlineSeconds")),
        grace_seconds=DEFAULT_GRACE_SECONDS if grace is None else grace,
        late_seconds=_seconds(spec.get("startingDeadlineSeconds")),
    )


def _seconds(value: object) -> int | None:
    """A number of seconds; None where there is none, or only a deployment tells it."""
    return int(value) if isinstance(value, int | float) else None


def _pod(
    template: Mapping[str, Any], defaults: Defaults, overheads: Mapping[str, Mapping[str, Any]]
) -> tuple[Demand, tuple[str, ...]]:
    unknown: list[str] = []

    def share(item: Mapping[str, Any]) -> Demand:
        resources = item.get("resources", {})
        sides = []
        for side in ("requests", "limits"):
            amounts = {}
            for key, value in resources.get(side, {}).items():
                if isinstance(value, str | int | float):
                    amounts[key] = str(value)
                else:
                    unknown.append(f"{item['name']}.{side}.{key}")
            sides.append(amounts)
        return container(sides[0], sides[1], defaults)

    init = [
        (share(it), it.get("restartPolicy") == "Always")
        for it in template.get("initContainers", ())
    ]
    one = pod([share(it) for it in template["containers"]], init)
    named = template.get("runtimeClassName")
    if named and named not in overheads and "overhead" not in template:
        unknown.append(f"what RuntimeClass {named} adds")
    overhead = mapping(template.get("overhead") or overheads.get(str(named)))
    more = (str(overhead.get(key, "0")) for key in ("cpu", "memory"))
    return with_overhead(one, *more), tuple(unknown)


def _release(row: Resource, defaults: Mapping[str, Defaults]) -> Pods:
    """The controller Deployment of the F5 NGINX chart, from its values."""
    controller = row.inputs.get("values", {}).get("controller", {})
    namespace = str(row.inputs.get("namespace", "default"))
    resources = controller.get("resources", {})
    filled = defaults.get(namespace, Defaults({}, {}))
    one = pod([container(resources.get("requests", {}), resources.get("limits", {}), filled)])
    count = int(controller.get("replicaCount", 1))
    return Pods(
        kind="Release",
        namespace=namespace,
        name=str(row.inputs.get("name", row.name)),
        pool=controller.get("nodeSelector", {}).get(POOL_LABEL),
        per_node=controller.get("kind") == "daemonset",
        on_system=False,
        one=one,
        rest=count,
        full=count,
        peak=count + extra_pods("25%", count),
    )
