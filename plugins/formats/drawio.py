"""draw.io: a page that can be edited further."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.drawio import to_drawio


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("drawio", "application/vnd.jgraph.mxfile", "draw.io", to_drawio)
