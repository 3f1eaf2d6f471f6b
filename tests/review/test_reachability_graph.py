"""The drawings: well-formed whatever names are in them, the same for the same connections."""

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.renderers.graph import Edge, Graph, Node, dot, graph, mermaid
from review.renderers.graph_svg import svg
from review.renderers.reachability import address_order, grouped, ranges_shown, spoken
from tests.review.analyses.reachability.cluster import network, pod, policy

SVG = "{http://www.w3.org/2000/svg}"
nodes = st.builds(Node, st.sampled_from(["", "a", "b"]), st.sampled_from("vwxyz"))


@st.composite
def graphs(draw):
    edges = draw(st.lists(st.builds(Edge, nodes, nodes, st.just("TCP 80")), max_size=12))
    return Graph(
        sorted({*draw(st.lists(nodes)), *(it for edge in edges for it in edge[:2])}),
        sorted(edges),
    )


@given(graphs())
def test_every_end_is_a_box_of_its_own_and_every_connection_a_line(drawn):
    tree = ElementTree.fromstring("\n".join(svg(drawn)))

    boxes = [(it.get("x"), it.get("y")) for it in tree.iter(f"{SVG}rect")]
    assert len(boxes) == len(set(boxes)) == len(drawn.nodes)
    lines = [it for it in tree.iter(f"{SVG}path") if it.get("class") == "e"]
    assert len(lines) == len(drawn.edges)
    wide, high = float(tree.get("width")), float(tree.get("height"))
    for it in tree.iter(f"{SVG}rect"):
        assert 0 <= float(it.get("x")) <= float(it.get("x")) + float(it.get("width")) <= wide
        assert 0 <= float(it.get("y")) <= high


def test_callers_stand_left_of_what_they_call():
    a, b, c = (Node("n", it) for it in "abc")
    drawn = Graph([a, b, c], [Edge(c, b, ""), Edge(b, a, "")])

    texts = {
        it.text: float(it.get("x"))
        for it in ElementTree.fromstring("\n".join(svg(drawn))).iter(f"{SVG}text")
        if it.text in ("a", "b", "c")
    }

    assert texts["c"] < texts["b"] < texts["a"]


def test_a_long_chain_and_nothing_at_all_can_be_drawn():
    chain = [Node("n", f"{number:05}") for number in range(5_000)]
    edges = [Edge(*pair, "") for pair in zip(chain[1:], chain, strict=False)]

    assert len(list(svg(Graph(chain, edges)))) > 10_000
    assert ElementTree.fromstring("\n".join(svg(Graph([], [])))).get("width") == "40"


@pytest.mark.parametrize("name", ['a"b', "<b>&amp;", "x\\y", "#quot;", "a|b]"])
def test_names_of_any_kind_are_quoted(name):
    drawn = Graph([Node("n", name)], [Edge(Node("n", name), Node("n", name), name)])

    texts = [it.text for it in ElementTree.fromstring("\n".join(svg(drawn))).iter(f"{SVG}text")]
    assert name in texts
    for line in mermaid(drawn):
        assert line.count('"') in (0, 2)
    for line in dot(drawn):
        assert line.replace('\\"', "").count('"') % 2 == 0


def test_ranges_that_are_treated_alike_are_one_end():
    found = graph(
        network(
            pod("web"),
            policy(
                "podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{to: [{ipBlock: "
                "{cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12]}}], ports: [{port: 443}]}]"
            ),
        )
    )

    assert found.edges == [
        Edge(
            Node("a", "web[Pod]"),
            Node("", "0.0.0.0-9.255.255.255, 11.0.0.0-172.15.255.255 and 1 more"),
            "TCP 443",
        )
    ]


def test_who_reaches_nobody_is_drawn_too():
    found = graph(network(pod("web"), policy("podSelector: {}\npolicyTypes: [Ingress, Egress]")))

    assert (found.nodes, found.edges) == ([Node("a", "web[Pod]")], [])


def test_ports_are_said_shortly():
    assert spoken([("TCP", "80,443")]) == "TCP 80,443"
    assert spoken([("TCP", "1-65535"), ("UDP", "53")]) == "TCP all; UDP 53"
    assert spoken([(it, "1-65535") for it in ("SCTP", "TCP", "UDP")]) == "everything"


def test_addresses_are_in_the_order_of_their_numbers():
    ranges = ["100.0.0.0-100.0.0.1", "9.0.0.0-9.0.0.1", "::-::1", "11.0.0.0-11.0.0.1"]

    assert sorted(ranges, key=address_order) == [ranges[1], ranges[3], ranges[0], ranges[2]]
    assert ranges_shown(ranges[:2]) == "100.0.0.0-100.0.0.1, 9.0.0.0-9.0.0.1"
    assert ranges_shown(ranges) == "100.0.0.0-100.0.0.1, 9.0.0.0-9.0.0.1 and 2 more"


def test_protocols_of_one_end_are_said_together():
    rows = [("a/x[Pod]", "TCP", "80"), ("a/x[Pod]", "UDP", "53"), ("1.0.0.0-1.0.0.1", "TCP", "80")]

    assert list(grouped(rows)) == [("a/x[Pod]", "TCP 80; UDP 53"), ("1.0.0.0-1.0.0.1", "TCP 80")]
