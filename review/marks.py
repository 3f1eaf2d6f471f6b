"""Objects of a plan read past its marks: what stands in place of a value is no value, and its path can be told."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.plan import SECRET, UNKNOWN, Resource

NAMELESS: Final = "(unknown)"
"""Stands for a namespace that only a deployment tells."""


def is_mark(value: Any) -> bool:
    """Whether it stands for a value: unknown, or secret."""
    return value in (UNKNOWN, SECRET)


def known(value: Any) -> Mapping[str, Any]:
    """`value` where it is a map that the plan tells; an empty one otherwise."""
    return value if isinstance(value, Mapping) and not is_mark(value) else {}


def known_list(value: Any) -> list[Mapping[str, Any]]:
    """The maps of a list that the plan tells."""
    return [it for it in value if known(it)] if isinstance(value, list | tuple) else []


def names(row: Resource) -> tuple[str, str]:
    """Namespace and name of an object; its logical name where only a deployment tells."""
    metadata = known(row.inputs.get("metadata"))
    namespace, name = metadata.get("namespace", "default"), metadata.get("name")
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
