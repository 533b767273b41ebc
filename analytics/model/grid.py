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
    """The ground a container covers; ``header`` is the strip (in y) kept free for its title, ``level`` its nesting.

    A container that holds nothing but one other shares one box with it: the inner
    one's area is the outer one's, whose id is in ``shares``.
    """

    container: str
    x: float
    y: float
    width: float
    depth: float
    header: float = 0.0
    level: int = 0
    shares: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The way of ``graph.edges[edge]`` over the ground: axis-parallel points, from the source's border to the target's.

    Empty points: an edge from a node to itself, drawn as a mark on the node.
    Routes with the same ``trunk`` run together where they can: all to one target,
    or all from one source. ``words`` is what stands on the line, the same on all
    lines of a trunk where it stands there once.
    """

    edge: int
    points: tuple[Point, ...] = ()
    trunk: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A graph laid out: every node has a place, every container an area, every edge a route.

    Places, areas and routes stand in the order of nodes, containers and edges.
    The ground reaches from (0, 0) to (``width``, ``depth``). ``columns`` and
    ``lines`` count ranks and the longest rank. ``projection`` is how it is to be
    drawn, ``common_word`` what every line says and none of them shows.
    """

    graph: Graph
    places: tuple[Place, ...] = ()
    areas: tuple[Area, ...] = ()
    routes: tuple[Route, ...] = ()
    columns: int = 0
    lines: int = 0
    width: float = 0.0
    depth: float = 0.0
    projection: str = "isometric"
    common_word: str = ""
