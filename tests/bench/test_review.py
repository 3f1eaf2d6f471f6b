"""The review's own bounds, and that what is measured is a review of one changed workload."""

from pathlib import Path

import pytest

from bench import bounds, review
from bench.process import Cost

ROOT = Path(__file__).parents[2]


def cost(cpu, peak=100.0):
    return Cost(cpu_seconds=cpu, wall_seconds=cpu, peak_mib=peak)


def test_the_bounds_are_those_of_the_issue():
    assert (review.TIMES_FLOOR, review.AGAIN, review.GROWTH, review.PEAK_MIB) == (4, 0.2, 11, 1024)


def test_a_review_is_held_to_what_it_costs_on_top_of_two_plans():
    costs = {1000: {bounds.YAML_FLOOR: cost(2), bounds.PLAN: cost(8)}}
    found = {
        100: review.Reviewed(full=cost(4), again=cost(1)),
        1000: review.Reviewed(full=cost(22, 300.0), again=cost(2.2)),
    }

    measured = {it.name: it.measured for it in review.figures(found, costs)}

    assert measured == {
        "review on top of two plans, x yaml floor": 3,
        "review after a change to one workload, x the full one": pytest.approx(0.1),
        "review, peak MiB": 300,
        "review, time(1,000) / time(100)": 5.5,
    }


def test_without_the_size_of_the_bounds_nothing_is_held_to_them():
    found = {10: review.Reviewed(full=cost(1), again=cost(1))}

    assert [*review.figures(found, {10: {}})] == []


def test_a_review_of_an_estate_is_cheaper_after_a_change_to_one_workload(tmp_path):
    found = review.reviewing(ROOT, tmp_path / "estate", 40, 1)

    assert found.again.cpu_seconds < found.full.cpu_seconds
    assert (tmp_path / "estate" / "out-review.html").read_text().startswith("<!doctype html>")
