"""The review as people meet it: in a browser, at two widths, with and without a script, by keyboard, on paper."""

import re

import pytest

from review.renderers.html import as_html
from review.renderers.html.shown import shown
from review.renderers.review_words import message_of, name_of
from tests.browser.conftest import NARROW, WIDE
from tests.review.renderers.html.test_page import EVIL, attacked
from tests.review.renderers.reviews import empty, many, rich

RICH = as_html(rich())
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])

CLOSED = """() => [...document.querySelectorAll("details")].filter((it) => !it.open).length"""
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const clipped = (it) => it.closest(".scroll, .unseen, .skip");
  return [...document.querySelectorAll("body *")]
    .filter((it) => !clipped(it) && it.getClientRects().length && it.getBoundingClientRect().right > wide + 1)
    .map((it) => it.outerHTML.slice(0, 120));
}"""
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((it) => {
      const c = it / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (it) => {
    for (; it; it = it.parentElement) {
      const colour = rgb(getComputedStyle(it).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  let count = 0;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || parent.closest("svg, script, style")) continue;
    count += 1;
    const pair = [light(rgb(getComputedStyle(parent).color)), light(behind(parent))].sort((a, b) => a - b);
    const ratio = (pair[1] + 0.05) / (pair[0] + 0.05);
    if (ratio < 4.5) weak.push([walker.currentNode.data.trim().slice(0, 40), ratio]);
  }
  return [count, weak];
}"""


def on(page):
    """What has the focus: its id, or its tag."""
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def opened_all(page):
    page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")


@WIDTHS
def test_everything_that_the_review_says_can_be_read(opened, width):
    page = opened(RICH, width)
    opened_all(page)
    said = " ".join(page.locator("main").inner_text().split())

    for it in rich().findings:
        for text in (message_of(it), it.path, it.why, it.remedy):
            assert " ".join(str(shown(text)).split()) in said
    for it in rich().facts:
        assert " ".join(str(shown(it.message)).split()) in said or name_of(it) in said
    assert f"Does not pass: {rich().mandatory} mandatory findings" in said


@WIDTHS
@pytest.mark.parametrize(
    "html", [RICH, as_html(empty()), as_html(attacked("x" * 300)), as_html(attacked(EVIL[0]))]
)
def test_the_page_never_scrolls_sideways(opened, width, html):
    page = opened(html, width)
    opened_all(page)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("text", EVIL)
def test_no_text_does_anything(opened, text):
    page = opened(as_html(attacked(text)))
    opened_all(page)
    page.locator("summary").first.hover()

    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, [onmouseover], [onfocus]").count() == 0


@WIDTHS
def test_without_a_script_everything_is_there_and_can_be_folded(opened, width):
    page = opened(RICH, width, scripts=False)

    assert not page.locator("form").is_visible()
    folded = page.locator("details.finding:not([open])").first
    finding = page.locator(f"#{folded.get_attribute('id')}")
    assert not finding.locator("dl").is_visible()
    finding.locator("summary").click()
    assert finding.locator("dl").is_visible()
    assert page.locator("svg.graph").is_visible()
    for it in rich().findings:
        text = str(shown(message_of(it)))
        assert page.get_by_text(text, exact=True).count() or "is called" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_in_the_scheme_that_is_asked_for(opened, scheme):
    page = opened(RICH, scheme=scheme)
    opened_all(page)
    count, weak = page.evaluate(CONTRASTS)

    assert count > 500
    assert weak == []
    red = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))[0]
    assert (int(red) < 40) == (scheme == "dark")


def test_tab_reaches_the_way_past_the_contents_then_the_contents_then_the_search(opened):
    page = opened(RICH)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('href')") or on(page))
        if stops[-1] == "search":
            break

    assert stops[0] == "#main"
    assert stops[1] == "#verdict"
    assert stops[-1] == "search"


def test_the_way_past_the_contents_is_seen_when_it_has_the_focus_and_leads_to_the_review(opened):
    page = opened(RICH)
    page.keyboard.press("Tab")

    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert on(page) == "main"


def test_what_has_the_focus_has_a_frame(opened):
    page = opened(RICH)
    page.keyboard.press("/")
    for _ in range(25):
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")


def test_a_slash_goes_to_the_search_and_escape_clears_and_leaves_it(opened):
    page = opened(RICH)
    page.keyboard.press("/")
    assert on(page) == "search"
    page.keyboard.type("no digest/")
    assert page.locator("#search").input_value() == "no digest/"
    page.keyboard.press("Escape")

    assert page.locator("#search").input_value() == ""
    assert on(page) == "BODY"
    assert page.locator("[data-item]").first.is_visible()


def test_enter_opens_and_folds_what_j_and_k_go_to(opened):
    page = opened(RICH)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.parentElement.id")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.parentElement.id") == first == "finding-1"
    finding = page.locator("#finding-1")
    page.keyboard.press("Enter")
    assert finding.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert finding.get_attribute("open") == ""


