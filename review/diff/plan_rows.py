"""Rows of our own plans out of files that people hand over, whole or broken."""

from collections.abc import Mapping
from typing import Any, Final

from review import urn as urns
from review.diff.engine_rows import RowError
from review.plan import Resource

_TEXTS: Final = ("urn", "type", "name", "parent", "provider")
_MAPS: Final = ("inputs", "options")
_KEYS: Final = frozenset({*_TEXTS, *_MAPS, "dependencies"})


def plan_row(entry: Any) -> Resource:
    """One resource of a plan; raise `RowError` where nobody could read on."""
    if not isinstance(entry, Mapping):
        raise RowError("no object")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str):
            raise RowError(f"{key} is missing or no text")
    for key in _MAPS:
        if not isinstance(entry.get(key), Mapping):
            raise RowError(f"{key} is missing or no object")
    needed = entry.get("dependencies")
    if not isinstance(needed, list) or not all(isinstance(it, str) for it in needed):
        raise RowError("dependencies are missing or no list of text")
    if entry["urn"].count("::") < 3 or not urns.type_chain(entry["urn"]):
        raise RowError("urn is no URN")
    if surplus := sorted({*entry} - _KEYS):
        raise RowError(f"not a plan of this version: no key {surplus[0]!r} is known")
    return Resource(**{**entry, "dependencies": tuple(needed)})
