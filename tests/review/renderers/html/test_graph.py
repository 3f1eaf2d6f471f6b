"""The graph: lanes that hold their boxes, boxes and labels apart, and what is left out of a large one."""

from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.renderers.html.graph import MOST_EDGES, MOST_NODES, drawing, node
from review.renderers.html.ways import Place
from review.report import Edge

ends = st.builds(
    lambda namespace, name: f"{namespace}/{name}" if namespace else name,
    st.sampled_from(["", "course", "testing", "a-namespace-with-a-name-longer-than-its-workloads"]),
    st.sampled_from(["web", "redis", "internet", "10.0.0.0/8", "authentication-service-of-all"]),
)
edges = st.builds(
    Edge,
    source=ends,
    target=ends,
    ports=st.sampled_from(["TCP 80", "TCP 80, 443, 8080-8090; UDP 53; every port of SCTP"]),
    sign=st.sampled_from(["gained", "lost", "same"]),
)


def estate(namespaces=30, workloads=20, changed=6, seed=7):
    """Connections of an estate, a few of which changed."""
    random = Random(seed)
    names = [f"team-{it % namespaces:02}/service-{it:03}" for it in range(namespaces * workloads)]
    every = [Edge(source=a, target=b, ports="TCP 8080") for a, b in pairwise(names)]
    every += [
        Edge(source=a, target=b, ports="TCP 5432", sign=sign)
        for sign in ("gained", "lost")
        for a, b in (random.sample(names, 2) for _ in range(changed))
    ]
    return every


def within(inner: Place, outer: Place) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.left + inner.width <= outer.left + outer.width + 0.01
        and inner.top + inner.height <= outer.top + outer.height + 0.01
    )


@given(st.lists(edges, min_size=1, max_size=25))
def test_nothing_that_is_drawn_or_written_lies_on_another(found):
    drawn = drawing(found)
    whole = Place(0, 0, drawn.width, drawn.height)
    lanes = [it for _, it in drawn.lanes]
    boxes = [it.place for it in drawn.boxes]
    labels = [it.at for it in drawn.curves if it.at]

    for parts in (lanes, [*boxes, *labels]):
        assert all(within(it, whole) for it in parts)
        assert all(one.clear_of(other, gap=0) for one, other in combinations(parts, 2))
    assert all(sum(within(it, lane) for lane in lanes) == 1 for it in boxes)
    assert len(drawn.curves) == len(set(found))
    assert {it.title for it in drawn.boxes} == {
        end for it in found for end in (it.source, it.target)
    }


@given(st.lists(edges, min_size=1, max_size=25), st.randoms())
def test_the_order_of_connections_moves_nothing(found, random):
    assert drawing(random.sample(found, len(found))) == drawing(found)


def test_callers_stand_left_of_what_they_call_in_the_lane_of_their_namespace():
    drawn = drawing(
        [
            Edge(source="internet", target="ingress/controller", ports="TCP 443"),
            Edge(source="ingress/controller", target="course/web", ports="TCP 80"),
            Edge(source="course/web", target="course/redis", ports="TCP 6379"),
        ]
    )
    lefts = {it.title: it.place.left for it in drawn.boxes}

    assert (
        lefts["internet"]
        < lefts["ingress/controller"]
        < lefts["course/web"]
        < lefts["course/redis"]
    )
    assert [title for title, _ in drawn.lanes] == ["outside the cluster", "ingress", "course"]
    assert [it.outside for it in drawn.boxes if it.title == "internet"] == [True]


def test_opened_and_closed_are_said_in_words_and_unchanged_ones_stay_without_a_label():
    drawn = drawing(
        [
            Edge(source="a/b", target="c/d", ports="TCP 80", sign=sign)
            for sign in ("gained", "lost", "same")
        ]
    )

    assert [(it.label, it.title) for it in drawn.curves] == [
        ("+ TCP 80", "a/b → c/d: TCP 80 (opened)"),
        ("\N{MINUS SIGN} TCP 80", "a/b → c/d: TCP 80 (closed)"),
        ("", "a/b → c/d: TCP 80 (unchanged)"),
    ]


def test_of_a_large_graph_what_changed_is_drawn_with_its_neighbours_and_it_says_so():
    found = estate()
    drawn = drawing(found)

    assert len(drawn.boxes) <= MOST_NODES
    assert len(drawn.curves) <= MOST_EDGES
    assert sum(it.sign != "same" for it in drawn.curves) == 12
    assert sum(it.sign == "same" for it in drawn.curves) > 12
    assert (
        f"{len(drawn.curves)} of 611 connections are drawn: all 12 that changed, with neighbours"
        in drawn.said
    )


def test_what_else_reaches_an_end_outside_is_no_neighbour():
    opened = Edge(source="team-00/api", target="internet", ports="TCP 443", sign="gained")
    others = [
        Edge(source=f"team-{it:02}/x", target="internet", ports="TCP 443") for it in range(99)
    ]
    near = Edge(source="team-00/api", target="team-00/db", ports="TCP 5432")
    drawn = drawing([opened, near, *others])

    assert {it.title for it in drawn.boxes} == {"team-00/api", "team-00/db", "internet"}


def test_what_stands_for_a_namespace_is_explained():
    def said(name):
        return drawing([Edge(source=f"a/{name}", target="b/c", ports="TCP 80")]).said

    assert said("*") == "* stands for any workload of its namespace."
    assert said("d") == ""


def test_of_too_many_changes_those_that_reach_outside_are_drawn_first():
    found = [
        *estate(changed=200),
        *(
            Edge(source="internet", target=f"team-00/open-{it}", ports="TCP 443", sign="gained")
            for it in range(5)
        ),
    ]
    drawn = drawing(found)

    assert sum(it.title.startswith("internet") for it in drawn.curves) == 5
    changed = sum(it.sign != "same" for it in drawn.curves)
    assert f"{changed} of the 405 that changed" in drawn.said


def test_of_a_large_graph_in_which_nothing_changed_nothing_is_drawn():
    assert drawing(estate(changed=0)) is None


def test_without_a_connection_there_is_no_graph():
    assert drawing([]) is None


@pytest.mark.parametrize(
    ("end", "namespace", "name"),
    [
        ("course/web", "course", "web"),
        ("course/web[Deployment]", "course", "web[Deployment]"),
        ("internet", "", "internet"),
        ("10.0.0.0/8", "", "10.0.0.0/8"),
        ("2001:db8::/32", "", "2001:db8::/32"),
        ("10-team/web", "10-team", "web"),
    ],
)
def test_a_block_of_addresses_is_no_workload(end, namespace, name):
    assert node(end) == (namespace, name)


def test_a_name_too_long_for_its_box_keeps_its_beginning_and_its_end():
    name = "authentication-service-of-the-whole-course-v2"
    [box] = drawing([Edge(source=f"a/{name}", target=f"a/{name}", ports="TCP 80")]).boxes

    assert box.label == "authenticati…ole-course-v2"
    assert box.title == f"a/{name}"
