"""What rules read: one object of any kind, its pods and containers, and the ways into its properties.

Nothing here raises for what anyone may have written; `Undecided` comes out of reading what a plan does not know.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from policy.kinds import CLUSTER_WIDE, GROUPS, TEMPLATES
from policy.unknown import Undecided, item_name, parts, positions

Manifest = Mapping[str, Any]

Subjects = Iterable[tuple[str, Any]]
"""Path from the object and the subject; an `Undecided` in its place where the subject itself is not known."""

_NONE: Final[Manifest] = {}

DEFAULT_NAMESPACE: Final = "default"
"""Where the API server puts a namespaced object that names none."""


@dataclass(frozen=True, slots=True)
class Object:
    """One Kubernetes object, or one resource of Azure, with what identifies it."""

    kind: str
    """`Deployment`, or `azure-native:containerservice:ManagedCluster`: never an API version."""

    namespace: str
    """Empty for what is in none; `default` where a namespaced object does not say."""

    name: str
    """Empty where it is not known."""

    manifest: Manifest
    """In wire form; inputs of an Azure resource."""

    title: str
    """As a reader knows it: `Deployment course/web`."""

    urn: str = ""
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    """What the program asks of the engine for it: `{"protect": True, "ignoreChanges": ["spec.replicas"]}`."""

    @property
    def group(self) -> str:
        """API group, empty for the core one."""
        return str(dig(self.manifest, "apiVersion") or "").rpartition("/")[0]

    @property
    def labels(self) -> Mapping[str, Any]:
        """Its own, not those of its pods."""
        return mapping(self.manifest, "metadata", "labels")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """Its own, not those of its pods."""
        return mapping(self.manifest, "metadata", "annotations")


@dataclass(frozen=True, slots=True)
class Pod:
    """The pod that an object is or makes."""

    object: Object
    path: str
    """Of the spec: `spec.template.spec`."""

    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]

    @property
    def labels(self) -> Mapping[str, Any]:
        """What selectors look at."""
        return mapping(self.metadata, "labels")

    @property
    def account(self) -> str:
        """Name of its ServiceAccount; `serviceAccount` is the old name of the field, which the API server still reads
        where the new one is empty."""
        found = dig(self.spec, "serviceAccountName") or dig(self.spec, "serviceAccount")
        return str(found or "default")


@dataclass(frozen=True, slots=True)
class Container:
    """One container of any sort."""

    pod: Pod
    field: str
    """`containers`, `initContainers` or `ephemeralContainers`."""

    spec: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Empty where it has none."""
        return str(dig(self.spec, "name") or "")

    @property
    def runs(self) -> bool:
        """Whether it runs as long as the pod: a container, or an init container that is always restarted."""
        return self.field == "containers" or dig(self.spec, "restartPolicy") == "Always"


def object_of(
    manifest: Manifest, title: str = "", urn: str = "", options: Manifest = _NONE
) -> Object:
    """A Kubernetes object, from its manifest in plain data."""
    metadata = mapping(manifest, "metadata")
    kind, name, namespace = (
        it if isinstance(it, str) else ""
        for it in (manifest.get("kind"), metadata.get("name"), metadata.get("namespace"))
    )
    group = str(manifest.get("apiVersion") or "").rpartition("/")[0]
    if kind in CLUSTER_WIDE:
        namespace = ""
    elif not namespace and metadata.get("namespace") in (None, ""):
        namespace = DEFAULT_NAMESPACE
    if group not in GROUPS.get(kind, (group,)):
        kind = f"{kind}.{group}"
    if not title:
        title = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
    return Object(kind, namespace, name, manifest, title, urn, options)


