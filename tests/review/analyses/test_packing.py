"""How many nodes a set of pods needs, by an estimate that is never better than the sums."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.analyses.packing import Alike, Node, needed, unplaced
from settings.demand import Demand

NODE = Node(cpu=Decimal(4), memory=Decimal(8), pods=10)


def pods(cpu, count, memory=0, **more):
    one = Demand(1, Decimal(cpu), Decimal(memory))
    return Alike(one=one, count=count, **more)


MILLI = st.integers(0, 4000).map(lambda it: Decimal(it) / 1000)
ONES = st.builds(lambda cpu, memory: Demand(1, cpu, Decimal(memory)), MILLI, st.integers(0, 8))
SETS = st.lists(
    st.builds(
        Alike,
        one=ONES,
        count=st.integers(0, 12),
        node_skew=st.none() | st.integers(1, 2),
        zone_skew=st.none() | st.integers(1, 2),
    ),
    max_size=6,
)
NODES = st.builds(
    Node,
    cpu=st.integers(1, 8).map(Decimal),
    memory=st.integers(1, 16).map(Decimal),
    pods=st.none() | st.integers(1, 12),
    zones=st.integers(1, 3),
)


@given(SETS, NODES, st.integers(0, 9))
def test_what_fits_is_never_more_than_the_nodes_hold_together(given, node, nodes):
    if unplaced(given, node, nodes):
        return
    total = sum((it.one * it.count for it in given), Demand())
    assert total.requests_cpu <= node.cpu * nodes
    assert total.requests_memory <= node.memory * nodes
    assert node.pods is None or total.pods <= node.pods * nodes


def test_two_workloads_alike_that_keep_apart_take_the_room_of_two():
    twin = Alike(one=Demand(1, Decimal("0.6"), Decimal(0)), count=1, node_skew=1, zone_skew=1)
    node = Node(cpu=Decimal(1), memory=Decimal(1))
    assert unplaced([twin, twin], node, 1) == 1
    assert needed([twin, twin], node) == 2


@given(SETS, NODES, st.integers(1, 9))
def test_a_node_more_never_makes_it_worse(given, node, nodes):
    free = [replace(it, node_skew=None, zone_skew=None) for it in given]
    assert unplaced(free, node, nodes + 1) <= unplaced(free, node, nodes)
    few, more = needed(given, node, nodes), needed(given, node, nodes + 1)
    assert few is None or few == more


@given(SETS, NODES)
def test_the_fewest_nodes_hold_every_pod(given, node):
    found = needed(given, node, 40)
    if found is not None:
        assert unplaced(given, node, found) == 0


@given(SETS, NODES, st.randoms())
def test_the_order_of_workloads_changes_no_sum_that_fits(given, node, random):
    free = [replace(it, node_skew=None, zone_skew=None) for it in given]
    other = list(free)
    random.shuffle(other)
    one, two = needed(free, node, 200), needed(other, node, 200)
    assert (one is None) == (two is None)


@pytest.mark.parametrize(
    ("given", "nodes"),
    [
        ([], 0),
        ([pods("1", 0)], 0),
        ([pods("1", 4)], 1),
        ([pods("1", 5)], 2),
        ([pods("3", 3)], 3),
        ([pods("3", 2), pods("1", 2)], 2),
        ([pods("0.1", 11)], 2),
        ([pods("0.1", 2, memory=5)], 2),
        ([pods("5", 1)], None),
        ([pods("0.1", 1, memory=9)], None),
        ([pods("0.1", 3, node_skew=1)], 1),
    ],
)
def test_the_fewest_nodes_by_size_and_number(given, nodes):
    assert needed(given, NODE) == nodes


def test_pods_that_must_keep_apart_take_no_node_for_themselves():
    apart = [pods("0.1", 4, node_skew=1)]
    assert unplaced([*apart, pods("3.9", 1)], NODE, 2) == 1
    assert unplaced([*apart, pods("3.8", 1)], NODE, 2) == 0


def test_zones_have_a_share_each():
    node = replace(NODE, zones=2)
    spread = pods("3", 4, zone_skew=1)
    assert unplaced([spread], node, 3) == 1
    assert needed([spread], node) == 4


def test_what_runs_on_every_node_is_taken_off_first():
    left = NODE.without(Demand(2, Decimal(1), Decimal(3)))
    assert (left.cpu, left.memory, left.pods) == (3, 5, 8)
    assert needed([pods("1", 4)], left) == 2
