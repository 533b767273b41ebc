"""The inventory of the Data App, over HTTP."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.inventory import SourceKind
from analytics.inventory.openings import open_data_app


@hookimpl
def analytics_sources() -> Iterator[SourceKind]:
    yield SourceKind("data-app", "the Data App, over HTTP", ("http", "https"), open_data_app)
