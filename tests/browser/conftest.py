"""Pages in the machine's Chromium: no request leaves it, and what the console says fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.chromium import ChromiumError, arguments, program

Open = Callable[..., Page]

WIDE, NARROW = 1280, 360
"""Pixels: a laptop and a small phone."""

HEIGHT = 800
PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker; without one they fail."""
    found, missing = "", ""
    try:
        found = program()
    except ChromiumError as error:
        missing = str(error)
    if missing:
        pytest.fail(missing, pytrace=False)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=arguments())
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page from its HTML, each in a context of its own."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def opened(
        html: str, width: int = WIDE, scheme: str = "light", scripts: bool = True, at: str = ""
    ) -> Page:
        path = tmp_path / f"review-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)

        def routed(route: Route) -> None:
            if route.request.url.partition("#")[0] == path.as_uri():
                route.continue_()
            else:
                asked.append(route.request.url)
                route.abort()

        context.route("**/*", routed)
        page = context.new_page()
        page.on("console", lambda it: said.append(it.text))
        page.on("pageerror", lambda it: said.append(str(it)))
        page.on("dialog", lambda it: (said.append(f"dialog: {it.message}"), it.dismiss()))
        page.goto(path.as_uri() + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert (said, asked) == ([], [])
