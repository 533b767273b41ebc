"""LikeC4: a model of elements and relationships, for teams that keep their architecture as code."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog.families import DATABASE
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid
from .wording import accounted, box_caption, caption, completeness, line_caption, nested, node_id, paths, plain, rows_of

#: The kinds of elements and lines that the model uses.
SPECIFICATION = """specification {
  element box
  element thing
  element database {
    style {
      shape storage
    }
  }
  element ghost {
    style {
      border dashed
    }
  }
  relationship stated
  relationship unstated {
    line dotted
  }
}"""


def to_likec4(grid: Grid) -> str:
    """``grid`` as a LikeC4 model with one view of everything; LikeC4 finds places of its own."""
    return "\n".join(_lines(grid.graph)) + "\n"


def quoted(text: str) -> str:
    r"""A text in single quotes, its quotes and backslashes escaped.

    >>> print(quoted("it's"))
    'it\'s'
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _lines(graph: Graph) -> Iterator[str]:
    yield SPECIFICATION
    yield "model {"
    for depth, thing in nested(graph):
        margin = "  " * (depth + 1)
        if thing is None:
            yield f"{margin}}}"
            continue
        yield f"{margin}{node_id(thing.id)} = {_kind(thing)} {_title(thing, graph)} {{"
        if rows := rows_of(thing, graph):
            yield f"{margin}  description {quoted('; '.join(f'{name}: {value}' for name, value in rows))}"
        if isinstance(thing, Node):
            yield f"{margin}}}"
    inside = paths(graph)
    boxes = {node_id(box.id) for box in graph.containers}
    yield from (_edge(edge, inside[edge.source], inside[edge.target]) for edge in graph.edges)
    yield "}"
    yield "views {"
    yield "  view index {"
    yield f"    title {quoted(f'{plain(graph.title)}: {completeness(graph)}')}"
    yield "    include *"
    # A star is what stands outermost; two stars, all that is in a box and has a line.
    yield from (
        f"    include {path[0]}.*, {path[0]}.**" for path in inside.values() if len(path) == 1 and path[0] in boxes
    )
    yield "  }"
    yield "}"
    yield from (f"// {said}" for said in accounted(graph))


def _kind(thing: Node | Container) -> str:
    if isinstance(thing, Container):
        return "box"
    if thing.kind == "ghost":
        return "ghost"
    return "database" if thing.family == DATABASE else "thing"


def _title(thing: Node | Container, graph: Graph) -> str:
    if isinstance(thing, Container):
        return quoted(f"{box_caption(thing, graph)} ({thing.kind})")
    return quoted(caption(thing, graph, every_number=True))


def _edge(edge: Edge, source: tuple[str, ...], target: tuple[str, ...]) -> str:
    arrow = "-[unstated]->" if edge.back or edge.provenance != "stated" else "-[stated]->"
    said = f"  {'.'.join(source)} {arrow} {'.'.join(target)} {quoted(line_caption(edge))}"
    within = source[: len(target)] == target or target[: len(source)] == source
    return f"  // {said.strip()}" if within else said
