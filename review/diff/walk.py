"""Walks down two values side by side and yields the smallest places where they differ in meaning."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from review.diff.paths import step
from review.diff.shapes import Listing, Shape, Template
from review.guard.values import ABSENT, equal
from review.plan import SECRET, UNKNOWN

LONGEST_NAME: Final = 80
"""Characters of what names an item in a path; a longer one is told by its position."""


class Veiled:
    """A value that is compared and never said: of a Secret that the program does not mark as one."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Veiled) and self._value == other._value

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "[secret]"


class Difference(NamedTuple):
    """One place; `ABSENT` on the side that has nothing there."""

    path: str
    old: Any
    new: Any
    order: bool = False
    """Whether only the order is another: then both sides are names of items."""


def differences(
    old: Any, new: Any, shape: Shape, at: str = "", *, template: Template = ""
) -> Iterator[Difference]:
    """Every place below `at` where the two differ, or may.

    `template`: whether `at` is below the template of pods.
    """
    old, new = _present(old), _present(new)
    if _same(old, new):
        return
    if _is_mark(old) or _is_mark(new):
        yield Difference(at, old, new)
        return
    template = template or shape.template
    if isinstance(old, dict) and isinstance(new, dict):
        before, after = shape.filled(old), shape.filled(new)
        for key in sorted({*before, *after}):
            below = step(at, key)
            inner = shape.field(key)
            yield from differences(before.get(key), after.get(key), inner, below, template=template)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, shape, at, template)
    elif not (_empty(old, shape) and _empty(new, shape)) and (
        isinstance(old, (dict, list))
        or isinstance(new, (dict, list))
        or ABSENT in (old, new)
        or not _alike(old, new, shape, template)
    ):
        yield Difference(at, old, new)


def _alike(old: Any, new: Any, shape: Shape, template: Template) -> bool:
    if template == "revised":
        return equal(shape.stored(old), shape.stored(new))
    return equal(shape.normal(old), shape.normal(new))


def _lists(
    old: list[Any], new: list[Any], shape: Shape, at: str, template: Template
) -> Iterator[Difference]:
    if [UNKNOWN] in (old, new):
        # Nothing is known of its items, their number included.
        one, other = (dict(UNKNOWN) if it == [UNKNOWN] else it for it in (old, new))
        yield Difference(at, one, other)
        return
    listing, item = shape.listing, shape.item()
    before, after = _named(old, listing, item), _named(new, listing, item)
    if before is not None and after is not None:
        for key in (*before, *(it for it in after if it not in before)):
            below = f"{at}[{key}]"
            yield from differences(before.get(key), after.get(key), item, below, template=template)
        if listing.ordered or template:
            yield from _order(
                [it for it in before if it in after], [it for it in after if it in before], at
            )
    elif all(isinstance(it, str | int | float) for it in (*old, *new)):
        yield from _scalars(old, new, shape, at, template)
    elif listing.ordered:
        yield from _in_order(old, new, item, at, template)
    else:
        yield from _by_value(old, new, item, at, template)


def _order(old: list[str], new: list[str], at: str) -> Iterator[Difference]:
    if old != new:
        yield Difference(at, old, new, order=True)


def _scalars(
    old: list[Any], new: list[Any], shape: Shape, at: str, template: Template
) -> Iterator[Difference]:
    """One by one where they are a set, the whole list where their order counts."""
    if shape.listing.ordered:
        if len(old) != len(new) or any(
            _differ(*pair, shape.item()) for pair in zip(old, new, strict=True)
        ):
            yield Difference(at, old, new)
        return
    counts = [Counter((type(it) is bool, it) for it in side) for side in (old, new)]
    gone, come = (_left(*pair) for pair in (counts, counts[::-1]))
    if any(isinstance(it, str) and len(it) > LONGEST_NAME for it in (*gone, *come)):
        yield Difference(at, old, new)
        return
    for value in gone:
        yield Difference(f"{at}[{value}]", value, ABSENT)
    for value in come:
        yield Difference(f"{at}[{value}]", ABSENT, value)
    if template and not gone and not come:
        yield from _order([str(it) for it in old], [str(it) for it in new], at)


def _left(some: Counter[Any], others: Counter[Any]) -> list[Any]:
    return sorted((it for _, it in (some - others).elements()), key=str)


def _in_order(
    old: list[Any], new: list[Any], item: Shape, at: str, template: Template
) -> Iterator[Difference]:
    """By position, but for what both begin and end with."""
    start, ends = 0, (len(old), len(new))
    while start < min(ends) and not _differ(old[start], new[start], item):
        start += 1
    while min(ends) > start and not _differ(old[ends[0] - 1], new[ends[1] - 1], item):
        ends = (ends[0] - 1, ends[1] - 1)
    yield from _remaining(
        [(it, old[it]) for it in range(start, ends[0])],
        [(it, new[it]) for it in range(start, ends[1])],
        item,
        at,
        template,
    )


