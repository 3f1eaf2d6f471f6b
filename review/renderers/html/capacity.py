"""Amounts beside their limits, before and after, as bars: widths in a drawing, and the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import Final

from review.renderers.review_words import number, percent
from review.report import Bar

WIDTH: Final = 240.0
"""Of a full bar, in the units of its drawing."""

MOST_BARS: Final = 240
"""Drawn at most, the fullest; JSON names all."""


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One side of a bar."""

    text: str
    """`7.5 of 12 cores, 63 %`."""

    width: float
    limit: float | None
    """Where the mark of the limit stands; None where there is none."""

    over: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bar; a side that is not there is None."""

    name: str
    before: Amount | None
    after: Amount | None
    differs: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Groups with their bars, and how many bars are left out."""

    groups: Sequence[tuple[str, Sequence[Row]]]
    left_out: int


def chart(bars: Iterable[Bar]) -> Chart | None:
    """The chart; None where there is no bar."""
    every = sorted(set(bars), key=_order)
    if not every:
        return None
    kept = every
    if len(every) > MOST_BARS:
        kept = sorted(sorted(every, key=lambda it: -fullness(it))[:MOST_BARS], key=_order)
    groups: dict[str, list[Row]] = {}
    for it in kept:
        groups.setdefault(it.group, []).append(_row(it))
    return Chart(groups=tuple(groups.items()), left_out=len(every) - len(kept))


def fullness(it: Bar) -> float:
    """Share of the limit afterwards; 0 without one."""
    if it.after is None or it.limit_after is None:
        return 0.0
    return it.after / it.limit_after if it.limit_after else inf * bool(it.after)


def _order(it: Bar) -> tuple[object, ...]:
    sizes = (-1.0 if size is None else size for size in (it.before, it.after))
    return not it.group.startswith("pool "), it.group, it.name, it.unit, *sizes


def _row(it: Bar) -> Row:
    sizes = (it.before, it.after, it.limit_before, it.limit_after)
    finite = (size for size in sizes if size is not None and isfinite(size))
    longest = max(finite, default=0) or 1.0
    return Row(
        name=it.name,
        before=_amount(it.before, it.limit_before, it.unit, longest),
        after=_amount(it.after, it.limit_after, it.unit, longest),
        differs=(it.before, it.limit_before) != (it.after, it.limit_after),
    )


def _amount(amount: float | None, limit: float | None, unit: str, longest: float) -> Amount | None:
    if amount is None:
        return None
    share = percent(amount, limit)
    over = limit is not None and amount > limit
    text = f"{number(amount)}{'' if limit is None else f' of {number(limit)}'} {unit}".rstrip()
    text += "" if share is None else f", {share} %"
    text += f", over by {number(amount - (limit or 0))}" if over else ""
    return Amount(
        text=text,
        width=_width(amount, longest),
        limit=None if limit is None else _width(limit, longest),
        over=over,
    )


def _width(amount: float, longest: float) -> float:
    """Of what is no number, nothing; of what has no end, all there is."""
    return 0.0 if isnan(amount) else min(max(0.0, amount) / longest, 1.0) * WIDTH
