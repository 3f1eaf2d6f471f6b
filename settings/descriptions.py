"""The text below each field of the settings models, for whoever shows it: schemas, the reference, `./aks explain`.

pydantic would look for it whenever a model is imported (`use_attribute_docstrings`), and parse every class's source
for it: an eighth of the time in which a thousand workloads are rendered, for texts that rendering never shows.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, get_args

from settings.section import Section


@cache
def describe() -> None:
    """Give every field of every settings model imported so far its description."""
    for model in _models(Section):
        for name, field in model.model_fields.items():
            if field.description is None:
                field.description = _text(model, name)


@cache
def describe_in_schemas() -> None:
    """`describe`, and build the models anew, since a JSON Schema is made from what was known when they were built."""
    describe()
    built: set[type[Section]] = set()
    for model in _models(Section):
        _build(model, built)


def _build(model: type[Section], built: set[type[Section]]) -> None:
    """A model takes over what was built of those that it is made of, so they come first."""
    if model in built:
        return
    built.add(model)
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            _build(part, built)
    model.model_rebuild(force=True)


def _parts(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _models(base: type[Section]) -> Iterator[type[Section]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _text(model: type[Section], name: str) -> str | None:
    for owner in model.__mro__:
        module = sys.modules.get(owner.__module__)
        if module and issubclass(owner, Section):
            text = _texts(module).get(owner.__qualname__, {}).get(name)
            if text is not None:
                return text
    return None


@cache
def _texts(module: ModuleType) -> Mapping[str, Mapping[str, str]]:
    """By class and field: the string that follows an annotated name."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = dict(_below(node))
    return found


def _below(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, after in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            yield field.target.id, inspect.cleandoc(after.value.value)
