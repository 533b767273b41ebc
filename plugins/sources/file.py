"""An inventory in a file."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.inventory import SourceKind
from analytics.inventory.openings import open_path


@hookimpl
def analytics_sources() -> Iterator[SourceKind]:
    yield SourceKind("file", "a JSON or YAML file", ("", "file"), open_path)
