"""The graph as it is drawn: every box in view, no text on another, its connections lit up by keyboard and pointer."""

from dataclasses import replace
from itertools import combinations

import pytest

from review.renderers.html import as_html
from tests.browser.conftest import NARROW, WIDE
from tests.review.renderers.html.test_graph import estate
from tests.review.renderers.reviews import empty, rich

LARGE = as_html(replace(empty(), edges=tuple(estate())))
GRAPHS = pytest.mark.parametrize("html", [as_html(rich()), LARGE])
PIXELS = 2.0
"""How far texts may reach into each other's boxes: the blank above and below their letters."""

BOXES = """(selector) => [...document.querySelectorAll(`svg.graph ${selector}`)].map((it) => {
  const { left, top, right, bottom } = it.getBoundingClientRect();
  return [left, top, right, bottom, it.textContent];
})"""


def apart(one, other):
    return (
        one[2] - PIXELS <= other[0]
        or other[2] - PIXELS <= one[0]
        or one[3] - PIXELS <= other[1]
        or other[3] - PIXELS <= one[1]
    )


@GRAPHS
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_all_of_it_is_in_its_view(opened, width, html):
    page = opened(html, width)
    [view] = page.evaluate(BOXES.replace("svg.graph ${selector}", "svg.graph"), "")
    found = page.evaluate(BOXES, "rect, text, path.line")

    assert len(found) > 10
    for left, top, right, bottom, text in found:
        if right > left and bottom > top:
            assert view[0] <= left + 1, text
            assert view[1] <= top + 1, text
            assert right <= view[2] + 1, text
            assert bottom <= view[3] + 1, text


@GRAPHS
def test_no_text_lies_on_another_or_beyond_its_box(opened, html):
    page = opened(html)
    texts = page.evaluate(BOXES, "text")
    labels = page.evaluate(BOXES, "text.port")

    assert labels
    assert [
        (one[4], other[4]) for one, other in combinations(texts, 2) if not apart(one, other)
    ] == []
    rects = page.evaluate(BOXES, ".box rect")
    names = page.evaluate(BOXES, ".box text")
    for rect, name in zip(rects, names, strict=True):
        assert rect[0] <= name[0] < name[2] <= rect[2], name[4]
        assert rect[1] <= name[1] + PIXELS, name[4]
        assert name[3] - PIXELS <= rect[3], name[4]
    assert [(label[4], rect) for label in labels for rect in rects if not apart(label, rect)] == []


def test_opened_and_closed_differ_in_more_than_colour(opened):
    page = opened(as_html(rich()))
    styles = {
        sign: page.evaluate(
            """(sign) => {
              const line = document.querySelector(`svg.graph .edge.${sign} path.line`);
              const { stroke, strokeDasharray } = getComputedStyle(line);
              return [stroke, strokeDasharray];
            }""",
            sign,
        )
        for sign in ("gained", "lost", "same")
    }

    assert len({stroke for stroke, _ in styles.values()}) == 3
    assert styles["gained"][1] == "none"
    assert styles["lost"][1] != "none"
    assert page.locator("svg.graph text.port.gained").text_content().startswith("+")
    assert page.locator("svg.graph text.port.lost").text_content().startswith("\N{MINUS SIGN}")


def test_a_table_below_says_the_same(opened):
    page = opened(as_html(rich()))
    rows = page.get_by_role("region", name="changed connections", exact=True).get_by_role("row")

    assert [" ".join(it.inner_text().split()) for it in rows.all()] == [
        "From To Ports Change",
        "course/web 10.60.4.0/28 TCP 1433 \N{MINUS SIGN} closed",
        "internet course/web TCP 443 + opened",
    ]


def test_a_box_with_the_focus_lights_its_connections_and_says_them(opened):
    page = opened(as_html(rich()))
    boxes = page.locator("svg.graph [data-box]")
    assert [it.get_attribute("tabindex") for it in boxes.all()].count("0") == 1
    page.locator('svg.graph [data-box][tabindex="0"]').focus()
    names = []
    for _ in range(boxes.count()):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        if names[-1] == "course/redis":
            break
        page.keyboard.press("ArrowDown")

    assert len(names) == len(set(names))
    assert page.locator("#box-status").inner_text() == (
        "course/web → course/redis: TCP 6379 (unchanged)"
    )
    assert page.locator("svg.graph.asked .edge.on").count() == 1
    page.keyboard.press("Tab")
    assert page.locator("svg.graph.asked").count() == 0


def test_a_box_under_the_pointer_lights_its_connections(opened):
    page = opened(as_html(rich()))
    page.get_by_role("img", name="course/web").hover()
    assert page.locator("svg.graph .edge.on").count() == 6
    page.mouse.move(0, 0)
    assert page.locator("svg.graph .edge.on").count() == 0
