"""What the ground's contents cover on the screen, and how far they reach up and down where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..model.grid import Area, Grid, Place
from .projection import Projection

#: The width is looked at in so many strips.
STRIPS = 240

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Extent:
    """The rectangle on the screen that tiles, platforms and lines cover, relative to ground point (0, 0).

    ``highest`` and ``lowest`` say for each of :data:`STRIPS` strips, from left to
    right, where the contents begin and end: a lozenge leaves its corners free.
    """

    left: float
    top: float
    right: float
    bottom: float
    highest: tuple[float, ...]
    lowest: tuple[float, ...]

    @property
    def width(self) -> float:
        """From the left to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From the top to the bottom."""
        return self.bottom - self.top

    def free_above(self, start: float, end: float) -> float:
        """How far below the top the contents begin between two distances from the left."""
        first, last = self._strips(start, end)
        return min(self.highest[first : last + 1], default=self.bottom) - self.top if last >= first else self.height

    def free_below(self, start: float, end: float) -> float:
        """How far above the bottom the contents end between two distances from the left."""
        first, last = self._strips(start, end)
        return self.bottom - max(self.lowest[first : last + 1], default=self.top) if last >= first else self.height

    def _strips(self, start: float, end: float) -> tuple[int, int]:
        if not self.width:
            return 0, len(self.highest) - 1
        return (
            max(0, int(start / self.width * STRIPS)),
            min(len(self.highest) - 1, int(end / self.width * STRIPS)),
        )


def extent_of(grid: Grid, projection: Projection) -> Extent:
    """The extent of everything on a grid's ground."""
    outlines = list(_outlines(grid, projection))
    spots = [spot for outline in outlines for spot in outline]
    if not spots:
        return Extent(0.0, 0.0, 0.0, 0.0, (0.0,), (0.0,))
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    highest, lowest = [bottom] * STRIPS, [top] * STRIPS
    scale = STRIPS / (right - left) if right > left else 0.0
    # Lines of a trunk run along the same pieces.
    pieces = {(one, other) if one <= other else (other, one) for line in outlines for one, other in pairwise(line)}
    for (ax, ay), (bx, by) in pieces:
        first, last = int((ax - left) * scale), min(STRIPS - 1, int((bx - left) * scale))
        slope = (by - ay) / (bx - ax) if bx > ax else 0.0
        for strip in range(min(first, STRIPS - 1), last + 1):
            if bx == ax:
                high, low = (ay, by) if ay < by else (by, ay)
            else:
                begin, end = left + strip / scale, left + (strip + 1) / scale
                high = ay + (max(ax, begin) - ax) * slope
                low = ay + (min(bx, end) - ax) * slope
                if high > low:
                    high, low = low, high
            if high < highest[strip]:
                highest[strip] = high
            if low > lowest[strip]:
                lowest[strip] = low
    return Extent(left, top, right, bottom, tuple(highest), tuple(lowest))


def _outlines(grid: Grid, projection: Projection) -> Iterator[list[Spot]]:
    """Closed outlines of tiles and platforms, open ones of lines; what stands inside a platform adds nothing."""
    outermost = [area for area in grid.areas if not area.level and not area.shares]
    boxed = {node.id for node in grid.graph.nodes if node.parent} if grid.areas else set()
    things: list[Area | Place] = [*outermost, *[place for place in grid.places if place.node not in boxed]]
    for thing in things:
        corners = projection.corners(thing.x, thing.y, thing.width, thing.depth)
        yield [*corners, corners[0]]
    for route in grid.routes:
        if route.points:
            yield [projection.point(x, y) for x, y in route.points]
