"""Deep merge of plain data: how a stack's overrides meet the catalogue."""

from collections.abc import Mapping
from typing import Any

from settings.forms import Form


def merge(
    base: Mapping[str, Any], over: Mapping[str, Any], form: Form | None = None
) -> dict[str, Any]:
    """`over` laid on `base`: maps merge by key, lists and scalars replace, an explicit null removes the key.

    Where `form` tells what is merged, a map is laid on what a short form stands for (`service: {type: NodePort}` on
    `service: 80` keeps the port), and of keys that exclude each other the one that `over` says takes the place of the
    others. A short form in `over` replaces what was there, as every scalar does.

    Neither argument is changed; parts that no override touches are shared, not copied.
    """
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below, at = result.get(key), form.below(key) if form else None
            if at and below is not None:
                below = _meeting(at, below, value)
            result[key] = merge(below if isinstance(below, Mapping) else {}, value, at)
        else:
            result[key] = value
    return result


def _meeting(form: Form, base: Any, over: Mapping[str, Any]) -> Any:
    """What of `base` the map `over` is laid on."""
    long = form.long(base)
    if not form.one_of or not isinstance(long, Mapping) or not (said := chosen(form, over)):
        return long
    return {key: it for key, it in long.items() if key in said or key not in form.one_of}


def chosen(form: Form, data: Mapping[str, Any]) -> set[str]:
    """The keys that exclude each other which `data` gives a value."""
    return {key for key in form.one_of if data.get(key) is not None}
