"""Mermaid: a diagram for Markdown pages."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.mermaid import to_mermaid


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("mmd", "text/vnd.mermaid", "Mermaid", to_mermaid)
