"""Bars: what is written beside them, how wide they are, and which are left out."""

from math import inf, nan

import pytest

from review.renderers.html.capacity import MOST_BARS, WIDTH, chart
from review.report import Bar


def bar(before, after, limit_before=None, limit_after=None, group="pool wg1", name="CPU"):
    return Bar(
        group=group,
        name=name,
        unit="cores",
        before=before,
        after=after,
        limit_before=limit_before,
        limit_after=limit_after,
    )


def only(*found):
    [(_, [row])] = chart(found).groups
    return row


@pytest.mark.parametrize(
    ("amount", "limit", "text"),
    [
        (12.96, 16, "12.96 of 16 cores, 81 %"),
        (16.64, 16, "16.64 of 16 cores, 104 %, over by 0.64"),
        (3, None, "3 cores"),
        (0, 0, "0 of 0 cores"),
        (2, 0, "2 of 0 cores, over by 2"),
        (1250, 2000, "1,250 of 2,000 cores, 63 %"),
    ],
)
def test_an_amount_is_told_with_its_limit_and_share(amount, limit, text):
    assert only(bar(1, amount, 1, limit)).after.text == text


def test_both_sides_and_their_limits_share_one_scale():
    row = only(bar(4, 10, 8, 20))

    assert (row.before.width, row.before.limit) == (WIDTH / 5, WIDTH * 8 / 20)
    assert (row.after.width, row.after.limit) == (WIDTH / 2, WIDTH)


def test_what_is_over_its_limit_is_marked_and_still_fits():
    row = only(bar(4, 10, 8, 8))

    assert (row.before.over, row.after.over) == (False, True)
    assert row.after.width == WIDTH
    assert row.after.limit < WIDTH


def test_a_side_that_is_not_there_has_no_bar():
    row = only(bar(None, 2, None, 6))

    assert row.before is None
    assert row.after.text == "2 of 6 cores, 34 %"


def test_a_bar_that_stays_as_it_is_is_told_from_one_that_moves():
    assert not only(bar(4, 4, 8, 8)).differs
    assert only(bar(4, 4, 8, 9)).differs


def test_amounts_without_end_and_what_is_no_number_stay_in_the_drawing():
    row = only(bar(inf, nan, 8, inf))

    assert (row.before.width, row.before.limit) == (WIDTH, WIDTH)
    assert (row.after.width, row.after.limit) == (0, WIDTH)


def test_pools_come_before_namespaces():
    found = [bar(1, 1, group=it) for it in ("namespace a", "pool b", "pool a")]

    assert [group for group, _ in chart(found).groups] == ["pool a", "pool b", "namespace a"]


def test_of_too_many_the_fullest_are_drawn_and_the_rest_is_counted():
    found = [bar(1, it, 1, 1000, group=f"namespace {it:04}") for it in range(MOST_BARS + 10)]
    drawn = chart(found)

    assert drawn.left_out == 10
    assert drawn.groups[0][0] == "namespace 0010"


def test_without_a_bar_there_is_no_chart():
    assert chart([]) is None
