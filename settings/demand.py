"""What pods ask for, as the API server counts it: defaults filled in first, rollout's extra pods included.

Rules: a limit without a request is the request, too; what is still missing comes from the LimitRange; a pod is the
larger of all its containers together and of its largest init step; a Deployment may run `maxSurge` more pods while it
rolls (https://kubernetes.io/docs/concepts/policy/resource-quotas/ , .../limit-range/ , .../init-containers/).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil

from settings.bounds import Limits, Ratios
from settings.container import Amounts, ContainerSettings
from settings.overlap import UNBOUNDED_RUNS, runs_at_once
from settings.quantity import amount
from settings.stack import Settings
from settings.start_order import is_sidecar, start_order
from settings.tracks import running
from settings.workload import Workload

ZERO = Decimal(0)


@dataclass(frozen=True)
class Demand:
    """Sums of requests and limits, in cores and bytes, and how many pods they are for."""

    pods: int = 0
    requests_cpu: Decimal = ZERO
    requests_memory: Decimal = ZERO
    limits_cpu: Decimal = ZERO
    limits_memory: Decimal = ZERO

    def __add__(self, other: "Demand") -> "Demand":
        return Demand(
            self.pods + other.pods,
            self.requests_cpu + other.requests_cpu,
            self.requests_memory + other.requests_memory,
            self.limits_cpu + other.limits_cpu,
            self.limits_memory + other.limits_memory,
        )

    def __mul__(self, count: int) -> "Demand":
        return Demand(
            self.pods * count,
            self.requests_cpu * count,
            self.requests_memory * count,
            self.limits_cpu * count,
            self.limits_memory * count,
        )

    def either(self, other: "Demand") -> "Demand":
        """The larger of the two, amount by amount."""
        return Demand(
            max(self.pods, other.pods),
            max(self.requests_cpu, other.requests_cpu),
            max(self.requests_memory, other.requests_memory),
            max(self.limits_cpu, other.limits_cpu),
            max(self.limits_memory, other.limits_memory),
        )


@dataclass(frozen=True)
class Defaults:
    """What a LimitRange fills in for a container that does not say."""

    requests: Mapping[str, str]
    """A default limit without a default request is that, too."""

    limits: Mapping[str, str]


NO_DEFAULTS = Defaults({}, {})


def container(
    requests: Mapping[str, str], limits: Mapping[str, str], defaults: Defaults = NO_DEFAULTS
) -> Demand:
    """One container's share; keys `cpu` and `memory`, quantities as text."""

    def limit(name: str) -> Decimal:
        return amount(limits.get(name) or defaults.limits.get(name) or "0")

    def request(name: str) -> Decimal:
        own = requests.get(name) or limits.get(name)
        return amount(own or defaults.requests.get(name) or defaults.limits.get(name) or "0")

    return Demand(0, request("cpu"), request("memory"), limit("cpu"), limit("memory"))


def pod(containers: Iterable[Demand], init: Iterable[tuple[Demand, bool]] = ()) -> Demand:
    """One pod; `init` are the init containers in order, each with whether it is a sidecar that keeps running."""
    running, largest = Demand(), Demand()
    for share, sidecar in init:
        if sidecar:
            running = running + share
            largest = largest.either(running)
        else:
            largest = largest.either(running + share)
    total = sum(containers, running).either(largest)
    return Demand(
        1, total.requests_cpu, total.requests_memory, total.limits_cpu, total.limits_memory
    )


def with_overhead(one: Demand, cpu: str, memory: str) -> Demand:
    """A pod with what its runtime takes beside the containers: of a limit only where there is one.

    https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/
    """
    more_cpu, more_memory = amount(cpu), amount(memory)
    return Demand(
        one.pods,
        one.requests_cpu + more_cpu,
        one.requests_memory + more_memory,
        one.limits_cpu + more_cpu if one.limits_cpu else ZERO,
        one.limits_memory + more_memory if one.limits_memory else ZERO,
    )


def extra_pods(surge: int | str, replicas: int) -> int:
    """How many pods `maxSurge` adds; a percentage rounds up, as the Deployment controller does."""
    if isinstance(surge, int):
        return surge
    return ceil(Decimal(surge.rstrip("%")) * replicas / 100)


