"""Where a value comes from and what it is for: the answer to `./aks explain`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from settings.charts import Chart
from settings.descriptions import describe
from settings.explain_errors import Path, model_at
from settings.faults import did_you_mean, dotted
from settings.forms import Form, form_of
from settings.load import WORKLOADS, Sources
from settings.merge import chosen
from settings.profiles import Recommended, covering, profile_of, row_of
from settings.profiles import implied as implied_by_profile
from settings.recommended import ROWS
from settings.stack import PATH, Settings
from settings.workload import Workload, implied

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
    """`file:line`, `availability: ha in file:line`, or `default`."""

    reason: str
    """What the setting is for, from its description."""

    advice: Recommended | None = None
    """What the profiles say of it, why, and what Azure does by itself."""


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
        values = {str(it.alias): getattr(node, key) for key, it in type(node).model_fields.items()}
        # Of what excludes each other the one that is said says that the others are not.
        one_of = [key for key in getattr(node, "ONE_OF", ()) if values[key] is None]
        hidden = one_of if len(one_of) < len(getattr(node, "ONE_OF", ())) else ()
        for key, value in values.items():
            if key not in hidden:
                yield from _leaves(value, (*path, key), sources)
    elif isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, (*path, key), sources)
    elif isinstance(node, list) and node and isinstance(node[0], BaseModel):
        for index, value in enumerate(node):
            yield from _leaves(value, (*path, index), sources)
    else:
        advice = row_of(tuple(map(str, path)), sources.root, ROWS)
        yield Explanation(dotted(path), node, source_of(path, sources), _reason(path), advice)


def source_of(path: Path, sources: Sources) -> str:
    """`file:line` of the value at `path`; `default` where no file says it, nor what its `availability` implies."""
    stack = sources.document
    document = sources.described(path) if len(path) > 2 else None
    config = stack.data.get("config") if isinstance(stack.data, dict) else None
    said = _say(config.get(PATH) if isinstance(config, dict) else None, path, form_of(Settings))
    removed = ""
    if said.at is not None:
        line = f"{stack.file}:{stack.line(('config', PATH, *said.at))}"
        # What is shorter than the path and null in the stack removed what the catalogue says.
        if not said.null or (document is None and len(said.at) == len(path)):
            return line
        removed = f"{line} (null removes it), " if document else ""
    elif document and not said.replaced:
        model = Workload if path[0] == WORKLOADS else Chart
        there = _say(document.data, path[2:], form_of(model))
        if there.at is not None:
            return f"{document.file}:{document.line(there.at)}"
    name = str(path[1]) if document and path[0] == WORKLOADS else ""
    data = sources.workloads.get(name, {})
    if path[2:] in implied(data):
        word = (WORKLOADS, name, "availability")
        return f"{removed}availability: {data['availability']} in {source_of(word, sources)}"
    if covering(tuple(map(str, path)), implied_by_profile(sources.root, ROWS)):
        asked = source_of(("cluster", "profile"), sources)
        return f"{removed}profile {profile_of(sources.root)} ({asked})"
    return f"{removed}default"


class _Said(NamedTuple):
    """What one file says of a key path."""

    at: Path | None = None
    """The path as it stands in the file, where the file says it; of a short form that of the form."""

    null: bool = False
    """Whether it says so by a null, there or further up."""

    replaced: bool = False
    """Whether it says something else in its place, so that what another file says of it does not count."""


def _say(data: Any, path: Path, form: Form | None) -> _Said:
    at: list[str | int] = []
    short = False
    for step in path:
        if data is None:
            return _Said(tuple(at), null=True)
        if form and not isinstance(data, dict) and isinstance(data := form.long(data), dict):
            short = True
        there = step in data if isinstance(data, dict) else isinstance(step, int)
        if not there or (isinstance(data, list) and step not in range(len(data))):
            other = isinstance(data, dict) and form and step in form.one_of and chosen(form, data)
            return _Said(replaced=bool(other) or short or not isinstance(data, dict))
        data = data[step]
        form = form.below(str(step)) if form else None
        if not short:
            at.append(step)
    return _Said(tuple(at), null=data is None)


def _reason(path: Path) -> str:
    """The description of the nearest field on the way to `path`."""
    describe()
    for length in range(len(path), 0, -1):
        owner = model_at(Settings, path[: length - 1])
        for field in owner.model_fields.values() if owner else ():
            if field.alias == path[length - 1] and field.description:
                return " ".join(field.description.split())
    return ""
