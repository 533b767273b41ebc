"""PlantUML: a component diagram, for documents that are built from text."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.wording import caption, line_caption, node_id, plain
from analytics.model import Grid


def quoted(text: str) -> str:
    """A text in which nothing is code: what is no letter or digit is spelled by its number."""
    return '"' + "".join(c if c.isalnum() or c in " .,:-_" else f"<U+{ord(c):04X}>" for c in text) + '"'


def to_plantuml(grid: Grid) -> str:
    """The nodes and lines of a graph; PlantUML finds places of its own."""
    graph = grid.graph
    lines = ["@startuml", f"title {quoted(plain(graph.title))}"]
    lines += [f"component {quoted(caption(node, graph))} as {node_id(node.id)}" for node in graph.nodes]
    lines += [f"rectangle {quoted(plain(box.name))} as {node_id(box.id)}" for box in graph.containers]
    for edge in graph.edges:
        words = f" : {quoted(line_caption(edge))}" if line_caption(edge) else ""
        lines.append(f"{node_id(edge.source)} --> {node_id(edge.target)}{words}")
    return "\n".join([*lines, "@enduml", ""])


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("puml", "text/vnd.plantuml", "PlantUML", to_plantuml)
