"""What a pod asks for, resource by resource, as the API server makes it: what is filled in, and what comes of it.

Unlike `settings.demand` this keeps every resource and tells nothing from zero, for LimitRange and ResourceQuota do
(`pkg/apis/core/v1/defaults.go` and `k8s.io/component-helpers/resource` of Kubernetes 1.35).
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from settings.pod_fields import mapping, mappings
from settings.quantity import amount

Amounts = dict[str, Decimal]
"""Resources to cores, bytes or pieces; what is not asked for is not there."""

SIDES: Final = ("requests", "limits")
OF_PODS: Final = ("cpu", "memory")
"""Resources that a pod as a whole can ask for; huge pages are left out."""

_MILLI: Final = Decimal("0.001")


def amounts(given: Any) -> Amounts:
    """A map of quantities, rounded up to thousandths; raises `ValueError` for what is none."""
    return {
        str(key): amount(str(value)).quantize(_MILLI, ROUND_CEILING)
        for key, value in mapping(given).items()
    }


def filled(pod: Mapping[str, Any], defaults: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A copy of a pod with what is filled in where it says nothing: requests from its limits, then both from each of
    `defaults`, maps of `limits` and `requests` as a LimitRange gives them."""
    made = copy.deepcopy(dict(pod))
    spec = mapping(made.get("spec"))
    for it in _containers(spec):
        resources = {side: {**mapping(_resources(it).get(side))} for side in SIDES}
        resources["requests"] = {**resources["limits"], **resources["requests"]}
        it["resources"] = {**_resources(it), **resources}
    _fill_pod(spec)
    for default in defaults:
        for it in _containers(spec):
            for side in SIDES:
                it["resources"][side] = {**mapping(default.get(side)), **it["resources"][side]}
    return made


def container_amounts(pod: Mapping[str, Any]) -> Iterator[tuple[str, Amounts, Amounts]]:
    """Name, requests and limits of each container, the init containers last."""
    for it in _containers(mapping(pod.get("spec"))):
        resources = _resources(it)
        yield (
            str(it.get("name")),
            amounts(resources.get("requests")),
            amounts(resources.get("limits")),
        )


def pod_amounts(pod: Mapping[str, Any], *, overhead: bool) -> tuple[Amounts, Amounts]:
    """Requests and limits of a pod as a whole, with what its runtime costs if `overhead`."""
    spec = mapping(pod.get("spec"))
    found = []
    for side in SIDES:
        total = _total(spec, side)
        own = amounts(_resources(spec).get(side))
        total |= {key: own[key] for key in own if key in OF_PODS}
        for key, more in (amounts(spec.get("overhead")) if overhead else {}).items():
            if side == "requests" or total.get(key):
                total[key] = total.get(key, Decimal(0)) + more
        found.append(total)
    return found[0], found[1]


def has_own_resources(pod: Mapping[str, Any]) -> bool:
    """Whether it says for the pod as a whole what it needs."""
    resources = _resources(mapping(pod.get("spec")))
    return any(key in OF_PODS for side in SIDES for key in mapping(resources.get(side)))


def is_best_effort(pod: Mapping[str, Any]) -> bool:
    """Whether neither it nor a container asks for CPU or memory."""
    spec = mapping(pod.get("spec"))
    holders = [spec] if spec.get("resources") is not None else [*_containers(spec)]
    return not any(
        amounts(_resources(it).get(side)).get(key)
        for it in holders
        for side in SIDES
        for key in OF_PODS
    )


def _containers(spec: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("containers", "initContainers"):
        yield from (it for _, it in mappings(spec.get(key)))


def _resources(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(holder.get("resources"))


def _total(spec: Mapping[str, Any], side: str) -> Amounts:
    """The larger of all containers that run together and of the largest step before them."""
    total: Amounts = {}
    beside: Amounts = {}
    largest: Amounts = {}
    for _, it in mappings(spec.get("containers")):
        _add(total, amounts(_resources(it).get(side)))
    for _, it in mappings(spec.get("initContainers")):
        own = amounts(_resources(it).get(side))
        if it.get("restartPolicy") == "Always":
            _add(total, own)
            _add(beside, own)
            step = beside
        else:
            step = dict(own)
            _add(step, beside)
        _raise(largest, step)
    _raise(total, largest)
    return total


def _add(total: Amounts, more: Amounts) -> None:
    for key, value in more.items():
        total[key] = total.get(key, Decimal(0)) + value


def _raise(total: Amounts, least: Amounts) -> None:
    for key, value in least.items():
        total[key] = max(total.get(key, value), value)


def _fill_pod(spec: Any) -> None:
    """Requests of a pod that has limits of its own: what its containers ask for together, else those limits."""
    resources = mapping(spec.get("resources"))
    limits = mapping(resources.get("limits"))
    if limits:
        together = {key: f"{value:f}" for key, value in _total(spec, "requests").items()}
        given = {key: together.get(key, limits.get(key)) for key in OF_PODS}
        implied = {key: value for key, value in given.items() if value is not None}
        spec["resources"] = {
            **resources,
            "requests": {**implied, **mapping(resources.get("requests"))},
        }
