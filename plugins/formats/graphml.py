"""GraphML: for yEd, Gephi, networkx and their like."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.graphml import to_graphml


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("graphml", "application/graphml+xml", "GraphML", to_graphml)
