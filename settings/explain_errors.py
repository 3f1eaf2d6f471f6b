"""From pydantic's errors to faults in the user's words, with place and near miss."""

from collections.abc import Callable, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from settings.faults import Fault, did_you_mean, shown

Path = tuple[str | int, ...]
Place = Callable[[Path], tuple[str, int | None, str]]
"""From a key path in the model to file, line and key path as the file spells it."""


def faults_of(
    error: ValidationError, model: type[BaseModel], data: Any, place: Place
) -> list[Fault]:
    """One fault a key: of the alternatives of a union the one that states our rule."""
    chosen: dict[Path, ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        path = _path(detail, data)
        if path not in chosen or detail["type"] == "rule":
            chosen[path] = detail
    return [_fault(path, detail, model, place) for path, detail in chosen.items()]


def _path(detail: ErrorDetails, data: Any) -> Path:
    """The keys in `detail`'s location that are the user's: without pydantic's names for union members."""
    path: list[str | int] = []
    steps = detail["loc"]
    for index, step in enumerate(steps):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            if not (detail["type"] == "missing" and index == len(steps) - 1):
                continue
        path.append(step)
    return tuple(path)


def _fault(path: Path, detail: ErrorDetails, model: type[BaseModel], place: Place) -> Fault:
    file, line, key = place(path)
    kind, context = detail["type"], detail.get("ctx", {})
    value = shown(detail["input"], path)
    if kind == "extra_forbidden":
        # The value stays unsaid: under a misspelt key it may be a secret.
        known = _keys_at(model, path[:-1])
        if path[-1] == "secure":
            return Fault(
                file,
                line,
                key,
                "is a secret, and settings hold none",
                remedy="give it a key of its own with 'pulumi config set --secret'",
            )
        remedy = did_you_mean(str(path[-1]), known) or f"known here: {', '.join(sorted(known))}"
        return Fault(file, line, key, "no such setting", remedy=remedy)
    if kind == "missing":
        meaning = _meaning(model, path)
        return Fault(
            file, line, key, "is required", remedy=f"add it: {meaning}" if meaning else "add it"
        )
    if kind == "rule":
        return Fault(file, line, key, detail["msg"], value, "correct the value")
    if kind == "literal_error":
        return Fault(
            file, line, key, f"must be one of {context['expected']}", value, "choose one of them"
        )
    rules = {
        "string_type": ("must be text", "put the value in quotes"),
        "int_type": ("must be a whole number", "write it without quotes and fraction"),
        "bool_type": ("must be true or false", "write it without quotes"),
        "model_type": ("must be a map of settings", "indent its keys below it"),
        "dict_type": ("must be a map", "write 'key: value' pairs below it"),
        "list_type": ("must be a list", "write '- ' before each item, or [a, b]"),
        "greater_than_equal": (f"must be at least {context.get('ge')}", "raise it"),
        "less_than_equal": (f"must be at most {context.get('le')}", "lower it"),
        "string_too_short": (
            f"must have at least {context.get('min_length')} characters",
            "say more",
        ),
        "too_short": (f"must have at least {context.get('min_length')} items", "add one"),
        "string_pattern_mismatch": (f"must match {context.get('pattern')}", "correct the value"),
    }
    rule, remedy = rules.get(
        kind, (detail["msg"][0].lower() + detail["msg"][1:], "correct the value")
    )
    return Fault(file, line, key, rule, value, remedy)


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    found = model_at(model, path)
    return [str(field.alias) for field in found.model_fields.values()] if found else []


def _meaning(model: type[BaseModel], path: Path) -> str:
    owner = model_at(model, path[:-1])
    for field in owner.model_fields.values() if owner else ():
        if field.alias == path[-1] and field.description:
            return field.description.split("\n")[0].split(". ")[0].rstrip(".")
    return ""


def model_at(model: Any, path: Sequence[str | int]) -> type[BaseModel] | None:
    """The settings model that holds the keys below `path`; None where there is none."""
    here = _unwrapped(model)
    if not path:
        return here if isinstance(here, type) and issubclass(here, BaseModel) else None
    step, rest = path[0], path[1:]
    if isinstance(here, type) and issubclass(here, BaseModel):
        for field in here.model_fields.values():
            if field.alias == step:
                return model_at(field.annotation, rest)
        return None
    if get_origin(here) in (dict, list):
        return model_at(get_args(here)[-1], rest)
    return None


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
