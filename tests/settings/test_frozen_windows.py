"""Times in which nothing is promoted: every overlap is told at once, whatever the zones."""

from copy import deepcopy

import pytest

from settings.promotion import FrozenWindow, moment
from tests.settings.cases.promotion import frozen
from tests.settings.estate import dump, shipped, told_of

PROD = "Pulumi.prod.yaml"


def told(windows):
    data = deepcopy(shipped()[PROD])
    data["config"]["aks-platform:settings"]["promotion"]["frozen"] = windows
    return told_of("prod", {PROD: dump(data)})


def inside(day):
    return {"from": f"2026-12-{day}T10:00:00Z", "until": f"2026-12-{day}T11:00:00Z"}


def test_each_window_inside_a_long_one_is_told_though_they_are_apart_from_each_other():
    found = told(frozen({}, inside(20), inside(22)))
    assert len(found) == 2
    for index, fault in zip((1, 2), found, strict=True):
        assert f"promotion.frozen[{index}].from" in fault
        assert "the end of promotion.frozen[0] (2027-01-04T08:00:00+01:00)" in fault


def test_what_ends_at_midnight_and_what_begins_there_in_another_zone_are_apart():
    ends = {"from": "2026-12-20T12:00:00+01:00", "until": "2026-12-21T00:00:00+01:00"}
    assert told(frozen(ends, {**inside(21), "from": "2026-12-20T23:00:00Z"})) == []
    [fault] = told(frozen(ends, {**inside(21), "from": "2026-12-20T22:59:59Z"}))
    assert "promotion.frozen[1].from" in fault


@pytest.mark.parametrize("text", ["2026-12-20T10:00:00", "2026-02-30T10:00:00Z", "2026-12-20"])
def test_a_moment_without_a_zone_or_a_day_is_told_with_an_example(text):
    [fault] = told(frozen({"from": text}))
    assert "must be a moment with its zone, in quotes" in fault


def test_a_window_holds_its_first_moment_and_not_its_last():
    [it] = frozen(inside(20))
    window = FrozenWindow.model_validate(it)
    assert window.holds(moment("2026-12-20T11:00:00+01:00"))
    assert not window.holds(moment("2026-12-20T10:59:59+01:00"))
    assert window.holds(moment("2026-12-20T10:59:59.999999Z"))
    assert not window.holds(moment("2026-12-20T11:00:00Z"))
