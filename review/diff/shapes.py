"""How the API that a value goes to reads it: by which key a list is merged, whether its order says anything, what an
absent field means.

For Kubernetes this comes from the OpenAPI schemas of the newest version that `kubernetes_validate` holds
(`x-kubernetes-list-type`, `x-kubernetes-list-map-keys`, `x-kubernetes-patch-merge-key`); the tables of `order` add what
no schema says of lists that are replaced as a whole.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from review.diff import defaults, order
from review.kubernetes_schemas import newest
from settings.quantity import amount

QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
INT_OR_STRING: Final = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
Template = Literal["", "pods", "revised"]
"""The template of pods: another order makes new ones, whatever the list. A `revised` one is kept by controllers as it
is stored, byte by byte, so that another form of an amount makes new pods, too: `1Gi` and `1073741824`, but not
`1024Mi`. Both are tried by `tests/cluster/test_diff_oracle.py`."""

_REVISED: Final = frozenset({"apps.StatefulSetSpec", "apps.DaemonSetSpec"})
_OF_TEMPLATE: Final = "core.PodTemplateSpec"


@dataclass(frozen=True, slots=True)
class Listing:
    """How the items of a list belong together."""

    keys: tuple[str, ...] = ()
    """Fields that name an item, a dot for one further below; none where it has no name."""

    ordered: bool = True
    """Whether another order is another value."""


class Shape:
    """Of a value of which no schema is known."""

    listing = Listing(keys=("name",))
    empty_is_absent = False
    """Whether an empty list or map is the same as none."""

    template: Template = ""
    """Whether this is the template of pods."""

    def normal(self, value: Any) -> Any:
        """The one spelling of a scalar; two that are equal then mean the same."""
        return value

    def stored(self, value: Any) -> Any:
        """The one spelling that the service keeps."""
        return self.normal(value)

    def field(self, _key: str) -> "Shape":
        """Of the value under a key."""
        return ANY

    def item(self) -> "Shape":
        """Of the items of a list."""
        return ANY

    def filled(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """`value` with what the service would fill in."""
        return value


ANY: Final = Shape()


class KubernetesShape(Shape):
    """Of a value that a schema describes."""

    def __init__(self, schema: Mapping[str, Any], owner: str = "", key: str = "") -> None:
        """`owner` and `key` say of which property of which definition."""
        reference = str(schema.get("$ref", "")).rpartition("/")[2]
        self.name = _short(reference)
        self._schema = newest().definitions.get(reference, schema)
        self._fields: dict[str, Shape] = {}
        self._item: Shape | None = None
        self._quantity, self._text = reference == QUANTITY, reference == INT_OR_STRING
        types = _types(self._schema)
        self.listed = listed = "array" in types
        self.structured = listed or "object" in types
        # Of a definition with fields the strict schemas say that there are no others.
        free = isinstance(self._schema.get("additionalProperties"), Mapping)
        self.empty_is_absent = listed or free
        self.listing = _listing(schema, owner, key) if listed else Shape.listing
        if self.name == _OF_TEMPLATE:
            self.template = "revised" if owner in _REVISED else "pods"

    def normal(self, value: Any) -> Any:
        """`2048Mi` is `2Gi`, `1000m` is 1, and the port `8080` is `"8080"`."""
        if isinstance(value, bool):
            return value
        if self._text:
            return str(value)
        return _amount(value) if self._quantity else value

    def stored(self, value: Any) -> Any:
        if self._quantity and not isinstance(value, bool):
            found = str(value)
            form = "Ki" if found[-1:] == "i" else "e" if "e" in found.lower()[:-1] else ""
            return (_amount(value), form)
        return self.normal(value)

    def field(self, key: str) -> Shape:
        if (found := self._fields.get(key)) is None:
            inner = self._schema.get("properties", {}).get(key)
            if inner is None:
                inner = self._schema.get("additionalProperties")
            found = KubernetesShape(inner, self.name, key) if isinstance(inner, Mapping) else ANY
            self._fields[key] = found
        return found

    def item(self) -> Shape:
        if self._item is None:
            inner = self._schema.get("items")
            self._item = KubernetesShape(inner) if isinstance(inner, Mapping) else ANY
        return self._item

    def filled(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        return defaults.filled(self.name, value)


@functools.cache
def of_kind(api_version: str, kind: str) -> Shape:
    """Of a Kubernetes object; `ANY` where no schema knows its kind."""
    name = newest().kinds.get(api_version, {}).get(kind)
    return KubernetesShape({"$ref": name}) if name else ANY


def _listing(schema: Mapping[str, Any], owner: str, key: str) -> Listing:
    told = order.UNORDERED.get((owner, key))
    keys = schema.get("x-kubernetes-list-map-keys")
    if keys is None and (merge_key := schema.get("x-kubernetes-patch-merge-key")):
        keys = [merge_key]
    if keys is not None:
        return Listing(keys=tuple(keys), ordered=(owner, key) in order.ORDERED)
    if told is not None:
        return Listing(keys=told, ordered=False)
    if schema.get("x-kubernetes-list-type") == "set":
        return Listing(ordered=False)
    return Listing(keys=order.NAMED.get((owner, key), ("name",)))


def _short(reference: str) -> str:
    """`core.PodSpec` of `io.k8s.api.core.v1.PodSpec`: what tables say holds for every version."""
    parts = reference.split(".")
    return f"{parts[-3]}.{parts[-1]}" if len(parts) > 2 else reference


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    found = schema.get("type", ())
    return (found,) if isinstance(found, str) else tuple(found)


def _amount(value: Any) -> Any:
    try:
        return f"{amount(str(value)).normalize()}"
    except (ArithmeticError, ValueError):
        return value
