"""From pydantic's errors to faults in the user's words, with place and near miss."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from settings.descriptions import describe
from settings.faults import Fault, did_you_mean, dotted, kind_of, may_be_secret, shown
from settings.forms import TAGS

Path = tuple[str | int, ...]
Place = Callable[[Path], tuple[str, int | None, str]]
"""From a key path in the model to file, line and key path as the file spells it."""

_QUOTED = re.compile(r"'([a-z.]+)'")
"""The words that a short form takes, in its rule."""

_MOST_LISTED = 12
"""Words that a fault lists; of more it names the nearest alone."""

MOST_FAULTS = 500
"""Told one by one of one model: what each of thousands of wrong keys meant takes longer to find than anyone reads."""

MORE_REMEDY = "mend those that are told first"

SEALED_RULE = "is a secret, and settings hold none"
SEALED_REMEDY = "give it a key of its own with 'pulumi config set --secret'"


def is_sealed(value: Any) -> bool:
    """Whether `value` is a secret as `pulumi config set --secret` writes one."""
    return isinstance(value, dict) and set(value) == {"secure"} and isinstance(value["secure"], str)


def faults_of(
    error: ValidationError,
    model: type[BaseModel],
    data: Any,
    place: Place,
    hidden: Collection[Path] = (),
) -> list[Fault]:
    """One fault a key, none below `hidden`; of the alternatives of a union the one that states our rule."""
    chosen: dict[Path, ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        path = path_of(detail, data)
        if any(path[: len(it)] == it for it in hidden):
            continue
        if path not in chosen or detail["type"] == "rule":
            chosen[path] = detail
    told = list(chosen.items())
    faults = [_fault(path, detail, model, place) for path, detail in told[:MOST_FAULTS]]
    if rest := told[MOST_FAULTS:]:
        faults.append(Fault(*place(rest[0][0]), f"and {len(rest)} more faults", "", MORE_REMEDY))
    return faults


def path_of(detail: ErrorDetails, data: Any) -> Path:
    """The keys in `detail`'s location that are the user's: without pydantic's names for union members, and without
    what a short form stands for."""
    path: list[str | int] = []
    last = len(detail["loc"]) - 1
    for index, step in enumerate(detail["loc"]):
        if step in TAGS and not (detail["type"] == "extra_forbidden" and index == last):
            continue
        step = _spelt(data, step)
        if _holds(data, step):
            data = data[step]
        elif not (detail["type"] == "missing" and index == last):
            continue
        path.append(step)
    return tuple(path)


def as_written(path: Path, data: Any) -> Path:
    """`path` as far as `data` spells it out: what a short form stands for lies at the short form."""
    found: list[str | int] = []
    for step in path:
        step = _spelt(data, step)
        if _holds(data, step):
            data = data[step]
        elif data is None or isinstance(data, dict):
            data = None
        else:
            continue
        found.append(step)
    return tuple(found)


def _spelt(data: Any, step: str | int) -> str | int:
    """An item of a list that stands for a map is the map's key: its index, where it has one."""
    in_list = isinstance(data, list) and isinstance(step, str) and step in data
    return data.index(step) if in_list else step


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _fault(path: Path, detail: ErrorDetails, model: type[BaseModel], place: Place) -> Fault:
    rule, remedy = _advice(path, detail, model)
    # Under a misspelt key anything may stand, a secret, too; of a missing one there is nothing to show.
    if detail["type"] in ("extra_forbidden", "missing") or rule == SEALED_RULE:
        return Fault(*place(path), rule, "", remedy)
    container = detail["type"] in ("model_type", "dict_type") and not may_be_secret(path)
    value = kind_of(detail["input"]) if container else shown(detail["input"], path)
    return Fault(*place(path), rule, value, remedy)


