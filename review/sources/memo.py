"""What was made of parts of a plan, kept between runs under a hash of all that it hangs on."""

import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

import orjson

from review.plan import Plan, Resource
from review.sources.cache import Cache

T = TypeVar("T")

_MARKS: Final = (b'"$unknown"', b'"$secret"')
_TIMES: Final = 4
"""Results that a run did not ask for stay as long as all are at most so many times those that it asked for: another
stack's, or those of a change that is taken back."""


class Content(NamedTuple):
    """What is in one row of a plan."""

    digest: bytes
    """Of every field: rows of equal digests are equal."""

    marked: bool
    """Whether a part of it is unknown or a secret."""


_last: list[tuple[Plan, tuple[Content, ...]]] = []
"""The two plans of a review, and what a chapter sees of them: several analyses ask for each."""


def contents(plan: Plan) -> tuple[Content, ...]:
    """What is in each row of `plan.resources`."""
    for known, found in _last:
        if known is plan:
            return found
    # The plans are held, so that no number of theirs is another row's.
    held = {
        id(row): content
        for known, found in _last
        for row, content in zip(known.resources, found, strict=True)
    }
    made = tuple(held.get(id(it)) or _content(it) for it in plan.resources)
    _last[:] = [*_last[-3:], (plan, made)]
    return made


def _content(row: Resource) -> Content:
    text = _text(_fields(row))
    return Content(hashlib.sha256(text).digest(), any(mark in text for mark in _MARKS))


def digest_of(plan: Plan) -> bytes:
    """Of all that is in a plan."""
    whole = hashlib.sha256(_text([plan.project, plan.stack, plan.outputs]))
    for it in contents(plan):
        whole.update(it.digest)
    return whole.digest()


def digest(value: Any) -> bytes:
    """Of plain data: what is equal has one, whatever the order of its keys."""
    return hashlib.sha256(_text(value)).digest()


class Memo:
    """Results by digest. Whoever asks puts into the digest all that the result hangs on; `name` has the rest, such as
    the hash of the code (`review.sources.content.tool`)."""

    def __init__(self, cache: Cache | None = None, name: str = "") -> None:
        """Without a cache it remembers for as long as it lives."""
        self._cache, self._name = cache, name
        loaded = cache.load(name) if cache else None
        self._held: dict[bytes, Any] = loaded if isinstance(loaded, dict) else {}
        self._asked: dict[bytes, Any] = {}
        self.fresh = False
        """Whether something came to it."""

    def of(self, content: bytes, make: Callable[[], T]) -> T:
        """What was made of this content, or is now."""
        if content in self._held:
            found: T = self._held[content]
        else:
            found, self.fresh = make(), True
            self._held[content] = found
        self._asked[content] = found
        return found

    def save(self) -> None:
        """Keep what is there for the next run, where something came to it."""
        if self._cache and self.fresh:
            few = len(self._held) <= _TIMES * len(self._asked)
            self._cache.store(self._name, self._held if few else self._asked)


def _fields(it: Any) -> list[Any]:
    return [
        it.urn, it.type, it.name, it.parent, it.provider, it.inputs, it.dependencies, it.options
    ]  # fmt: skip


def _text(value: Any) -> bytes:
    return orjson.dumps(value, default=_other, option=orjson.OPT_SORT_KEYS)


def _other(value: object) -> list[str]:
    """What no JSON has: not to be taken for the text that it looks like."""
    return [type(value).__name__, repr(value)]
