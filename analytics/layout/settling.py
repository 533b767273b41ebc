"""The phases that know sizes, for one ordered part: lines, ports, tracks, columns, routes, fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .columns import place_columns
from .component import Part
from .coordinates import place_lines
from .fold import Folded, fold
from .port_swaps import swap_ports
from .ports import NOTHING_GIVEN, WORD_SHOULDER, Given, place_ports
from .records import PLAIN, Arc, Layered, Measures
from .routes import Spot, trace
from .tracks import assign_tracks
from .writings import plan_writings, strips_for, written_depths

#: The room of an arrowhead before a tile, besides the words there.
ARROW = 190_000


@dataclass(frozen=True, slots=True)
class Plot:
    """A part on its own ground: corners of its nodes, points of its lines, its extent and the depths of its nodes."""

    corners: tuple[Spot, ...]
    points: tuple[tuple[Spot, ...], ...]
    width: int
    depth: int
    depths: tuple[int, ...]


def settle(
    part: Part,
    widths: Sequence[int],
    depths: Sequence[int],
    given: Given = NOTHING_GIVEN,
    measures: Measures = PLAIN,
    words: Mapping[int, tuple[str, int]] | None = None,
    *,
    foldable: bool = True,
) -> Plot:
    """One ordered part on the ground.

    ``widths`` and ``depths`` are the extents of its nodes, ``given`` the ports that
    are fixed. ``words`` gives text and length on the ground of each key that says something; seen from above a
    node grows as deep as the words at its ports need.
    """
    graph, order = part.graph, part.order
    plan = plan_writings(graph, part.keys, part.bundles, words or {})
    if plan and measures.flat:
        depths = written_depths(graph, part.bundles, plan, depths, measures, WORD_SHOULDER)
    written = frozenset(writing.vertex for writing in plan.values() if writing.vertex >= 0)
    y = place_lines(graph, order, depths, _fixed(graph, depths, given), measures, written)
    wires = place_ports(graph, order, y, depths, given, measures, part.bundles, plan)
    if any(part.bundles):
        wires = swap_ports(graph, wires, part.bundles, given)
    gaps = max(0, len(order) - 1)
    tracks = assign_tracks(wires, gaps, part.bundles)
    column_widths = [max([widths[v] for v in layer if v < graph.real], default=0) for layer in order]
    for writing in plan.values():
        if writing.vertex >= 0:  # its column is as wide as the words
            column = graph.column[writing.vertex]
            column_widths[column] = max(column_widths[column], writing.length - 2 * measures.margin)
    columns = place_columns(column_widths, tracks.counts, measures, strips_for(graph, plan, gaps, ARROW))
    corners = [(columns.left[graph.column[node]], y[node] - depths[node] // 2) for node in range(graph.real)]
    points = []
    for (tail, head), wire, track in zip(part.lines, wires, tracks.of, strict=True):
        start = columns.left[graph.column[tail]] + (widths[tail] if tail < graph.real else 0)
        points.append(trace(wire, track, columns, start, columns.left[graph.column[head]]))
    low = min([spot[1] for line in points for spot in line] + [0])
    depth = max([corners[node][1] + depths[node] for node in range(graph.real)], default=0)
    depth = max([spot[1] for line in points for spot in line] + [depth]) - low
    if low:
        corners = [(x, y - low) for x, y in corners]
        points = [tuple((x, y - low) for x, y in line) for line in points]
    plain = Folded(tuple(corners), tuple(points), max(columns.right, default=0), depth)
    if foldable and measures is not PLAIN:
        plain = fold(graph, plain, columns, depths, measures)
    return Plot(plain.corners, plain.points, plain.width, plain.depth, tuple(depths))


def _fixed(graph: Layered, depths: Sequence[int], given: Given) -> dict[Arc, int]:
    """How far from the middle of its end, towards its next vertex, each line with a given port is held."""
    ports: dict[Arc, int] = {}
    for line, spot in given.leaving.items():
        node, onwards = graph.chains[line][:2]
        ports.setdefault((node, onwards), spot - depths[node] // 2)
    for line, spot in given.reaching.items():
        onwards, node = graph.chains[line][-2:]
        ports.setdefault((node, onwards), spot - depths[node] // 2)
    return ports
