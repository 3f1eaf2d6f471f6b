"""Cases of `settings/checks/lifecycle.py`."""

from tests.settings.cases.common import case

AT = "cluster.maintenance"
WEEKLY = {"weekly": "Sunday", "start": "01:00"}
RUNS = {"days": ["Monday"], "start": "07:00", "stop": "19:00"}


def window(key, value, says, at=""):
    """A fault of one window of the stack prod."""
    return case("prod", f"{AT}.{key}", value, says, at=f"{AT}.{key}{at}")


def runs(says, at, **changes):
    return case("dev", "cluster.runs", {**RUNS, **changes}, says, at=f"cluster.runs{at}")


CASES = [
    case(
        "prod",
        "cluster.kubernetesVersion",
        "1.33",
        "must be supported: AKS ended support of 1.33 on 2026-07-31",
    ),
    case(
        "prod",
        "cluster.kubernetesVersion",
        "1.32",
        "write '1.36', or set tier Premium for 2027-03-31",
    ),
    case("prod", "cluster.kubernetesVersion", "1.30", "AKS ended support of 1.30 before 1.32 came"),
    window(
        "autoUpgrade",
        {"start": "01:00"},
        "must say exactly one of daily, weekly, monthly; got none of them",
    ),
    window(
        "autoUpgrade",
        {**WEEKLY, "daily": 1},
        "must say exactly one of daily, weekly, monthly; got daily, weekly",
    ),
    window(
        "default", {"monthly": {"dayOfMonth": 1}, "start": "01:00"}, "must be weekly, every week"
    ),
    window("default", {**WEEKLY, "every": 2}, "must be weekly, every week"),
    window("default", {**WEEKLY, "start": "01:30"}, "must be a full hour", ".start"),
    window("default", {**WEEKLY, "utcOffset": "+05:30"}, "must be whole hours", ".utcOffset"),
    window("autoUpgrade", {"daily": 1, "start": "01:00"}, "must not be daily", ".daily"),
    window(
        "nodeOsUpgrade",
        {"daily": 1, "every": 2, "start": "01:00"},
        "goes with weekly and monthly",
        ".every",
    ),
    window("nodeOsUpgrade", {**WEEKLY, "every": 5}, "must be at most 4 weeks", ".every"),
    window(
        "nodeOsUpgrade",
        {"monthly": {"week": "First"}, "start": "01:00"},
        "must say dayOfMonth, or week and day",
        ".monthly",
    ),
    window(
        "nodeOsUpgrade",
        {"monthly": {"dayOfMonth": 1, "day": "Sunday"}, "start": "01:00"},
        "must say dayOfMonth, or week and day",
        ".monthly",
    ),
    window(
        "notAllowed",
        [{"start": "2026-02-30", "end": "2026-03-01"}],
        "must be a day of the calendar",
        "[0].start",
    ),
    window(
        "notAllowed",
        [{"start": "2026-12-24", "end": "2026-12-20"}],
        "must not lie before start",
        "[0].end",
    ),
    case(
        "dev",
        f"{AT}.notAllowed",
        [{"start": "2026-12-20", "end": "2026-12-24"}],
        "closes a window, and there is none",
        at=f"{AT}.notAllowed",
    ),
    case("prod", "cluster.runs", RUNS, "must not be there with 'protect: true'"),
    runs("must lie after start (07:00)", ".stop", stop="06:00"),
    runs("must not name a day twice", ".days", days=["Monday", "Monday"]),
    runs("must be a zone that Windows has, too", ".timeZone", timeZone="Factory"),
]
