"""The ends inside the cluster: workloads, each with the pods that it makes, as far as a policy can tell them apart.

A pod with an owner stands for that owner, and so does a ReplicaSet or a Job. Where pods of a workload are given they
speak for it; its template does so only if none of them carries all of its labels, as in the midst of a rollout.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.shapes import Path, RefusedError, a_list, a_map, a_text, labels
from review.given import Given

APPS: Final = frozenset({"apps", "extensions"})
KINDS: Final = {
    "CronJob": frozenset({"batch"}),
    "DaemonSet": APPS,
    "Deployment": APPS,
    "Job": frozenset({"batch"}),
    "Pod": frozenset({""}),
    "ReplicaSet": APPS,
    "ReplicationController": frozenset({""}),
    "StatefulSet": frozenset({"apps"}),
}
"""What has pods, with its API groups."""

HASH_LABEL: Final = "pod-template-hash"
_POD: Final = "Pod"
_NODE: Final = "Node"
"""Owner of a static pod's mirror, and no controller: such a pod stands for itself."""


class Key(NamedTuple):
    """What tells one workload from another."""

    namespace: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}[{self.kind}]"


class Pods(NamedTuple):
    """Pods that no policy tells apart."""

    namespace: str
    labels: tuple[tuple[str, str], ...]
    """Sorted."""

    named: tuple[tuple[str, str, int], ...]
    """Name, protocol and number of each named port, those of native sidecars included; sorted."""

    host: bool
    """Whether they are in the network of their node."""

    def port(self, name: str, protocol: str) -> Ports:
        """What a named port stands for here; nothing if no container has it."""
        found = ports.NONE
        for known, of, number in self.named:
            if (known, of) == (name, protocol):
                found = ports.union(found, ports.of(protocol, number, number))
        return found


@dataclass
class Workload:
    """One end of connections."""

    key: Key
    place: str
    """Where it stands: `file:line`."""

    pods: list[Pods] = field(default_factory=list[Pods])


class _Made(NamedTuple):
    """One object that has pods, before owners are known."""

    key: Key
    pods: Pods
    owner: Key | None
    place: str
    idle: bool
    """An old ReplicaSet that makes no pod any more."""


def workload(given: Given) -> _Made:
    """What a manifest of `KINDS` makes; raises `RefusedError`."""
    manifest = given.manifest
    kind, metadata = manifest["kind"], a_map(manifest.get("metadata"), ("metadata",))
    key = Key(namespace(metadata), name(metadata), kind)
    path: Path = ("spec",)
    meta_path: Path = ("metadata",)
    spec, meta = a_map(manifest.get("spec"), path), metadata
    if kind == "CronJob":
        spec, path = _inner(spec, path, "jobTemplate")
        spec, path = _inner(spec, path, "spec")
    idle = kind == "ReplicaSet" and spec.get("replicas") == 0
    if kind != _POD:
        template, path = _inner(spec, path, "template")
        meta, meta_path = _inner(template, path, "metadata")
        spec, path = _inner(template, path, "spec")
    pods = Pods(
        key.namespace,
        tuple(sorted(labels(meta.get("labels"), (*meta_path, "labels")).items())),
        tuple(sorted(set(_named_ports(spec, path)))),
        spec.get("hostNetwork") is True,
    )
    return _Made(key, pods, _owner(key, metadata), given.place, idle)


def namespace(metadata: Mapping[str, Any]) -> str:
    """`default` where none is written."""
    return a_text(metadata.get("namespace") or "default", ("metadata", "namespace"))


def name(metadata: Mapping[str, Any]) -> str:
    """The name, or the part of it that is known before an object is created."""
    found = metadata.get("name") or metadata.get("generateName")
    return a_text(found, ("metadata", "name"))


def gathered(made: Iterable[_Made]) -> list[Workload]:
    """The workloads of some objects, by name; what has an owner is a part of it."""
    objects = {it.key: it for it in made}
    roots: dict[Key, list[tuple[int, _Made]]] = {}
    for it in objects.values():
        root, depth = _root(it, objects)
        if not (it.idle and depth):
            roots.setdefault(root, []).append((-depth, it))
    found = []
    for key, parts in roots.items():
        own = objects.get(key) or min(parts, key=lambda it: it[1].key)[1]
        found.append(Workload(key, own.place, _speaking(parts)))
    return sorted(found, key=lambda it: str(it.key))


def _speaking(parts: list[tuple[int, _Made]]) -> list[Pods]:
    """The pods that tell of a workload, from those furthest from it to its own template."""
    kept: list[tuple[int, Pods]] = []
    for level, it in sorted(parts, key=lambda part: (part[0], part[1].key)):
        own = set(it.pods.labels)
        covered = any(other < level and own <= set(pods.labels) for other, pods in kept)
        if not covered:
            kept.append((level, it.pods))
    return list(dict.fromkeys(pods for _, pods in kept))


def _root(made: _Made, objects: Mapping[Key, _Made]) -> tuple[Key, int]:
    """The owner of owners, and how far up it is."""
    key, depth = made.key, 0
    seen = {key}
    while made.owner and made.owner not in seen:
        key, depth = made.owner, depth + 1
        seen.add(key)
        if key not in objects:
            return _deployment(made, objects) or key, depth
        made = objects[key]
    return key, depth


def _deployment(made: _Made, objects: Mapping[Key, _Made]) -> Key | None:
    """The Deployment behind a ReplicaSet that was not given, by the hash at the end of its name."""
    owner, suffix = made.owner, dict(made.pods.labels).get(HASH_LABEL)
    if not owner or owner.kind != "ReplicaSet" or not suffix:
        return None
    key = Key(owner.namespace, owner.name.removesuffix(f"-{suffix}"), "Deployment")
    return key if key in objects else None


def _owner(key: Key, metadata: Mapping[str, Any]) -> Key | None:
    """The controller; where no reference says that it is one, the first that has pods."""
    path: Path = ("metadata", "ownerReferences")
    references = [a_map(it, path) for it in a_list(metadata.get("ownerReferences"), path)]
    controllers = [it for it in references if it.get("controller") is True]
    for it in controllers or [it for it in references if it.get("kind") in KINDS]:
        kind, owner = it.get("kind"), it.get("name")
        if isinstance(kind, str) and isinstance(owner, str) and kind != _NODE:
            return Key(key.namespace, owner, kind)
    return None


def _named_ports(spec: Mapping[str, Any], path: Path) -> Iterator[tuple[str, str, int]]:
    """Of containers and native sidecars; an init container that ends has no port that others reach."""
    for group in ("containers", "initContainers"):
        for index, item in enumerate(a_list(spec.get(group), (*path, group))):
            here = (*path, group, index)
            container = a_map(item, here)
            if group == "initContainers" and container.get("restartPolicy") != "Always":
                continue
            for port in a_list(container.get("ports"), (*here, "ports")):
                found = a_map(port, (*here, "ports"))
                if isinstance(found.get("name"), str):
                    number = found.get("containerPort")
                    if not isinstance(number, int) or not 1 <= number <= ports.LAST:
                        raise RefusedError((*here, "ports"), "containerPort must be 1 to 65535")
                    yield found["name"], found.get("protocol") or "TCP", number


def _inner(data: Mapping[str, Any], path: Path, key: str) -> tuple[Mapping[str, Any], Path]:
    return a_map(data.get(key), (*path, key)), (*path, key)
