"""The pods a plan leads to: how many, how large, where.

Read from the recorded objects, not from settings: what is counted is what the API server would be sent. An amount
that only a deployment can tell counts as nothing, a number of pods as one, and both are named in `unknown`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from manifests.charts import DIGEST_MARK
from manifests.third_party import NGINX_INGRESS
from review.analyses.pod_sizes import Filled, Scaler, amounts, counts, filled_by, one_pod, runs
from review.marks import NAMELESS, Reader, known, known_list, names, text
from review.plan import Plan, Resource, of_rows
from settings.demand import Demand, container, extra_pods, pod
from settings.overlap import UNBOUNDED_RUNS

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
RELEASE = "kubernetes:helm.sh/v3:Release"
POOL_LABEL = "agentpool"
SYSTEM_TAINT = "CriticalAddonsOnly"
NODE = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"


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

    unplaced: tuple[str, ...] = ()
    """Those of them that must be known to say on which nodes they may run."""

    @property
    def title(self) -> str:
        """As a reader names it."""
        return f"{self.kind} {self.namespace}/{self.name}"


@of_rows
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


@of_rows
def _pods_of(plan: Plan) -> list[Pods]:
    around = _Around(plan)
    found = [
        _controller(row, around)
        for row, it in kubernetes_objects(plan)
        if isinstance(kind := it.get("kind"), str) and kind in CONTROLLERS
    ]
    found += [_release(row, around) for row in releases(plan) if _is_known(row)]
    return found


class _Around:
    """What objects beside it say of a controller's pods."""

    def __init__(self, plan: Plan) -> None:
        self.filled = {
            names(row)[0]: filled_by(f"LimitRange {'/'.join(names(row))}", it)
            for row, it in kubernetes_objects(plan, "LimitRange")
        }
        self.overheads = {
            names(row)[1]: known(known(it.get("overhead")).get("podFixed"))
            for row, it in kubernetes_objects(plan, "RuntimeClass")
        }
        self.scalers: dict[tuple[str, str, str], Scaler] = {}
        self.astray: dict[str, str] = {}
        """By namespace, or the lack of one: the path by which an autoscaler does not tell what it scales."""
        for row, it in kubernetes_objects(plan, "HorizontalPodAutoscaler"):
            spec = known(it.get("spec"))
            target = known(spec.get("scaleTargetRef"))
            kind, name = target.get("kind"), target.get("name")
            home, own = names(row)
            title = f"HorizontalPodAutoscaler {home}/{own}"
            if home == NAMELESS:
                self.astray[home] = f"{title}: metadata.namespace"
            elif isinstance(kind, str) and isinstance(name, str):
                self.scalers[home, kind, name] = Scaler(title, spec)
            else:
                self.astray[home] = f"{title}: spec.scaleTargetRef"

    def scaler(self, key: tuple[str, str, str], reader: Reader) -> Scaler | None:
        """Of a namespace, kind and name."""
        found = self.scalers.get(key)
        if found is None and self.astray and key[1] in ("Deployment", "StatefulSet"):
            reader.unknown += filter(None, (self.astray.get(it) for it in (key[0], NAMELESS)))
        return found


def releases(plan: Plan) -> list[Resource]:
    """Every Helm release of the plan."""
    return [row for row in plan.resources if row.type == RELEASE]


def release_key(row: Resource) -> tuple[str, str]:
    """Namespace and name of a release, as far as the plan tells them; its logical name where Helm names it."""
    home, name = row.inputs.get("namespace", "default"), row.inputs.get("name")
    return text(home) or NAMELESS, text(name) or row.name


def uncounted_charts(plan: Plan) -> list[tuple[str, str]]:
    """Namespace and release of each chart whose pods a plan does not tell."""
    return [release_key(row) for row in releases(plan) if not _is_known(row)]


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
    return {"namespace": "default", **known(manifest.get("metadata"))}


def pools_of(plan: Plan) -> tuple[Mapping[str, Any], ...]:
    """Rows of the output `nodePools` whose size is known, with `agentpool` filled in."""
    return tuple(
        {**it, "agentpool": pool_label(it)}
        for it in known_list(plan.outputs.get("nodePools"))
        if all(isinstance(it.get(key), int) for key in ("min", "max")) and "name" in it
    )


