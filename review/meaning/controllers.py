"""The controllers of a plan as they were sent, for all meanings of pods: kind, namespace and name, and the manifest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.analyses.pod_security import TEMPLATES
from review.marks import known, known_list, names
from review.plan import Plan, Resource, of_rows

Key = tuple[str, str, str]
"""Kind, namespace, name."""

LISTS: Final = ("initContainers", "containers")


@dataclass(frozen=True, kw_only=True, slots=True)
class Controller:
    """One object that makes pods."""

    kind: str
    namespace: str
    name: str
    urn: str
    manifest: Mapping[str, Any]
    ignored: tuple[str, ...] = ()
    """Property paths of `ignoreChanges`: a change there is not sent."""

    @property
    def key(self) -> Key:
        """By which one plan's is the other's."""
        return self.kind, self.namespace, self.name

    @property
    def title(self) -> str:
        """As a reader knows it: `Deployment course/web`."""
        return f"{self.kind} {self.namespace}/{self.name}"

    @property
    def spec(self) -> Mapping[str, Any]:
        """Of the controller."""
        return known(self.manifest.get("spec"))

    @property
    def path(self) -> str:
        """Of the pod template in the manifest: `spec.template`; empty for a Pod."""
        return ".".join(TEMPLATES[self.kind])

    @property
    def template(self) -> Mapping[str, Any]:
        """Metadata and spec of its pods."""
        found = self.manifest
        for step in TEMPLATES[self.kind]:
            found = known(found.get(step))
        if not self.path:
            return {"metadata": {}, "spec": found.get("spec")}
        return found

    @property
    def pod(self) -> Mapping[str, Any]:
        """Spec of its pods."""
        return known(self.template.get("spec"))


@of_rows
def controllers(plan: Plan) -> Mapping[Key, Controller]:
    """Every object of the plan that makes pods, sorted."""
    found = {}
    for row in plan.resources:
        kind = row.inputs.get("kind") if row.type.startswith("kubernetes:") else None
        if isinstance(kind, str) and kind in TEMPLATES and kind != "PodTemplate":
            namespace, name = names(row)
            it = Controller(
                kind=kind,
                namespace=namespace,
                name=name,
                urn=row.urn,
                manifest=row.inputs,
                ignored=ignored(row),
            )
            found[it.key] = it
    return dict(sorted(found.items()))


def renames(before: Mapping[Key, Controller], after: Mapping[Key, Controller]) -> dict[Key, Key]:
    """Controllers that went while one of their kind, namespace and images came: most likely under another name.

    Only where there is one such pair: two alike could be either.
    """
    gone = _by_images(before[key] for key in before if key not in after)
    come = _by_images(after[key] for key in after if key not in before)
    return {
        olds[0].key: come[alike][0].key
        for alike, olds in gone.items()
        if len(olds) == 1 and len(come.get(alike, ())) == 1
    }


def _by_images(given: Iterable[Controller]) -> dict[tuple[str, ...], list[Controller]]:
    found: dict[tuple[str, ...], list[Controller]] = {}
    for it in given:
        images = [fields.get("image") for _, fields in containers(it.pod)]
        told = [image for image in images if isinstance(image, str)]
        if told and told == images:
            found.setdefault((it.kind, it.namespace, *told), []).append(it)
    return found


def stable(urn: str) -> str:
    """A URN without stack and project: the same resource of another stack has it, too."""
    parts = urn.split("::", 2)
    return parts[2] if len(parts) == 3 else urn


def ignored(row: Resource) -> tuple[str, ...]:
    """Property paths of the option `ignoreChanges`."""
    found = row.options.get("ignoreChanges")
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def is_ignored(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of `patterns` is the path or leads to it; `[*]` is any item."""
    steps = _steps(path)
    for pattern in patterns:
        wanted = _steps(pattern)
        if len(wanted) <= len(steps) and all(
            one in ("*", it) for one, it in zip(wanted, steps, strict=False)
        ):
            return True
    return False


def _steps(path: str) -> list[str]:
    return path.replace("[", ".").replace("]", "").split(".")


def containers(pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name and fields of each container, the init containers first."""
    for key in LISTS:
        for index, it in enumerate(known_list(pod.get(key))):
            name = it.get("name")
            yield name if isinstance(name, str) else f"{key}[{index}]", it


def shortened_list(names: Iterable[str], most: int = 3) -> str:
    """`a, b, c and 11 more`."""
    listed = list(names)
    more = len(listed) - most
    return ", ".join(listed) if more <= 0 else f"{', '.join(listed[:most])} and {more} more"
