"""The providers this service knows: names, spellings and colours."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.catalog.providers import CORE, Provider


@hookimpl
def analytics_providers() -> Iterator[Provider]:
    yield from CORE
