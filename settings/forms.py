"""Short forms of settings: one value that stands for a map of them, wherever the map may be written, too.

A short form is expanded before the model sees it, before an override is merged into it and where its source is told,
so that `service: 80` is the same as `service: {port: 80}` for everyone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

SHORT_TAG = "(short form)"
LONG_TAG = "(long form)"
NO_FORM_TAG = "(nothing)"
TAGS = frozenset((SHORT_TAG, LONG_TAG, NO_FORM_TAG))
"""What pydantic calls the alternatives in an error's location; no key of ours is spelt so."""


class ShortForm:
    """Marks a type whose map of settings may be written as one value.

    `long` makes the map of the value, or None of one that is no short form; `rule` then says what may stand there.
    `written` is the type of what users write, for the JSON Schema.
    """

    def __init__(
        self, long: Callable[[Any], Mapping[str, Any] | None], rule: str, written: Any
    ) -> None:
        self.long = long
        self.rule = rule
        self.written = written

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        before = BeforeValidator(self._expand, json_schema_input_type=self.written)
        return before.__get_pydantic_core_schema__(source, handler)

    def _expand(self, value: Any) -> Any:
        if isinstance(value, dict | BaseModel):
            return value
        found = self.long(value)
        if found is None:
            raise PydanticCustomError("rule", "{rule}", {"rule": self.rule})
        return found


class Form:
    """What may be written at one place of the settings: its short form, its keys, and which keys exclude each other."""

    _MANY: ClassVar = "*"

    def __init__(self, annotation: Any) -> None:
        self._parts = list(_parts(annotation))

    @cached_property
    def short(self) -> ShortForm | None:
        """The short form, where there is one."""
        return next((it for it in self._parts if isinstance(it, ShortForm)), None)

    @cached_property
    def one_of(self) -> frozenset[str]:
        """Keys of which only one can stand: an override that says one takes the place of the others."""
        models = (it for it in self._parts if isinstance(it, type) and issubclass(it, BaseModel))
        return frozenset(key for it in models for key in getattr(it, "ONE_OF", ()))

    @cached_property
    def _below(self) -> dict[str, "Form"]:
        found: dict[str, Form] = {}
        for part in self._parts:
            if isinstance(part, type) and issubclass(part, BaseModel):
                # The field's own metadata stand beside its annotation, not in it.
                found |= {
                    str(it.alias): Form((it.annotation, *it.metadata))
                    for it in part.model_fields.values()
                }
            elif get_origin(part) in (dict, list) and get_args(part):
                found[self._MANY] = Form(get_args(part)[-1])
        return found

    def below(self, key: str) -> "Form | None":
        """What may be written at `key`; None where nothing is known of it."""
        return self._below.get(key) or self._below.get(self._MANY)

    def at(self, path: Iterable[str | int]) -> "Form | None":
        """What may be written at `path`."""
        here: Form | None = self
        for step in path:
            here = here.below(str(step)) if here else None
        return here

    def long(self, value: Any) -> Any:
        """`value` as the map it stands for; itself where it stands for none."""
        if self.short is None or value is None or isinstance(value, Mapping):
            return value
        found = self.short.long(value)
        return value if found is None else found


@cache
def form_of(model: type[BaseModel]) -> Form:
    """The forms below `model`, worked out as they are asked for and kept."""
    return Form(model)


def _parts(annotation: Any) -> Iterator[Any]:
    """The types that `annotation` names, and what is marked on them; of maps and lists the whole."""
    if isinstance(annotation, tuple):
        for part in annotation:
            yield from _parts(part)
    elif hasattr(annotation, "__metadata__"):
        yield from annotation.__metadata__
        yield from _parts(annotation.__origin__)
    elif get_origin(annotation) in (dict, list, None):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from _parts(part)
