"""Durations as Go writes them."""

import pytest

from review.diff.durations import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", 600.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        (".5s", 0.5),
        ("250ms", 0.25),
        ("3\N{MICRO SIGN}s", 3e-6),
        ("2us", 2e-6),
        ("7ns", 7e-9),
    ],
)
def test_a_duration_is_seconds(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "10", "m", "10 m", "ten minutes", "1d", "\u0661s"])
def test_what_is_none_stays_as_it_is(text):
    assert seconds(text) == text
