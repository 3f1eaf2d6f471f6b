"""Whether LimitRanges and ResourceQuotas of a namespace let an object in, and with which amounts.

As kube-apiserver 1.35 does it: a LimitRange fills in, the result is validated, every LimitRange bounds it, then every
ResourceQuota that its scopes match is asked. Refusals say what the server's own would. Left out: a default priority
class or storage class that a cluster fills in, huge pages, dynamic resources, updates, and what no pod template can
have. `tests/cluster/test_admission_oracle.py` holds this to a real server.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final, Literal

from review.analyses.objects import Counts
from review.analyses.pod_amounts import (
    Amounts,
    amounts,
    container_amounts,
    filled,
    pod_amounts,
)
from review.analyses.quotas import Exceeded, Quota, usage
from settings.pod_fields import mapping, mappings

Manifest = Mapping[str, Any]
Bound = Literal["minimum", "maximum", "ratio"]

MOST_EXACT: Final = (2**63 - 1) // 1000
"""Up to here the server compares thousandths, beyond it whole numbers (`resource.MaxMilliValue`)."""


@dataclass(frozen=True)
class Refusal:
    """One reason why an object is not let in."""

    by: Literal["validation", "LimitRange", "ResourceQuota"]
    """The server asks in this order, and tells of the first that refuses alone."""

    name: str
    """Of the LimitRange or ResourceQuota; empty for validation."""

    message: str
    bound: Bound | None = None
    """What a LimitRange says, of which `resource`, per `type`."""

    resource: str = ""
    type: str = ""
    exceeded: Exceeded | None = None
    """What does not fit into a ResourceQuota."""


@dataclass(frozen=True)
class Admission:
    """What comes of creating one object."""

    object: Manifest
    """With everything filled in."""

    usage: Counts
    """What it counts against quotas."""

    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Whether it is let in."""
        return not self.refusals


@dataclass
class Bounds:
    """LimitRanges and ResourceQuotas of one namespace.

    `used` is what each quota, by name, counts already; without it the quota's own status tells, else nothing is used.
    LimitRanges fill in by the order of their names; the server's order between several is not defined.
    """

    limit_ranges: Sequence[Manifest]
    quotas: Sequence[Manifest]
    used: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limit_ranges = sorted(self.limit_ranges, key=lambda it: str(_name(it)))
        self._quotas = [Quota(it, self.used.get(_name(it))) for it in self.quotas]

    def admit(self, manifest: Manifest) -> Admission:
        """What comes of creating `manifest`; nothing is charged. Raises `ValueError` for an amount that is none."""
        made = manifest
        refusals: list[Refusal] = []
        if manifest.get("kind") == "Pod" and mapping(manifest.get("spec")):
            made = filled(manifest, map(_defaults, self.limit_ranges))
            refusals += _invalid(made)
            refusals += (it for limits in self.limit_ranges for it in _of_pod(limits, made))
        elif manifest.get("kind") == "PersistentVolumeClaim":
            refusals += (it for limits in self.limit_ranges for it in _of_claim(limits, made))
        used = usage(made)
        for quota in self._quotas:
            found = quota.refusal(made, used)
            if found is not None:
                refusals.append(Refusal("ResourceQuota", quota.name, found.message, exceeded=found))
        return Admission(made, used, tuple(refusals))

    def charge(self, admitted: Admission) -> None:
        """Count an object that was let in against every quota that it matches."""
        for quota in self._quotas:
            quota.charge(admitted.object, admitted.usage)


def _name(manifest: Manifest) -> str:
    return str(mapping(manifest.get("metadata")).get("name"))


def _items(limit_range: Manifest) -> Iterator[Mapping[str, Any]]:
    for _, it in mappings(mapping(limit_range.get("spec")).get("limits")):
        yield it


def _defaults(limit_range: Manifest) -> dict[str, dict[str, Any]]:
    """Limits and requests that a LimitRange fills in: a maximum is a default limit, which is a default request, and
    so is a minimum where there is no limit."""
    limits: dict[str, Any] = {}
    requests: dict[str, Any] = {}
    for it in _items(limit_range):
        if it.get("type") == "Container":
            most = {**mapping(it.get("max")), **mapping(it.get("default"))}
            limits |= most
            requests |= {**mapping(it.get("min")), **most, **mapping(it.get("defaultRequest"))}
    return {"limits": limits, "requests": requests}


