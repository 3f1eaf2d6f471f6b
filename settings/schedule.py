"""When a cronjob runs: the schedules and time zones that its controller takes."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from settings.constraint import Text

_CRON_SPANS = {
    "minute": (0, 59),
    "hour": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "day of week": (0, 6),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_CRON_NAMES = {
    "month": {name: number for number, name in enumerate(_MONTHS, 1)},
    "day of week": {name: number for number, name in enumerate(_DAYS)},
}


def _cron(schedule: str) -> str:
    """The grammar of the CronJob controller (robfig/cron): Sunday is 0 alone, a range never runs backwards."""
    if schedule.startswith("@"):
        return schedule
    for (field, span), text in zip(_CRON_SPANS.items(), schedule.split(), strict=True):
        for item in text.split(","):
            values, _, step = item.partition("/")
            low, _, high = values.partition("-")
            numbers = [_cron_number(it, field) for it in (low, high or low) if it != "*"] or span
            inside = all(number is not None and span[0] <= number <= span[1] for number in numbers)
            if not inside or numbers[0] > numbers[-1] or (step and not int(step)):  # type: ignore[operator]
                raise PydanticCustomError(
                    "rule",
                    "must be a cron schedule of five fields, for example '*/5 * * * *'; "
                    "the {field} takes {low} to {high}",
                    {"field": field, "low": span[0], "high": span[1]},
                )
    return schedule


def _cron_number(text: str, field: str) -> int | None:
    return int(text) if text.isdigit() else _CRON_NAMES.get(field, {}).get(text.lower())


class Turns(NamedTuple):
    """When a schedule has its turns, each part in ascending order."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    """Sunday is 0."""

    either: bool
    """Whether a day of one of `days` and `weekdays` is enough: where neither is `*`."""

    def on(self, day: date) -> bool:
        """Whether that day has turns."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return of_month or of_week if self.either else of_month and of_week


_WORDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@annually": "0 0 1 1 *",
    "@yearly": "0 0 1 1 *",
}


def turns(schedule: str) -> Turns | None:
    """The turns of a schedule, as the CronJob controller reads it; None for one that it would not take, or `@every`."""
    fields = _WORDS.get(schedule, schedule).replace("?", "*").split()
    if len(fields) != len(_CRON_SPANS):
        return None
    minutes, hours, days, months, weekdays = (
        tuple(sorted({*_numbers(text, field)}))
        for text, field in zip(fields, _CRON_SPANS, strict=True)
    )
    if not (minutes and hours and days and months and weekdays):
        return None
    # A step of more than one takes the star's meaning away: `*/2` is a choice of days.
    either = not any({"*", "*/1"} & {*text.split(",")} for text in (fields[2], fields[4]))
    return Turns(minutes, hours, days, months, weekdays, either)


def _numbers(text: str, field: str) -> Iterator[int]:
    """What one field names; nothing of a part that is none."""
    least, most = _CRON_SPANS[field]
    for item in text.split(","):
        values, slash, step = item.partition("/")
        low, dash, high = values.partition("-")
        first = least if low == "*" else _cron_number(low, field)
        last = most if low == "*" or (slash and not dash) else _cron_number(high or low, field)
        if first is not None and last is not None and (not slash or step.isdigit()):
            yield from range(max(first, least), min(last, most) + 1, int(step or 1) or 1)


_CRON_FIELD = r"(\*|[0-9]{1,3}(-[0-9]{1,3})?|[A-Za-z]{3}(-[A-Za-z]{3})?)(/[0-9]{1,3})?"
CronSchedule = Annotated[
    str,
    Text(
        rf"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|({_CRON_FIELD}(,{_CRON_FIELD})*)"
        rf"( +{_CRON_FIELD}(,{_CRON_FIELD})*){{4}})$",
        "must be a cron schedule of five fields, for example '*/5 * * * *'",
    ),
    AfterValidator(_cron),
]


def _known_zone(name: str) -> str:
    """Passes everything where the machine has no time zones to ask."""
    if not _is_zone(name) and _is_zone("Europe/Berlin"):
        raise PydanticCustomError(
            "rule", "must be the IANA name of a time zone, for example 'Europe/Berlin'"
        )
    return name


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


TimeZone = Annotated[
    str,
    Text(
        r"^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$",
        "must be the IANA name of a time zone, for example 'Europe/Berlin'",
    ),
    AfterValidator(_known_zone),
]
