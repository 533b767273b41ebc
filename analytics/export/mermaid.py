"""Mermaid: a flowchart with subgraphs, for wikis and README files that draw it in the page."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog.families import DATABASE
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid
from .wording import accounted, box_caption, caption, completeness, line_caption, nested, node_id, plain

#: What stands for itself in a quoted text, beside letters and digits.
HARMLESS = frozenset(" .,:/_()+-=?!×…")

#: Lines that Mermaid draws where nobody has raised its ``maxEdges``, which a file cannot do.
MOST_LINES = 500


def to_mermaid(grid: Grid) -> str:
    """``grid`` as a Mermaid flowchart; Mermaid finds places of its own."""
    return "\n".join(_lines(grid.graph)) + "\n"


def quoted(text: str) -> str:
    """A quoted text in which nothing is code: every other character is spelled by its number.

    >>> quoted('R&D "<b>"')
    '"R#38;D #34;#60;b#62;#34;"'
    """
    return '"' + "".join(c if c.isalnum() or c in HARMLESS else f"#{ord(c)};" for c in text) + '"'


def _lines(graph: Graph) -> Iterator[str]:
    yield "---"
    yield f"title: {quoted(f'{plain(graph.title)}: {completeness(graph)}')}"
    yield "---"
    if len(graph.edges) > MOST_LINES:
        yield f"%% {len(graph.edges)} lines: Mermaid draws {MOST_LINES} unless maxEdges is raised"
    yield "flowchart LR"
    for depth, thing in nested(graph):
        margin = "  " * (depth + 1)
        match thing:
            case None:
                yield f"{margin}end"
            case Node():
                yield f"{margin}{_node(thing, graph)}"
            case Container():
                yield f"{margin}subgraph {node_id(thing.id)}[{quoted(f'{box_caption(thing, graph)} ({thing.kind})')}]"
    yield from (f"  {_edge(edge)}" for edge in graph.edges)
    yield "  classDef ghost stroke-dasharray: 4 3"
    if ghosts := [node_id(node.id) for node in graph.nodes if node.kind == "ghost"]:
        yield f"  class {','.join(ghosts)} ghost"
    yield from (f"  %% {said}" for said in accounted(graph))


def _node(node: Node, graph: Graph) -> str:
    left, right = ("[(", ")]") if node.family == DATABASE else ("[", "]")
    return f"{node_id(node.id)}{left}{quoted(caption(node, graph, every_number=True))}{right}"


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.back or edge.provenance != "stated" else "-->"
    said = line_caption(edge)
    words = f"|{quoted(said)}|" if said else ""
    return f"{node_id(edge.source)} {arrow}{words} {node_id(edge.target)}"
