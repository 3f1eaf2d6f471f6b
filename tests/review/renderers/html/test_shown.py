"""What stands in the page for a text, a URL and a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from review.renderers.html.shown import LONGEST, link, prose, shown


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
        ("a\u3164b\ufe0f", "a⟦U+3164⟧b⟦U+FE0F⟧"),
    ],
)
def test_a_character_without_a_look_has_a_mark(text, seen):
    assert shown(text) == seen


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("set `a<b` or `c`", "set <code>a&lt;b</code> or <code>c</code>"),
        ("a `b", "a `b"),
        ("``a`` <b>", "``a`` &lt;b&gt;"),
        ("`a\u202e`", "<code>a⟦U+202E⟧</code>"),
        ("`<script>` <script>", "<code>&lt;script&gt;</code> &lt;script&gt;"),
    ],
)
def test_what_a_sentence_has_in_backticks_is_code(text, written):
    assert prose(text) == Markup(written)


@given(st.text())
def test_a_sentence_never_makes_markup_of_its_words(text):
    rest = prose(text).replace("<code>", "").replace("</code>", "")

    assert not {*rest} & {*"<>\"'"}


@given(st.text())
def test_what_is_shown_can_always_be_seen_and_written(text):
    assert str(shown(text)).isprintable()
    str(shown(text)).encode()


def test_numbers_and_what_is_html_already_stay():
    assert shown(7) == 7
    assert shown(Markup("<b>\n</b>")) == "<b>\n</b>"


def test_a_long_text_says_how_much_is_missing():
    assert str(shown("x" * (LONGEST + 7))).endswith("x … and 7 characters more")


def test_a_link_is_kept_as_it_is():
    url = "https://learn.microsoft.com/azure/aks/?tabs=a&b=c#d"

    assert link(url) == url
