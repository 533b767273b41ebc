"""From the ground to the screen: seen from above, or true isometric with axes at 30 degrees.

Isometric, the ground's unit is one tile; ``x`` runs down to the right, ``y`` down to the
left. All three axes have the same scale on the screen, so a thing of height
``h`` above the ground point ``p`` covers the ground from ``p`` to ``p - (h, h)``.
That is why a node whose parts all satisfy ``0 <= x - h`` and ``0 <= y - h`` in its
tile cannot cover anything outside of it, and why things that are disjoint as
rectangles on the ground are disjoint on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..lettering import UNIT

COS30 = math.sqrt(3) / 2
SIN30 = 0.5

#: Pixels a step along an axis of the ground goes sideways and down.
ACROSS = UNIT * COS30
DOWN = UNIT * SIN30

#: Matrices (a, b, c, d) that lay drawing on a plane. On the ground: baseline along +x, or back along y (both read
#: from left to right). On the two faces of a solid that look at the viewer: left (normal +y), right (normal +x).
FLAT = (COS30, SIN30, -COS30, SIN30)
FLAT_UP = (COS30, -SIN30, COS30, SIN30)
FACE_LEFT = (COS30, SIN30, 0.0, 1.0)
FACE_RIGHT = (COS30, -SIN30, 0.0, 1.0)

Matrix = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Projection:
    """One way to look at the ground.

    ``x_across`` … ``y_down`` are the pixels that a step along an axis goes sideways
    and down; ``along_x`` and ``along_y`` lay writing on the ground along an axis.
    """

    name: str
    x_across: float
    x_down: float
    y_across: float
    y_down: float
    along_x: Matrix
    along_y: Matrix

    @property
    def flat(self) -> bool:
        """Whether the ground is seen from above."""
        return self.name == "flat"

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a ground point, relative to the ground's origin."""
        return x * self.x_across + y * self.y_across, x * self.x_down + y * self.y_down

    def corners(self, x: float, y: float, width: float, depth: float) -> list[tuple[float, float]]:
        """The four corners of a rectangle of the ground, in pixels."""
        return [
            self.point(x, y),
            self.point(x + width, y),
            self.point(x + width, y + depth),
            self.point(x, y + depth),
        ]


ISOMETRIC = Projection("isometric", ACROSS, DOWN, -ACROSS, DOWN, FLAT, FLAT_UP)
ABOVE = Projection("flat", UNIT, 0.0, 0.0, UNIT, (1.0, 0.0, 0.0, 1.0), (0.0, -1.0, 1.0, 0.0))
PROJECTIONS = {projection.name: projection for projection in (ISOMETRIC, ABOVE)}


def to_screen(x: float, y: float, height: float = 0.0) -> tuple[float, float]:
    """Pixels of a point of the isometric ground, relative to the ground's back corner.

    >>> to_screen(1, 1)
    (0.0, 150.0)
    """
    return (x - y) * ACROSS, (x + y) * DOWN - height * UNIT


def decimal(value: float) -> str:
    """A number with at most one decimal (0.05 px is finer than a screen).

    Raises ``ValueError`` for what cannot be drawn.

    >>> decimal(3.04), decimal(-0.01), decimal(12.25)
    ('3', '0', '12.2')
    """
    if not -1e7 < value < 1e7:
        raise ValueError(f"not a drawable number: {value!r}")
    tenths = round(value * 10)
    whole, tenth = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def path_through(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data through screen points."""
    data = "L".join([f"{decimal(x)},{decimal(y)}" for x, y in points])
    return f"M{data}Z" if closed else f"M{data}"


def matrix(plane: tuple[float, float, float, float], x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> str:
    """A ``transform`` that lays drawing on ``plane`` with its origin at screen point (``x``, ``y``)."""
    a, b, c, d = (f"{value * scale:.4g}" for value in plane)
    return f"matrix({a} {b} {c} {d} {decimal(x)} {decimal(y)})"
