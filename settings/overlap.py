"""How many runs of a cronjob may be there at once, by its schedule and by what ends a run.

Turns are counted on the clock of the job's time zone: where summer time skips an hour, two turns may be that much
nearer to each other, which is left out.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final

from settings.schedule import Turns, turns

UNBOUNDED_RUNS: Final = 2
"""Runs that are counted where nothing bounds them."""

DAY_MINUTES: Final = 24 * 60
_CYCLE_DAYS: Final = 28 * 365 + 7
"""After so many days dates and days of the week fall together again, 1901 to 2099."""

_FIRST: Final = date(2001, 1, 1)


def runs_at_once(
    policy: str,
    schedule: str,
    *,
    deadline_seconds: int | None,
    grace_seconds: int,
    late_seconds: int | None,
) -> int | None:
    """Most runs whose pods are there together; None where nothing bounds them.

    A run ends by `activeDeadlineSeconds`, its pods `grace_seconds` later. It starts up to `late_seconds`
    (`startingDeadlineSeconds`; None: any) after its turn and never after the next one, so that one more may come near.
    `Replace` has at most two: the pods that end and those that start.
    """
    if policy == "Forbid":
        return 1
    most = None
    if deadline_seconds is not None:
        seconds = deadline_seconds + grace_seconds
        within = turns_within(schedule, seconds)
        if within is not None:
            late = None if late_seconds is None else turns_within(schedule, seconds + late_seconds)
            most = max(1, within + 1 if late is None else min(within + 1, late))
    return min(most or 2, 2) if policy == "Replace" else most


@lru_cache(maxsize=512)
def turns_within(schedule: str, seconds: int) -> int | None:
    """Most turns of `schedule` that are at most `seconds` apart; None for a schedule that cannot be read."""
    found = turns(schedule)
    if found is None:
        return None
    points = [hour * 60 + minute for hour in found.hours for minute in found.minutes]
    span = min(seconds // 60, _CYCLE_DAYS * DAY_MINUTES)
    most = 0
    for index, start in enumerate(points):
        days, minute = divmod(start + span, DAY_MINUTES)
        through = bisect_right(points, minute)
        between = _most_days(found, days)
        if days == 0:
            most = max(most, through - index)
            continue
        for last, whole in enumerate(between):
            if whole is not None:
                most = max(most, len(points) * whole + (len(points) - index) + last * through)
    return most


@lru_cache(maxsize=512)
def _most_days(found: Turns, days: int) -> tuple[int | None, int | None]:
    """Most days of turns strictly between such a day and the one `days` later: where that has none, and where it has
    turns; None where no two days are so."""
    match = _days(found)
    before = [*accumulate(match * 2, initial=0)]
    most: list[int | None] = [None, None]
    for day, has in enumerate(match):
        if has and days:
            last = match[(day + days) % _CYCLE_DAYS]
            whole = before[day + days] - before[day + 1]
            most[last] = max(most[last] or 0, whole)
    return most[0], most[1]


@lru_cache(maxsize=512)
def _days(found: Turns) -> tuple[int, ...]:
    """1 for each day of the cycle that has turns, else 0."""
    every = (_FIRST + timedelta(days=it) for it in range(_CYCLE_DAYS))
    return tuple(int(found.on(it)) for it in every)
