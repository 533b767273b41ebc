"""Where things stood in an earlier picture: what a new one is anchored to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..text import safe_id
from .grid import Grid, Point

#: Two places nearer than this, in tiles, are one to the eye: a pixel and a half.
SAME = 0.01


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a thing stood, in tiles on the ground.

    ``id`` and ``parent``, the box around it, are written as pictures write ids.
    ``box``: it is a container. ``members`` are the ids of what a fold stands for.
    """

    id: str
    x: float
    y: float
    width: float
    depth: float
    parent: str = ""
    box: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ran:
    """The way of a line, from the border of its source to that of its target."""

    source: str
    target: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """An earlier picture's places and lines; an optional artifact that a run begins with.

    ``type`` is the graph's, ``projection`` how the ground is looked at.
    """

    type: str = ""
    projection: str = ""
    things: tuple[Stood, ...] = ()
    lines: tuple[Ran, ...] = ()


def anchor_of(grid: Grid) -> Anchor:
    """The anchor that a laid-out graph is for the next one."""
    graph = grid.graph
    things = [
        Stood(safe_id(one.id), at.x, at.y, at.width, at.depth, safe_id(one.parent) if one.parent else "", True)
        for one, at in zip(graph.containers, grid.areas, strict=True)
    ]
    things += [
        Stood(
            safe_id(one.id),
            at.x,
            at.y,
            at.width,
            at.depth,
            safe_id(one.parent) if one.parent else "",
            members=one.members,
        )
        for one, at in zip(graph.nodes, grid.places, strict=True)
    ]
    lines = [
        Ran(safe_id(graph.edges[way.edge].source), safe_id(graph.edges[way.edge].target), way.points)
        for way in grid.routes
        if len(way.points) > 1
    ]
    return Anchor(graph.type, grid.projection, tuple(things), tuple(lines))


def kept_places(grid: Grid, anchor: Anchor) -> tuple[int, int]:
    """How many nodes of ``grid`` stand where they stood, seen from one another, and how many stood there at all."""
    stood = {one.id: one for one in anchor.things if not one.box}
    steps = [
        (place.x - stood[key].x, place.y - stood[key].y)
        for place in grid.places
        if (key := safe_id(place.node)) in stood
    ]
    if not steps:
        return 0, 0
    (x, y), _ = Counter((round(dx, 2), round(dy, 2)) for dx, dy in steps).most_common(1)[0]
    near = [(dx, dy) for dx, dy in steps if abs(dx - x) < SAME and abs(dy - y) < SAME]
    return len(near), len(steps)
