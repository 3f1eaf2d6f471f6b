"""The windows in which Azure may change the cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import containerservice

from components.azure.stack import AksStack
from settings.maintenance import Closed, Window

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS_A_WEEK: Final = 7 * 24


@dataclass(frozen=True, kw_only=True)
class MaintenanceArgs:
    """Inputs of `Maintenance`."""

    stack: AksStack
    """The windows; none at all makes nothing."""

    resource_group: pulumi.Input[str]
    """Name of the group of the cluster."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster, from the resource itself, so that it comes first."""

    after: list[pulumi.Resource]
    """What changes the cluster before: Azure runs one operation a cluster at a time."""


class Maintenance(pulumi.ComponentResource):
    """Azure's three maintenance configurations, one after the other, as far as the stack has them."""

    ids: dict[str, pulumi.Output[str]]
    """Azure id of each by its name."""

    def __init__(
        self, name: str, args: MaintenanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Maintenance", name, None, opts)
        given = args.stack.settings.cluster.maintenance
        bodies: dict[str, Mapping[str, Any]] = {}
        if given.default:
            bodies["default"] = releases(given.default, given.not_allowed)
        if given.auto_upgrade:
            bodies["aksManagedAutoUpgradeSchedule"] = window(given.auto_upgrade, given.not_allowed)
        if given.node_os_upgrade:
            bodies["aksManagedNodeOSUpgradeSchedule"] = window(
                given.node_os_upgrade, given.not_allowed
            )
        before = list(args.after)
        self.ids = {}
        for key, body in bodies.items():
            made = containerservice.MaintenanceConfiguration(
                f"{name}-{key}",
                config_name=key,
                resource_name_=args.cluster_name,
                resource_group_name=args.resource_group,
                **body,
                opts=pulumi.ResourceOptions(parent=self, depends_on=before),
            )
            before = [made]
            self.ids[key] = made.id
        self.register_outputs({"ids": self.ids})


def releases(given: Window, closed: list[Closed]) -> dict[str, Any]:
    """AKS' own releases: the hours of the week in UTC, the only form that configuration `default` takes.

    https://learn.microsoft.com/azure/aks/planned-maintenance
    """
    offset = int(given.utc_offset[:3])
    opens = WEEKDAYS.index(str(given.weekly)) * 24 + int(given.start[:2]) - offset
    hours = sorted((opens + it) % HOURS_A_WEEK for it in range(given.duration_hours))
    days = dict.fromkeys(hour // 24 for hour in hours)
    body: dict[str, Any] = {
        "time_in_week": [
            {
                "day": WEEKDAYS[day],
                "hour_slots": [hour % 24 for hour in hours if hour // 24 == day],
            }
            for day in days
        ]
    }
    if closed:
        body["not_allowed_time"] = [
            {
                "start": f"{it.start}T00:00:00{given.utc_offset}",
                "end": f"{it.end}T23:59:59{given.utc_offset}",
            }
            for it in closed
        ]
    return body


def window(given: Window, closed: list[Closed]) -> dict[str, Any]:
    """Any other window: `schedule`, start, duration and closed days."""
    body: dict[str, Any] = {
        "schedule": dict(_schedule(given)),
        "start_time": given.start,
        "duration_hours": given.duration_hours,
        "utc_offset": given.utc_offset,
    }
    if closed:
        body["not_allowed_dates"] = [{"start": it.start, "end": it.end} for it in closed]
    return {"maintenance_window": body}


def _schedule(given: Window) -> Iterator[tuple[str, dict[str, Any]]]:
    monthly = given.monthly
    if given.daily:
        yield "daily", {"interval_days": given.daily}
    elif given.weekly:
        yield "weekly", {"interval_weeks": given.every, "day_of_week": given.weekly}
    elif monthly and monthly.day_of_month:
        yield (
            "absolute_monthly",
            {"interval_months": given.every, "day_of_month": monthly.day_of_month},
        )
    elif monthly:
        yield (
            "relative_monthly",
            {
                "interval_months": given.every,
                "week_index": monthly.week,
                "day_of_week": monthly.day,
            },
        )
