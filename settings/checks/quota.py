"""Quotas against what runs in them, at the peak of a rollout of everything at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from settings.bounds import PriorityQuota, Quota
from settings.checks.containers import At, places
from settings.checks.limits import of_claims, of_container, of_limits
from settings.demand import Demand, extra_pods, one_pod, pods_at_peak
from settings.faults import Fault, did_you_mean
from settings.quantity import amount, cpu_text, memory_text
from settings.sources import Sources
from settings.stack import NamespaceSettings, Settings
from settings.tracks import running
from settings.workload import Workload

COUNTED: Final = frozenset(
    {
        "configmaps", "endpoints", "events", "persistentvolumeclaims", "pods", "podtemplates", "replicationcontrollers",
        "resourcequotas", "limitranges", "secrets", "serviceaccounts", "services", "controllerrevisions.apps",
        "daemonsets.apps", "deployments.apps", "replicasets.apps", "statefulsets.apps", "cronjobs.batch", "jobs.batch",
        "horizontalpodautoscalers.autoscaling", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io",
        "poddisruptionbudgets.policy", "roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
        "leases.coordination.k8s.io", "endpointslices.discovery.k8s.io",
    }
)  # fmt: skip
"""Kubernetes' own resources that a namespace can have; a name that is none of them, and in none of its groups, may be
of a custom resource."""

_OWN_GROUPS: Final = frozenset(it.partition(".")[2] for it in COUNTED)


@dataclass
class _Totals:
    """What one namespace needs at the peak."""

    peak: Demand = field(default_factory=Demand)
    by_priority: dict[str, Demand] = field(default_factory=dict[str, Demand])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    workloads: list[tuple[Workload, Demand]] = field(default_factory=list[tuple[Workload, Demand]])
    """Each with one pod of it."""

    def add(self, settings: Settings, workload: Workload, one: Demand) -> None:
        """Count a workload."""
        peak = one * pods_at_peak(settings, workload)
        self.peak = self.peak + peak
        if workload.priority_class:
            before = self.by_priority.get(workload.priority_class, Demand())
            self.by_priority[workload.priority_class] = before + peak
        self.workloads.append((workload, one))


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every namespace holds its workloads at their peak; no container is past its bounds."""
    totals: dict[str, _Totals] = {name: _Totals() for name in settings.namespaces}
    for name, workload in settings.workloads.items():
        tenant = settings.namespaces.get(workload.namespace)
        if tenant is None:
            continue
        found = totals[workload.namespace]
        found.add(settings, workload, one_pod(workload, tenant.limits))
        _count(workload, settings, found.counts)
        for path, container in places(workload, ("workloads", name)):
            yield from of_container(workload, container, tenant, path, sources)
        if settings.disks == "claim":
            yield from of_claims(workload, tenant, ("workloads", name), sources)
    for name, tenant in settings.namespaces.items():
        yield from of_limits(name, tenant, sources)
        yield from _quota(name, tenant, totals[name], settings, sources)
        yield from _names(name, tenant.quota, settings, sources)


def _count(workload: Workload, settings: Settings, counts: dict[str, int]) -> None:
    if settings.disks == "claim":
        claims = sum(1 for volume in workload.volumes.values() if volume.disk)
        # A statefulset has a claim a replica; what the others mount is one claim.
        each = workload.most_replicas if workload.kind == "statefulset" else 1
        counts["persistentVolumeClaims"] = counts.get("persistentVolumeClaims", 0) + claims * each
    if workload.service and workload.service.type != "ClusterIP":
        # A load balancer opens a node port for each of its ports, too.
        counts["nodePorts"] = counts.get("nodePorts", 0) + len(workload.served)
    if workload.service and workload.service.type == "LoadBalancer":
        counts["loadBalancers"] = counts.get("loadBalancers", 0) + 1


