"""The images of the documentation can be made anew: what the script edits is there, and they are small."""

import pytest

from tests.browser.screenshots import EDITS, IMAGES, MOST_BYTES, ROOT, SHOTS


@pytest.mark.parametrize("name", EDITS)
def test_what_the_reviewed_change_edits_is_in_the_estate_once(name):
    text = (ROOT / name).read_text()

    for old, new in EDITS[name]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)


def test_every_image_is_there_small_and_shown_in_the_page_about_it():
    page = (ROOT / "docs" / "review-html.md").read_text()

    assert {it.stem for it in IMAGES.glob("review-*.png")} == {it.name for it in SHOTS}
    for it in SHOTS:
        assert (IMAGES / f"{it.name}.png").stat().st_size < MOST_BYTES
        assert f"images/{it.name}.png" in page