def _by_value(
    old: list[Any], new: list[Any], item: Shape, at: str, template: Template
) -> Iterator[Difference]:
    """Items that mean the same belong together, wherever they stand; of two that do, the one in its old place."""
    forms = [[json.dumps(normal(it, item), sort_keys=True) for it in side] for side in (old, new)]
    there = {number for number, pair in enumerate(zip(*forms, strict=False)) if len({*pair}) == 1}
    places: dict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(forms[0]):
        if number not in there:
            places[form].append(number)
    come = []
    for number, form in enumerate(forms[1]):
        if number in there:
            continue
        if places[form]:
            places[form].pop(0)
        else:
            come.append((number, new[number]))
    gone = [(it, old[it]) for it in sorted(it for left in places.values() for it in left)]
    yield from _remaining(gone, come, item, at, template)
    if template and not gone and not come and forms[0] != forms[1]:
        yield Difference(at, old, new, order=True)


def _remaining(
    gone: Sequence[tuple[int, Any]],
    come: Sequence[tuple[int, Any]],
    item: Shape,
    at: str,
    template: Template,
) -> Iterator[Difference]:
    """As many as before are taken for the same ones, changed; otherwise they went and came."""
    if len(gone) == len(come):
        for (_, before), (number, after) in zip(gone, come, strict=True):
            yield from differences(before, after, item, f"{at}[{number}]", template=template)
        return
    # Which of them a secret took the place of nobody can tell, so that no text is said beside one.
    masked = SECRET in [it for _, it in (*gone, *come)]
    for number, value in gone:
        yield Difference(f"{at}[{number}]", _beside(value, masked), ABSENT)
    for number, value in come:
        yield Difference(f"{at}[{number}]", ABSENT, _beside(value, masked))


def _beside(value: Any, masked: bool) -> Any:
    return dict(SECRET) if masked and isinstance(value, str) else value


def _named(items: list[Any], listing: Listing, item: Shape) -> dict[str, Any] | None:
    """By what names them; None where one has no name, or two have the same."""
    if not listing.keys:
        return None
    found: dict[str, Any] = {}
    for it in items:
        if not isinstance(it, dict) or _is_mark(it):
            return None
        full = item.filled(it)
        parts = [_at(full, key) for key in listing.keys]
        if any(it is None for it in parts):
            return None
        name = "/".join(it for it in parts if it)
        if not name or len(name) > LONGEST_NAME or name in found:
            return None
        found[name] = it
    return found


def _at(value: Any, path: str) -> str | None:
    """The text of a field that names an item; empty where there is none, None where it cannot be told."""
    for key in path.split("."):
        if isinstance(value, dict) and not _is_mark(value):
            value = value.get(key)
        elif value is not None:
            return None
    if isinstance(value, list) and all(isinstance(it, str) for it in value):
        return ",".join(sorted(value))
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    return None


def normal(value: Any, shape: Shape) -> Any:
    """The one spelling of all that mean the same as `value`: defaults written out, quantities as amounts, sets sorted.

    Two values are the same to the API just when their normal forms are equal, but for what makes new pods of the same
    meaning (`Template`). For comparing, not for reading.
    """
    if _is_mark(value):
        return value
    if isinstance(value, dict):
        full = shape.filled(value)
        found = {key: normal(it, shape.field(key)) for key, it in full.items() if it is not None}
        return {
            key: it
            for key, it in sorted(found.items())
            if it or not shape.field(key).empty_is_absent
        }
    if isinstance(value, list):
        listing, item = shape.listing, shape.item()
        forms = [normal(it, item) for it in value]
        # A list that is merged by key and ordered keeps its order: another one is another value.
        return forms if listing.ordered else sorted(forms, key=_dumped)
    return shape.normal(value)


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _differ(old: Any, new: Any, shape: Shape) -> bool:
    return next(differences(old, new, shape), None) is not None


def _same(old: Any, new: Any) -> bool:
    """Equal at once. Python takes `True` for 1, so that equal containers are looked at once more."""
    return old is new or (bool(old == new) and repr(old) == repr(new))


def _present(value: Any) -> Any:
    return ABSENT if value is None else value


def _empty(value: Any, shape: Shape) -> bool:
    return value is ABSENT or (shape.empty_is_absent and value in ([], {}))


def _is_mark(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and value in (UNKNOWN, SECRET)
