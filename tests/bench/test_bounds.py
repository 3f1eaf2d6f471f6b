"""Which figure is held to which bound, and what fails a run."""

import pytest

from bench.bounds import (
    MEASURED,
    PLAN,
    RENDER,
    RENDER_JSON,
    SDK_FLOOR,
    YAML_FLOOR,
    Figure,
    of_azure,
    of_estates,
    of_help,
    of_preview,
)
from bench.process import Cost


def cost(cpu=1.0, wall=1.0, peak=50.0):
    return Cost(cpu_seconds=cpu, wall_seconds=wall, peak_mib=peak)


def costs(**changes):
    """1,000 workloads at ten times the cost of 100, each command at the floor's, but for `changes`."""
    names = (YAML_FLOOR, *MEASURED, SDK_FLOOR)
    small = dict.fromkeys(names, cost(0.1))
    return {100: small, 1000: {**dict.fromkeys(names, cost(1.0)), **changes}}


def figures(measured):
    return {it.name: it for it in of_estates(measured)}


@pytest.mark.parametrize(
    ("measured", "verdict", "fails"),
    [
        (1.0, "ok", False),
        (2.0, "ok", False),
        (2.01, "past its bound", False),
        (3.0, "past its bound", False),
        (3.01, "past its bound by more than half", True),
    ],
)
def test_a_figure_past_its_bound_by_more_than_half_fails(measured, verdict, fails):
    figure = Figure(name="a", measured=measured, bound=2.0)

    assert (figure.verdict, figure.fails) == (verdict, fails)


def test_the_bounds_are_those_of_the_issue():
    bounds = {name: it.bound for name, it in figures(costs()).items()}

    assert bounds == {
        "render, x yaml floor": 1.3,
        "render --format json, x yaml floor": 0.5,
        "plan --json, x yaml floor": 6.0,
        "plan --json, peak MiB": 350.0,
        "render, time(1,000) / time(100)": 11.0,
        "render --format json, time(1,000) / time(100)": 11.0,
        "plan --json, time(1,000) / time(100)": 11.0,
    }
    assert of_help(cost()).bound == 0.25
    assert of_preview(cost(), {"dev": cost()}).bound == 1.2
    assert of_azure(1.0, 1.0).bound == 1.3


def test_commands_are_compared_with_the_floor_of_their_own_size():
    found = figures(
        costs(**{RENDER: cost(3.0), PLAN: cost(9.0, peak=300.0), YAML_FLOOR: cost(2.0)})
    )

    assert found["render, x yaml floor"].measured == 1.5
    assert found["plan --json, x yaml floor"].measured == 4.5
    assert found["plan --json, peak MiB"].measured == 300.0
    assert found["plan --json, time(1,000) / time(100)"].measured == pytest.approx(90)
    assert not any(
        it.fails for name, it in found.items() if "time(" not in name and "json, x" not in name
    )


def test_without_the_size_of_the_bounds_nothing_is_held_to_them():
    assert not figures({100: costs()[100]})


def test_without_the_smaller_size_growth_is_not_told():
    names = figures({1000: costs()[1000]})

    assert RENDER_JSON + ", x yaml floor" in names
    assert not any("time(" in name for name in names)


def test_a_preview_of_all_is_held_to_the_slowest_alone_by_the_clock():
    alone = {"dev": cost(wall=2.0), "prod": cost(wall=4.0), "local": cost(wall=1.0)}

    figure = of_preview(cost(cpu=9.0, wall=5.0), alone)

    assert (figure.name, figure.measured) == ("preview of 3 stacks, x the slowest alone", 1.25)


def test_of_several_runs_the_least_counts_each_by_itself():
    assert cost(1, 5, 7).least(cost(2, 4, 6)) == cost(1, 4, 6)
    assert cost(1, 5, 7).least(None) == cost(1, 5, 7)


def test_the_cluster_part_is_measured_beside_the_sdk_with_the_same_resources():
    assert of_azure(2.6, 2.0).measured == pytest.approx(1.3)
    assert of_azure(2.6, 2.0).verdict == "ok"
    assert of_azure(2.8, 2.0).verdict == "past its bound"
    assert of_azure(4.0, 2.0).fails
