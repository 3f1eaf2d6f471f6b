"""Values on both sides of a change: where they stand, whether they differ, how they are said.

An unknown differs from nothing for certain and equals nothing for certain; a secret is only ever said to be one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from review.faults import LONGEST_VALUE
from review.plan import SECRET, UNKNOWN
from settings.quantity import amount

Differs = Literal["no", "maybe", "yes"]
"""`maybe`: one side is only known after a deployment."""

Alike = Callable[[Any, Any], bool]
"""Whether two known values, neither absent, mean the same to the service."""

EACH: Final = "[]"


PLAIN: Final = "a value that is not marked as secret"
"""Stands for a value beside a secret."""


class Absent:
    """A property that is not set."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = Absent()


def equal(old: Any, new: Any) -> bool:
    """As JSON has them; true is no number here."""
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def location(old: Any, new: Any) -> bool:
    """`West Europe` is `westeurope`, as azure-native compares them."""
    return _squeezed(old) == _squeezed(new)


def quantity(old: Any, new: Any) -> bool:
    """`2Gi` is `2048Mi`."""
    try:
        return amount(str(old)) == amount(str(new))
    except ValueError:
        return equal(old, new)


def unordered(old: Any, new: Any) -> bool:
    """Lists whose order says nothing, such as zones."""
    if isinstance(old, list) and isinstance(new, list):
        return sorted(map(json.dumps, old)) == sorted(map(json.dumps, new))
    return equal(old, new)


def resource_id(old: Any, new: Any) -> bool:
    """Ids of Azure resources are compared without case."""
    return str(old).lower() == str(new).lower()


def _squeezed(value: Any) -> str:
    return str(value).replace(" ", "").lower()


def differs(old: Any, new: Any, alike: Alike = equal) -> Differs:
    """Whether `new` is another value than `old`; marks that a plan puts for values are looked for at any depth."""
    if UNKNOWN in (old, new):
        return "no" if old == new else "maybe"
    if SECRET in (old, new) or old is ABSENT or new is ABSENT:
        return "no" if old == new else "yes"
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = sorted({*old, *new})
        return _worst(differs(_get(old, key), _get(new, key), alike) for key in keys)
    if isinstance(old, list) and isinstance(new, list) and _marked(old + new):
        if len(old) != len(new):
            return "yes"
        return _worst(differs(*pair, alike) for pair in zip(old, new, strict=True))
    return "no" if alike(old, new) else "yes"


def places(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Every place that `path` leads to, with the value on each side, `ABSENT` where there is none.

    Where the way leads through an unknown, that place stands for what is below it. `a[].b` is `b` of every item of
    `a`: items of one name belong together, others by position; an item that only one side has is left out.
    """
    steps = path.replace(EACH, f".{EACH}").split(".")
    yield from _places(old, new, steps, "")


def _places(old: Any, new: Any, steps: list[str], at: str) -> Iterator[tuple[str, Any, Any]]:
    if not steps or UNKNOWN in (old, new) or SECRET in (old, new):
        if not (old is ABSENT and new is ABSENT):
            yield at, old, new
        return
    step, *rest = steps
    if step == EACH:
        for key, one, other in _items(old, new):
            yield from _places(one, other, rest, f"{at}[{key}]")
        return
    below = f"{at}.{step}" if at else step
    yield from _places(_get(old, step), _get(new, step), rest, below)


def _items(old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if not (isinstance(old, list) and isinstance(new, list)):
        return
    before = {_key(it, position): it for position, it in enumerate(old)}
    for position, item in enumerate(new):
        if (key := _key(item, position)) in before:
            yield key, before[key], item


def _key(item: Any, position: int) -> str:
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else str(position)


def _get(value: Any, key: str) -> Any:
    found = value.get(key) if isinstance(value, Mapping) else None
    return ABSENT if found is None else found


def _marked(value: Any) -> bool:
    if _mark(value):
        return True
    inner = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, Mapping | list) and any(map(_marked, inner))


def _worst(found: Iterator[Differs]) -> Differs:
    seen = set(found)
    return "yes" if "yes" in seen else "maybe" if "maybe" in seen else "no"


def leaves(old: Any, new: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The smallest places below a change that differ, or may: what a reader wants to see of a long value."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not _mark(old) and not _mark(new):
        for key in sorted({*old, *new}):
            yield from leaves(_get(old, key), _get(new, key), f"{at}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for position, pair in enumerate(zip(old, new, strict=True)):
            yield from leaves(*pair, f"{at}[{position}]")
    elif differs(old, new) != "no":
        yield at, old, new


def both_said(old: Any, new: Any) -> tuple[str, str]:
    """Both sides, shortened so that what differs between them is still there.

    What a secret took the place of, or what took its place, is not said: it may be the same value, unmarked.
    """
    if SECRET in (old, new):
        return _beside_secret(old), _beside_secret(new)
    texts = _text(old), _text(new)
    if max(map(len, texts)) <= LONGEST_VALUE:
        return texts
    first = next((at for at, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), 0)
    return _shortened(texts[0], first), _shortened(texts[1], first)


def both_told(old: Any, new: Any) -> tuple[str, str]:
    """As `both_said`; of values too long to be shown whole one place where they differ, and how many more there are.

    An image comes first. Labels and annotations come last: what they say mostly follows from the rest.
    """
    if SECRET in (old, new) or max(map(len, map(_text, (old, new)))) <= LONGEST_VALUE:
        return both_said(old, new)
    below = sorted(leaves(old, new), key=lambda it: _telling(it[0]))
    if len(below) < 2:
        return both_said(old, new)
    (step, *values), *more = below
    one, other = both_said(*values)
    places = "place" if len(more) == 1 else "places"
    return f"{step.lstrip('.')} {one}", f"{other}, and {len(more)} {places} more"


def _telling(step: str) -> tuple[bool, bool, str]:
    return "metadata." in step, not step.endswith(".image"), step


def _beside_secret(value: Any) -> str:
    if value is ABSENT or value == UNKNOWN:
        return _text(value)
    return "[secret]" if _holds_secret(value) else PLAIN


def _holds_secret(value: Any) -> bool:
    if value == SECRET:
        return True
    inner = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, Mapping | list) and any(map(_holds_secret, inner))


def _text(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    if value == UNKNOWN:
        return "unknown before deployment"
    if value == SECRET:
        return "[secret]"
    return json.dumps(_masked(value), sort_keys=True)


def _masked(value: Any) -> Any:
    """Marks inside a longer value as words."""
    if _mark(value):
        return _text(value)
    if isinstance(value, Mapping):
        return {key: _masked(it) for key, it in value.items()}
    return [*map(_masked, value)] if isinstance(value, list) else value


def _shortened(text: str, first: int) -> str:
    """At most `LONGEST_VALUE` characters, with the one at `first` among them."""
    start = max(0, min(first - LONGEST_VALUE // 3, len(text) - LONGEST_VALUE))
    end = start + LONGEST_VALUE
    before, after = "..." if start else "", "..." if end < len(text) else ""
    return f"{before}{text[start + len(before) : end - len(after)]}{after}"


def _mark(value: Any) -> bool:
    return value in (UNKNOWN, SECRET)


def printable(text: str) -> str:
    """`text` without what a terminal would act upon."""
    return "".join(it if it.isprintable() else "\N{REPLACEMENT CHARACTER}" for it in text)
