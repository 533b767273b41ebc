"""CSV: a table of everything."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.table import to_csv


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("csv", "text/csv", "Table", to_csv)
