"""Which tag is the later version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.promotion.order import order

NUMBERS = st.lists(st.integers(0, 30), min_size=2, max_size=4)
VERSIONS = NUMBERS.map(lambda it: ".".join(map(str, it)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.4.2", "1.4.3", "newer"),
        ("1.4.10", "1.4.9", "older"),
        ("1.4", "1.4.0", "same"),
        ("v1.4.2", "1.5", "newer"),
        ("2026.11.2", "2026.9.30", "older"),
        ("5.2.0-login.3", "5.2.0-login.7", "newer"),
        ("5.2.0-login.10", "5.2.0-login.9", "older"),
        ("1.0.0-rc.1", "1.0.0", "newer"),
        ("1.0.0-alpha", "1.0.0-alpha.1", "newer"),
        ("1.0.0-1", "1.0.0-alpha", "newer"),
        ("1.10.0-rc.1", "1.9.9", "older"),
        ("1.10.0-rc.1", "1.10.0-rc.2", "newer"),
        ("1.0.0-rc9", "1.0.0-rc10", "newer"),
        ("1.0.0-rc10", "1.0.0", "newer"),
        ("1.0.0-rc", "1.0.0-rc1", "newer"),
        ("1.0.0-beta2", "1.0.0-alpha10", "older"),
        ("V1.4.2", "v1.4.2", "same"),
        ("2026-11-02", "2026.11.1", "older"),
        ("2026-11-02", "2026-11-10", "newer"),
        ("2026-11-02.2", "2026-11-02.10", "newer"),
        ("2026-11-02-rc.1", "2026-11-02", "newer"),
        ("20261121", "20261122", "unknown"),
        ("1.4.2", "1.4.2", "same"),
        ("latest", "latest", "same"),
        ("latest", "1.4.2", "unknown"),
        ("1.4.2", "main-3f2c1ab", "unknown"),
        ("3f2c1ab", "1234567", "unknown"),
        ("7", "8", "newer"),
        ("1.2.3_4", "1.2.4", "unknown"),
    ],
)
def test_the_later_of_two_tags(old, new, says):
    assert order(old, new) == says


@given(VERSIONS, VERSIONS)
def test_what_is_newer_one_way_is_older_the_other(one, other):
    mirrored = {"newer": "older", "older": "newer", "same": "same"}
    assert order(other, one) == mirrored[order(one, other)]


@given(VERSIONS, VERSIONS, VERSIONS)
def test_newer_than_newer_is_newer(one, two, three):
    if order(one, two) == order(two, three) == "newer":
        assert order(one, three) == "newer"
