"""The tables a run prints."""

from bench.bounds import MEASURED, SDK_FLOOR, YAML_FLOOR, Figure
from bench.process import Cost
from bench.table import costs_table, figures_table


def test_each_cost_stands_beside_its_ratio_to_the_floor():
    floor = Cost(cpu_seconds=2.0, wall_seconds=2.0, peak_mib=57.2)
    other = Cost(cpu_seconds=1.0, wall_seconds=9.0, peak_mib=228.9)
    at = {YAML_FLOOR: floor, **dict.fromkeys([*MEASURED, SDK_FLOOR], other)}

    assert costs_table({1000: at}, {1000: 8012}).splitlines() == [
        "                                1,000 workloads",
        "                                  8,012 objects",
        "yaml floor            2.00 s   1.00 x    57 MiB",
        "render                1.00 s   0.50 x   229 MiB",
        "render --format json  1.00 s   0.50 x   229 MiB",
        "plan --json           1.00 s   0.50 x   229 MiB",
        "SDK floor             1.00 s   0.50 x   229 MiB",
    ]


def test_each_figure_stands_beside_its_bound():
    figures = [
        Figure(name="render, x yaml floor", measured=0.614, bound=1.3),
        Figure(name="plan --json, peak MiB", measured=351.0, bound=350.0),
    ]

    assert figures_table(figures).splitlines() == [
        "                       measured  bound",
        "render, x yaml floor       0.61    1.3  ok",
        "plan --json, peak MiB    351.00    350  past its bound",
    ]
