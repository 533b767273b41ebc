"""HTML: the viewer with the drawing inside, in one file."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.viewing.onefile import to_html


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("html", "text/html", "Viewer", to_html)
