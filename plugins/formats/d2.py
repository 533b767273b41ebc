"""D2: a diagram in text."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.d2 import to_d2


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("d2", "text/vnd.d2", "D2", to_d2)
