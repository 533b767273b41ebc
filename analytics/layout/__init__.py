"""The layout: every node gets a place on the ground, every container an area, every edge a route.

The phases, each in a file of its own, in the order in which they run:

1. ``acyclic``   which arcs run against the reading direction
2. ``ranks``     in which column each node stands
3. ``dummies``   a place in every column a line passes
4. ``order``     the order of each column: few crossings (``sweep``, ``insertion``, ``rethread``, ``crossings``)
5. ``lines``     the ``y`` of each vertex: long lines straight
6. ``ports``     where lines leave and reach a tile
7. ``tracks``    the lanes between the columns
8. ``cells``     the ``x`` of each column
9. ``routes``    the points of each line
10. ``pack``     parts that share no lines, beside each other

Containers run the same phases: ``nesting`` finds who stands in which and where
lines part, ``containers`` orders every scope from outside in and settles it
from inside out, treating a finished container as one large node (``flat`` is
one scope's part). An overview has a layout of its own (``overview``, ``trophic``).
:func:`keep_places` puts what stays of an earlier picture back where it stood (``anchored``).

The same graph gives the same layout whatever order it arrives in: nodes are
numbered in the order of their ids before anything else looks at them, random
starts have fixed seeds, and work is bounded in steps and never in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..lettering.titles import box_title
from ..model.graph import Graph
from ..model.grid import Grid
from ..text import many
from ..uncollected import uncollected
from . import projections
from .anchored.keeping import keep_places
from .assembly import grid_of
from .canonical import canonical
from .chains import shared_boxes
from .component import layer, split
from .coordinates import place_lines
from .effort import EFFORTS, bounded, named
from .floorplan.floors import lay_floors
from .ground import lay_open_ground
from .nested import lay_nested
from .nesting import nest
from .net import join
from .overview import lay_out_overview
from .records import PLAIN, TILE, Digraph

__all__ = ["EFFORTS", "Arrangement", "arrange", "keep_places", "lay_out", "lay_out_overview"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A graph in columns and lines, without the ground.

    ``positions`` give each node's column and line (lines are one node apart,
    lanes lie between them), ``polylines`` the points of each edge in the order
    the edges came (empty for a loop), ``reversed`` the indices of the edges
    that run against the reading direction.
    """

    positions: dict[str, tuple[int, float]]
    polylines: tuple[tuple[tuple[float, float], ...], ...]
    reversed: tuple[int, ...]


def arrange(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], *, roots: Iterable[str] = (), effort: str = "standard"
) -> Arrangement:
    """Columns and lines for a plain graph; edges whose ends are not among ``nodes`` raise ``ValueError``.

    >>> arrange(["a", "b"], [("a", "b"), ("b", "a")])
    Arrangement(positions={'a': (0, 0.0), 'b': (1, 0.0)}, \
polylines=(((0.0, 0.0), (1.0, 0.0)), ((1.0, 0.0), (0.0, 0.0))), reversed=(1,))
    """
    bounds = named(effort)
    ids = sorted(set(nodes))
    graph = _digraph(ids, edges, roots)
    step = TILE + PLAIN.gap
    positions: dict[str, tuple[int, float]] = {}
    line_points: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    below = 0
    for members, part in split(graph):
        ordered = layer(part, bounds)
        layered = ordered.graph
        y = place_lines(layered, ordered.order, (TILE,) * part.size)
        lines = [(below + spot - TILE // 2) / step for spot in y]
        deepest = max(y) + TILE // 2
        for index, node in enumerate(members):
            positions[ids[node]] = (layered.column[index], lines[index])
        bypasses = {line: order for order, line in enumerate(layered.bypasses)}
        for line, ((tail, head), chain) in enumerate(zip(ordered.lines, layered.chains, strict=True)):
            steps = [(float(layered.column[vertex]), lines[vertex]) for vertex in chain]
            if line in bypasses:
                lane = (below + deepest + (bypasses[line] + 1) * (TILE // 8)) / step
                steps[1:1] = [(steps[0][0] + 1, lane), (steps[-1][0] - 1, lane)]
            line_points[ids[members[tail]], ids[members[head]]] = tuple(steps)
        below += deepest + PLAIN.gap + len(bypasses) * (TILE // 8)
    polylines: list[tuple[tuple[float, float], ...]] = []
    against = []
    for index, (source, target) in enumerate(edges):
        if source == target:
            polylines.append(())
        elif (source, target) in line_points:
            polylines.append(line_points[source, target])
        else:
            polylines.append(line_points[target, source][::-1])
            against.append(index)
    return Arrangement({node: positions[node] for node in ids}, tuple(polylines), tuple(against))


@uncollected()
def lay_out(graph: Graph, effort: str = "standard", projection: str = "isometric") -> Grid:
    """A place for every node, an area for every container, a route for every edge of ``graph``.

    Entries (``root``) stand in the first column where nothing leads to them.
    The grid's graph holds the same nodes, containers and edges in canonical
    order; edges that close a cycle come out with ``back`` set. Edges may end at
    containers. Raises ``ValueError`` for an edge whose end is not in the graph,
    for two nodes or containers of one id, for containers that are missing
    or stand inside themselves, and for an unknown effort or projection.

    A graph of so many lines that nobody can follow them gets less effort than was
    asked for, and says so (``summary``).
    """
    asked, measures = named(effort), projections.named(projection)
    graph = canonical(graph)
    boxes = shared_boxes(graph)
    net = join(graph.edges, boxes)
    bounds = bounded(asked, len(graph.nodes), len(net.pairs))
    if bounds is not asked:
        said = f"Laid out with less care: {len(net.pairs):,} lines between {many(len(graph.nodes), 'thing')}."
        graph = replace(graph, summary=(*graph.summary, said))
    tree = nest(graph, net.pairs, boxes)
    entries = frozenset(node.id for node in graph.nodes if node.root)
    if len(tree.scopes) == 1:
        ground = lay_open_ground(graph, net, entries, bounds, measures)
    else:
        ground = lay_floors(tree, net, entries, bounds, measures, titles_of(graph, boxes)) or lay_nested(
            tree, net, entries, bounds, measures
        )
    return grid_of(graph, boxes, tree, net, ground, projection)


def titles_of(graph: Graph, boxes: Mapping[str, str]) -> dict[str, str]:
    """The title of every box; ``boxes`` are the containers that share that of another."""
    parents = {container.id: container.parent for container in graph.containers}
    sharing: dict[str, list[tuple[int, str]]] = {}
    for container in graph.containers:
        depth, above = 0, container.parent
        while above in boxes or above == boxes.get(container.id):
            depth, above = depth + 1, parents[above]
        sharing.setdefault(boxes.get(container.id, container.id), []).append((depth, container.name))
    return {box: box_title([name for _, name in sorted(names)]) for box, names in sharing.items()}


def _digraph(ids: Sequence[str], edges: Sequence[tuple[str, str]], roots: Iterable[str]) -> Digraph:
    """The integer form of a graph: nodes numbered in the order of ``ids``, loops and repetitions left out."""
    number = {node: index for index, node in enumerate(ids)}
    arcs = set()
    for source, target in edges:
        if source not in number or target not in number:
            missing = target if source in number else source
            raise ValueError(f"the edge {source!r} -> {target!r} has no node {missing!r}")
        if source != target:
            arcs.add((number[source], number[target]))
    entries = frozenset(number[root] for root in roots if root in number)
    return Digraph(len(ids), tuple(sorted(arcs)), entries)
