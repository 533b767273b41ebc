"""LikeC4: architecture as code."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.likec4 import to_likec4


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("c4", "text/vnd.likec4", "LikeC4", to_likec4)
