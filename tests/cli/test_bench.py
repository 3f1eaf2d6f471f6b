"""`./aks bench`: what is printed and which exit code."""

import pytest

from bench import measure
from bench.bounds import MEASURED, SDK_FLOOR, YAML_FLOOR
from bench.process import BenchError, Cost
from cli.application import run


@pytest.fixture
def measured(monkeypatch):
    """Replaces every measurement; the value is the cost of `./aks --help` in seconds."""

    def fake(help_seconds):
        cost = Cost(cpu_seconds=1.0, wall_seconds=1.0, peak_mib=50.0)
        costs = dict.fromkeys([YAML_FLOOR, *MEASURED, SDK_FLOOR], cost)
        shown = Cost(cpu_seconds=0.1, wall_seconds=help_seconds, peak_mib=20.0)

        def estates(_code, _folder, sizes, _rounds, _report):
            return dict.fromkeys(sizes, costs), dict.fromkeys(sizes, 80)

        monkeypatch.setattr(measure, "estates", estates)
        monkeypatch.setattr(measure, "preview", lambda *_: (cost, {"dev": cost}))
        monkeypatch.setattr(measure, "reaching", lambda *_: {"open": cost})
        monkeypatch.setattr(measure, "azure_part", lambda *_: (1.2, 1.0))
        monkeypatch.setattr(measure, "help_page", lambda *_: shown)

    return fake


def test_costs_and_figures_are_printed(measured, capsys):
    measured(0.1)

    assert run(["bench", "--sizes", "10, 20"]) == 0

    printed = capsys.readouterr().out
    assert "10 workloads" in printed
    assert "20 workloads" in printed
    assert "./aks --help, seconds" in printed
    assert "cluster part, x the SDK alone" in printed
    assert "reachability of 1,000 workloads, open, seconds" in printed


@pytest.mark.parametrize(("seconds", "code"), [(0.3, 0), (0.4, 1)])
def test_a_figure_past_its_bound_by_more_than_half_is_a_finding(measured, seconds, code):
    measured(seconds)

    assert run(["bench", "--sizes", "10"]) == code


def test_bounds_for_a_thousand_are_held_at_a_thousand(measured, capsys):
    measured(0.1)

    assert run(["bench"]) == 1

    assert "render --format json, x yaml floor" in capsys.readouterr().out


@pytest.mark.parametrize("sizes", ["", "0", "ten", "10,,20", "-1"])
def test_sizes_that_are_no_numbers_of_workloads_are_refused(sizes, capsys):
    assert run(["bench", "--sizes", sizes]) == 2
    assert "for example '10,100,1000'" in capsys.readouterr().err


def test_a_measured_command_that_fails_is_the_users_to_see(monkeypatch, capsys):
    def failing(*_):
        raise BenchError("render: ended with 2")

    monkeypatch.setattr(measure, "estates", failing)

    assert run(["bench"]) == 2
    assert "error: render: ended with 2" in capsys.readouterr().err
