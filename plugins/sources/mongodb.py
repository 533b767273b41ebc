"""The inventory in MongoDB, read directly."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.inventory import SourceKind
from analytics.inventory.openings import open_mongo


@hookimpl
def analytics_sources() -> Iterator[SourceKind]:
    yield SourceKind("mongodb", "MongoDB, read directly", ("mongodb", "mongodb+srv"), open_mongo)