@WIDTHS
def test_the_search_leaves_what_holds_every_word_and_unfolds_it(opened, width):
    page = opened(RICH, width)
    page.locator("#search").fill("DIGEST service-07")
    page.get_by_text(re.compile(r"^1 of \d+ shown$")).wait_for()

    assert page.locator("main > section[data-part]:visible").count() == 1
    [item] = page.locator("[data-item]:visible").all()
    assert "service-07" in item.inner_text()
    assert "no digest" in page.locator("details:visible summary").inner_text()
    page.locator("#search").fill("")
    page.locator("#replacement").wait_for()
    assert not page.get_by_text("Deployment course/service-07").last.is_visible()


def test_a_search_for_nothing_that_is_there_says_so_and_hides_all(opened):
    page = opened(RICH)
    page.locator("#search").fill("no such thing anywhere")
    page.get_by_text(re.compile(r"^0 of \d+ shown$")).wait_for()

    assert page.locator("main > section[data-part]:visible").count() == 0


def test_kinds_can_be_left_out(opened):
    page = opened(RICH)
    for name in ("Advisory", "Facts", "Resources"):
        page.get_by_role("checkbox", name=name).uncheck()

    kinds = {it.get_attribute("data-item") for it in page.locator("[data-item]:visible").all()}
    assert kinds == {"mandatory", "exempted"}
    page.keyboard.press("Escape")
    assert page.get_by_role("checkbox", name="Facts").is_checked()


def test_all_can_be_opened_and_folded_at_once(opened):
    page = opened(RICH)
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate(CLOSED) == 0
    page.get_by_role("button", name="Fold all").click()
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 0


def test_every_chapter_is_reached_from_the_contents_with_its_heading_in_view(opened):
    page = opened(RICH)
    for link in page.get_by_role("navigation").get_by_role("link").all():
        link.click()
        name = link.get_attribute("href")[1:]
        top = page.locator(f"#{name} h2").bounding_box()["y"]
        bar = page.locator(".search").bounding_box()
        assert 0 <= top < 800, name
        assert not bar["y"] <= top < bar["y"] + bar["height"], name


def test_a_link_to_what_a_search_hides_or_folds_shows_it(opened):
    page = opened(RICH)
    page.get_by_role("button", name="Fold all").click()
    page.locator("#search").fill("no such thing anywhere")
    page.get_by_text(re.compile(r"^0 of")).wait_for()
    page.get_by_role("link", name="AgentPool wg1").click()

    assert page.locator("#change-1 table").is_visible()
    assert page.locator("#search").input_value() == ""


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_everything_is_open_and_what_serves_a_screen_is_gone(opened, scripts):
    page = opened(RICH, scripts=scripts)
    page.emulate_media(media="print")

    folded = page.locator("details.finding:not([open]) dl")
    assert folded.count() > 10
    assert all(it.bounding_box()["height"] > 10 for it in folded.all()[:12])
    assert not page.get_by_role("navigation").is_visible()
    assert not page.locator("form").is_visible()


def test_a_page_on_paper_is_white_though_the_screen_is_dark(opened):
    page = opened(RICH, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_on_wide_paper_the_review_has_all_of_the_width(opened):
    page = opened(RICH)
    page.emulate_media(media="print")

    assert page.locator("main").bounding_box()["width"] > WIDE * 0.9


def test_a_print_has_pages_with_text(opened):
    page = opened(RICH)
    printed = page.pdf(format="A4")
    blank = opened("<!doctype html><title>a</title>").pdf(format="A4")

    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", printed)) > 3
    assert len(re.findall(rb"/Type /Page\b", blank)) == 1
    assert len(printed) > 20 * len(blank)


def test_eight_thousand_changes_are_searched_without_a_wait(opened):
    page = opened(as_html(many(1_000)))
    took = page.evaluate(
        """() => new Promise((done) => {
          const found = document.getElementById("found");
          const begin = performance.now();
          new MutationObserver(() => done(performance.now() - begin)).observe(found, { childList: true });
          const input = document.getElementById("search");
          input.value = "service-0999";
          input.dispatchEvent(new Event("input"));
        })"""
    )

    assert took < 3_000
    assert re.match(r"\d of \d{4} shown", page.locator("#found").inner_text())


def test_what_assistive_tools_are_told_has_landmarks_and_names(opened):
    page = opened(RICH)

    for role in ("banner", "navigation", "main", "search", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("searchbox", name="Search").count() == 1
    assert page.get_by_role("region", name="Connections", exact=True).count() == 1
    assert page.get_by_role("table").count() == 5
    assert page.get_by_role("rowheader", name="group 6f1c03aa").count() == 1
    assert page.get_by_role("img", name="course/redis").count() == 1
