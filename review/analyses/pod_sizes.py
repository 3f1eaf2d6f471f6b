"""How many pods one controller has and what each asks for, read past what a plan does not tell.

What is not told counts as nothing, a count as one, and its path is kept by the `Reader` at hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.marks import Reader
from settings.demand import Defaults, Demand, container, extra_pods, pod, with_overhead
from settings.overlap import runs_at_once
from settings.quantity import amount

Map = Mapping[str, Any]

DEFAULT_GRACE_SECONDS: Final = 30
"""`terminationGracePeriodSeconds` of a pod that does not say."""

_COUNTED: Final = ("cpu", "memory")
_PERCENT: Final = re.compile(r"[0-9]{1,9}%", re.ASCII)
_SURGE: Final = "25%"


@dataclass(frozen=True)
class Filled:
    """What a LimitRange fills in."""

    defaults: Defaults = Defaults({}, {})  # noqa: RUF009
    unknown: str = ""
    """Path that must be known before that is certain."""


@dataclass(frozen=True)
class Scaler:
    """The autoscaler of one controller."""

    title: str
    spec: Map


def filled_by(title: str, limit_range: Map) -> Filled:
    """What a LimitRange fills in for a container that does not say."""
    reader = Reader()
    requests: dict[str, str] = {}
    limits: dict[str, str] = {}
    spec = reader.map(limit_range, "spec", "spec")
    for item in reader.items(spec, "limits", "spec.limits"):
        if reader.text(item, "type", "spec.limits[].type") == "Container":
            given = {
                key: amounts(item, key, f"spec.limits[Container].{key}", reader)
                for key in ("min", "max", "default", "defaultRequest")
            }
            both = {**given["max"], **given["default"]}
            limits |= both
            # As the API server completes it: a default limit is the default request before a minimum is.
            requests |= {**given["min"], **both, **given["defaultRequest"]}
    unknown = f"{title}: {reader.unknown[0]}" if reader.unknown else ""
    return Filled(Defaults(requests, limits), unknown)


def amounts(holder: Map, key: str, at: str, reader: Reader) -> dict[str, str]:
    """Quantities by resource, as text."""
    found = {}
    for name, value in reader.map(holder, key, at).items():
        if isinstance(value, str | int | float) and _is_amount(f"{value}"):
            found[name] = f"{value}"
        else:
            reader.unknown.append(f"{at}.{name}")
    return found


def _is_amount(text: str) -> bool:
    try:
        amount(text)
    except ValueError:
        return False
    return True


def counts(
    kind: str, spec: Map, job: tuple[Map, str], scaler: Scaler | None, reader: Reader
) -> tuple[int, int, int]:
    """Pods at rest, at full scale and at the peak of a rollout; per node for a DaemonSet, of one run of a job.

    `job` is the spec of a Job, or of those of a CronJob, and its path.
    """
    if kind == "DaemonSet":
        return 1, 1, 1
    if kind in ("Job", "CronJob"):
        of, at = job
        at_once = reader.number(of, "parallelism", f"{at}.parallelism", 1)
        running = min(at_once, reader.number(of, "completions", f"{at}.completions", at_once))
        return 0, running, running
    if scaler:
        at = f"{scaler.title}: spec"
        rest = reader.number(scaler.spec, "minReplicas", f"{at}.minReplicas", 1)
        full = reader.number(scaler.spec, "maxReplicas", f"{at}.maxReplicas", rest)
    else:
        rest = full = reader.number(spec, "replicas", "spec.replicas", 1)
    if kind == "StatefulSet":
        return rest, full, full
    rolling = reader.map(spec, "strategy", "spec.strategy")
    if reader.text(rolling, "type", "spec.strategy.type") == "Recreate":
        return rest, full, full
    at = "spec.strategy.rollingUpdate"
    surge = reader.map(rolling, "rollingUpdate", at).get("maxSurge", _SURGE)
    if not isinstance(surge, int) and not (isinstance(surge, str) and _PERCENT.fullmatch(surge)):
        reader.unknown.append(f"{at}.maxSurge")
        surge = _SURGE
    return rest, full, full + extra_pods(surge, full)


def runs(spec: Map, job: Map, template: Map) -> int | None:
    """Most runs of a CronJob at once; None where nothing bounds them."""
    grace = _seconds(template.get("terminationGracePeriodSeconds"))
    return runs_at_once(
        str(spec.get("concurrencyPolicy") or "Allow"),
        str(spec.get("schedule")),
        deadline_seconds=_seconds(job.get("activeDeadlineSeconds")),
        grace_seconds=DEFAULT_GRACE_SECONDS if grace is None else grace,
        late_seconds=_seconds(spec.get("startingDeadlineSeconds")),
    )


def _seconds(value: object) -> int | None:
    """A number of seconds; None where there is none, or only a deployment tells it."""
    return int(value) if isinstance(value, int | float) else None


def one_pod(
    template: Map, at: str, filled: Filled, overheads: Mapping[str, Map], reader: Reader
) -> Demand:
    """One pod; `template` is its spec and `at` the path of that."""

    def share(item: Map) -> Demand:
        name = reader.text(item, "name", f"{at}.containers[].name")
        given = reader.map(item, "resources", f"{name}.resources")
        sides = [amounts(given, key, f"{name}.{key}", reader) for key in ("requests", "limits")]
        if filled.unknown and any(key not in side for side in sides for key in _COUNTED):
            reader.unknown.append(filled.unknown)
        return container(sides[0], sides[1], filled.defaults)

    init = [
        (share(it), it.get("restartPolicy") == "Always")
        for it in reader.items(template, "initContainers", f"{at}.initContainers")
    ]
    one = pod([share(it) for it in reader.items(template, "containers", f"{at}.containers")], init)
    named = reader.text(template, "runtimeClassName", f"{at}.runtimeClassName")
    if named and named not in overheads and "overhead" not in template:
        reader.unknown.append(f"what RuntimeClass {named} adds")
    own = amounts(template, "overhead", f"{at}.overhead", reader)
    if not own and named in overheads:
        own = amounts({named: overheads[named]}, named, f"RuntimeClass {named}: overhead", reader)
    return with_overhead(one, *(own.get(key, "0") for key in _COUNTED))
