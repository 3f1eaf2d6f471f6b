"""ConfigMaps and Secrets that pods read: which, by which keys, and what a change of one says to a reader.

No value is ever said, and of a Secret no name either that was made of its content: `-1f2e3d4c` at its end is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from review.marks import is_mark, known, names
from review.meaning.controllers import shortened_list
from review.plan import UNKNOWN, Plan

Name = tuple[str, str, str]
"""Kind, namespace, name."""

_DATA: Final = ("data", "binaryData", "stringData")
_HASH: Final = re.compile(r"-(?:[0-9a-f]{8,10}|unset)$")
_HOLDERS: Final[Mapping[str, tuple[str, str]]] = {
    "configMap": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "secret": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
    "secretKeyRef": ("Secret", "name"),
}


@dataclass(frozen=True)
class Config:
    """One ConfigMap or Secret of a plan."""

    urn: str
    data: Mapping[str, Any] | None
    """By key; None where only a deployment tells, or all of it is secret. Values of Secrets are marks."""

    unknown: bool
    """Whether only a deployment tells the data."""


class Reference(NamedTuple):
    """What a pod reads."""

    kind: str
    name: str
    keys: tuple[str, ...]
    """Those that it names; empty: all of them."""


def configs(plan: Plan) -> dict[Name, Config]:
    """Every ConfigMap and Secret of the plan."""
    found = {}
    for row in plan.resources:
        kind = row.inputs.get("kind") if row.type.startswith("kubernetes:core/") else None
        if kind not in ("ConfigMap", "Secret"):
            continue
        data: dict[str, Any] = {}
        hidden, unknown = False, False
        for key in _DATA:
            value = row.inputs.get(key)
            if is_mark(value):
                hidden, unknown = True, unknown or value == UNKNOWN
            data |= known(value)
        told = None if hidden else data
        found[(str(kind), *names(row))] = Config(row.urn, told, unknown)
    return dict(sorted(found.items()))


def references(pod: Mapping[str, Any]) -> dict[tuple[str, str], Reference]:
    """What a pod reads, by kind and name."""
    keys: dict[tuple[str, str], set[str]] = {}
    every: set[tuple[str, str]] = set()
    for kind, name, used in _found(pod, ""):
        at = keys.setdefault((kind, name), set())
        at |= {*used}
        if not used:
            every.add((kind, name))
    return {
        at: Reference(*at, () if at in every else tuple(sorted(used)))
        for at, used in sorted(keys.items())
    }


def _found(value: Any, at: str) -> Iterator[tuple[str, str, list[str]]]:
    if isinstance(value, list | tuple):
        for it in value:
            yield from _found(it, at)
        return
    if not isinstance(value, Mapping):
        return
    if at in _HOLDERS:
        kind, field = _HOLDERS[at]
        name = value.get(field) or value.get("secretName")
        if isinstance(name, str):
            items = value.get("items")
            listed = [it.get("key") for it in items if known(it)] if isinstance(items, list) else []
            yield kind, name, [it for it in [value.get("key"), *listed] if isinstance(it, str)]
        return
    for key, it in value.items():
        yield from _found(it, key)


def renamed(value: Any, names: Mapping[tuple[str, str], str], at: str = "") -> Any:
    """A copy that reads other ConfigMaps and Secrets, by kind and old name."""
    if isinstance(value, list | tuple):
        return [renamed(it, names, at) for it in value]
    if not isinstance(value, Mapping) or is_mark(value):
        return value
    if at in _HOLDERS:
        kind = _HOLDERS[at][0]
        return {
            key: names.get((kind, it), it)
            if key in ("name", "secretName") and isinstance(it, str)
            else it
            for key, it in value.items()
        }
    return {key: renamed(it, names, key) for key, it in value.items()}


def base(name: str) -> str:
    """A name without the hash of the content at its end."""
    return _HASH.sub("", name)


def successors(
    old: Mapping[tuple[str, str], Reference], new: Mapping[tuple[str, str], Reference]
) -> dict[tuple[str, str], str]:
    """What pods read in place of what they read before: names of one kind and one base."""
    came = {(kind, base(name)): name for kind, name in new if (kind, name) not in old}
    return {
        (kind, name): came[kind, base(name)]
        for kind, name in old
        if (kind, name) not in new and (kind, base(name)) in came
    }


def changed_keys(kind: str, old: Config | None, new: Config | None, reads: Reference | None) -> str:
    """In words: `LOG_LEVEL`, `A and 2 more`, or why it cannot be told."""
    if old is None or new is None:
        return "content outside this plan"
    if old.data is None or new.data is None:
        if old.unknown or new.unknown:
            return "content that is known after deployment only"
        said = f" (the pods read {shortened_list(reads.keys)})" if reads and reads.keys else ""
        return f"another content{said}"
    keys = sorted(
        it for it in {*old.data, *new.data} if old.data.get(it, "") != new.data.get(it, "")
    )
    keys += sorted(it for it in {*old.data} ^ {*new.data} if it not in keys)
    if keys:
        return shortened_list(keys)
    if kind == "Secret" and old.data:
        of = "" if len(old.data) == 1 else "one of "
        return f"{of}{shortened_list(sorted(old.data))}"
    return "nothing but its name"


def titled(kind: str, name: str) -> str:
    """`config web-env` or `secret web.token`, without the hash of its content."""
    return f"{'config' if kind == 'ConfigMap' else 'secret'} {base(name)}"
