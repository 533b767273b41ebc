"""The records the layout's phases hand to each other, and the measures of the ground.

Inside the layout a node is an integer: its place in the canonical order of
ids. Lengths are integers too, in millionths of a tile, so that
"the same line" is an equality and not a matter of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

Arc = tuple[int, int]
TILE = 1_000_000
"""One tile in the integer unit of the phases."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What things take on the ground of one projection, in millionths of a tile.

    ``width`` and ``depth`` are a node's. ``gap`` is the least free ground between
    neighbours in a column, ``aisle`` between two columns, ``margin`` between a node
    and the nearest lane beside it, ``lane`` from one lane to the next.
    ``header`` is the strip for a container's title, ``padding`` the free ground
    inside its border, ``narrowest`` its least width. ``word`` is what words on a
    line need across it, ``beside`` their middle's distance to a silent line;
    ``type_size`` is the size of their type in pixels.
    """

    width: int = TILE
    depth: int = TILE
    gap: int = 400_000
    aisle: int = 400_000
    margin: int = 160_000
    lane: int = 120_000
    header: int = 500_000
    padding: int = 350_000
    narrowest: int = 2_200_000
    word: int = 118_000
    beside: int = 72_000
    type_size: float = 15.0
    flat: bool = False

    @property
    def clear(self) -> int:
        """From the border of a node to the middle of a lane that passes it."""
        return self.margin // 2 + self.lane

    def fit(self, width: float, depth: float) -> float:
        """How much screen ground of this extent asks for: the smaller, the larger everything is drawn.

        A screen has 16 to 10. Seen from above the worse side counts; on the
        isometric ground, whose outline is a lozenge, nearly only the sum does.
        """
        if self.flat:
            return max(width / 1.5, depth)
        return 0.62 * (width + depth) + 0.1 * max(width, depth)


PLAIN = Measures()
"""Columns and lines without a projection: what :func:`analytics.layout.arrange` reckons with."""


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
class Bundle:
    """Membership of a line in a trunk: which one, and whether the end all its lines share is their right one."""

    trunk: str
    right: bool


@dataclass(frozen=True, slots=True)
class Layered:
    """A graph whose every segment leads from one column to the next.

    Vertices below ``real`` are nodes, the others are dummies that hold a place
    for a line passing a column; lines of one trunk share theirs. ``chains`` gives
    each line's vertices from left to right. Lines listed in ``bypasses`` are so
    long that they got no dummies: they run beside everything and are not part of
    ``before`` and ``after``. ``pins`` are vertices on the border of a container,
    where lines come in or go out; they stand alone in the first or last column, in this order.
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
