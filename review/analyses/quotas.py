"""One ResourceQuota: which objects it counts, what they use of it, what does not fit.

As kube-apiserver's admission `ResourceQuota` and its evaluators (`pkg/quota/v1` of Kubernetes 1.35).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from review.analyses.objects import Counts, count_name, counts
from review.analyses.pod_amounts import (
    Amounts,
    container_amounts,
    has_own_resources,
    is_best_effort,
    pod_amounts,
)
from settings.pod_fields import mapping, mappings
from settings.quantity import amount

Manifest = Mapping[str, Any]

ZERO: Final = Decimal(0)
COMPUTE: Final = ("cpu", "memory", "ephemeral-storage")
REQUIRED: Final = frozenset(
    {"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"}
)
"""What every container has to say where a quota counts it."""


@dataclass(frozen=True)
class Exceeded:
    """Why one quota refuses an object."""

    message: str
    missing: frozenset[str] = frozenset()
    """What containers do not say and have to."""

    requested: Mapping[str, Decimal] | None = None
    """What does not fit, with what is used and what there is."""

    used: Mapping[str, Decimal] | None = None
    hard: Mapping[str, Decimal] | None = None


class Quota:
    """A ResourceQuota with what it counts already."""

    def __init__(self, manifest: Manifest, used: Mapping[str, Decimal] | None = None) -> None:
        """Take its status where there is one; `used` wins over it."""
        spec, status = mapping(manifest.get("spec")), mapping(manifest.get("status"))
        self.name = str(mapping(manifest.get("metadata")).get("name"))
        self.hard = _read(status.get("hard") or spec.get("hard"))
        self.used = dict(used) if used is not None else _read(status.get("used"))
        self._scopes = [*_scopes(spec)]

    def matches(self, manifest: Manifest) -> bool:
        """Whether it counts such an object: by scope, and by a resource that such objects can use."""
        if self._scopes and manifest.get("kind") != "Pod":
            return False
        return any(map(self._counted(manifest), self.hard)) and all(
            _in_scope(manifest, *scope) for scope in self._scopes
        )

    def refusal(self, manifest: Manifest, use: Counts) -> Exceeded | None:
        """Why it does not let an object in that uses so much; None where it does."""
        if not self.matches(manifest):
            return None
        if manifest.get("kind") == "Pod" and not has_own_resources(manifest):
            missing = self._missing(manifest)
            if missing:
                words = "; ".join(f"{key} for: {','.join(missing[key])}" for key in sorted(missing))
                return Exceeded(f"must specify {words}", frozenset(missing))
        beyond = [
            key
            for key, value in use.items()
            if value and key in self.hard and self.used.get(key, ZERO) + value > self.hard[key]
        ]
        if not beyond:
            return None
        rows = [{key: of.get(key, ZERO) for key in beyond} for of in (use, self.used, self.hard)]
        words = ", ".join(
            f"{name}: " + ",".join(f"{key}={row[key].normalize():f}" for key in sorted(row))
            for name, row in zip(("requested", "used", "limited"), rows, strict=True)
        )
        return Exceeded(f"exceeded, {words}", frozenset(), *rows)

    def charge(self, manifest: Manifest, use: Counts) -> None:
        """Count an object that was let in."""
        if self.matches(manifest):
            for key, value in use.items():
                if key in self.hard:
                    self.used[key] = self.used.get(key, ZERO) + value

    def _counted(self, manifest: Manifest) -> Callable[[str], bool]:
        if manifest.get("kind") == "Pod":
            return _of_pods
        if manifest.get("kind") == "PersistentVolumeClaim":
            return _of_claims
        return usage(manifest).__contains__

    def _missing(self, pod: Manifest) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, requests, limits in container_amounts(pod):
            said = _computed(requests, limits)
            for key in REQUIRED & self.hard.keys() - said.keys():
                found.setdefault(key, []).append(name)
        return {key: sorted(names) for key, names in found.items()}


def usage(manifest: Manifest) -> Counts:
    """What an object counts, names as in a ResourceQuota. What the cluster would fill in has to be there."""
    if manifest.get("kind") == "SecretProviderClass":
        return {
            count_name(manifest): Decimal(1)
        }  # its Secrets are counted when the driver makes them
    if manifest.get("kind") != "Pod":
        return counts(manifest)
    found: Counts = {"pods": Decimal(1), "count/pods": Decimal(1)}
    return found | _computed(*pod_amounts(manifest, overhead=True))


def _computed(requests: Amounts, limits: Amounts) -> Counts:
    found: Counts = {}
    for key, value in requests.items():
        if key in COMPUTE:
            found |= {key: value, f"requests.{key}": value}
        elif "/" in key:
            found[f"requests.{key}"] = value
    return found | {f"limits.{key}": value for key, value in limits.items() if key in COMPUTE}


def _of_pods(name: str) -> bool:
    side, _, key = name.partition(".")
    return (
        name in ("pods", "count/pods", *COMPUTE)
        or (side in ("requests", "limits") and key in COMPUTE)
        or (side == "requests" and "/" in key and ".storageclass" not in name)
    )


def _of_claims(name: str) -> bool:
    own = ("persistentvolumeclaims", "requests.storage")
    suffixes = tuple(f".storageclass.storage.k8s.io/{it}" for it in own)
    return name in (*own, "count/persistentvolumeclaims") or name.endswith(suffixes)


def _scopes(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for it in spec.get("scopes") or ():
        yield str(it), "Exists", ()
    for _, it in mappings(mapping(spec.get("scopeSelector")).get("matchExpressions")):
        values = tuple(str(value) for value in it.get("values") or ())
        yield str(it.get("scopeName")), str(it.get("operator")), values


def _in_scope(pod: Manifest, scope: str, operator: str, values: tuple[str, ...]) -> bool:
    spec = mapping(pod.get("spec"))
    if scope in ("Terminating", "NotTerminating"):
        return (spec.get("activeDeadlineSeconds") is not None) is (scope == "Terminating")
    if scope in ("BestEffort", "NotBestEffort"):
        return is_best_effort(pod) is (scope == "BestEffort")
    if scope == "PriorityClass":
        name = spec.get("priorityClassName") or ""
        return {
            "Exists": bool(name),
            "DoesNotExist": not name,
            "In": name in values,
            "NotIn": name not in values,
        }.get(operator, False)
    return scope == "CrossNamespacePodAffinity" and _reaches_out(spec)


def _reaches_out(spec: Mapping[str, Any]) -> bool:
    """Whether an affinity to other pods looks at other namespaces."""
    affinity = mapping(spec.get("affinity"))
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = mapping(affinity.get(kind))
        for _, it in mappings(rules.get("requiredDuringSchedulingIgnoredDuringExecution")):
            if it.get("namespaces") or it.get("namespaceSelector") is not None:
                return True
        for _, it in mappings(rules.get("preferredDuringSchedulingIgnoredDuringExecution")):
            term = mapping(it.get("podAffinityTerm"))
            if term.get("namespaces") or term.get("namespaceSelector") is not None:
                return True
    return False


def _read(given: Any) -> dict[str, Decimal]:
    return {str(key): amount(str(value)) for key, value in mapping(given).items()}
