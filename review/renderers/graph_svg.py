"""A graph drawn as SVG without graphviz: columns by distance from the first callers, rows by namespace and name."""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from review.renderers.graph import Edge, Graph, Node

_CHARACTER: Final = 7.2
"""Width in pixels of a character of the font at 12 pixels, the widest of the common monospace fonts."""

_HEIGHT: Final = 40
_GAP: Final = 18
_BETWEEN: Final = 170
"""Pixels between columns, for the labels of edges."""

_MARGIN: Final = 20
_STYLE: Final = (
    "text{font:12px monospace;fill:#222}.n{fill:#eef3fb;stroke:#4a6fa5}.o{fill:#fdf3e1;stroke:#b07b1a}"
    ".s{fill:#666;font-size:10px}.e{fill:none;stroke:#888}.l{font-size:10px;fill:#555}"
)


def svg(graph: Graph) -> Iterator[str]:
    """Lines of one SVG document; equal graphs give equal bytes."""
    ranks = columns(graph)
    places: dict[Node, tuple[float, float, float]] = {}
    x = float(_MARGIN)
    tallest = 0
    for nodes in ranks:
        width = max(max(len(it.label), len(it.namespace)) for it in nodes) * _CHARACTER + 20
        for row, node in enumerate(nodes):
            places[node] = (x, _MARGIN + row * (_HEIGHT + _GAP), width)
        x += width + _BETWEEN
        tallest = max(tallest, len(nodes))
    wide = x - _BETWEEN + _MARGIN if ranks else 2 * _MARGIN
    # A loop back to an earlier column goes below all boxes.
    high = 2 * _MARGIN + tallest * (_HEIGHT + _GAP) + 40
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="0 0 {wide:.0f} {high:.0f}">'
    )
    yield f"<style>{_STYLE}</style>"
    yield (
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#888"/></marker></defs>'
    )
    for edge in graph.edges:
        yield from _edge(edge, places, high)
    for node, (left, top, width) in places.items():
        kind = "n" if node.namespace else "o"
        yield (
            f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{_HEIGHT}" rx="6"/>'
        )
        yield (
            f'<text x="{left + 10:.1f}" y="{top + 17:.1f}">{escape(node.label)}</text>'
            f'<text class="s" x="{left + 10:.1f}" y="{top + 32:.1f}">'
            f"{escape(node.namespace or 'outside')}</text>"
        )
    yield "</svg>"


def _edge(edge: Edge, places: dict[Node, tuple[float, float, float]], high: float) -> Iterator[str]:
    left, top, width = places[edge.source]
    to_left, to_top, to_width = places[edge.target]
    x1, y1 = left + width, top + _HEIGHT / 2
    x2, y2 = to_left, to_top + _HEIGHT / 2
    if x2 > x1:
        bend = _BETWEEN / 2
        path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        at = (x1 + x2) / 2 - len(edge.label) * 3, (y1 + y2) / 2 - 4
    elif left == to_left:
        x2 = to_left + to_width
        bend = 50.0
        path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 + bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        at = x1 + 40, (y1 + y2) / 2
    else:
        low = high - _MARGIN
        x2, y2 = to_left + to_width / 2, to_top + _HEIGHT
        path = f"M{x1:.1f} {y1:.1f}C{x1 + 60:.1f} {low:.1f} {x2:.1f} {low:.1f} {x2:.1f} {y2:.1f}"
        at = x1 + 8, y1 + 14
    title = f"{edge.source.namespace or 'outside'}/{edge.source.label} -> "
    title += f"{edge.target.namespace or 'outside'}/{edge.target.label}: {edge.label}"
    yield (
        f'<path class="e" d="{path}" marker-end="url(#a)" '
        f"aria-label={quoteattr(title)}><title>{escape(title)}</title></path>"
    )
    yield f'<text class="l" x="{at[0]:.1f}" y="{at[1]:.1f}">{escape(edge.label)}</text>'


def columns(graph: Graph) -> list[list[Node]]:
    """Each node one further than the furthest that calls it, edges that close a circle left out."""
    called: dict[Node, list[Node]] = {it: [] for it in graph.nodes}
    for edge in graph.edges:
        called[edge.source].append(edge.target)
    order = _ordered(called)
    rank = {it: at for at, it in enumerate(order)}
    depth = dict.fromkeys(graph.nodes, 0)
    for node in order:
        for target in called[node]:
            if rank[target] > rank[node]:
                depth[target] = max(depth[target], depth[node] + 1)
    found: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in graph.nodes:
        found[depth[node]].append(node)
    return found


def _ordered(called: dict[Node, list[Node]]) -> list[Node]:
    """Callers before those they call, as far as circles allow; without recursion, for chains may be long."""
    seen: set[Node] = set()
    found: list[Node] = []
    has_caller = {target for targets in called.values() for target in targets}
    for start in sorted(called, key=lambda it: (it in has_caller, it)):
        waiting = [(start, iter(called[start]))] if start not in seen else []
        seen.add(start)
        while waiting:
            node, targets = waiting[-1]
            target = next((it for it in targets if it not in seen), None)
            if target is None:
                found.append(node)
                waiting.pop()
            else:
                seen.add(target)
                waiting.append((target, iter(called[target])))
    return found[::-1]
