"""PlantUML: a component diagram, for documents that are built from text."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog.families import DATABASE
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid
from .wording import accounted, box_caption, caption, completeness, line_caption, nested, node_id, plain

#: What stands for itself in a quoted text, beside letters and digits.
HARMLESS = frozenset(" .,:_()+-=?×…")


def to_plantuml(grid: Grid) -> str:
    """``grid`` as a PlantUML component diagram; PlantUML finds places of its own."""
    return "\n".join(_lines(grid.graph)) + "\n"


def quoted(text: str) -> str:
    """A quoted text in which nothing is code: every other character is spelled by its number.

    >>> quoted('R&D "!"')
    '"R<U+0026>D <U+0022><U+0021><U+0022>"'
    """
    return '"' + "".join(c if c.isalnum() or c in HARMLESS else f"<U+{ord(c):04X}>" for c in text) + '"'


def _lines(graph: Graph) -> Iterator[str]:
    yield "@startuml"
    yield f"title {quoted(f'{plain(graph.title)}: {completeness(graph)}')}"
    yield "left to right direction"
    for depth, thing in nested(graph):
        margin = "  " * depth
        match thing:
            case None:
                yield f"{margin}}}"
            case Node():
                yield f"{margin}{_node(thing, graph)}"
            case Container():
                said = quoted(f"{box_caption(thing, graph)} ({thing.kind})")
                yield f"{margin}rectangle {said} as {node_id(thing.id)} {{"
    yield from (_edge(edge) for edge in graph.edges)
    yield from (f"' {said}" for said in accounted(graph))
    yield "@enduml"


def _node(node: Node, graph: Graph) -> str:
    shape = "database" if node.family == DATABASE else "component"
    dashed = " #line.dashed" if node.kind == "ghost" else ""
    return f"{shape} {quoted(caption(node, graph, every_number=True))} as {node_id(node.id)}{dashed}"


def _edge(edge: Edge) -> str:
    arrow = "..>" if edge.back or edge.provenance != "stated" else "-->"
    said = line_caption(edge)
    words = f" : {quoted(said)}" if said else ""
    return f"{node_id(edge.source)} {arrow} {node_id(edge.target)}{words}"
