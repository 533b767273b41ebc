"""A graph laid out on the ground."""

from __future__ import annotations

from dataclasses import dataclass

from .graph import Graph

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its rank (``column``), its order in it (``line``), and its tile on the ground."""

    node: str
    column: int
    line: int
    x: float
    y: float
    width: float = 1.0
    depth: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """The ground a container covers; ``header`` is the strip (in y) kept free for its title, ``level`` its nesting."""

    container: str
    x: float
    y: float
    width: float
    depth: float
    header: float = 0.0
    level: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """The way of ``graph.edges[edge]`` over the ground: axis-parallel points, from the source's border to the target's.

    Empty points: an edge from a node to itself, drawn as a mark on the node.
    """

    edge: int
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A graph laid out: every node has a place, every container an area, every edge a route.

    Places, areas and routes stand in the order of nodes, containers and edges.
    The ground reaches from (0, 0) to (``width``, ``depth``). ``columns`` and
    ``lines`` count ranks and the longest rank.
    """

    graph: Graph
    places: tuple[Place, ...] = ()
    areas: tuple[Area, ...] = ()
    routes: tuple[Route, ...] = ()
    columns: int = 0
    lines: int = 0
    width: float = 0.0
    depth: float = 0.0
