"""What a pod asks for, with what a LimitRange fills in, as the scheduler and quotas count it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from policy.objects import Container, Object, Pod, dig, items, mapping, quantity
from policy.rules._index import in_namespace
from policy.stack import Stack

ZERO = Decimal(0)


def ranges(stack: Stack, namespace: str) -> Iterator[tuple[Object, Mapping[str, Any]]]:
    """What the LimitRanges of a namespace say of containers, each with its object."""
    for it in in_namespace(stack, "LimitRange", namespace):
        for _, limits in items(it.manifest, "spec", "limits"):
            if dig(limits, "type") == "Container":
                yield it, limits


def stated(spec: Mapping[str, Any], part: str, resource: str) -> Any:
    """What a container states: `part` is `requests` or `limits`. A limit without a request is the request, too."""
    found = dig(spec, "resources", part, resource)
    if found is None and part == "requests":
        return dig(spec, "resources", "limits", resource)
    return found


def filled_in(stack: Stack, namespace: str, part: str, resource: str) -> Any:
    """What the API server gives a container that states nothing; None where it gives nothing.

    A default request is `defaultRequest`, else `default`, else `min`; a default limit is `default`, else `max`
    (https://kubernetes.io/docs/concepts/policy/limit-range/).
    """
    keys = ("defaultRequest", "default", "min", "max") if part == "requests" else ("default", "max")
    for _, limits in ranges(stack, namespace):
        for key in keys:
            found = dig(limits, key, resource)
            if found is not None:
                return found
    return None


def effective(stack: Stack, pod: Pod, spec: Mapping[str, Any], part: str, resource: str) -> Any:
    """What a container of the pod has in the end; None where it has nothing."""
    found = stated(spec, part, resource)
    return filled_in(stack, pod.object.namespace, part, resource) if found is None else found


_OF_PODS: Final = ("cpu", "memory")


def of_whole_pod(pod: Pod, part: str, resource: str) -> Any:
    """What a pod states for all its containers together, of CPU and memory
    (https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/)."""
    return stated(pod.spec, part, resource) if resource in _OF_PODS else None


def lacks(stack: Stack, it: Container, part: str, resource: str) -> bool:
    """Whether a container goes without: neither it nor its pod nor a LimitRange says anything."""
    own = effective(stack, it.pod, it.spec, part, resource)
    return own is None and of_whole_pod(it.pod, part, resource) is None


def of_pod(stack: Stack, pod: Pod, part: str, resource: str) -> Decimal:
    """What one pod has in all: what it states itself, else its containers and sidecars together, or the greediest
    moment of its start; plus its overhead
    (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
    """
    overhead = quantity(mapping(pod.spec, "overhead").get(resource)) or ZERO
    whole = quantity(of_whole_pod(pod, part, resource))
    if whole is not None:
        return whole + overhead
    beside, peak = ZERO, ZERO
    for _, spec in items(pod.spec, "initContainers"):
        own = quantity(effective(stack, pod, spec, part, resource)) or ZERO
        if dig(spec, "restartPolicy") == "Always":
            beside += own
            peak = max(peak, beside)
        else:
            peak = max(peak, beside + own)
    for _, spec in items(pod.spec, "containers"):
        beside += quantity(effective(stack, pod, spec, part, resource)) or ZERO
    return max(beside, peak) + overhead


def amount_text(value: Decimal, resource: str) -> str:
    """As people write it: `250m`, `1536Mi`."""
    if resource == "cpu":
        return f"{int(value * 1000)}m" if value % 1 else str(int(value))
    for power, unit in ((3, "Gi"), (2, "Mi"), (1, "Ki")):
        if value and value % 1024**power == 0:
            return f"{int(value / 1024**power)}{unit}"
    return f"{value.normalize():f}"
