"""The ground seen from above, in pixels: for formats that know places."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.grid import Grid, Point

#: Pixels to a tile. The gap of the layout between two tiles leaves room for lines.
TILE = 120.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, its corner measured from the ground's."""

    x: float
    y: float
    width: float
    height: float


def flat_grounds(grid: Grid) -> dict[str, Box]:
    """The rectangle of every node and every box by its id.

    >>> from ..model import Graph, Node, Place
    >>> flat_grounds(Grid(Graph("t", "", (Node("a", "A"),)), (Place("a", 0, 0, 1.0, 0.5),)))
    {'a': Box(x=120.0, y=60.0, width=120.0, height=120.0)}
    """
    found = {place.node: _box(place.x, place.y, place.width, place.depth) for place in grid.places}
    return found | {area.container: _box(area.x, area.y, area.width, area.depth) for area in grid.areas}


def _box(x: float, y: float, width: float, depth: float) -> Box:
    return Box(*(round(value * TILE, 1) for value in (x, y, width, depth)))


def flat_point(point: Point) -> Point:
    """A point of a route in pixels."""
    return round(point[0] * TILE, 1), round(point[1] * TILE, 1)
