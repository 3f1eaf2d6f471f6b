"""Secrets of Kubernetes: their values are compared where a plan has them, and never said.

A plan holds a mark for what the program says is secret. The rest of a Secret's `data` is as secret, whether the program
says so or not.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from review.diff.walk import Veiled
from review.plan import SECRET, UNKNOWN

APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation that repeats the object, values and all."""


def veiled(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Both sides of a Secret with `Veiled` values, base64 or not: `data` in one may be `stringData` in the other."""
    hidden = _hidden(old), _hidden(new)
    if any(hidden) and not hidden[0] & hidden[1]:
        # A state hides all of `data`, into which the provider has put `stringData`.
        return _veiled(_in_data(old), set()), _veiled(_in_data(new), set())
    texts = {*_keys(old, "stringData"), *_keys(new, "stringData")}
    return _veiled(old, texts), _veiled(new, texts)


def _hidden(inputs: Mapping[str, Any]) -> set[str]:
    return {key for key in ("data", "stringData") if inputs.get(key) == SECRET}


def _in_data(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    if not _hidden(inputs):
        return inputs
    return {**{key: it for key, it in inputs.items() if key != "stringData"}, "data": SECRET}


def _veiled(inputs: Mapping[str, Any], texts: set[str]) -> Mapping[str, Any]:
    found = dict(inputs)
    held: dict[str, Any] = {}
    for key in ("data", "stringData"):
        it = inputs.get(key)
        if isinstance(it, Mapping) and it not in (SECRET, UNKNOWN):
            del found[key]
            held |= {name: _veil(value, decode=key == "data") for name, value in it.items()}
    for name, value in held.items():
        part = "stringData" if name in texts else "data"
        if isinstance(into := found.setdefault(part, {}), dict) and into not in (SECRET, UNKNOWN):
            found[part] = {**into, name: value}
        else:
            found["data" if part == "stringData" else "stringData"] = {name: value}
    metadata = inputs.get("metadata")
    notes = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if isinstance(metadata, Mapping) and isinstance(notes, Mapping) and APPLIED in notes:
        hidden = {**notes, APPLIED: _veil(notes[APPLIED], decode=False)}
        found["metadata"] = {**metadata, "annotations": hidden}
    return found


def _veil(value: Any, *, decode: bool) -> Any:
    if not isinstance(value, str):
        return (
            value if value in (SECRET, UNKNOWN) or value is None else Veiled(repr(value).encode())
        )
    if decode:
        try:
            return Veiled(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            return Veiled(b"\0not base64\0" + value.encode("utf-8", "surrogatepass"))
    return Veiled(value.encode("utf-8", "surrogatepass"))


def _keys(inputs: Mapping[str, Any], key: str) -> set[str]:
    found = inputs.get(key)
    return set(found) if isinstance(found, Mapping) and found not in (SECRET, UNKNOWN) else set()
