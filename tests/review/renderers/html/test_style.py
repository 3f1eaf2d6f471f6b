"""The colours: enough contrast for everybody, in light, in dark and on paper."""

import re
from itertools import product

import pytest

from review.renderers.html.page import FOLDER

STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
LIGHT, DARK, PAPER = (
    dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK, "paper": LIGHT | PAPER}
TEXTS = [
    *product(
        ("text", "muted", "accent", "bad", "warn", "good", "unknown"), ("page", "panel", "sunk")
    ),
    *((it, f"{it}-soft") for it in ("bad", "warn", "good", "unknown")),
]
SHAPES = [
    *product(("edge", "good", "bad", "bar-before", "bar-after", "bar-over"), ("sunk", "panel")),
    ("text", "bar-over"),
]
ENOUGH_FOR_TEXT, ENOUGH_FOR_SHAPES = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11."""


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_most():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_everything_that_it_stands_on(scheme):
    colours = SCHEMES[scheme]
    weak = {
        (front, back): round(found, 2)
        for front, back in TEXTS
        if (found := ratio(colours[front], colours[back])) < ENOUGH_FOR_TEXT
    }

    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_and_bars_stand_out_from_what_is_behind_them(scheme):
    colours = SCHEMES[scheme]
    weak = {
        (front, back): round(found, 2)
        for front, back in SHAPES
        if (found := ratio(colours[front], colours[back])) < ENOUGH_FOR_SHAPES
    }

    assert weak == {}


def test_dark_sets_every_colour_that_light_does_and_paper_what_is_other_on_paper():
    assert set(LIGHT) == set(DARK)
    assert {*PAPER.items()}.isdisjoint(LIGHT.items())
    assert set(PAPER) < set(LIGHT)


def test_what_depends_on_a_screen_says_so():
    """Paper may be as wide as a screen, and a reader's screen dark: neither is for the page that is printed."""
    asked = re.findall(r"@media ([^{]*(?:prefers-color-scheme|min-width)[^{]*)", STYLE)

    assert len(asked) == 2
    assert all(it.startswith("screen and ") for it in asked)


def test_no_rule_has_a_colour_of_its_own():
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)])", rules) == []
