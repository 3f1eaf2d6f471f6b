"""When Azure may work on the cluster, and when the cluster runs at all."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from settings.constraint import Number, Text
from settings.section import Section
from settings.values import TimeZone

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

ClockTime = Annotated[
    str,
    Text(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "must be a time of day, for example '02:00'"),
]
UtcOffset = Annotated[
    str,
    Text(r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$", "must be an offset from UTC, for example '+01:00'"),
]
Day = Annotated[
    str,
    Text(
        r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "must be a day, for example '2026-12-20'",
    ),
]
WindowHours = Annotated[int, Number("must be whole hours from 4 to 24, for example 4", 4, 24)]
"""https://learn.microsoft.com/azure/aks/planned-maintenance : no window is shorter than four hours."""


class Monthly(Section):
    """A day of the month."""

    day_of_month: Annotated[int, Number("must be a day from 1 to 28", 1, 28)] | None = None
    """By number; no month lacks it."""

    week: Literal["First", "Second", "Third", "Fourth", "Last"] | None = None
    """By week, together with `day`."""

    day: Weekday | None = None
    """Day of that week."""


class Window(Section):
    """One recurring span of time: exactly one of `daily`, `weekly` and `monthly`."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("daily", "weekly", "monthly")

    daily: Annotated[int, Number("must be days from 1 to 7", 1, 7)] | None = None
    """Every so many days; for `nodeOsUpgrade` only."""

    weekly: Weekday | None = None
    """Day of the week."""

    monthly: Monthly | None = None
    """Day of the month."""

    every: Annotated[int, Number("must be a number from 1 to 6", 1, 6)] = 1
    """Of `weekly` every so many weeks, at most 4; of `monthly` every so many months."""

    start: ClockTime
    """When it opens, at `utcOffset`."""

    duration_hours: WindowHours = 4
    """How long it stays open, in hours."""

    utc_offset: UtcOffset = "+00:00"
    """Offset of `start` from UTC; Azure knows no time zones here, so summer moves it by an hour."""


class Closed(Section):
    """Days on which nothing is to start."""

    start: Day
    """First day."""

    end: Day
    """Last day."""


class Maintenance(Section):
    """Azure's three windows. An urgent fix of Azure's own may ignore them."""

    default: Window | None = None
    """For AKS' own weekly releases. Weekly, every week. Omitted: whenever Azure likes."""

    auto_upgrade: Window | None = None
    """For what `upgradeChannel` installs. Omitted: whenever Azure likes."""

    node_os_upgrade: Window | None = None
    """For what `nodeOsUpgradeChannel` installs. Omitted: whenever Azure likes."""

    not_allowed: list[Closed] = []
    """Days on which none of the three opens, for example the end of the year."""


class Runs(Section):
    """When the cluster runs; outside of it AKS is stopped, and costs its disks and addresses alone.

    A workflow in Azure starts and stops it. `pulumi up` of a stopped cluster fails: start it first.
    """

    days: list[Weekday] = Field(min_length=1)
    """Days on which it is started and stopped."""

    start: ClockTime
    """When it is started, in `timeZone`."""

    stop: ClockTime
    """When it is stopped, the same day."""

    time_zone: TimeZone = "Etc/UTC"
    """IANA name; summer time is kept."""
