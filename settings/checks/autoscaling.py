"""Autoscalers: bounds, targets that can be passed, metrics and speeds of one form each."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from settings.demand import NO_DEFAULTS, ZERO, amounts, container, defaults_of
from settings.faults import Fault
from settings.quantity import cpu_text, memory_text
from settings.scaling import Autoscale, Metric, ScalingRules
from settings.sources import Sources
from settings.stack import Settings
from settings.start_order import is_sidecar, start_order
from settings.workload import HA_REPLICAS, Workload

At = tuple[str | int, ...]

TOLERANCE = Decimal("0.1")
"""By how much the use must pass the target before pods are added, and the default of every cluster:
https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details"""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """An autoscaler owns the number of replicas, has something to go by, and can come to move."""
    for name, workload in settings.workloads.items():
        if workload.autoscale:
            at = ("workloads", name)
            yield from _bounds(workload, workload.autoscale, at, sources)
            yield from _use(workload, workload.autoscale, (*at, "autoscale"), settings, sources)
            yield from _metrics(workload.autoscale, (*at, "autoscale"), sources)
            yield from _behavior(workload.autoscale, (*at, "autoscale", "behavior"), sources)


def _bounds(workload: Workload, scale: Autoscale, at: At, sources: Sources) -> Iterator[Fault]:
    if workload.replicas is not None:
        yield sources.fault(
            (*at, "replicas"),
            "must be absent beside 'autoscale', which owns the number",
            str(workload.replicas),
            "remove it; null removes one that comes from the catalogue",
        )
    if scale.min > scale.max:
        derived = workload.availability == "ha" and scale.min == HA_REPLICAS
        yield sources.fault(
            (*at, "autoscale", "min"),
            f"must not exceed max ({scale.max})",
            str(scale.min),
            "raise max: 'availability: ha' runs at least 2 pods" if derived else "lower it",
        )
    if scale.cpu is None and scale.memory is None and not scale.metrics:
        yield sources.fault(
            (*at, "autoscale"),
            "must have a target: cpu, memory or metrics",
            remedy="add 'cpu: 70'",
        )


def _use(
    workload: Workload, scale: Autoscale, at: At, settings: Settings, sources: Sources
) -> Iterator[Fault]:
    """Use is that of all containers together, as a share of what they ask for together."""
    if scale.cpu is None and scale.memory is None:
        return
    tenant = settings.namespaces.get(workload.namespace)
    filled = defaults_of(tenant.limits) if tenant else NO_DEFAULTS
    order = start_order(workload)
    running = [workload, *(it for _, it in order.beside)]
    running += [it for _, it in order.first if is_sidecar(it)]
    shares = [
        container(amounts(it.resources.requests), amounts(it.resources.limits), filled)
        for it in running
    ]
    for key, target, found, text in (
        ("cpu", scale.cpu, [(it.requests_cpu, it.limits_cpu) for it in shares], cpu_text),
        (
            "memory",
            scale.memory,
            [(it.requests_memory, it.limits_memory) for it in shares],
            memory_text,
        ),
    ):
        if target is None:
            continue
        request = sum((it[0] for it in found), ZERO)
        limit = sum((it[1] for it in found), ZERO)
        bounded = all(it[1] for it in found)
        if not request:
            yield sources.fault(
                (*at, key),
                f"is a share of the {key} request, and there is none",
                remedy=f"add 'resources.requests.{key}'",
            )
            continue
        needed = request * target / 100 * (1 + TOLERANCE)
        if bounded and needed >= limit >= request:
            most = ceil(100 * limit / request / (1 + TOLERANCE)) - 1
            yield sources.fault(
                (*at, key),
                f"is never passed: pods are added from {target} % x {text(request)} + {TOLERANCE:.0%} tolerance = "
                f"{text(needed)} on, and the limit is {text(limit)}",
                str(target),
                f"write at most {most}, or raise the limit" if most > 0 else "raise the limit",
            )


def _metrics(scale: Autoscale, at: At, sources: Sources) -> Iterator[Fault]:
    for name, metric in scale.metrics.items():
        yield from _metric(metric, (*at, "metrics", name), sources)


def _metric(metric: Metric, at: At, sources: Sources) -> Iterator[Fault]:
    yield from _one_of(at, sources, averageValue=metric.average_value, value=metric.value)
    if metric.type == "Pods" and metric.value is not None and metric.average_value is None:
        yield sources.fault(
            (*at, "value"),
            "goes with type External or Object only: of pods there is an average",
            repr(metric.value),
            "write 'averageValue'",
        )
    if metric.type == "Object" and metric.object is None:
        yield sources.fault(
            (*at, "object"),
            "is required with type Object",
            remedy="add it, for example 'networking.k8s.io/v1/Ingress/public'",
        )
    if metric.type != "Object" and metric.object is not None:
        yield sources.fault(
            (*at, "object"),
            "goes with type Object only",
            repr(metric.object),
            "remove it or write 'type: Object'",
        )


def _one_of(at: At, sources: Sources, **given: object) -> Iterator[Fault]:
    """Exactly one of two keys is set; the first is the usual one."""
    several = [it is not None for it in given.values()]
    if several.count(True) != 1:
        both = any(several)
        yield sources.fault(
            at,
            f"must have exactly one of {', '.join(given)}",
            "both" if both else "none",
            "keep one" if both else f"add '{next(iter(given))}'",
        )


def _behavior(scale: Autoscale, at: At, sources: Sources) -> Iterator[Fault]:
    behavior = scale.behavior
    if behavior is None:
        return
    for key, rules in (("scaleUp", behavior.scale_up), ("scaleDown", behavior.scale_down)):
        if rules:
            yield from _rules(rules, (*at, key), sources)


def _rules(rules: ScalingRules, at: At, sources: Sources) -> Iterator[Fault]:
    for index, policy in enumerate(rules.policies):
        here = (*at, "policies", index)
        yield from _one_of(here, sources, pods=policy.pods, percent=policy.percent)
    if rules.select_policy == "Disabled" and rules.policies:
        yield sources.fault(
            (*at, "selectPolicy"),
            "must not be Disabled beside 'policies', which then count for nothing",
            "'Disabled'",
            "remove one of the two",
        )
