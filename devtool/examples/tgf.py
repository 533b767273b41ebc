"""Trivial Graph Format: a list of nodes and a list of lines, for graph programs that read little else."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.wording import caption, line_caption, node_id, plain
from analytics.model import Grid


def to_tgf(grid: Grid) -> str:
    """Boxes and nodes with their names, then lines with their words; nothing in a line of text can be code."""
    graph = grid.graph
    lines = [f"{node_id(box.id)} {plain(box.name)}" for box in graph.containers]
    lines += [f"{node_id(node.id)} {caption(node, graph)}" for node in graph.nodes]
    lines.append("#")
    lines += [f"{node_id(edge.source)} {node_id(edge.target)} {line_caption(edge)}".rstrip() for edge in graph.edges]
    return "\n".join([*lines, ""])


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("tgf", "text/plain", "Trivial Graph Format", to_tgf)
