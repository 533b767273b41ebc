"""D2: a diagram in text, for documentation that is built with ``d2``."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog.families import DATABASE
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid
from .wording import accounted, box_caption, caption, completeness, line_caption, nested, node_id, paths, plain


def to_d2(grid: Grid) -> str:
    """``grid`` as a D2 diagram; ``d2`` finds places of its own."""
    return "\n".join(_lines(grid.graph)) + "\n"


def quoted(text: str) -> str:
    """A text in single quotes, where D2 knows neither escapes nor variables, and a quote is written twice.

    >>> print(quoted("it's ${HOME}"))
    'it''s ${HOME}'
    """
    return "'" + text.replace("'", "''") + "'"


def _lines(graph: Graph) -> Iterator[str]:
    yield "direction: right"
    yield f"title: {quoted(f'{plain(graph.title)}: {completeness(graph)}')} {{shape: text; near: top-center}}"
    for depth, thing in nested(graph):
        margin = "  " * depth
        match thing:
            case None:
                yield f"{margin}}}"
            case Node():
                yield f"{margin}{_node(thing, graph)}"
            case Container():
                yield f"{margin}{node_id(thing.id)}: {quoted(f'{box_caption(thing, graph)} ({thing.kind})')} {{"
    inside = paths(graph)
    yield from (_edge(edge, inside[edge.source], inside[edge.target]) for edge in graph.edges)
    yield from (f"# {said}" for said in accounted(graph))


def _node(node: Node, graph: Graph) -> str:
    marks = ["shape: cylinder"] * (node.family == DATABASE) + ["style.stroke-dash: 4"] * (node.kind == "ghost")
    said = f"{node_id(node.id)}: {quoted(caption(node, graph, every_number=True))}"
    return f"{said} {{{'; '.join(marks)}}}" if marks else said


def _edge(edge: Edge, source: tuple[str, ...], target: tuple[str, ...]) -> str:
    said = f"{'.'.join(source)} -> {'.'.join(target)}: {quoted(line_caption(edge))}"
    return f"{said} {{style.stroke-dash: 4}}" if edge.back or edge.provenance != "stated" else said