def _invalid(pod: Manifest) -> Iterator[Refusal]:
    """Requests beyond limits, which a default can lead to, too, and containers beyond their pod."""
    rows = [*container_amounts(pod)]
    whole = mapping(mapping(pod.get("spec")).get("resources"))
    own = amounts(whole.get("requests")), amounts(whole.get("limits"))
    for name, requests, limits in (*rows, ("the pod", *own)):
        for key in sorted(requests.keys() & limits.keys()):
            if requests[key] > limits[key]:
                words = f"{name} requests {_text(requests[key])} {key} and has a limit of {_text(limits[key])}"
                yield Refusal("validation", "", words, resource=key)
    together, _ = pod_amounts({"spec": {**pod["spec"], "resources": None}}, overhead=False)
    for key, most in own[0].items():
        if together.get(key, Decimal(0)) > most:
            words = f"its containers together request more {key} than the pod"
            yield Refusal("validation", "", words, resource=key)
    app = sum(1 for _ in mappings(pod["spec"].get("containers")))
    for name, _, limits in rows[:app]:
        for key, most in own[1].items():
            if limits.get(key, Decimal(0)) > most:
                words = f"{name} has a higher limit of {key} than the pod"
                yield Refusal("validation", "", words, resource=key)


def _of_pod(limit_range: Manifest, pod: Manifest) -> Iterator[Refusal]:
    for it in _items(limit_range):
        if it.get("type") == "Container":
            for _, requests, limits in container_amounts(pod):
                yield from _bounded(limit_range, it, requests, limits)
        elif it.get("type") == "Pod":
            yield from _bounded(limit_range, it, *pod_amounts(pod, overhead=False))


def _of_claim(limit_range: Manifest, claim: Manifest) -> Iterator[Refusal]:
    """Of storage, which has requests alone."""
    resources = mapping(mapping(claim.get("spec")).get("resources"))
    requests = amounts(resources.get("requests"))
    for it in _items(limit_range):
        if it.get("type") == "PersistentVolumeClaim":
            lacks = {key: value for key, value in it.items() if key in ("type", "min")}
            yield from _bounded(limit_range, lacks, requests, {})
            for key, most in amounts(it.get("max")).items():
                if key not in requests or _exact(requests[key], most) > _exact(most, most):
                    yield _refusal(limit_range, it, "maximum", key, most, "request", requests)


def _bounded(
    limit_range: Manifest, it: Mapping[str, Any], requests: Amounts, limits: Amounts
) -> Iterator[Refusal]:
    for key, least in amounts(it.get("min")).items():
        if key not in requests or _below(requests, key, least):
            yield _refusal(limit_range, it, "minimum", key, least, "request", requests)
        elif _below(limits, key, least):
            yield _refusal(limit_range, it, "minimum", key, least, "limit", limits)
    for key, most in amounts(it.get("max")).items():
        if key not in limits or _above(limits, key, most):
            yield _refusal(limit_range, it, "maximum", key, most, "limit", limits)
        elif _above(requests, key, most):
            yield _refusal(limit_range, it, "maximum", key, most, "request", requests)
    for key, most in amounts(it.get("maxLimitRequestRatio")).items():
        request, limit = requests.get(key), limits.get(key)
        if not request or not limit:
            lacking = {} if request is None or limit is None else {key: Decimal(0)}
            side = "limit" if request else "request"
            yield _refusal(limit_range, it, "ratio", key, most, side, lacking)
        elif float(limit * 1000) / float(request * 1000) * 1000 > float(most * 1000):
            yield _refusal(limit_range, it, "ratio", key, most, "ratio", {key: limit / request})


def _below(given: Amounts, key: str, least: Decimal) -> bool:
    return key in given and _exact(given[key], least) < _exact(least, given[key])


def _above(given: Amounts, key: str, most: Decimal) -> bool:
    return key in given and _exact(given[key], most) > _exact(most, given[key])


def _exact(value: Decimal, beside: Decimal) -> Decimal:
    """As the server compares `value` with `beside`."""
    if max(value, beside) <= MOST_EXACT:
        return value
    return value.to_integral_value(ROUND_CEILING)


def _refusal(
    limit_range: Manifest,
    it: Mapping[str, Any],
    bound: Bound,
    key: str,
    value: Decimal,
    side: str,
    given: Amounts,
) -> Refusal:
    kind = str(it.get("type"))
    if bound == "ratio":
        words = f"{key} max limit to request ratio per {kind} is {_text(value)}"
    else:
        words = f"{bound} {key} usage per {kind} is {_text(value)}"
    words += f", but {side} is {_text(given[key])}" if key in given else f", but no {side} is given"
    return Refusal("LimitRange", _name(limit_range), words, bound, key, kind)


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def admit_all(
    manifests: Iterable[Manifest], bounds: Bounds
) -> Iterator[tuple[Manifest, Admission]]:
    """One object after the other, each that is let in charged before the next is asked about."""
    for it in manifests:
        admitted = bounds.admit(it)
        if admitted.allowed:
            bounds.charge(admitted)
        yield it, admitted
