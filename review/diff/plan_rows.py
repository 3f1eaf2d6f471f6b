"""Rows of our own plans out of files that people hand over, whole or broken."""

from collections.abc import Mapping
from typing import Any, Final

from review import urn as urns
from review.diff.engine_rows import DEEPEST, RowError, clean
from review.plan import Resource

_TEXTS: Final = ("urn", "type", "name", "parent", "provider")
_MAPS: Final = ("inputs", "options")
_KEYS: Final = frozenset({*_TEXTS, *_MAPS, "dependencies"})


class Shared:
    """Puts one text in the place of all that are equal: a plan of 200 MB takes 435 MiB, not 914."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def __call__(self, value: Any, depth: int = 0) -> Any:
        """`value` anew, its texts clean and shared with everything that went through here."""
        if isinstance(value, str):
            return self._text(value)
        if depth > DEEPEST:
            raise RowError(f"nested too deep for a plan: more than {DEEPEST} levels")
        if isinstance(value, dict):
            return {self._text(key): self(it, depth + 1) for key, it in value.items()}
        return [self(it, depth + 1) for it in value] if isinstance(value, list) else value

    def _text(self, text: str) -> str:
        found = self._texts.get(text)
        return self._texts.setdefault(text, clean(text)) if found is None else found


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