def resource_of(
    type_: str, inputs: Manifest, title: str, urn: str = "", options: Manifest = _NONE
) -> Object:
    """A resource of Azure or of a chart, by its type token with or without an API version."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    kind = type_ if package == "kubernetes" else f"{package}:{module.partition('/')[0]}:{name}"
    return Object(kind, "", title.partition(" ")[2], inputs, title, urn, options)


def dig(value: Any, *steps: str) -> Any:
    """What stands below `value` at the end of these keys; None where a key is missing or something else is no map."""
    for step in steps:
        if not isinstance(
            value, dict
        ):  # what JSON and YAML make; the test of an ABC takes three times as long
            return None
        value = value.get(step)
    return value


def mapping(value: Any, *steps: str) -> Mapping[str, Any]:
    """The map at the end of these keys; an empty one where there is none."""
    found = dig(value, *steps)
    return found if isinstance(found, dict) else {}


def listed(value: Any, *steps: str) -> list[Any]:
    """The list at the end of these keys; an empty one where there is none."""
    found = dig(value, *steps)
    return found if isinstance(found, list) else []


def items(value: Any, *steps: str) -> Iterator[tuple[str, Any]]:
    """The items of the list at the end of these keys, each with its path from `value`: `ports[http]`."""
    found = dig(value, *steps)
    if not isinstance(found, list) or not found:
        return
    path, field = ".".join(steps), steps[-1] if steps else ""
    for at, item in positions(found):
        yield f"{path}[{item_name(field, at, item)}]", item


def texts(value: Any, *steps: str) -> list[str]:
    """The texts of the list at the end of these keys; other items are left out."""
    return [it for it in listed(value, *steps) if isinstance(it, str)]


def pods(it: Object) -> Subjects:
    """The pod that an object is or makes, as one subject; none for other kinds."""
    steps = TEMPLATES.get(it.kind)
    if steps is None:
        return
    path = ".".join([*steps, "spec"])
    try:
        template = dig(it.manifest, *steps)
        pod = Pod(it, path, mapping(template, "metadata"), mapping(template, "spec"))
    except Undecided as undecided:
        yield path, undecided
    else:
        yield path, pod


_FIELDS: Final = ("initContainers", "containers", "ephemeralContainers")


def containers(it: Object) -> Subjects:
    """Every container of an object's pod: init containers and ephemeral ones, too."""
    for path, pod in pods(it):
        if isinstance(pod, Undecided):
            yield path, pod
            continue
        for field in _FIELDS:
            yield from _containers(pod, path, field)


def main_containers(it: Object) -> Subjects:
    """The containers that run as long as the pod: no init containers but sidecars, no ephemeral ones."""
    for path, container in containers(it):
        try:
            if isinstance(container, Undecided) or container.runs:
                yield path, container
        except Undecided as undecided:
            yield path, undecided


def _containers(pod: Pod, path: str, field: str) -> Subjects:
    try:
        found = listed(pod.spec, field)
    except Undecided as undecided:
        yield f"{path}.{field}", undecided
        return
    for at, item in parts(found):
        place = f"{path}.{field}[{item_name(field, at, item)}]"
        if isinstance(item, Undecided):
            yield place, item
        elif isinstance(item, dict):
            yield place, Container(pod, field, item)


_QUANTITY: Final = re.compile(
    r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]+))?"
)
_SUFFIX: Final[Mapping[str, Decimal]] = {
    **{
        s: Decimal(10) ** e
        for s, e in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)
    },
    **{f"{s}i": Decimal(1024) ** e for e, s in enumerate("KMGTPE", 1)},
}


_MOST_POWER: Final = 30
"""Kubernetes itself counts to 2**63, about 1e19, and from 1e-9."""

_DIGITS: Final = 9


def quantity(value: Any) -> Decimal | None:
    """A Kubernetes quantity as a number (`250m` is 0.25, `1Ki` is 1024); None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _QUANTITY.fullmatch(str(value))
    if not found:
        return None
    number, suffix, exponent = found.groups()
    power = max(-_MOST_POWER, min(_MOST_POWER, int((exponent or "0")[:_DIGITS])))
    scale = _SUFFIX[suffix] if suffix else Decimal(10) ** power
    return Decimal(number) * scale
