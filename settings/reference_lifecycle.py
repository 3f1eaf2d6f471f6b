"""Rows of the stack file about when Azure may work on the cluster. Azure fields are those of the resource as it is
registered."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_WINDOW: Final = "MaintenanceConfiguration: maintenanceWindow."

LIFECYCLE: Final[Mapping[str, Mapping[str, Row]]] = {
    "Maintenance": {
        "default": Row(
            '{weekly: Sunday, start: "01:00"}', "MaintenanceConfiguration: timeInWeek[]"
        ),
        "autoUpgrade": Row('{weekly: Sunday, start: "01:00"}', f"{_WINDOW}schedule"),
        "nodeOsUpgrade": Row('{daily: 1, start: "01:00"}', f"{_WINDOW}schedule"),
        "notAllowed": Row(
            '[{start: "2026-12-20", end: "2027-01-03"}]', f"{_WINDOW}notAllowedDates[]"
        ),
    },
    "Window": {
        "daily": Row("1", f"{_WINDOW}schedule.daily.intervalDays"),
        "weekly": Row("Sunday", f"{_WINDOW}schedule.weekly.dayOfWeek"),
        "monthly": Row("{dayOfMonth: 15}", f"{_WINDOW}schedule.absoluteMonthly"),
        "every": Row("2", f"{_WINDOW}schedule.weekly.intervalWeeks"),
        "start": Row('"02:00"', f"{_WINDOW}startTime"),
        "durationHours": Row("6", f"{_WINDOW}durationHours"),
        "utcOffset": Row('"+01:00"', f"{_WINDOW}utcOffset"),
    },
    "Monthly": {
        "dayOfMonth": Row("15", f"{_WINDOW}schedule.absoluteMonthly.dayOfMonth"),
        "week": Row("First", f"{_WINDOW}schedule.relativeMonthly.weekIndex"),
        "day": Row("Sunday", f"{_WINDOW}schedule.relativeMonthly.dayOfWeek"),
    },
    "Closed": {
        "start": Row('"2026-12-20"', f"{_WINDOW}notAllowedDates[].start"),
        "end": Row('"2027-01-03"', f"{_WINDOW}notAllowedDates[].end"),
    },
    "Runs": {
        "days": Row(
            "[Monday, Friday]", "Workflow: definition.triggers.at.recurrence.schedule.weekDays[]"
        ),
        "start": Row('"07:00"', "Workflow: definition.triggers.at.recurrence.schedule.hours[]"),
        "stop": Row('"19:00"', "Workflow: definition.triggers.at.recurrence.schedule.hours[]"),
        "timeZone": Row("Europe/Berlin", "Workflow: definition.triggers.at.recurrence.timeZone"),
    },
}
