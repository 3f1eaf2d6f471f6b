"""Parts of a manifest as the API server takes them; what it would refuse is told with its path and never guessed at."""

from collections.abc import Mapping
from typing import Any

from settings.faults import dotted, shown

Path = tuple[str | int, ...]


class RefusedError(ValueError):
    """What the API server would not take; the message names the key path, the rule and what stands there."""

    def __init__(self, path: Path, rule: str, value: Any = None) -> None:
        got = "" if value is None else f"; got {shown(value) or 'something else'}"
        super().__init__(f"{dotted(path)}: {rule}{got}")


def a_map(data: Any, path: Path) -> Mapping[str, Any]:
    """A map; nothing is an empty one."""
    if isinstance(data, dict):  # the test of an ABC takes three times as long
        return data
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise RefusedError(path, "must be a map", data)
    return data


def a_list(data: Any, path: Path) -> list[Any]:
    """A list; nothing is an empty one."""
    if data is None:
        return []
    if not isinstance(data, list | tuple):
        raise RefusedError(path, "must be a list", data)
    return list(data)


def a_text(data: Any, path: Path) -> str:
    """Text; a number or a word such as `true` without quotes is none."""
    if not isinstance(data, str):
        raise RefusedError(path, "must be text", data if data is not None else "nothing")
    return data


def labels(data: Any, path: Path) -> dict[str, str]:
    """A map of text to text."""
    given = a_map(data, path)
    for key, value in given.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            a_text(key, path)
            a_text(value, (*path, str(key)))
    return dict(given)
