"""Which fields the kinds of Kubernetes have, 1.37's with all that older versions share with it.

`_fields.json` is written from Kubernetes' own schemas by tests/policy/test_fields.py (`UPDATE_GOLDEN=1`), which
holds it to them: what a rule imports is the standard library alone.
"""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from policy.unknown import Undecided, item_name, positions

Fields = Mapping[str, str]
"""By name: what the field's own fields are known by, empty where it has none or any."""

FILE: Final = Path(__file__).with_name("_fields.json")
_DATA: Final = json.loads(FILE.read_bytes())
SHAPES: Final[Mapping[str, str]] = _DATA["kinds"]
"""By API version and kind, a space between."""

_FIELDS: Final[Mapping[str, Fields]] = _DATA["fields"]


def strange(manifest: Mapping[str, Any], shape: str) -> Iterator[tuple[str, str]]:
    """Path and close names of every field that is none; raises `Undecided` behind them where a part is hidden."""
    try:
        if _is_known(manifest, _FIELDS[shape]):
            return
    except Undecided:
        pass
    hidden: list[Undecided] = []
    yield from _below(manifest, _FIELDS[shape], "", hidden)
    if hidden:
        raise hidden[0]


def _is_known(value: Mapping[str, Any], fields: Fields) -> bool:
    """Whether there is nothing to find: without paths, for nearly every object is so."""
    for key in value:
        shape = fields.get(key)
        if shape is None:
            return False
        if not shape:
            continue
        held, below = value[key], _FIELDS[shape]
        if isinstance(held, dict):
            if not _is_known(held, below):
                return False
        elif isinstance(held, list):
            for item in held:
                if isinstance(item, dict) and not _is_known(item, below):
                    return False
    return True


def _below(
    value: Mapping[str, Any], fields: Fields, path: str, hidden: list[Undecided]
) -> Iterator[tuple[str, str]]:
    for key in value:
        shape = fields.get(key)
        if shape is None:
            close = get_close_matches(str(key), fields, 1)
            yield f"{path}{key}", close[0] if close else ""
        elif shape:
            try:
                held = value[key]
            except Undecided as undecided:
                hidden.append(undecided)
                continue
            if isinstance(held, dict):
                yield from _below(held, _FIELDS[shape], f"{path}{key}.", hidden)
            elif isinstance(held, list):
                yield from _items(held, key, _FIELDS[shape], f"{path}{key}", hidden)


def _items(
    items: list[Any], key: str, fields: Fields, path: str, hidden: list[Undecided]
) -> Iterator[tuple[str, str]]:
    try:
        for at, item in positions(items):
            if isinstance(item, dict):
                place = f"{path}[{item_name(key, at, item)}]."
                yield from _below(item, fields, place, hidden)
    except Undecided as undecided:
        hidden.append(undecided)