def _controller(row: Resource, around: _Around) -> Pods:
    reader, placing = Reader(), Reader()
    kind, (namespace, name) = row.inputs["kind"], names(row)
    metadata = reader.map(row.inputs, "metadata", "metadata")
    for key in ("namespace", "name"):
        reader.text(metadata, key, f"metadata.{key}")
    spec, at = placing.map(row.inputs, "spec", "spec"), "spec"
    job = spec
    if kind == "CronJob":
        at = "spec.jobTemplate.spec"
        job = placing.map(placing.map(spec, "jobTemplate", "spec.jobTemplate"), "spec", at)
    pods = f"{at}.template.spec"
    template = placing.map(placing.map(job, "template", f"{at}.template"), "spec", pods)
    one = one_pod(template, pods, around.filled.get(namespace, Filled()), around.overheads, reader)
    at_once: int | None = 1
    if kind == "CronJob":
        reader.text(spec, "concurrencyPolicy", "spec.concurrencyPolicy")
        at_once = runs(spec, job, template)
    scaler = around.scaler((namespace, kind, name), reader)
    rest, full, peak = counts(kind, spec, (job, at), scaler, reader)
    keys = {
        placing.text(it, "key", f"{pods}.tolerations[].key") if "key" in it else None
        for it in placing.items(template, "tolerations", f"{pods}.tolerations")
    }
    return Pods(
        kind=kind,
        namespace=namespace,
        name=name,
        pool=_pool(template, pods, placing),
        per_node=kind == "DaemonSet",
        on_system=bool(keys & {None, SYSTEM_TAINT}),
        one=one,
        rest=rest,
        full=full,
        peak=peak * (UNBOUNDED_RUNS if at_once is None else at_once),
        priority=reader.text(template, "priorityClassName", f"{pods}.priorityClassName"),
        node_skew=_skew(template, pods, NODE, reader),
        zone_skew=_skew(template, pods, ZONE, reader),
        unbounded=at_once is None,
        unknown=tuple(dict.fromkeys((*reader.unknown, *placing.unknown))),
        unplaced=tuple(placing.unknown),
    )


def _pool(holder: Mapping[str, Any], at: str, reader: Reader) -> str | None:
    at = f"{at}.nodeSelector"
    return (
        reader.text(reader.map(holder, "nodeSelector", at), POOL_LABEL, f"{at}.{POOL_LABEL}")
        or None
    )


def _skew(template: Mapping[str, Any], at: str, key: str, reader: Reader) -> int | None:
    at = f"{at}.topologySpreadConstraints"
    rules = reader.items(template, "topologySpreadConstraints", at)
    found = [
        reader.number(it, "maxSkew", f"{at}[{key}].maxSkew", 1)
        for it in rules
        if reader.text(it, "topologyKey", f"{at}[].topologyKey") == key
        and it.get("whenUnsatisfiable") != "ScheduleAnyway"
    ]
    return min(found, default=None)


def _release(row: Resource, around: _Around) -> Pods:
    """The controller Deployment of the F5 NGINX chart, from its values."""
    reader, placing = Reader(), Reader()
    at = "values.controller"
    controller = reader.map(reader.map(row.inputs, "values", "values"), "controller", at)
    namespace = release_key(row)[0]
    resources = reader.map(controller, "resources", f"{at}.resources")
    sides = [
        amounts(resources, key, f"{at}.resources.{key}", reader) for key in ("requests", "limits")
    ]
    filled = around.filled.get(namespace, Filled())
    count = reader.number(controller, "replicaCount", f"{at}.replicaCount", 1)
    pool = _pool(controller, at, placing)
    return Pods(
        kind="Release",
        namespace=namespace,
        name=release_key(row)[1],
        pool=pool,
        per_node=controller.get("kind") == "daemonset",
        on_system=False,
        one=pod([container(sides[0], sides[1], filled.defaults)]),
        rest=count,
        full=count,
        peak=count + extra_pods("25%", count),
        unknown=tuple(dict.fromkeys((*reader.unknown, *placing.unknown))),
        unplaced=tuple(placing.unknown),
    )
