"""Types of settings in plain words, from the sentences that their errors say."""

import re
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from settings import azure_values, values
from settings.constraint import Number, Text
from settings.forms import ShortForm

MAP_OF_SETTINGS = "a map of settings"

_EXAMPLE = re.compile(r",? for example .*$|; .*$")
_SIMPLER = (
    (f" to {2**31 - 1}", ""),
    ("an RFC 1123 label of at most", "a name of a-z, 0-9 and hyphens, at most"),
    ("an RFC 1123 subdomain of at most", "a name of a-z, 0-9, hyphens and dots, at most"),
)
_PLAIN: Mapping[Any, str] = {
    bool: "`true` or `false`",
    str: "text",
    int: "a whole number",
    Any: "anything",
}
_NAMED: tuple[tuple[Any, str], ...] = (
    (values.AbsolutePath, "folder"),
    (values.ProjectedPath, "file"),
    (values.ConfigKey, "file"),
    (values.EnvName, "VARIABLE"),
    (values.LabelKey, "label"),
    (values.HeaderName, "Header"),
    (values.IpAddress, "address"),
    (values.ObjectReference, "Kind"),
    (azure_values.VaultSecretName, "SECRET"),
)
"""What stands for the key of a map in a path, by the key's type; else `name`."""


class Below(NamedTuple):
    """A section that stands under a key."""

    model: type[BaseModel]

    steps: str
    """From the key to it: empty, `[]` or `.<name>`."""


def sections(annotation: Any) -> Iterator[Below]:
    """The sections that a key of type `annotation` leads to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield Below(annotation, "")
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from sections(annotation.__origin__)
    elif origin is dict:
        for model, steps in sections(arguments[1]):
            yield Below(model, f".<{_placeholder(arguments[0])}>{steps}")
    elif origin is list:
        for model, steps in sections(arguments[0]):
            yield Below(model, f"[]{steps}")
    else:
        for argument in arguments:
            yield from sections(argument)


def title(model: type[BaseModel]) -> str:
    """Heading of a section: `ScalingRules` is `Scaling rules`."""
    first, *others = re.findall(r"[A-Z][a-z]*", model.__name__)
    return " ".join([first, *(it.lower() for it in others)])


def anchor(model: type[BaseModel]) -> str:
    """What a link to the section's heading ends in."""
    return title(model).lower().replace(" ", "-")


def of_field(field: FieldInfo) -> str:
    """What may stand at a key: a phrase, with links to sections."""
    return _words(field.annotation, field.metadata)


def _words(annotation: Any, metadata: Any = ()) -> str:
    if hasattr(annotation, "__metadata__"):
        return _words(annotation.__origin__, annotation.__metadata__)
    for mark in metadata:
        if isinstance(mark, ShortForm):
            link = next((_link(it) for it, steps in sections(annotation) if not steps), None)
            rule = mark.rule.removeprefix("must be ")
            if link and MAP_OF_SETTINGS not in rule:
                return f"{rule} or {link}"
            return rule.replace(MAP_OF_SETTINGS, link or MAP_OF_SETTINGS)
        if isinstance(mark, Text | Number):
            return _simple(mark.rule)
        written = getattr(mark, "json_schema_input_type", None)
        if isinstance(mark, BeforeValidator) and get_origin(written):
            return _words(written)
    return _bare(annotation)


def _simple(rule: str) -> str:
    text = _EXAMPLE.sub("", rule.removeprefix("must be "))
    for found, better in _SIMPLER:
        text = text.replace(found, better)
    return text


def _bare(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _link(annotation)
    if origin is Literal:
        return _either([f"`{it}`" if it else '`""`' for it in arguments])
    if origin is dict:
        return f"a map by {_placeholder(arguments[0]).lower()}: {_words(arguments[1])}"
    if origin is list:
        return f"a list: {_words(arguments[0])}"
    if arguments:
        return _union([it for it in arguments if it is not NoneType and get_args(it) != (None,)])
    return _PLAIN[annotation]


def _union(alternatives: list[Any]) -> str:
    """A short form's rule and a bound's tell of the other alternatives, too."""
    telling = [it for it in alternatives if _tells(it)]
    return _either([_words(it) for it in telling or alternatives])


def _tells(annotation: Any) -> bool:
    """Whether `annotation` is one of several whose own sentence speaks for all."""
    marks = getattr(annotation, "__metadata__", ())
    if any(isinstance(it, ShortForm | Text) for it in marks):
        return True
    return bool(marks) and _tells(annotation.__origin__)


def _either(words: list[str]) -> str:
    *first, last = dict.fromkeys(words)
    return f"{', '.join(first)} or {last}" if first else last


def _link(model: type[BaseModel]) -> str:
    return f"[{title(model)}](#{anchor(model)})"


def _placeholder(key: Any) -> str:
    if get_origin(key) is Union or get_origin(key) is Literal:
        return "name"
    return next((name for kind, name in _NAMED if kind == key), "name")
