"""Objects of a plan read past its marks: what stands in place of a value is no value, and its path can be told."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.plan import SECRET, UNKNOWN, Resource

NAMELESS: Final = "(unknown)"
"""Stands for a namespace that only a deployment tells."""


def is_mark(value: Any) -> bool:
    """Whether it stands for a value: unknown, or secret."""
    # Asked of whatever is read: 120,000 times a plan of 1,000 workloads.
    return isinstance(value, dict) and len(value) == 1 and value in (UNKNOWN, SECRET)


def known(value: Any) -> Mapping[str, Any]:
    """`value` where it is a map that the plan tells; an empty one otherwise."""
    return value if isinstance(value, Mapping) and not is_mark(value) else {}


def known_list(value: Any) -> list[Mapping[str, Any]]:
    """The maps of a list that the plan tells."""
    return [it for it in value if known(it)] if isinstance(value, list | tuple) else []


def names(row: Resource) -> tuple[str, str]:
    """Namespace and name of an object; its logical name where only a deployment tells."""
    metadata = known(row.inputs.get("metadata"))
    namespace, name = metadata.get("namespace") or "default", metadata.get("name")
    return (
        namespace if isinstance(namespace, str) else NAMELESS,
        name if isinstance(name, str) else row.name,
    )


def text(value: Any) -> str:
    """`value` where it is text that the plan tells; empty otherwise."""
    return value if isinstance(value, str) else ""


def marks(value: Any, at: str = "") -> Iterator[str]:
    """Where in `value` something stands for a value: `spec.template.spec.containers[0].image`."""
    if isinstance(value, Mapping):
        if is_mark(value):
            yield at
            return
        for key, it in value.items():
            if isinstance(it, Mapping | list | tuple):
                yield from marks(it, f"{at}.{key}" if at else f"{key}")
    elif isinstance(value, list | tuple):
        for index, it in enumerate(value):
            if isinstance(it, Mapping | list | tuple):
                yield from marks(it, f"{at}[{index}]")


class Reader:
    """Reads fields past marks and past what has another type: the path of each is kept, and the default taken."""

    def __init__(self) -> None:
        self.unknown: list[str] = []

    def map(self, holder: Mapping[str, Any], key: str, at: str) -> Mapping[str, Any]:
        """A map; empty where there is none."""
        value = holder.get(key)
        if isinstance(value, Mapping) and not is_mark(value):
            return value
        self._missed(value, at)
        return {}

    def items(self, holder: Mapping[str, Any], key: str, at: str) -> list[Mapping[str, Any]]:
        """The maps of a list."""
        value = holder.get(key)
        if not isinstance(value, list | tuple):
            self._missed(value, at)
            return []
        found = known_list(value)
        if len(found) < len(value):
            self.unknown += [f"{at}[{index}]" for index, it in enumerate(value) if not known(it)]
        return found

    def number(self, holder: Mapping[str, Any], key: str, at: str, default: int) -> int:
        """A whole number."""
        value = holder.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        self._missed(value, at)
        return default

    def text(self, holder: Mapping[str, Any], key: str, at: str) -> str:
        """Text; empty where there is none."""
        value = holder.get(key)
        if not isinstance(value, str):
            self._missed(value, at)
        return text(value)

    def _missed(self, value: Any, at: str) -> None:
        if value is not None:
            self.unknown.append(at)
