"""What a comment says of rows that found no room, list by list and table by table."""

import re
from dataclasses import replace

import pytest

from review.renderers.review_markdown import LEAST, as_markdown
from review.report import Change, Right
from tests.review.renderers.reviews import empty, many, rich


def chapter(text, title):
    return text.split(f"### {title}\n\n")[1].split("\n###")[0].split("\n**Left out")[0]


def more(text):
    """How many rows each list says are missing."""
    return [
        int(it.replace(",", "")) for it in re.findall(r"^(?:- )?and ([0-9,]+) more$", text, re.M)
    ]


@pytest.mark.parametrize("limit", [LEAST, 3_000, 9_000, 20_000])
def test_a_list_that_is_cut_says_how_many_of_its_rows_are_missing(limit):
    own = chapter(as_markdown(many(200), limit), "What is destroyed")
    named = sum(it.count("`Kind") for it in own.split("\n") if it.startswith("- **"))

    assert named + sum(more(own)) == 400
    assert len(more(own)) == 1


def test_a_list_that_is_whole_says_nothing_of_more():
    assert more(as_markdown(rich())) == []


@pytest.mark.parametrize("limit", [4_000, 9_000])
def test_a_table_that_is_cut_says_so_below_it(limit):
    rights = tuple(
        Right(subject=f"Group g{at:03}", namespace="shop", resources="pods", verbs_before=(),
              verbs_after=("get",))
        for at in range(300)
    )  # fmt: skip
    text = as_markdown(replace(empty(), rights=rights), limit)
    rows = re.findall(r"^\| .*g[0-9]{3}.*$", text, re.M)

    [missing] = more(text)
    assert len(rows) + missing == 300
    assert rows
    assert f"{rows[-1]}\n\nand {missing} more\n" in text
    assert f"{missing} rights" in text


def test_what_finds_no_room_at_all_has_no_heading():
    text = as_markdown(rich(), 3_000)

    for title in re.findall(r"^### (.*)$", text, re.M):
        assert re.search(r"^(- |\| |  - )", chapter(text, title), re.M), title
    assert "### Changes" not in text


def test_several_resources_that_are_left_alone_are_counted_in_good_words():
    same = tuple(
        Change(operation="same", resource=f"Namespace n{at}", type="Namespace", urn=f"urn:{at}")
        for at in range(900)
    )

    assert re.search(
        r"[0-9]+ untouched resources\b", as_markdown(replace(empty(), changes=same), LEAST)
    )


def test_the_shortest_comment_says_that_names_are_missing_and_ends():
    """Types as long as the comment leave no room even for counts by kind."""
    changes = tuple(
        Change(operation="delete", resource="`" * 3_000, type="`" * 3_000 + str(at), urn=f"{at}")
        for at in range(20)
    )
    text = as_markdown(replace(empty(), stack="`" * 3_000, changes=changes), LEAST)

    assert len(text) <= LEAST
    assert "20 deleted" in text
    assert "**Left out" in text
