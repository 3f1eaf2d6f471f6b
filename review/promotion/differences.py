"""Every setting in which two stacks differ, after catalogue, overrides, profiles and defaults; meant, or drift."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from settings.explain import source_of
from settings.explain_errors import is_sealed
from settings.faults import dotted, may_be_secret, shown
from settings.load import Sources
from settings.promotion import ENVIRONMENT_SPECIFIC, Declared, covers, leads_below
from settings.stack import PATH, PROJECT, Settings

Path = tuple[str | int, ...]

HIDDEN: Final = "[not shown]"
"""Stands for a value that may be a secret, by the name of its key or by its look."""

NOT_THERE: Final = "nothing"

_OWN: Final = "promotion"
"""What a stack says about differences is none."""

_FREE: Final = "env"
"""A name of a map of plain values; what is called like a secret in it is hidden all the same."""


class Absent:
    """No such key on this side."""

    def __repr__(self) -> str:
        return NOT_THERE


ABSENT: Final = Absent()

_EMPTY: Final[tuple[Any, ...]] = (ABSENT, None, {}, [])
"""What a section that is left out has, too."""


@dataclass
class Stack:
    """One stack, read and checked."""

    name: str
    sources: Sources
    settings: Settings

    @cached_property
    def values(self) -> dict[str, Any]:
        """All its settings as plain data, in the spelling of YAML."""
        found = self.settings.model_dump(by_alias=True)
        return {key: value for key, value in found.items() if key != _OWN}


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one stack has."""

    value: Any
    """Plain data without what may be a secret; None where there is nothing."""

    source: str
    """`Pulumi.dev.yaml:12`, `profile dev (...)`, `default`; empty where the stack has no such key."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One key that two stacks have otherwise."""

    key: str
    path: Path
    one: Side
    other: Side
    intended: str = ""
    """The pattern, or the setting, by which it is meant; empty where it is drift."""

    why: str = ""
    """Why, or what to do about drift."""


def differences(one: Stack, other: Stack) -> list[Difference]:
    """Every key that differs, in the order of the settings; then what else the stack files hold under `config`."""
    declared = declarations(one, other)
    found = [
        _difference(path, left, right, one, other, declared)
        for path, left, right in leaves(
            one.values, other.values, patterns=[it.pattern for it in declared]
        )
    ]
    return [*found, *_around(one, other)]


