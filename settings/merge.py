"""Deep merge of plain data: how a stack's overrides meet the catalogue."""

from collections.abc import Mapping
from typing import Any


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`: maps merge by key, lists and scalars replace, an explicit null removes the key.

    Neither argument is changed; parts that no override touches are shared, not copied.
    """
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result