def defaults_of(limits: Limits) -> Defaults:
    """The namespace's LimitRange, for `container`, as the API server completes it: a maximum is the default limit
    where none is given, that the default request, and then a minimum."""
    filled = {**amounts(limits.max), **amounts(limits.default)}
    return Defaults({**amounts(limits.min), **filled, **amounts(limits.default_request)}, filled)


def ratios(of: Ratios) -> dict[str, str]:
    """Wire form: only what is set."""
    return {key: str(it) for key, it in (("cpu", of.cpu), ("memory", of.memory)) if it}


def amounts(of: Amounts) -> dict[str, str]:
    """Wire form: only what is set."""
    return _named((of.cpu, of.memory))


def one_pod(workload: Workload, limits: Limits | None) -> Demand:
    """A pod of `workload` in a namespace with `limits`, its further containers included."""
    own = workload.resources
    filled = defaults_of(limits) if limits else NO_DEFAULTS
    if workload.containers:
        return _several(workload, filled)
    return _one_pod(
        (own.requests.cpu, own.requests.memory),
        (own.limits.cpu, own.limits.memory),
        (filled.requests.get("cpu"), filled.requests.get("memory")),
        (filled.limits.get("cpu"), filled.limits.get("memory")),
    )


_Pair = tuple[str | None, str | None]


@lru_cache(maxsize=1024)
def _one_pod(requests: _Pair, limits: _Pair, default_requests: _Pair, default: _Pair) -> Demand:
    """Of CPU and memory each; a thousand workloads have a handful of sizes."""
    filled = Defaults(_named(default_requests), _named(default))
    return pod([container(_named(requests), _named(limits), filled)])


def _several(workload: Workload, filled: Defaults) -> Demand:
    def share(it: ContainerSettings) -> Demand:
        return container(amounts(it.resources.requests), amounts(it.resources.limits), filled)

    order = start_order(workload)
    beside = [share(it) for _, it in order.beside]
    return pod([share(workload), *beside], [(share(it), is_sidecar(it)) for _, it in order.first])


def _named(pair: _Pair) -> dict[str, str]:
    cpu, memory = pair
    found = {} if cpu is None else {"cpu": cpu}
    if memory is not None:
        found["memory"] = memory
    return found


def pods_at_rest(settings: Settings, workload: Workload) -> int:
    """Most pods while nothing rolls: the autoscaler's maximum, one a node, a job's parallelism; of all versions."""
    if workload.kind == "daemonset":
        return nodes_for(settings, workload)
    return sum(track.most for track in running(settings, workload))


def pods_at_peak(settings: Settings, workload: Workload) -> int:
    """Most pods at any time: with the surge of each version's rollout, or further runs where runs may overlap."""
    rest = pods_at_rest(settings, workload)
    if workload.kind == "deployment" and workload.release.strategy != "recreate":
        surge = workload.rollout.max_surge
        return rest + sum(extra_pods(surge, it.most) for it in running(settings, workload))
    return rest * _runs(workload)


def _runs(workload: Workload) -> int:
    """Most runs of a cronjob at once; two where nothing bounds them, which `review.analyses.capacity` tells."""
    if workload.kind != "cronjob" or workload.cron is None:
        return 1
    cron, job = workload.cron, workload.job
    most = runs_at_once(
        cron.concurrency_policy,
        cron.schedule,
        deadline_seconds=job.active_deadline_seconds if job else None,
        grace_seconds=workload.termination_grace_period_seconds,
        late_seconds=cron.starting_deadline_seconds,
    )
    return UNBOUNDED_RUNS if most is None else most


def nodes_for(settings: Settings, workload: Workload) -> int:
    """Most nodes a daemonset may run on: its pool's, or all that it tolerates, the bootstrap pool included."""
    pools = settings.node_pools.items()
    if workload.pool:
        return sum(pool.max for name, pool in pools if name == workload.pool)
    everywhere = any(
        it.key is None or it.key == "CriticalAddonsOnly" for it in workload.tolerations
    )
    count = sum(pool.max for _, pool in pools if everywhere or pool.mode == "User")
    return count + (
        settings.cluster.bootstrap_pool.count if everywhere and settings.target == "aks" else 0
    )
