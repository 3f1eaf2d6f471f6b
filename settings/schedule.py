"""When a cronjob runs: the schedules and time zones that its controller takes."""

from typing import Annotated
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
