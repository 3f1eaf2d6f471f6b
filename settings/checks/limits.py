"""LimitRanges as the API server takes them, and each container and disk claim against its namespace's.

https://kubernetes.io/docs/concepts/policy/limit-range/ : defaults are filled in first, then minimum, maximum and ratio
are held against every container, init containers included.
"""

from collections.abc import Iterator

from settings.bounds import Limits
from settings.checks.containers import At
from settings.container import ContainerSettings
from settings.demand import amounts, defaults_of, ratios
from settings.faults import Fault
from settings.quantity import amount
from settings.sources import Sources
from settings.stack import NamespaceSettings
from settings.workload import Workload


def of_limits(name: str, tenant: NamespaceSettings, sources: Sources) -> Iterator[Fault]:
    """What the API server holds a LimitRange to: minimum, default request, default limit and maximum ascend."""
    limits, at = tenant.limits, ("namespaces", name, "limits")
    filled, least, most = defaults_of(limits), amounts(limits.min), amounts(limits.max)
    for key, default in filled.limits.items():
        request = filled.requests.get(key)
        if key in most and amount(default) > amount(most[key]):
            rule = f"must not exceed the maximum {most[key]!r}"
            yield sources.fault((*at, "default", key), rule, repr(default), "lower it")
        if key in least and key in amounts(limits.default) and amount(default) < amount(least[key]):
            rule = f"must not be below the minimum {least[key]!r}"
            yield sources.fault((*at, "default", key), rule, repr(default), "raise it")
        if request and amount(request) > amount(default):
            rule = f"must not exceed the default limit {default!r}"
            yield sources.fault((*at, "defaultRequest", key), rule, repr(request), "lower it")
    for key, it in amounts(limits.default_request).items():
        if key in least and amount(it) < amount(least[key]):
            rule = f"must not be below the minimum {least[key]!r}"
            yield sources.fault((*at, "defaultRequest", key), rule, repr(it), "raise it")
    for key, it in least.items():
        if key in most and amount(it) > amount(most[key]):
            rule = f"must not exceed the maximum {most[key]!r}"
            yield sources.fault((*at, "min", key), rule, repr(it), "lower it")
    yield from _ratios(limits, at, sources)
    claim = limits.persistent_volume_claim
    if claim.min and claim.max and amount(claim.min) > amount(claim.max):
        rule, path = f"must not exceed the maximum {claim.max!r}", "persistentVolumeClaim"
        yield sources.fault((*at, path, "min"), rule, repr(claim.min), "lower it")


def _ratios(limits: Limits, at: At, sources: Sources) -> Iterator[Fault]:
    filled, least, most = defaults_of(limits), amounts(limits.min), amounts(limits.max)
    for key, text in ratios(limits.max_limit_request_ratio).items():
        path, ratio = (*at, "maxLimitRequestRatio", key), amount(text)
        if key in least and key in most and ratio > amount(most[key]) / amount(least[key]):
            rule = f"must not exceed maximum by minimum, {most[key]} by {least[key]}"
            yield sources.fault(path, rule, text, "lower it")
        limit, request = filled.limits.get(key), filled.requests.get(key)
        if limit and request and amount(limit) > ratio * amount(request):
            rule = f"must allow the defaults: {limit} is more than {text} times {request}"
            yield sources.fault(path, rule, text, f"raise it, or raise 'defaultRequest.{key}'")


def of_container(
    workload: Workload,
    container: ContainerSettings,
    tenant: NamespaceSettings,
    at: At,
    sources: Sources,
) -> Iterator[Fault]:
    """One container against minimum, maximum and ratio, its own limit and what the quotas count."""
    requests, limits = amounts(container.resources.requests), amounts(container.resources.limits)
    filled, most = defaults_of(tenant.limits), amounts(tenant.limits.max)
    least, far = amounts(tenant.limits.min), ratios(tenant.limits.max_limit_request_ratio)
    counted = _counted(workload, tenant)
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
        asked = request or limits.get(key) or filled.requests.get(key)
        if asked and key in least and amount(asked) < amount(least[key]):
            yield sources.fault(
                (*at, "resources", "requests", key),
                f"must not be below the namespace's minimum {least[key]!r}",
                repr(asked),
                f"raise it to {least[key]}",
            )
        own = key in requests or key in limits
        if (
            own
            and key in far
            and asked
            and limit
            and amount(limit) > amount(far[key]) * amount(asked)
        ):
            yield sources.fault(
                (*at, "resources", "limits" if key in limits else "requests", key),
                f"must not be over {far[key]} times the request {asked!r}, the namespace's ratio",
                repr(limits.get(key) or f"{limit}, the namespace's default"),
                "lower the limit or raise the request",
            )
        for what, value in (("requests", asked), ("limits", limit)):
            if key in counted[what] and not value:
                yield sources.fault(
                    (*at, "resources", what, key),
                    f"is required: {counted[what][key]} and no default fills it in",
                    remedy="add it, or a default in 'limits' of the namespace",
                )


def _counted(workload: Workload, tenant: NamespaceSettings) -> dict[str, dict[str, str]]:
    """Amounts that a container needs, with why."""
    quota = f"the quota of {workload.namespace} counts it"
    bounds = [tenant.quota, tenant.quota.priorities.get(workload.priority_class or "")]
    found = {
        "requests": {key: quota for it in bounds if it for key in amounts(it.requests)},
        "limits": {key: quota for it in bounds if it for key in amounts(it.limits)},
    }
    far = ratios(tenant.limits.max_limit_request_ratio)
    for what, bound in (
        ("requests", amounts(tenant.limits.min)),
        ("requests", far),
        ("limits", far),
    ):
        for key in bound:
            found[what].setdefault(key, f"the limits of {workload.namespace} bound it")
    return found


def of_claims(
    workload: Workload, tenant: NamespaceSettings, at: At, sources: Sources
) -> Iterator[Fault]:
    """Sizes of the disks of a workload."""
    bounds = tenant.limits.persistent_volume_claim
    for name, volume in workload.volumes.items():
        if not volume.disk:
            continue
        path, size = (*at, "volumes", name, "disk", "size"), volume.disk.size
        if bounds.min and amount(size) < amount(bounds.min):
            rule = f"must not be below the namespace's minimum {bounds.min!r}"
            yield sources.fault(path, rule, repr(size), f"raise it to {bounds.min}")
        if bounds.max and amount(size) > amount(bounds.max):
            rule = f"must not exceed the namespace's maximum {bounds.max!r}"
            yield sources.fault(path, rule, repr(size), "lower it, or raise the maximum")