def _quota(
    name: str, tenant: NamespaceSettings, found: _Totals, settings: Settings, sources: Sources
) -> Iterator[Fault]:
    quota, at = tenant.quota, ("namespaces", name, "quota")
    yield from _of_pods(
        at, quota, found.peak, f"what runs in {name}", found.workloads, settings, sources
    )
    for priority, bounds in quota.priorities.items():
        peak = found.by_priority.get(priority, Demand())
        whose = f"what runs in {name} with priorityClass {priority}"
        of_class = [it for it in found.workloads if it[0].priority_class == priority]
        path = (*at, "priorities", priority)
        yield from _of_pods(path, bounds, peak, whose, of_class, settings, sources)
    room = {
        "persistentVolumeClaims": quota.persistent_volume_claims,
        "nodePorts": quota.node_ports,
        "loadBalancers": quota.load_balancers,
    }
    for key, needed in found.counts.items():
        if needed > room[key]:
            rule = f"must hold what {name} has: {needed}"
            yield sources.fault((*at, key), rule, str(room[key]), f"raise it to {needed}")


def _of_pods(
    at: At, quota: Quota | PriorityQuota, peak: Demand, whose: str,
    workloads: Iterable[tuple[Workload, Demand]], settings: Settings, sources: Sources,
) -> Iterator[Fault]:  # fmt: skip
    rows = (
        (("requests", "cpu"), quota.requests.cpu, "requests_cpu", cpu_text),
        (("requests", "memory"), quota.requests.memory, "requests_memory", memory_text),
        (("limits", "cpu"), quota.limits.cpu, "limits_cpu", cpu_text),
        (("limits", "memory"), quota.limits.memory, "limits_memory", memory_text),
    )
    for path, given, field_name, text in rows:
        needed = getattr(peak, field_name)
        if given is not None and needed > amount(given):
            over = needed - amount(given)
            surge = _less_surge(settings, workloads, field_name, over)
            yield sources.fault(
                (*at, *path),
                f"must hold {whose} at the peak of a rollout: {text(needed)}",
                repr(given),
                f"raise it to {text(needed)}, {surge}or lower replicas or resources",
            )
    if quota.pods is not None and peak.pods > quota.pods:
        surge = _less_surge(settings, workloads, "pods", peak.pods - quota.pods)
        yield sources.fault(
            (*at, "pods"),
            f"must hold {whose} at the peak of a rollout: {peak.pods}",
            str(quota.pods),
            f"raise it to {peak.pods}, {surge}or lower replicas",
        )


def _less_surge(
    settings: Settings,
    workloads: Iterable[tuple[Workload, Demand]],
    amount_of: str,
    over: Decimal | int,
) -> str:
    """The smallest step down of one `maxSurge` that takes `over` away, if one does. `amount_of`: a field of Demand."""
    for workload, one in workloads:
        surge = workload.rollout.max_surge
        if workload.kind != "deployment" or workload.release.strategy == "recreate":
            continue
        tracks = [it.most for it in running(settings, workload)]
        extra = sum(extra_pods(surge, most) for most in tracks)
        for fewer in range(max((extra_pods(surge, most) for most in tracks), default=0) - 1, 0, -1):
            less = sum(min(fewer, extra_pods(surge, most)) for most in tracks)
            if getattr(one, amount_of) * (extra - less) >= over:
                return f"lower rollout.maxSurge of {workload.name} from {surge} to {fewer}, "
    return ""


def _names(name: str, quota: Quota, settings: Settings, sources: Sources) -> Iterator[Fault]:
    at = ("namespaces", name, "quota")
    for priority, bounds in quota.priorities.items():
        path = (*at, "priorities", priority)
        if priority not in settings.priority_classes and not priority.startswith("system-"):
            rule, near = (
                "must be a key in 'priorityClasses' of the stack",
                did_you_mean(priority, settings.priority_classes),
            )
            yield sources.fault(path, rule, repr(priority), near or "add it")
        if bounds == PriorityQuota():
            yield sources.fault(path, "bounds nothing", remedy="add requests, limits or pods")
    for resource in quota.counts:
        if resource not in COUNTED and resource.partition(".")[2] in _OWN_GROUPS:
            # The API server takes any name, and counts nothing for one that it does not have.
            yield sources.fault(
                (*at, "counts", resource),
                "must be the plural of a resource in a namespace, with its group",
                repr(resource),
                did_you_mean(resource, COUNTED) or "write it like 'deployments.apps'",
            )
