"""Markdown: the picture in words."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.outline import to_markdown


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("md", "text/markdown", "Text", to_markdown)
