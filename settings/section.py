"""The base of every settings model."""

from typing import Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


def _by_key(value: Any) -> Any:
    return dict(sorted(value.items())) if value else value


BY_KEY = AfterValidator(_by_key)
"""Marks a map whose order says nothing and whose entries become a list: kept by key, so that no line moved in a file,
and none added by a stack, restarts a pod or replaces a statefulset."""


class Section(BaseModel):
    """Frozen, strict, unknown keys refused; `vm_size` here is `vmSize` in YAML, errors and schemas."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        defer_build=True,
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself: nobody may change it. Else every default that is a section is copied into each workload, a tenth of
        the time that a thousand take to load."""
        return self
