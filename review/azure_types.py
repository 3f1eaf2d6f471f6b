"""Azure inputs against the types of the azure-native SDK: the provider itself would need a subscription.

The SDK turns `vm_size` into `vmSize` where it knows the key and lets every other key through, at any depth. Nothing is
imported for a resource whose module the program has loaded, and nothing at all without Azure resources.
"""

import collections.abc
import enum
import functools
import importlib
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi import Output, _types

from review.faults import Path, missing_field, no_such_field, wrong_value
from review.marks import is_mark
from review.plan import Resource

_SCALARS: Final[Mapping[Any, tuple[str, tuple[type, ...]]]] = {
    bool: ("true or false", (bool,)),
    float: ("a number", (int, float)),
    int: ("a whole number", (int,)),
    str: ("text", (str,)),
}


class AzureTypes:
    """Walks inputs along the Args classes of their resource."""

    def faults(self, resource: Resource) -> Iterator[str]:
        """None for a resource that the SDK has no class for."""
        if (args := _args_class(resource.type)) is not None:
            yield from _object_faults(resource.inputs, (_fields(args),), ())


@dataclass(frozen=True)
class _Fields:
    types: Mapping[str, Any]
    """By key on the wire."""

    spellings: Mapping[str, str]
    """What a program may write for a key: the key itself, or its Python name."""

    required: frozenset[str]


def _args_class(token: str) -> type | None:
    _, module, name = token.split(":")
    try:
        found = importlib.import_module(f"pulumi_azure_native.{module.replace('/', '.').lower()}")
    except ImportError:
        return None
    resource_class = getattr(found, name, None)
    # From the class's own module: `network.VirtualNetworkArgs` is a nested type, and VirtualNetwork takes InitArgs.
    own = sys.modules.get(getattr(resource_class, "__module__", ""))
    args = getattr(own, f"{name}InitArgs", None) or getattr(own, f"{name}Args", None)
    return args if isinstance(args, type) and _types.is_input_type(args) else None


@functools.cache
def _fields(args: type) -> _Fields:
    names = _types.input_type_py_to_pulumi_names(args)
    # An Args class takes what it needs as parameters without a default.
    needed = {
        names[it.name]
        for it in inspect.signature(args).parameters.values()
        if it.default is it.empty and it.name in names
    }
    types = {key: _plain(it) for key, it in _types.input_type_types(args).items()}
    spellings = {key: key for key in types} | {name: name for name in names}
    return _Fields(types, spellings, frozenset(needed))


def _plain(annotation: Any) -> Any:
    """`T` of `Input[T]`, `Optional[T]` and both in either order; a union of what is left."""
    if typing.get_origin(annotation) is not typing.Union:
        return annotation
    options: list[Any] = []
    for option in typing.get_args(annotation):
        if option is type(None) or typing.get_origin(option) in {collections.abc.Awaitable, Output}:
            continue
        options.append(_plain(option))
    return typing.Union[tuple(options)]  # noqa: UP007  (made at run time)


def _value_faults(value: Any, wanted: Any, path: Path) -> Iterator[str]:
    options = typing.get_args(wanted) if typing.get_origin(wanted) is typing.Union else (wanted,)
    if value is None or is_mark(value) or _takes_anything(options):
        return
    classes = [it for it in options if isinstance(it, type) and _types.is_input_type(it)]
    if isinstance(value, dict) and classes:
        yield from _object_faults(value, tuple(map(_fields, classes)), path)
    elif isinstance(value, dict) and (inner := _inner(options, collections.abc.Mapping)):
        for key, item in value.items():
            yield from _value_faults(item, inner[0], (*path, key))
    elif isinstance(value, list) and (inner := _inner(options, collections.abc.Sequence)):
        for position, item in enumerate(value):
            yield from _value_faults(item, inner[0], (*path, position))
    elif isinstance(value, dict | list) or not any(_fits(value, it) for it in options):
        yield wrong_value(path, " or ".join(dict.fromkeys(map(_said, options))), value)


def _inner(options: tuple[Any, ...], container: type) -> list[Any]:
    """What a map or a list of `options` holds, if one of them is one."""
    return [_plain(typing.get_args(it)[-1]) for it in options if typing.get_origin(it) is container]


def _object_faults(
    value: Mapping[str, Any], classes: tuple[_Fields, ...], path: Path
) -> Iterator[str]:
    """`classes` are alternatives; a key need only be in one, and only a single class is asked for what is required."""
    for key, item in value.items():
        wanted = next((it.types[key] for it in classes if key in it.types), None)
        if wanted is not None:
            if len(classes) == 1:
                yield from _value_faults(item, wanted, (*path, key))
        elif not key.startswith("__"):
            # The wire name of a key that the SDK knows has no underscore: a program that wrote one meant Python's.
            known = [
                name for it in classes for name in it.spellings if ("_" in name) == ("_" in key)
            ]
            yield no_such_field((*path, key), known)
    if path and len(classes) == 1:
        for key in sorted(classes[0].required - value.keys()):
            yield missing_field(path, key)


def _takes_anything(options: tuple[Any, ...]) -> bool:
    """`Any`, or a class that is none of the SDK's inputs, such as an asset."""
    return any(it is Any or (isinstance(it, type) and not _is_known(it)) for it in options)


def _is_known(it: type) -> bool:
    return it in _SCALARS or _types.is_input_type(it) or issubclass(it, enum.Enum)


def _fits(value: Any, wanted: Any) -> bool:
    if wanted in _SCALARS:
        return isinstance(value, _SCALARS[wanted][1]) and isinstance(value, bool) == (
            wanted is bool
        )
    return _is_enum(wanted) and value in {it.value for it in wanted}


def _is_enum(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, enum.Enum)


def _said(wanted: Any) -> str:
    if wanted in _SCALARS:
        return _SCALARS[wanted][0]
    if _is_enum(wanted):
        return f"one of {', '.join(str(it.value) for it in wanted)}"
    return "a list" if typing.get_origin(wanted) is collections.abc.Sequence else "a map"
