"""Quotas against what runs in them, at the peak of a rollout of everything at once."""

from collections.abc import Iterator

from settings.checks.containers import At, places
from settings.container import ContainerSettings
from settings.demand import Demand, amounts, defaults_of, one_pod, pods_at_peak
from settings.faults import Fault
from settings.quantity import amount, cpu_text, memory_text
from settings.sources import Sources
from settings.stack import NamespaceSettings, Settings
from settings.workload import Workload


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every namespace holds its workloads at their peak; no container is past its bounds."""
    totals: dict[str, Demand] = {}
    counts: dict[str, dict[str, int]] = {}
    for name, workload in settings.workloads.items():
        tenant = settings.namespaces.get(workload.namespace)
        if tenant is None:
            continue
        peak = one_pod(workload, tenant.limits) * pods_at_peak(settings, workload)
        totals[workload.namespace] = totals.get(workload.namespace, Demand()) + peak
        _count(workload, settings, counts.setdefault(workload.namespace, {}))
        for path, container in places(workload, ("workloads", name)):
            yield from _container(workload.namespace, container, tenant, path, sources)
    for name, tenant in settings.namespaces.items():
        yield from _limits(name, tenant, sources)
        yield from _quota(name, tenant, totals.get(name, Demand()), counts.get(name, {}), sources)


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
    name: str, tenant: NamespaceSettings, peak: Demand, counts: dict[str, int], sources: Sources
) -> Iterator[Fault]:
    quota, at = tenant.quota, ("namespaces", name, "quota")
    rows = (
        (("requests", "cpu"), quota.requests.cpu, peak.requests_cpu, cpu_text),
        (("requests", "memory"), quota.requests.memory, peak.requests_memory, memory_text),
        (("limits", "cpu"), quota.limits.cpu, peak.limits_cpu, cpu_text),
        (("limits", "memory"), quota.limits.memory, peak.limits_memory, memory_text),
    )
    for path, given, needed, text in rows:
        if given is not None and needed > amount(given):
            yield sources.fault(
                (*at, *path),
                f"must hold what runs in {name} at the peak of a rollout: {text(needed)}",
                repr(given),
                "raise it, or lower replicas or resources",
            )
    if peak.pods > quota.pods:
        yield sources.fault(
            (*at, "pods"),
            f"must hold what runs in {name} at the peak of a rollout: {peak.pods}",
            str(quota.pods),
            "raise it, or lower replicas",
        )
    room = {
        "persistentVolumeClaims": quota.persistent_volume_claims,
        "nodePorts": quota.node_ports,
        "loadBalancers": quota.load_balancers,
    }
    for key, needed_count in counts.items():
        if needed_count > room[key]:
            yield sources.fault(
                (*at, key), f"must hold what {name} has: {needed_count}", str(room[key]), "raise it"
            )


def _limits(name: str, tenant: NamespaceSettings, sources: Sources) -> Iterator[Fault]:
    """What the API server holds a LimitRange to: the default request within the default limit within the maximum."""
    filled, most, at = (
        defaults_of(tenant.limits),
        amounts(tenant.limits.max),
        ("namespaces", name, "limits"),
    )
    for key, default in filled.limits.items():
        request = filled.requests.get(key)
        if key in most and amount(default) > amount(most[key]):
            rule = f"must not exceed the maximum {most[key]!r}"
            yield sources.fault((*at, "default", key), rule, repr(default), "lower it")
        if request and amount(request) > amount(default):
            rule = f"must not exceed the default limit {default!r}"
            yield sources.fault((*at, "defaultRequest", key), rule, repr(request), "lower it")


def _container(
    namespace: str,
    container: ContainerSettings,
    tenant: NamespaceSettings,
    at: At,
    sources: Sources,
) -> Iterator[Fault]:
    requests, limits = amounts(container.resources.requests), amounts(container.resources.limits)
    filled, most = defaults_of(tenant.limits), amounts(tenant.limits.max)
    counted = {"requests": amounts(tenant.quota.requests), "limits": amounts(tenant.quota.limits)}
    for key in ("cpu", "memory"):
        limit = limits.get(key) or filled.limits.get(key)
        request = requests.get(key)
        if request and limit and amount(request) > amount(limit):
            source = "its limit" if key in limits else "the namespace's default limit"
            yield sources.fault(
                (*at, "resources", "requests", key),
                f"must not exceed {source} {limit!r}",
                repr(request),
                "lower it or set a higher limit",
            )
        if key in limits and key in most and amount(limits[key]) > amount(most[key]):
            yield sources.fault(
                (*at, "resources", "limits", key),
                f"must not exceed the namespace's maximum {most[key]!r}",
                repr(limits[key]),
                "lower it",
            )
        asked = request or limit or filled.requests.get(key)
        for what, value in (("requests", asked), ("limits", limit)):
            if key in counted[what] and not value:
                yield sources.fault(
                    (*at, "resources", what, key),
                    f"is required: the quota of {namespace} counts it and no default fills it in",
                    remedy="add it, or a default in 'limits' of the namespace",
                )
