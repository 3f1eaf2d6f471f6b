"""Generated clusters for reachability: what stands in them, and the bounds that they are held to."""

from pathlib import Path

import pytest

from bench import measure, reachability
from bench.process import Cost
from review.analyses.reachability.connections import connections
from review.analyses.reachability.network import KINDS, Network, objects
from review.given import Tally, manifests

ROOT = Path(__file__).parents[2]


def network(path, count, kind):
    reachability.write(path, count, kind)
    found = objects(manifests(ROOT, str(path), KINDS, Tally()))
    assert found.faults == []
    return Network(found)


def test_an_open_cluster_connects_everyone(tmp_path):
    found = list(connections(network(tmp_path / "a.yaml", 30, reachability.OPEN)))

    assert len(found) == 3 * (30 * 29 + 2 * 30)


def test_a_shut_one_has_a_policy_for_each_and_opens_what_they_agree_on(tmp_path):
    made = network(tmp_path / "a.yaml", 60, reachability.SHUT)
    found = [it for it in connections(made) if "[" in it.source and "[" in it.target]

    assert len(made.policies) == 60 + 3
    assert 60 < len(found) <= 3 * 60
    assert {(it.protocol, it.ports) for it in found} == {("TCP", "8080")}


def test_the_bounds_are_those_of_the_issue():
    cost = Cost(cpu_seconds=1.0, wall_seconds=9.0, peak_mib=50.0)

    found = [(it.name, it.measured, it.bound) for it in reachability.figures({"open": cost})]

    assert found == [
        ("reachability of 1,000 workloads, open, seconds", 1.0, 5.0),
        ("reachability of 1,000 workloads, open, peak MiB", 50.0, 1024.0),
    ]


@pytest.mark.parametrize("size", [5])
def test_both_kinds_are_measured(tmp_path, monkeypatch, size):
    monkeypatch.setattr(reachability, "WORKLOADS", size)

    costs = measure.reaching(ROOT, tmp_path, 1)

    assert costs.keys() == {reachability.SHUT, reachability.OPEN}
    assert all(it.cpu_seconds > 0 for it in costs.values())
