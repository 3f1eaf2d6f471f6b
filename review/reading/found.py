"""What a text holds, whatever it is written in."""

from collections.abc import Callable
from typing import Any, NamedTuple

Wanted = Callable[[str, str], bool]
"""Whether an object is to be built, by its apiVersion and kind."""


class Found(NamedTuple):
    """One object of a text."""

    api_version: str
    """Empty where it has none, and so is `kind`: then it is no Kubernetes object."""

    kind: str
    line: int
    """1-based, of its first key."""

    manifest: dict[str, Any] | None
    """None for what nobody wanted."""


def item_type(head: dict[str, Any]) -> tuple[str, str]:
    """What the items of a typed list are: the API server names them in the list alone."""
    kind = head.get("kind")
    if not isinstance(kind, str) or kind == "List" or not kind.endswith("List"):
        return "", ""
    return str(head.get("apiVersion") or ""), kind.removesuffix("List")
