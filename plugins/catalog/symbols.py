"""The symbols of families and of other kinds of things."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.drawing.solids import Symbol
from analytics.drawing.symbols import CORE


@hookimpl
def analytics_symbols() -> Iterator[Symbol]:
    yield from CORE
