"""How many runs of a cronjob may be there at once."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from settings.overlap import runs_at_once, turns_within
from settings.schedule import turns

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("schedule", "seconds", "most"),
    [
        ("*/5 * * * *", 0, 1),
        ("*/5 * * * *", 5 * MINUTE - 1, 1),
        ("*/5 * * * *", 5 * MINUTE, 2),
        ("*/5 * * * *", HOUR, 13),
        ("* * * * *", HOUR, 61),
        ("*/25 * * * *", 10 * MINUTE, 2),
        ("*/25 * * * *", 9 * MINUTE, 1),
        ("50,55 23 * * *", 10 * MINUTE, 2),
        ("0 0,23 * * *", HOUR, 2),
        ("0 0,23 * * 0", HOUR, 1),
        ("0 0,23 * * 0,1", HOUR, 2),
        ("@daily", 3 * DAY, 4),
        ("0 3 * * 1-5", 3 * DAY, 4),
        ("0 3 * * 1,3", 3 * DAY, 2),
        ("@weekly", 7 * DAY, 2),
        ("@monthly", 27 * DAY, 1),
        ("@monthly", 28 * DAY, 2),
        ("@yearly", 365 * DAY, 2),
        ("0 0 29 2 *", 4 * 365 * DAY, 1),
        ("0 0 29 2 *", (4 * 365 + 1) * DAY, 2),
        ("0 0 13 * 5", DAY, 2),
        ("0 0 */2 * 5", DAY, 2),
        ("0 0 * * 5", DAY, 1),
        ("0 0 */1 * 5", DAY, 1),
        ("0 0 30 2 *", DAY, 0),
        ("5/20 * * * *", 20 * MINUTE, 2),
        ("0 0 ? jan mon", 7 * DAY, 2),
    ],
)
def test_the_most_turns_within_a_time(schedule, seconds, most):
    assert turns_within(schedule, seconds) == most


@pytest.mark.parametrize("schedule", ["", "@every 5m", "* * * *", "x * * * *", "61 * * * *"])
def test_a_schedule_that_cannot_be_read_has_no_number(schedule):
    assert turns_within(schedule, HOUR) is None


@given(
    st.lists(st.integers(0, 59), min_size=1, max_size=2, unique=True),
    st.lists(st.integers(0, 23), min_size=1, max_size=2, unique=True),
    st.one_of(st.just("*"), st.integers(1, 31).map(str), st.sampled_from(["*/9", "28-31"])),
    st.one_of(st.just("*"), st.sampled_from(["2", "1-2", "*/5"])),
    st.one_of(st.just("*"), st.integers(0, 6).map(str), st.sampled_from(["1-5", "5-6"])),
    st.integers(0, 40 * DAY),
)
@bounds(max_examples=25)
def test_it_is_the_most_of_a_walk_over_years(minutes, hours, day, month, weekday, seconds):
    schedule = f"{','.join(map(str, minutes))} {','.join(map(str, hours))} {day} {month} {weekday}"
    found = turns(schedule)
    first, times = date(2001, 1, 1), []
    for number in range(29 * 366):
        at = first + timedelta(days=number)
        if found.on(at):
            times += [
                datetime(at.year, at.month, at.day, hour, minute)
                for hour in sorted(hours)
                for minute in sorted(minutes)
            ]
    most, start = 0, 0
    for index, at in enumerate(times):
        while (at - times[start]).total_seconds() > seconds:
            start += 1
        most = max(most, index - start + 1)

    assert turns_within(schedule, seconds) == most


def runs(policy="Allow", schedule="*/5 * * * *", deadline=None, grace=30, late=0):
    return runs_at_once(
        policy, schedule, deadline_seconds=deadline, grace_seconds=grace, late_seconds=late
    )


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({}, None),
        ({"deadline": 240}, 1),
        ({"deadline": 270}, 2),
        ({"deadline": 300}, 2),
        ({"deadline": 600}, 3),
        ({"deadline": 569}, 2),
        ({"deadline": 240, "late": 120}, 2),
        ({"deadline": 240, "late": None}, 2),
        ({"deadline": 600, "late": None}, 4),
        ({"deadline": 600, "late": 10**6}, 4),
        ({"policy": "Forbid"}, 1),
        ({"policy": "Forbid", "deadline": 3600}, 1),
        ({"policy": "Replace"}, 2),
        ({"policy": "Replace", "deadline": 3600}, 2),
        ({"policy": "Replace", "deadline": 60}, 1),
        ({"schedule": "@every 5m", "deadline": 60}, None),
    ],
)
def test_a_run_counts_until_its_deadline_and_the_time_its_pods_take_to_stop(changes, most):
    assert runs(**changes) == most
