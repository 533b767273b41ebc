"""A symbol for the family Mainframe: a tall cabinet beside a low one."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.drawing.solids import Symbol, box


@hookimpl
def analytics_symbols() -> Iterator[Symbol]:
    yield Symbol("Mainframe", "Mainframe", (box(-6, 4, 0, 22, 26, 30), box(18, 8, 0, 18, 22, 16)))
