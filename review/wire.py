"""From the engine's wire form to plain data: unknowns and secrets become marks.

A secret is an object with a signature key, an unknown is a sentinel string (the SDK's `sdk/go/common/resource`
properties). Protobuf is read field by field: the SDK's own reader pushes a secret up to the whole property, builds
`Unknown` objects and takes three times as long.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from pulumi.runtime.proto import resource_pb2

from review.plan import SECRET, UNKNOWN

UNKNOWN_VALUE: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value, or the id of a provider, that is not known yet."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"

Struct: Final[Any] = type(resource_pb2.RegisterResourceRequest().object)
"""`google.protobuf.Struct`, found where it is used: protobuf comes without types."""

EXACT: Final = 2**53
"""Numbers travel as doubles; from here on a double no longer tells neighbouring integers apart."""


class Reader:
    """Reads properties, and remembers until the next read whether they were `plain` data."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.plain = True
        """Without an unknown, a secret, another signed object or a null in the last properties read."""
        words = [re.escape(secret) for secret in sorted(secrets, key=len, reverse=True) if secret]
        self._leaked: Callable[[str], object] | None = (
            re.compile("|".join(words)).search if words else None
        )

    def properties(self, struct: Any) -> dict[str, Any]:
        """Of one resource, keys as they are."""
        self.plain = True
        return self._object(struct)

    def value(self, value: Any) -> Any:
        """Of one property."""
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            return self.text(value.string_value)
        if kind == "struct_value":
            return self._object(value.struct_value)
        if kind == "list_value":
            return [self.value(item) for item in value.list_value.values]
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() and abs(number) < EXACT else number
        if kind == "bool_value":
            return value.bool_value
        self.plain = False
        return None

    def text(self, text: str) -> Any:
        """`text`, or the mark it stands for."""
        if text == UNKNOWN_VALUE:
            self.plain = False
            return dict(UNKNOWN)
        if self._leaked is not None and self._leaked(text):
            # The program lost track that this is a secret: `require_object` does, without a warning.
            self.plain = False
            return dict(SECRET)
        return text

    def _object(self, struct: Any) -> dict[str, Any]:
        fields = struct.fields
        if SIGNATURE in fields:
            self.plain = False
            if fields[SIGNATURE].string_value == SECRET_SIGNATURE:
                return dict(SECRET)
        # Not `items()`, which protobuf leaves to a generator in Python.
        return {key: self.value(fields[key]) for key in fields}
