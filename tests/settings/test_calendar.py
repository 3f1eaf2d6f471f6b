"""The dated table: fresh, in order, and what it says of today."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from settings.calendar import AS_OF, MINORS, RETIREMENTS, STALE_AFTER, end_of, newest
from settings.faults import SettingsError
from settings.load import load
from tests.settings.estate import ROOT


def test_somebody_has_held_the_table_against_its_sources_lately():
    assert date.today() - AS_OF <= STALE_AFTER, (
        f"settings/calendar.py is of {AS_OF}: read the pages that it names, move the dates there and in "
        "aks-versions.json, then asOf"
    )


def test_every_minor_comes_before_it_ends_and_ends_before_its_long_term():
    for minor, it in MINORS.items():
        assert it.available < it.ends < it.long_term_ends, minor
    for before, after in zip(MINORS.values(), list(MINORS.values())[1:], strict=False):
        assert before.available < after.available
        assert before.ends < after.ends


def test_a_minor_is_supported_for_about_a_year_and_long_term_for_another():
    for it in MINORS.values():
        assert timedelta(days=330) <= it.ends - it.available <= timedelta(days=400)
        assert timedelta(days=360) <= it.long_term_ends - it.ends <= timedelta(days=370)


def test_every_retirement_says_what_to_use_and_where_that_is_written():
    for key, it in RETIREMENTS.items():
        assert it.what, key
        assert it.instead, key
        assert urlsplit(it.source).netloc, key


def test_the_newest_is_the_latest_that_is_out_and_announced():
    assert newest(date(2026, 4, 1)) == "1.35"
    assert newest(date(2026, 11, 21)) == "1.36"
    assert newest(date(2027, 1, 1)) == "1.36", "1.37 was planned, not announced"


@pytest.mark.parametrize(
    ("minor", "long_term", "end"),
    [("1.35", False, date(2027, 3, 31)), ("1.35", True, date(2028, 3, 31)), ("1.99", False, None)],
)
def test_the_end_of_a_minor_hangs_on_the_support_that_is_paid_for(minor, long_term, end):
    assert end_of(minor, long_term=long_term) == end


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_loads_to_the_last_day_of_its_version_and_not_a_day_longer(stack):
    last = MINORS[load(ROOT, stack).cluster.kubernetes_version].ends
    assert load(ROOT, stack, today=last)
    with pytest.raises(SettingsError, match="must be supported: AKS ended support of"):
        load(ROOT, stack, today=last + timedelta(days=1))
