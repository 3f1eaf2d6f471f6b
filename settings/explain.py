"""Where a value comes from and what it is for: the answer to `./aks explain`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from settings.explain_errors import Path, model_at
from settings.faults import did_you_mean, dotted
from settings.load import WORKLOADS, Sources
from settings.stack import PATH, Settings

_STEP = re.compile(r"\[(?P<index>[0-9]+)\]|\[\"(?P<quoted>[^\"]+)\"\]|(?P<name>[^.\[\]]+)")


class UnknownKeyError(ValueError):
    """No such key in the settings; the text says which are there."""


@dataclass(frozen=True)
class Explanation:
    """One value of a stack."""

    key: str
    """Key path below the settings object."""

    value: Any
    """Plain data, as YAML would write it."""

    source: str
    """`file:line`, or `default`."""

    reason: str
    """What the setting is for, from its description."""


def steps_of(key: str) -> Path:
    """`workloads.blob-service.routes[0].host` as steps; the settings' own prefix may stand before it."""
    key = key.removeprefix("config.").removeprefix(PATH).removeprefix(".")
    steps: list[str | int] = []
    position = 0
    while position < len(key):
        found = _STEP.match(key, position)
        if not found:
            raise UnknownKeyError(
                f"{key!r} is not a key path; write it like 'nodePools.wg1.max' or 'routes[0].host'"
            )
        steps.append(int(found["index"]) if found["index"] else found["quoted"] or found["name"])
        position = found.end() + (1 if key[found.end() : found.end() + 1] == "." else 0)
    return tuple(steps)


def explain(settings: Settings, sources: Sources, key: str) -> list[Explanation]:
    """The value at `key`, or each value below it; raises `UnknownKeyError` with the nearest known key."""
    steps = steps_of(key)
    node: Any = settings
    for index, step in enumerate(steps):
        node = _step(node, step, steps[:index])
    return list(_leaves(node, steps, sources))


def _step(node: Any, step: str | int, before: Path) -> Any:
    if isinstance(node, BaseModel):
        names = {str(field.alias): name for name, field in type(node).model_fields.items()}
        if step in names:
            return getattr(node, names[str(step)])
        known: Sequence[Any] = sorted(names)
    elif isinstance(node, dict):
        if step in node:
            return node[step]
        known = sorted(node)
    elif isinstance(node, list) and isinstance(step, int):
        if step < len(node):
            return node[step]
        known = [f"[{index}]" for index in range(len(node))]
    else:
        raise UnknownKeyError(
            f"{dotted(before)} is a value and has nothing below it, so no {str(step)!r}"
        )
    near = did_you_mean(str(step), known) or f"known: {', '.join(map(str, known)) or 'none'}"
    raise UnknownKeyError(f"no setting {dotted((*before, step))!r} in this stack; {near}")


def _leaves(node: Any, path: Path, sources: Sources) -> Iterator[Explanation]:
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from _leaves(getattr(node, name), (*path, str(field.alias)), sources)
    elif isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, (*path, key), sources)
    elif isinstance(node, list) and node and isinstance(node[0], BaseModel):
        for index, value in enumerate(node):
            yield from _leaves(value, (*path, index), sources)
    else:
        yield Explanation(dotted(path), node, source_of(path, sources), _reason(path))


def source_of(path: Path, sources: Sources) -> str:
    """`file:line` of the value at `path`; `default` where no file says it."""
    full = ("config", PATH, *path)
    stack = sources.document
    below = path[2:]
    document = (
        sources.catalogue.get(str(path[1])) if path[:1] == (WORKLOADS,) and len(path) > 2 else None
    )
    # What is shorter than the path and null in the stack removed what the catalogue says.
    for length in range(len(full), len(full) - len(below) - 1, -1):
        there, line = stack.find(full[:length])
        if there and (length == len(full) or _value_at(stack.data, full[:length]) is None):
            removed = document is not None and _value_at(stack.data, full[:length]) is None
            return f"{stack.file}:{line}{' (null removes it), default' if removed else ''}"
    if document is not None:
        there, line = document.find(below)
        if there:
            return f"{document.file}:{line}"
    return "default"


def _value_at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _reason(path: Path) -> str:
    """The description of the nearest field on the way to `path`."""
    for length in range(len(path), 0, -1):
        owner = model_at(Settings, path[: length - 1])
        for field in owner.model_fields.values() if owner else ():
            if field.alias == path[length - 1] and field.description:
                return " ".join(field.description.split())
    return ""