def leaves(
    one: Any, other: Any, at: Path = (), patterns: Iterable[str] = ()
) -> Iterator[tuple[Path, Any, Any]]:
    """The smallest places that differ, with both values, `ABSENT` where a map has no such key.

    A section that one side does not have is one place, unless a pattern is about a key below it.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            left, right = one.get(key, ABSENT), other.get(key, ABSENT)
            if left is not right:
                yield from leaves(left, right, (*at, key), patterns)
    elif (
        isinstance(one, list)
        and isinstance(other, list)
        and len(one) == len(other)
        and all(isinstance(it, Mapping) for it in (*one, *other))
    ):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from leaves(*pair, (*at, index), patterns)
    elif _section(one, other) and any(leads_below(it, at) for it in patterns):
        left, right = (one or dict.fromkeys(other)), (other or dict.fromkeys(one))
        found = leaves(left, right, at, patterns)
        yield from ((path, *pair) for path, *pair in found if any(it not in _EMPTY for it in pair))
    elif type(one) is not type(other) or one != other:
        yield at, one, other


def _section(one: Any, other: Any) -> bool:
    """Whether one side has a section, and the other leaves it out."""
    return (one is None and isinstance(other, Mapping)) or (
        other is None and isinstance(one, Mapping)
    )


def declarations(*stacks: Stack) -> list[Declared]:
    """What differs on purpose: in every estate, and by the words of each stack."""
    found = list(ENVIRONMENT_SPECIFIC)
    for stack in stacks:
        said = stack.settings.promotion
        file = stack.sources.document.file
        found += [
            Declared(it, f"promotion.environmentSpecific of {file}")
            for it in said.environment_specific
        ]
        found += [
            Declared(it, f"promotion.promotable of {file}: a promotion copies it")
            for it in said.promotable
        ]
    return found


def _difference(
    path: Path, left: Any, right: Any, one: Stack, other: Stack, declared: list[Declared]
) -> Difference:
    sides = [
        Side(
            value=None if value is ABSENT else masked(value, path),
            source="" if value is ABSENT else source_of(path, stack.sources),
        )
        for value, stack in ((left, one), (right, other))
    ]
    by = next((it for it in declared if covers(it.pattern, path)), None)
    by = by or _implied(path, sides)
    return Difference(
        key=dotted(path),
        path=path,
        one=sides[0],
        other=sides[1],
        intended=by.pattern if by else "",
        why=by.why if by else _remedy(path),
    )


def _implied(path: Path, sides: list[Side]) -> Declared | None:
    """What neither stack says: it hangs on a setting that is compared by itself."""
    words = [it.source.rpartition("(null removes it), ")[2] for it in sides]
    if not all(
        it.startswith(("profile ", "availability: ")) or it in ("", "default") for it in words
    ):
        return None
    if any(it.startswith("availability: ") for it in words):
        return Declared(
            f"workloads.{path[1]}.availability", "it follows from the workload's availability"
        )
    if any(it.startswith("profile ") for it in words):
        return Declared("cluster.profile", "it follows from the profile")
    return None


def _remedy(path: Path) -> str:
    pattern = dotted(path)
    return f"make them equal, or name {pattern!r} in promotion.environmentSpecific"


def _around(one: Stack, other: Stack) -> Iterator[Difference]:
    """Configuration beside the settings: plain values belong to each stack, of secrets only whether they are set."""
    left, right = one.sources.config, other.sources.config
    for key in sorted({*left, *right} - {PATH}):
        values = [it.get(key, ABSENT) for it in (left, right)]
        secret = [_has_secret(it) for it in values]
        if values[0] == values[1] or all(secret):
            continue  # two secrets are never compared: both are set, and that is all
        sides = [
            Side(
                value=None if it is ABSENT else "[secret]" if hidden else masked(it, (key,)),
                source="" if it is ABSENT else _line(stack, key),
            )
            for it, hidden, stack in zip(values, secret, (one, other), strict=True)
        ]
        own = not any(secret) and not str(key).startswith(f"{PROJECT}:")
        without = one.name if values[0] is ABSENT else other.name
        yield Difference(
            key=str(key),
            path=("config", str(key)),
            one=sides[0],
            other=sides[1],
            intended="config" if own else "",
            why="configuration of a provider is the stack's own"
            if own
            else f"pulumi config set --stack {without} --secret {key}"
            if any(secret)
            else "make them equal",
        )


def _line(stack: Stack, key: str) -> str:
    document = stack.sources.document
    return f"{document.file}:{document.line(('config', key))}"


def _has_secret(value: Any) -> bool:
    if is_sealed(value):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(map(_has_secret, inner))


def secretive(path: Path) -> bool:
    """Whether a value at `path` stays unsaid and uncopied, by the names on the way to it."""
    below = path[2:] if path[:1] == ("workloads",) else path
    return any(may_be_secret((it,)) for it in below if it != _FREE)


def masked(value: Any, path: Path) -> Any:
    """`value` for a reader, with what may be a secret left out at any depth."""
    if isinstance(value, Mapping):
        return {str(key): masked(it, (*path, str(key))) for key, it in value.items()}
    if isinstance(value, list):
        return [masked(it, path) for it in value]
    if value is None or isinstance(value, bool):
        return value
    if secretive(path):
        return HIDDEN
    if isinstance(value, str) and (not shown(value) or "***@" in shown(value)):
        return HIDDEN
    return value
