"""The page as text: whole, well-formed, sealed against the network, and the same for the same review."""

import html5lib
import pytest

from review.renderers.html import as_html
from tests.review.renderers.reviews import empty, rich, shuffled


@pytest.mark.parametrize("review", [rich(), empty()])
def test_a_reader_of_html_finds_no_fault_in_it(review):
    html5lib.HTMLParser(strict=True).parse(as_html(review))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_rows_in_any_order_give_the_same_bytes(seed):
    assert as_html(shuffled(rich(), seed)) == as_html(rich())
