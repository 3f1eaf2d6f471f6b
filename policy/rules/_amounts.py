"""What a pod asks for, with what a LimitRange fills in, as the scheduler and quotas count it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

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


def lacks(stack: Stack, it: Container, part: str, resource: str) -> bool:
    """Whether a container goes without: neither it nor a LimitRange says anything."""
    return effective(stack, it.pod, it.spec, part, resource) is None


def of_pod(stack: Stack, pod: Pod, part: str, resource: str) -> Decimal:
    """What one pod has in all: its containers and sidecars together, or the greediest moment of its start, plus its
    overhead (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
    """
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
    overhead = quantity(mapping(pod.spec, "overhead").get(resource)) or ZERO
    return max(beside, peak) + overhead


def amount_text(value: Decimal, resource: str) -> str:
    """As people write it: `250m`, `1536Mi`."""
    if resource == "cpu":
        return f"{int(value * 1000)}m" if value % 1 else str(int(value))
    for power, unit in ((3, "Gi"), (2, "Mi"), (1, "Ki")):
        if value and value % 1024**power == 0:
            return f"{int(value / 1024**power)}{unit}"
    return f"{value.normalize():f}"
