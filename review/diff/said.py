"""A difference as a reader gets it: shortened, secrets and unknowns only said to be such."""

from typing import Any

from review.diff.walk import Difference, Veiled
from review.guard.values import ABSENT, both_said
from review.plan import SECRET, UNKNOWN
from review.report import Alters, PropertyChange


def property_change(it: Difference) -> PropertyChange:
    """`replaces` is for the caller to say."""
    old, new = said(it)
    return PropertyChange(path=it.path, alters=_alters(it), old=old, new=new)


def said(it: Difference) -> tuple[str, str]:
    """Both sides, empty where there is nothing."""
    if it.order:
        return both_in_order(it.old, it.new)
    sides = _unveiled(it.old), _unveiled(it.new)
    old, new = both_said(*sides)
    return ("" if it.old is ABSENT else old), ("" if it.new is ABSENT else new)


def both_in_order(old: list[Any], new: list[Any]) -> tuple[str, str]:
    """`in this order: b, a`."""
    texts = both_said(*(_unveiled(it) for it in (old, new)))
    return f"in this order: {texts[0]}", f"in this order: {texts[1]}"


def _alters(it: Difference) -> Alters:
    if it.old is ABSENT:
        return "added"
    if it.new is ABSENT:
        return "removed"
    sides = (it.old, it.new)
    if UNKNOWN in sides:
        return "unknown"
    if SECRET in sides or any(isinstance(side, Veiled) for side in sides):
        return "secret"
    return "changed"


def _unveiled(value: Any) -> Any:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Veiled):
        return SECRET
    if isinstance(value, dict):
        return {key: _unveiled(it) for key, it in value.items()}
    return [*map(_unveiled, value)] if isinstance(value, list) else value
