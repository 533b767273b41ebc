"""JSON: the whole model, for programs."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.document import to_json


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("json", "application/json", "JSON", to_json)
