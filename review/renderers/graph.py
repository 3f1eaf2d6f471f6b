"""Connections as a graph: the model that every drawing shares, and its text forms: a matrix, DOT and Mermaid.

Addresses outside are one node for each set of ranges that something treats alike; workloads that reach nobody and that
nobody reaches are drawn, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from review.analyses.reachability.connections import EVERY_END, Ends, rows
from review.analyses.reachability.network import Network
from review.renderers.reachability import address_order, ranges_shown, spoken

OUTSIDE = "outside"


class Node(NamedTuple):
    """One end."""

    namespace: str
    """Empty for addresses outside."""

    label: str
    """Name and kind, or ranges."""


class Edge(NamedTuple):
    """All that one end may send to another."""

    source: Node
    target: Node
    label: str
    """`TCP 80; UDP 53`."""


@dataclass(frozen=True)
class Graph:
    """Sorted, so that equal connections give the same drawing."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]

    def by_namespace(self) -> dict[str, list[Node]]:
        """Nodes of each namespace, outside first."""
        found: dict[str, list[Node]] = {}
        for it in self.nodes:
            found.setdefault(it.namespace, []).append(it)
        return found


def graph(network: Network, sources: Ends = EVERY_END, targets: Ends = EVERY_END) -> Graph:
    """The graph of what is asked for."""
    inner: dict[tuple[str, str], list[tuple[str, str]]] = {}
    into: dict[tuple[str, str], list[str]] = {}
    out_of: dict[tuple[str, str], list[str]] = {}
    for source, found in rows(network, lambda *it: it, sources, targets):
        opened: dict[str, list[tuple[str, str]]] = {}
        for target, protocol, text in found:
            opened.setdefault(target, []).append((protocol, text))
        for target, pairs in opened.items():
            if "[" not in source:
                into.setdefault((target, spoken(pairs)), []).append(source)
            elif "[" not in target:
                out_of.setdefault((source, spoken(pairs)), []).append(target)
            else:
                inner[source, target] = pairs
    edges = [Edge(_node(a), _node(b), spoken(pairs)) for (a, b), pairs in inner.items()]
    edges += [Edge(_outside(it), _node(target), said) for (target, said), it in into.items()]
    edges += [Edge(_node(source), _outside(it), said) for (source, said), it in out_of.items()]
    nodes = {it for edge in edges for it in edge[:2]}
    if sources == targets == EVERY_END:
        nodes |= {_node(str(it.key)) for it in network.workloads}
    return Graph(sorted(nodes), sorted(edges))


def dot(it: Graph) -> Iterator[str]:
    """Lines for graphviz."""
    yield "digraph reachability {"
    yield "  rankdir=LR; node [shape=box, style=rounded];"
    for number, (namespace, nodes) in enumerate(it.by_namespace().items()):
        if namespace:
            yield f"  subgraph cluster_{number} {{"
            yield f"    label={_dot(namespace)};"
            yield from (f"    {_dot(_id(node))} [label={_dot(node.label)}];" for node in nodes)
            yield "  }"
        else:
            yield from (
                f"  {_dot(_id(node))} [label={_dot(node.label)}, shape=ellipse];" for node in nodes
            )
    for source, target, label in it.edges:
        yield f"  {_dot(_id(source))} -> {_dot(_id(target))} [label={_dot(label)}];"
    yield "}"


def mermaid(it: Graph) -> Iterator[str]:
    """Lines of a flowchart, as GitHub draws it."""
    numbers = {node: f"n{number}" for number, node in enumerate(it.nodes)}
    yield "flowchart LR"
    for number, (namespace, nodes) in enumerate(it.by_namespace().items()):
        if namespace:
            yield f"  subgraph s{number}[{_mermaid(namespace)}]"
            yield from (f"    {numbers[node]}[{_mermaid(node.label)}]" for node in nodes)
            yield "  end"
        else:
            yield from (f"  {numbers[node]}([{_mermaid(node.label)}])" for node in nodes)
    for source, target, label in it.edges:
        yield f"  {numbers[source]} -->|{_mermaid(label)}| {numbers[target]}"


def matrix(it: Graph) -> Iterator[str]:
    """Lines of a table: who sends, downwards; to whom, across by number, with the numbers below."""
    opened = {(edge.source, edge.target): edge.label for edge in it.edges}
    columns = sorted({edge.target for edge in it.edges})
    senders = {edge.source for edge in it.edges}
    rows = [node for node in it.nodes if node.namespace or node in senders]
    titles = [_title(node) for node in rows]
    heads = [f"[{number}]" for number in range(1, len(columns) + 1)]
    cells = [
        [opened.get((node, column), "." if node != column else "-") for column in columns]
        for node in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    first = max(map(len, titles), default=0)
    for title, row in zip(["", *titles], [heads, *cells], strict=True):
        shown = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{title:<{first}}  {'  '.join(shown)}".rstrip()
    yield ""
    yield from (f"{head} {_title(node)}" for head, node in zip(heads, columns, strict=True))


def _title(node: Node) -> str:
    return f"{node.namespace}/{node.label}" if node.namespace else node.label


def _node(title: str) -> Node:
    namespace, _, label = title.partition("/")
    return Node(namespace, label)


def _outside(ranges: list[str]) -> Node:
    return Node("", ranges_shown(sorted(ranges, key=address_order)))


def _id(node: Node) -> str:
    return f"{node.namespace}/{node.label}"


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mermaid(text: str) -> str:
    """In quotes, where only these characters still mean something."""
    escaped = text.replace("#", "#35;").replace('"', "#quot;")
    return f'"{escaped}"'
