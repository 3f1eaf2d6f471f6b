"""What admission says of one pod template alone: pure functions of the template and of its namespace's bounds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from review.analyses.admission import Bounds
from review.marks import is_mark, known, known_list
from review.meaning.controllers import LISTS
from settings.pod_security import Level, violations
from settings.quantity import memory_text

Manifests = Sequence[Mapping[str, Any]]

_COUNTED: Final = (
    "activeDeadlineSeconds",
    "affinity",
    "overhead",
    "priorityClassName",
    "resources",
)
_COUNTED_CONTAINER: Final = ("name", "resources", "restartPolicy")
_BYTES: Final = re.compile(r"\b[0-9]{5,}\b")


@dataclass(frozen=True)
class Breach:
    """One thing for which pods are refused."""

    control: str
    """Of Pod Security, or `LimitRange name`, `ResourceQuota name`, `validation`."""

    message: str
    path: str
    """In the controller's manifest, items by name."""


def pod_verdict(template: Mapping[str, Any], level: Level, minor: int) -> tuple[Breach, ...]:
    """What a level of one minor objects to in a pod template; paths from the template."""
    found = violations(template.get("metadata"), template.get("spec"), level, minor)
    return tuple(Breach(one.control, one.message, one.path) for one in found)


def pod_amounts_verdict(
    template: Mapping[str, Any], limit_ranges: Manifests, quotas: Manifests
) -> tuple[tuple[Breach, ...], tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Refusals of one pod alone, what LimitRanges fill in, and paths that must be known; nothing is used yet."""
    spec = template.get("spec")
    if not (limit_ranges or quotas) or not known(spec):
        return (), (), ()
    lacking = tuple(_lacking(known(spec)))
    if lacking:
        return (), (), lacking
    pod: dict[str, Any] = {"kind": "Pod", "metadata": {}, "spec": _counted(known(spec))}
    try:
        bounds = Bounds(limit_ranges, quotas, {str(_name(it)): {} for it in quotas})
        admitted = bounds.admit(pod)
    except (AttributeError, KeyError, TypeError, ValueError):
        return (), (), ("spec.containers.resources",)
    refusals = tuple(
        Breach(" ".join(filter(None, (one.by, one.name))), _readable(one.message), "")
        for one in admitted.refusals
    )
    return refusals, tuple(_filled(known(spec), admitted.object["spec"])), ()


def _counted(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What of a pod its amounts and the scopes of quotas hang on: it is copied whole, and the rest is most of it."""
    kept = {key: spec[key] for key in _COUNTED if key in spec}
    for key in LISTS:
        if key in spec:
            kept[key] = [
                {name: it[name] for name in _COUNTED_CONTAINER if name in it}
                for it in known_list(spec[key])
            ]
    return kept


def _readable(message: str) -> str:
    """Bytes as people write them."""
    return _BYTES.sub(lambda it: memory_text(Decimal(it[0])), message)


def _name(manifest: Mapping[str, Any]) -> Any:
    return known(manifest.get("metadata")).get("name")


def _lacking(spec: Mapping[str, Any]) -> Iterator[str]:
    for key in LISTS:
        if is_mark(spec.get(key)):
            yield f"spec.{key}"
        for it in known_list(spec.get(key)):
            yield from _marks(it.get("resources"), f"spec.{key}[{it.get('name')}].resources")


def _marks(value: Any, at: str) -> Iterator[str]:
    if is_mark(value):
        yield at
    elif isinstance(value, Mapping):
        for key, it in value.items():
            yield from _marks(it, f"{at}.{key}")


def _filled(given: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Amounts that no container gave and the API server did not take from its limits."""
    for key in LISTS:
        for old, new in zip(known_list(given.get(key)), known_list(made.get(key)), strict=False):
            own = known(old.get("resources"))
            limits, requests = known(own.get("limits")), known(own.get("requests"))
            for side, has in (("limits", limits), ("requests", {**limits, **requests})):
                for name, value in sorted(known(new["resources"].get(side)).items()):
                    if name not in has:
                        yield str(old.get("name")), f"{side}.{name}", str(value)
