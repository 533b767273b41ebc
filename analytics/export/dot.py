"""Graphviz: a digraph with clusters, for ``dot`` and everything that reads its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..catalog.providers import provider_of
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid
from .wording import accounted, box_caption, caption, completeness, line_caption, nested, node_id, plain


def to_dot(grid: Grid) -> str:
    """``grid`` in the DOT language; ``dot`` finds places of its own."""
    return "\n".join(_lines(grid.graph)) + "\n"


def quoted(text: str) -> str:
    r"""A quoted string: the escapes and the character references that DOT knows in it mean nothing then.

    >>> print(quoted('say "\\N" & go'))
    "say \"\\N\" &amp; go"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") + '"'


def _lines(graph: Graph) -> Iterator[str]:
    yield f"digraph {quoted(graph.type)} {{"
    yield f"  label={quoted(f'{plain(graph.title)}: {completeness(graph)}')};"
    yield '  rankdir=LR; compound=true; node [shape=box, style=filled, fillcolor=white, fontname="sans-serif"];'
    yield from _inside(graph)
    anchors = _anchors(graph)
    for edge in graph.edges:
        yield _edge(edge, anchors)
    yield from (f"  // {said}" for said in accounted(graph))
    yield "}"


def _inside(graph: Graph) -> Iterator[str]:
    for depth, thing in nested(graph):
        margin = "  " * (depth + 1)
        match thing:
            case None:
                yield f"{margin}}}"
            case Node():
                yield f"{margin}{_node(thing, graph)}"
            case Container():
                yield f"{margin}subgraph cluster_{node_id(thing.id)} {{"
                yield f"{margin}  label={quoted(f'{box_caption(thing, graph)} ({thing.kind})')};"
                # A cluster cannot be the end of a line; a point in it can, and the line is cut at the border.
                yield f'{margin}  {node_id(thing.id)} [shape=point, style=invis, label=""];'


def _node(node: Node, graph: Graph) -> str:
    colour = provider_of(node.provider.split(" + ")[0]).colour
    style = ', style="dashed"' if node.kind == "ghost" else ""
    return (
        f"{node_id(node.id)} [label={quoted(caption(node, graph, every_number=True))}, color={quoted(colour)}{style}];"
    )


def _anchors(graph: Graph) -> Mapping[str, str]:
    """The cluster of each box's point."""
    return {box.id: f"cluster_{node_id(box.id)}" for box in graph.containers}


def _edge(edge: Edge, anchors: Mapping[str, str]) -> str:
    marks = [f"label={quoted(line_caption(edge))}"]
    if edge.source in anchors:
        marks.append(f"ltail={anchors[edge.source]}")
    if edge.target in anchors:
        marks.append(f"lhead={anchors[edge.target]}")
    if edge.back or edge.provenance != "stated":
        marks.append("style=dashed")
    return f"  {node_id(edge.source)} -> {node_id(edge.target)} [{', '.join(marks)}];"
