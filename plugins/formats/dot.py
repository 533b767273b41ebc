"""Graphviz: a graph for dot and its relatives."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.dot import to_dot


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("dot", "text/vnd.graphviz", "Graphviz", to_dot)
