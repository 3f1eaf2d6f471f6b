"""Whether Pod Security lets workloads of any kind run: level, controls, and where in each object they look.

An object is held against the level that is asked for, else against what its Namespace enforces where that was given,
too, else against `restricted`. Controllers are judged by their pods: the API server stores them with a warning, and
refuses the pods one by one. Pods are kept packed until every Namespace has been read, for it may come last.
"""

import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.given import Given, Kinds
from settings.faults import Fault
from settings.pod_fields import mapping, mappings, text
from settings.pod_security import (
    LEVELS,
    NEWEST,
    Level,
    Violation,
    level_of,
    violations,
)

TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "ReplicationController": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where the metadata and the spec of the pods of each kind stand."""

KINDS: Final[Kinds] = {
    "Pod": frozenset({""}),
    "PodTemplate": frozenset({""}),
    "ReplicationController": frozenset({""}),
    "ReplicaSet": frozenset({"apps", "extensions"}),
    "Deployment": frozenset({"apps", "extensions"}),
    "StatefulSet": frozenset({"apps"}),
    "DaemonSet": frozenset({"apps", "extensions"}),
    "Job": frozenset({"batch"}),
    "CronJob": frozenset({"batch"}),
    "Namespace": frozenset({""}),
}
"""What to read for `verdicts`."""

ENFORCE: Final = "pod-security.kubernetes.io/enforce"
VERSION: Final = "pod-security.kubernetes.io/enforce-version"
DEFAULT_NAMESPACE: Final = "default"

_MINOR = re.compile(r"v1\.([0-9]|[1-9][0-9]*)")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one level says of one object."""

    kind: str
    namespace: str
    name: str
    place: str
    """File and line, as errors print them."""

    level: Level
    """The one it was held against."""

    minor: int
    """Of the rules: `35` for those of Kubernetes 1.35."""

    meets: Level
    """The strictest level that allows it."""

    violations: tuple[Violation, ...]
    """In the API server's order; paths from the object."""

    @property
    def allowed(self) -> bool:
        """Whether its pods may run."""
        return not self.violations

    def row(self) -> dict[str, Any]:
        """The contract of `./aks pod-security --format json`."""
        return {
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            "level": self.level,
            "allowed": self.allowed,
            "violations": [
                {"control": it.control, "message": it.message, "path": it.path}
                for it in self.violations
            ],
        }


@dataclass(frozen=True)
class Enforced:
    """What the labels of a Namespace ask of its pods."""

    level: Level
    minor: int | None
    """None is the server's own, `latest`."""


def verdicts(
    given: Iterable[Given], faults: list[Fault], level: Level | None = None, minor: int = NEWEST
) -> list[Verdict]:
    """Every object that makes pods, by namespace, kind and name; `faults` gets those that cannot be judged.

    `minor` is the cluster's; a Namespace that pins an older version is held to that. With `level` the labels say
    nothing.
    """
    held, namespaces = _read(given, faults)
    found = []
    for kind, namespace, name, place, template in held:
        asked, at = level, minor
        if asked is None:
            label = namespaces.get(namespace, Enforced("restricted", None))
            asked = label.level
            at = minor if label.minor is None else min(minor, label.minor)
        metadata, spec = pickle.loads(template)
        path = "".join(f"{key}." for key in TEMPLATES[kind])
        broken = violations(metadata, spec, asked, at)
        strictest = asked == "restricted" and not broken
        found.append(
            Verdict(
                kind=kind,
                namespace=namespace,
                name=name,
                place=place,
                level=asked,
                minor=min(at, NEWEST),
                meets="restricted" if strictest else level_of(metadata, spec, at),
                violations=tuple(
                    Violation(it.control, it.message, f"{path}{it.path}", it.who) for it in broken
                ),
            )
        )
    return sorted(found, key=lambda it: (it.namespace, it.kind, it.name, it.place))


def pods_in(
    manifest: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], str]]:
    """Metadata, spec and place of the pods of an object; nothing for a kind that makes none or one without a spec."""
    keys = TEMPLATES.get(str(manifest.get("kind")))
    if keys is None:
        return
    template = manifest
    for key in keys:
        template = mapping(template.get(key))
    spec = mapping(template.get("spec"))
    if any(True for _ in mappings(spec.get("containers"))):
        yield mapping(template.get("metadata")), spec, ".".join((*keys, "spec"))


def enforced(namespace: Mapping[str, Any]) -> tuple[Enforced | None, list[tuple[str, str]]]:
    """What a Namespace enforces, None without a label, and the labels that are not valid, each with its rule.

    As the API server takes them that are stored: a level it does not know is restricted, a version is the latest.
    """
    labels = mapping(mapping(namespace.get("metadata")).get("labels"))
    asked, version = labels.get(ENFORCE), labels.get(VERSION, "latest")
    faults = []
    if asked is None:
        return None, []
    level: Level = "restricted"
    if asked in LEVELS:
        level = asked
    else:
        faults.append((ENFORCE, f"must be one of {', '.join(LEVELS)}"))
    number = _MINOR.fullmatch(str(version))
    if version != "latest" and not number:
        faults.append((VERSION, "must be latest or v1.<minor>, for example v1.35"))
    return Enforced(level, int(number[1]) if number else None), faults


_Held = tuple[str, str, str, str, bytes]
"""Kind, namespace, name, place, and the pod's metadata and spec; in a pickle what aliases share stays shared."""


def _read(given: Iterable[Given], faults: list[Fault]) -> tuple[list[_Held], dict[str, Enforced]]:
    held: list[_Held] = []
    namespaces: dict[str, Enforced] = {}
    for it in given:
        manifest = it.manifest
        if manifest.get("kind") == "Namespace":
            label, wrong = enforced(manifest)
            if label:
                namespaces[_name(manifest)] = label
            for key, rule in wrong:
                remedy = "correct the label"
                faults.append(Fault(it.file, it.line, f"metadata.labels.{key}", rule, "", remedy))
            continue
        pods = [*pods_in(manifest)]
        for metadata, spec, _ in pods:
            template = pickle.dumps((metadata, spec))
            held.append(
                (str(manifest["kind"]), _namespace(manifest), _name(manifest), it.place, template)
            )
        if not pods:
            keys = ".".join((*TEMPLATES[str(manifest["kind"])], "spec", "containers"))
            rule = f"{manifest['kind']} {_name(manifest)} has no containers"
            faults.append(Fault(it.file, it.line, keys, rule, "", "add them"))
    return held, namespaces


def _namespace(manifest: Mapping[str, Any]) -> str:
    return text(mapping(manifest.get("metadata")).get("namespace") or DEFAULT_NAMESPACE)


def _name(manifest: Mapping[str, Any]) -> str:
    metadata = mapping(manifest.get("metadata"))
    return text(metadata.get("name") or metadata.get("generateName") or "")
