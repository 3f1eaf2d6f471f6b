"""What a value type is made of: a bound that pydantic's Rust core holds, and the sentence a user reads if it breaks."""

from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Text:
    """A string that fits `pattern`; `rule` is what the error says, with an example. Stands first in `Annotated`."""

    def __init__(
        self, pattern: str, rule: str, most: int | None = None, least: int | None = None
    ) -> None:
        self.pattern, self.rule, self.most, self.least = pattern, rule, most, least

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(
            pattern=self.pattern, min_length=self.least, max_length=self.most, strict=True
        )
        return core_schema.custom_error_schema(text, "rule", custom_error_message=self.rule)


class Number:
    """A whole number within bounds, both included; `rule` is what the error says, with an example."""

    def __init__(self, rule: str, least: int, most: int | None = None) -> None:
        self.rule, self.least, self.most = rule, least, most

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        number = core_schema.int_schema(ge=self.least, le=self.most, strict=True)
        return core_schema.custom_error_schema(number, "rule", custom_error_message=self.rule)
