"""Windows and running hours, as Azure takes them."""

from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import tz_win

from components.azure.maintenance import WEEKDAYS, releases, window
from settings.maintenance import Window
from tests.components.azure.cloud import SUBSCRIPTION, planned, stack

WEEKLY = {"weekly": "Sunday", "start": "01:00"}
RUNS = {
    "days": ["Monday", "Friday"],
    "start": "07:30",
    "stop": "19:00",
    "timeZone": "Europe/Berlin",
}


def of(**changes):
    return planned(stack(**changes))


def windows(rows):
    return [row for row in rows.values() if row.type.endswith(":MaintenanceConfiguration")]


def test_the_three_windows_have_azures_own_names_and_are_made_one_after_the_other():
    made = windows(
        of(
            **{
                f"cluster.maintenance.{key}": WEEKLY
                for key in ("default", "autoUpgrade", "nodeOsUpgrade")
            }
        )
    )
    names = ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"]
    assert [row.inputs["configName"] for row in made] == names
    for before, after in pairwise(made):
        assert any(before.name in it for it in after.dependencies)


def test_the_first_window_waits_for_the_last_pool():
    rows = of()
    assert any("aks-pool-wg2" in it for it in windows(rows)[0].dependencies)


def test_a_profile_without_windows_makes_none():
    assert windows(of(**{"cluster.profile": "dev"})) == []


@pytest.mark.parametrize(
    ("given_", "schedule"),
    [
        ({"daily": 2}, {"daily": {"interval_days": 2}}),
        (
            {"weekly": "Friday", "every": 2},
            {"weekly": {"interval_weeks": 2, "day_of_week": "Friday"}},
        ),
        (
            {"monthly": {"dayOfMonth": 15}},
            {"absolute_monthly": {"interval_months": 1, "day_of_month": 15}},
        ),
        (
            {"monthly": {"week": "Last", "day": "Sunday"}, "every": 3},
            {
                "relative_monthly": {
                    "interval_months": 3,
                    "week_index": "Last",
                    "day_of_week": "Sunday",
                }
            },
        ),
    ],
)
def test_every_kind_of_recurrence_becomes_azures_own(given_, schedule):
    it = Window.model_validate({"start": "02:30", "utcOffset": "+05:30", **given_})
    assert window(it, []) == {
        "maintenance_window": {
            "schedule": schedule,
            "start_time": "02:30",
            "duration_hours": 4,
            "utc_offset": "+05:30",
        }
    }


@given(
    st.sampled_from(WEEKDAYS),
    st.integers(0, 23),
    st.integers(4, 24),
    st.integers(-12, 14),
)
def test_the_hours_of_the_releases_are_the_window_in_utc(day, hour, hours, offset):
    it = Window.model_validate(
        {
            "weekly": day,
            "start": f"{hour:02}:00",
            "durationHours": hours,
            "utcOffset": f"{offset:+03}:00",
        }
    )
    slots = {
        (WEEKDAYS.index(row["day"]) * 24 + slot)
        for row in releases(it, [])["time_in_week"]
        for slot in row["hour_slots"]
    }
    first = WEEKDAYS.index(day) * 24 + hour - offset
    assert slots == {(first + it) % 168 for it in range(hours)}


def test_closed_days_are_whole_and_in_both_forms():
    closed = {"cluster.maintenance.notAllowed": [{"start": "2026-12-20", "end": "2027-01-03"}]}
    rows = windows(
        of(**closed, **{"cluster.maintenance.default": {**WEEKLY, "utcOffset": "+01:00"}})
    )
    assert rows[0].inputs["notAllowedTime"] == [
        {"start": "2026-12-20T00:00:00+01:00", "end": "2027-01-03T23:59:59+01:00"}
    ]
    dates = [{"start": "2026-12-20", "end": "2027-01-03"}]
    assert rows[1].inputs["maintenanceWindow"]["notAllowedDates"] == dates


def test_a_cluster_with_running_hours_is_started_and_stopped_by_azures_clock():
    rows = of(**{"cluster.runs": RUNS})
    for what, hour, minute in (("start", 7, 30), ("stop", 19, 0)):
        given_ = rows[f"aks-running-hours-{what}"].inputs["definition"]
        recurrence = given_["triggers"]["at"]["recurrence"]
        assert recurrence["timeZone"] == "W. Europe Standard Time"
        assert recurrence["schedule"] == {
            "weekDays": ["Monday", "Friday"],
            "hours": [hour],
            "minutes": [minute],
        }
        request = given_["actions"][what]["inputs"]
        assert request["method"] == "POST"
        cluster = f"{SUBSCRIPTION}/made/aks-cluster-managed-cluster"
        assert (
            request["uri"] == f"https://management.azure.com{cluster}/{what}?api-version=2025-09-01"
        )


def test_the_workflows_may_start_and_stop_this_cluster_and_nothing_else():
    rows = of(**{"cluster.runs": RUNS})
    [may] = rows["aks-running-hours-role"].inputs["permissions"]
    assert {it.rpartition("managedClusters/")[2] for it in may["actions"]} == {
        "read",
        "start/action",
        "stop/action",
    }
    for what in ("start", "stop"):
        right = rows[f"aks-running-hours-{what}-right"].inputs
        assert right["scope"].endswith("/aks-cluster-managed-cluster")
        assert right["principalType"] == "ServicePrincipal"


def test_a_cluster_that_always_runs_has_no_workflow():
    assert [name for name in of() if "running-hours" in name] == []


def test_most_zones_that_a_cronjob_takes_have_a_name_in_windows():
    named = {it for it in available_timezones() if it in tz_win}
    assert {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Etc/UTC"} <= named
