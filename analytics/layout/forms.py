"""The records the layout's phases hand to each other, and the measures of the ground.

Inside the layout a node is an integer: its place in the canonical order of
ids. Lengths along ``y`` are integers too, in millionths of a tile, so that
"the same line" is an equality and not a matter of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

Arc = tuple[int, int]

TILE = 1_000_000
"""One tile in the integer unit of the phases."""

MARGIN = 160_000
"""Free ground between a tile and the nearest lane beside it."""

LANE = 120_000
"""From one lane to the next."""

GAP = 400_000
"""The least free ground between two neighbouring tiles."""

CLEAR = MARGIN // 2 + LANE
"""From the border of a tile to the middle of a lane that passes it."""


@dataclass(frozen=True, slots=True)
class Digraph:
    """A directed graph of the nodes ``0 … size - 1``.

    ``arcs`` are sorted, without loops and without repetition. ``entries`` are
    the nodes that would like to stand in the first column.
    """

    size: int
    arcs: tuple[Arc, ...]
    entries: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Layered:
    """A graph whose every segment leads from one column to the next.

    Vertices below ``real`` are nodes, the others are dummies that hold a place
    for a line passing a column. ``chains`` gives each line's vertices from left
    to right. Lines listed in ``bypasses`` are so long that they got no dummies:
    they run beside everything and are not part of ``before`` and ``after``.
    ``pins`` are vertices on the border of a container, where lines come in or
    go out; they stand alone in the first or last column, in this order.
    """

    real: int
    column: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    bypasses: tuple[int, ...] = ()
    pins: tuple[int, ...] = ()


Order = tuple[tuple[int, ...], ...]
"""The vertices of each column from the first line to the last."""
