"""What stands in the page for a text, a URL and a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from review.renderers.html.shown import LONGEST, count, link, number, shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("course/web", "course/web"),
        ("日本語 العربية", "日本語 العربية"),
        ("a\nb\tc", "a↵b⇥c"),
        ("\x1b[0m", "⟦U+001B⟧[0m"),
        ("\u202eexe", "⟦U+202E⟧exe"),
        ("a\u00a0b\u200b", "a⟦U+00A0⟧b⟦U+200B⟧"),
        ("\ud800", "⟦U+D800⟧"),
    ],
)
def test_a_character_without_a_look_has_a_mark(text, seen):
    assert shown(text) == seen


@given(st.text())
def test_what_is_shown_can_always_be_seen_and_written(text):
    assert str(shown(text)).isprintable()
    str(shown(text)).encode()


def test_numbers_and_what_is_html_already_stay():
    assert shown(7) == 7
    assert shown(Markup("<b>\n</b>")) == "<b>\n</b>"


def test_a_long_text_says_how_much_is_missing():
    assert str(shown("x" * (LONGEST + 7))).endswith("x … and 7 characters more")


def test_amounts_have_two_decimals_at_most():
    assert [number(it) for it in (12.0, 7.25, 1 / 3, 1250, 0.1, 100)] == [
        "12",
        "7.25",
        "0.33",
        "1,250",
        "0.1",
        "100",
    ]


def test_one_has_no_s():
    assert [count(1, "finding"), count(2_000, "finding"), count(2, "property", "properties")] == [
        "1 finding",
        "2,000 findings",
        "2 properties",
    ]


def test_a_link_is_kept_as_it_is():
    url = "https://learn.microsoft.com/azure/aks/?tabs=a&b=c#d"

    assert link(url) == url