def _advice(path: Path, detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Rule and remedy."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    if is_sealed(value) or path[-1:] == ("secure",):
        return SEALED_RULE, SEALED_REMEDY
    if kind == "extra_forbidden":
        return "no such setting", _where_instead(model, path)
    if kind == "missing":
        meaning = _meaning(model, path)
        return "is required", f"add it: {meaning}" if meaning else "add it"
    if kind == "rule":
        if detail["loc"][-1:] == ("[key]",):
            return detail["msg"], "rename the key"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and "quotes" in detail["msg"]:
            return detail["msg"], "put it in quotes"
        words = _QUOTED.findall(str(context.get("rule", ""))) if isinstance(value, str) else ()
        return detail["msg"], did_you_mean(str(value), words) or "correct the value"
    if kind == "literal_error":
        expected = str(context["expected"])
        choices = expected.count("'") // 2
        listed = expected if choices <= _MOST_LISTED else f"the {choices} in the reference"
        return f"must be one of {listed}", _choice(str(value), expected)
    rules = {
        "string_type": ("must be text", "put the value in quotes"),
        "bool_type": ("must be true or false", "write it without quotes"),
        "model_type": ("must be a map of settings", "write its keys below it"),
        "dict_type": ("must be a map", "write 'key: value' pairs below it"),
        "list_type": ("must be a list", "write '- ' before each item, or [a, b]"),
        "string_too_short": (
            f"must have at least {context.get('min_length')} characters",
            "say more",
        ),
        "too_short": (f"must have at least {context.get('min_length')} items", "add one"),
    }
    rule, remedy = rules.get(
        kind, (detail["msg"][0].lower() + detail["msg"][1:], "correct the value")
    )
    if kind == "string_type" and isinstance(value, dict | list):
        remedy = "write one value"
    return rule, remedy if value is not None else f"remove the key, or {remedy}"


def _choice(value: str, expected: str) -> str:
    """Remedy for a value that is none of `expected`, pydantic's `'a', 'b' or 'c'`."""
    known = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return (
        "put it in quotes" if value in known else did_you_mean(value, known) or "choose one of them"
    )


def _where_instead(model: type[BaseModel], path: Path) -> str:
    """Remedy for a key that is not known where it stands: the one place that has it, or the near miss."""
    known, key = _keys_at(model, path[:-1]), str(path[-1])
    owner = model_at(model, path[:-1])
    # What stands a level too high is looked for below, first: further containers have the workload's own keys, too.
    for start, above in ((owner, path[:-1]), (model, ())):
        places = _places_of(start).get(key, ()) if start else ()
        outside = [it for it in places if "containers" not in it] or places
        if len(outside) == 1:
            return f"did you mean {dotted((*above, *outside[0]))!r}?"
    if near := did_you_mean(key, known):
        return near
    return f"known here: {', '.join(sorted(known))}" if known else "remove it: nothing is set here"


@cache
def _places_of(model: type[BaseModel]) -> dict[str, list[Path]]:
    """Key paths below `model` by their last key; `<name>` stands for a key that users choose."""
    found: dict[str, list[Path]] = {}
    for path in _paths_below(model, ()):
        found.setdefault(str(path[-1]), []).append(path)
    return found


def _paths_below(model: type[BaseModel], above: Path) -> Iterator[Path]:
    for field in model.model_fields.values():
        here: Path = (*above, str(field.alias))
        yield here
        annotation = _unwrapped(field.annotation)
        if get_origin(annotation) in (dict, list):
            here = (*here, "<name>" if get_origin(annotation) is dict else 0)
            annotation = _unwrapped(get_args(annotation)[-1])
        if (
            isinstance(annotation, type)
            and issubclass(annotation, BaseModel)
            and str(field.alias) != "workloads"
        ):
            yield from _paths_below(annotation, here)


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    found = model_at(model, path)
    return [str(field.alias) for field in found.model_fields.values()] if found else []


def _meaning(model: type[BaseModel], path: Path) -> str:
    describe()
    owner = model_at(model, path[:-1])
    for field in owner.model_fields.values() if owner else ():
        if field.alias == path[-1] and field.description:
            return field.description.split("\n")[0].split(". ")[0].rstrip(".")
    return ""


def model_at(model: Any, path: Sequence[str | int]) -> type[BaseModel] | None:
    """The settings model that holds the keys below `path`; None where there is none."""
    found = _type_at(model, path)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def container_at(model: Any, path: Sequence[str | int]) -> type | None:
    """`dict` or `list` where users name or list what stands at `path`; else None."""
    found = get_origin(_type_at(model, path))
    return found if found in (dict, list) else None


def _type_at(model: Any, path: Sequence[str | int]) -> Any:
    here = _unwrapped(model)
    for step in path:
        below: Any = None
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = here.model_fields.values()
            below = next((it.annotation for it in fields if it.alias == step), None)
        elif get_origin(here) in (dict, list):
            below = get_args(here)[-1]
        here = _unwrapped(below)
    return here


def _unwrapped(annotation: Any) -> Any:
    """Without `Annotated` and `| None`."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        for member in get_args(annotation):
            found = _unwrapped(member)
            if get_origin(found) in (dict, list) or (
                isinstance(found, type) and issubclass(found, BaseModel)
            ):
                return found
    return annotation
