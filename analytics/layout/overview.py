"""The layout of an overview: flat cards in a few columns by trophic level, hubs in a list beside them.

What nothing leads to or from stands in a strip below. Lines find their way
around the cards as they do between packed boxes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..model.graph import Graph
from ..model.grid import Grid, Place, Route
from .canonical import canonical
from .floorplan.routing import route_lines
from .nesting import GROUND, nest
from .net import Net, join
from .projections import FLAT, with_card
from .records import TILE, Measures
from .routes import Spot
from .trophic import cut, trophic_levels

#: An overview has so many columns at most, and so many cards in one while they fit.
MOST_COLUMNS, MOST_ROWS = 6, 11
#: Hubs below each other, where the columns are no longer.
MOST_LISTED = 12
#: A column may hold so many more than all would on an average.
UNEVEN = 2
#: Room of the frame's header above the cards.
HEADER = 700_000
#: The width of cards in hundredths of a tile.
CARD = 130
#: Free ground between cards, between columns for no line and for each more, and before the list of hubs.
ROW_GAP, AISLE, EACH, MOST_AISLE, BESIDE = 240_000, 400_000, 30_000, 1_000_000, 500_000
#: The ground grows by so much where lines find no way.
GROWING = (1.0, 1.5, 2.5)
#: So many lines fit around a card; each more makes it deeper by this.
FEW, PORT = 10, 60_000
#: States the search for ways may look at before it hurries.
STATES = 40_000
#: Times the columns are put into order by their neighbours.
SWEEPS = 12
NO_BOXES: Mapping[str, str] = {}


def lay_out_overview(graph: Graph, hubs: Sequence[str] = ()) -> Grid | None:
    """``graph``, which has no containers, in columns, ``hubs`` in a list; nothing where a line finds no way."""
    graph = canonical(graph)
    measures = with_card(FLAT, CARD)
    net = replace(join(graph.edges, NO_BOXES), trunks={})
    linked = sorted({end for pair in net.pairs for end in pair} - set(hubs))
    strip = [node.id for node in graph.nodes if node.id not in set(linked) | set(hubs)]
    depths = _depths(graph, net, measures)
    ways_to_cut = _cuttings(graph, linked) or [[]]
    columns = min(
        ways_to_cut, key=lambda cutting: _screen(_corners(cutting, hubs, strip, net, depths, measures, 1.0), measures)
    )
    tree = nest(graph, net.pairs)
    extents = {node: (measures.width, depth) for node, depth in depths.items()}
    for growing in GROWING:
        corners, width, depth = _corners(columns, hubs, strip, net, depths, measures, growing)
        ways = route_lines(tree, {}, range(len(net.pairs)), corners, extents, {}, measures, STATES)
        if ways is not None:
            return _grid(graph, net, depths, columns, corners, ways, (width, depth), measures)
    return None


def _screen(laid: tuple[Mapping[str, Spot], int, int], measures: Measures) -> float:
    """How much screen ground asks for, with the header above it."""
    _, width, depth = laid
    return measures.fit(width, depth + HEADER)


def _cuttings(graph: Graph, linked: Sequence[str]) -> list[list[list[str]]]:
    """The nodes with lines in few columns or many, each column in an order with short lines."""
    number = {node: index for index, node in enumerate(linked)}
    weights: dict[tuple[int, int], float] = {}
    for edge in graph.edges:
        if edge.source in number and edge.target in number and edge.source != edge.target:
            pair = number[edge.source], number[edge.target]
            weights[pair] = weights.get(pair, 0.0) + math.log2(1 + edge.count)
    levels = trophic_levels(len(linked), weights)
    order = sorted(range(len(linked)), key=lambda node: (round(levels[node], 6), linked[node]))
    found = []
    for count in range(1, min(MOST_COLUMNS, len(linked)) + 1):
        even = -(-len(linked) // count)
        columns, at = [], 0
        for size in cut([levels[node] for node in order], count, max(even, min(MOST_ROWS, even + UNEVEN))):
            columns.append(order[at : at + size])
            at += size
        found.append([[linked[node] for node in column] for column in _ordered(columns, weights)])
    return found


def _ordered(columns: list[list[int]], weights: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Every column by the weighted mean height of its neighbours, the best of some sweeps."""
    near: dict[int, list[tuple[int, float]]] = {}
    for (tail, head), weight in sorted(weights.items()):
        near.setdefault(tail, []).append((head, weight))
        near.setdefault(head, []).append((tail, weight))
    height: dict[int, float] = {}

    def stand(column: Sequence[int]) -> None:
        for place, node in enumerate(column):
            height[node] = place - (len(column) - 1) / 2

    def length() -> float:
        return sum(weight * abs(height[tail] - height[head]) for (tail, head), weight in weights.items())

    for column in columns:
        stand(column)
    best = length(), [list(column) for column in columns]
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wish = {
                node: sum(height[other] * weight for other, weight in near[node])
                / sum(weight for _, weight in near[node])
                for node in column
            }
            column.sort(key=lambda node: (wish[node], height[node]))
            stand(column)
        found = length()
        if found < best[0] - 1e-9:
            best = found, [list(column) for column in columns]
    return best[1]


def _corners(
    columns: Sequence[Sequence[str]],
    hubs: Sequence[str],
    strip: Sequence[str],
    net: Net,
    depths: Mapping[str, int],
    measures: Measures,
    growing: float,
) -> tuple[dict[str, Spot], int, int]:
    """Where every card stands, and the extent of it all."""
    gap = round(ROW_GAP * growing)
    depth = max([sum(depths[node] + gap for node in column) for column in columns], default=0)
    corners: dict[str, Spot] = {GROUND: (0, 0)}
    column_of = {node: place for place, column in enumerate(columns) for node in column}
    passing = [0] * (len(columns) + 1)
    for one, other in net.pairs:
        low, high = sorted((column_of[one], column_of[other]))
        for gap in range(low, max(high, low + 1)):
            passing[gap] += 1
    x = 0
    for place, column in enumerate(columns):
        filled = sum(depths[node] for node in column)
        between = min((depth - filled) // len(column), gap + measures.depth)
        y = (depth - filled - between * (len(column) - 1) - gap) // 2
        for node in column:
            corners[node] = (x, y)
            y += depths[node] + between
        x += measures.width + round(min(MOST_AISLE, AISLE + EACH * passing[place]) * growing)
    across = measures.width + measures.gap
    if strip:
        fitting = max(1, (x or across * MOST_COLUMNS) // across)
        top = depth + ROW_GAP
        for index, node in enumerate(strip):
            corners[node] = (index % fitting * across, top + index // fitting * (measures.depth + measures.gap))
        depth = top + -(-len(strip) // fitting) * (measures.depth + measures.gap)
    if hubs:
        x = max([x, *[left + measures.width for node, (left, _) in corners.items() if node]]) + BESIDE - AISLE
        close = measures.depth + measures.gap
        lists = -(-len(hubs) // max(-(-depth // close), MOST_LISTED))
        fitting = -(-len(hubs) // lists)
        for index, node in enumerate(hubs):
            corners[node] = (x + index // fitting * across, index % fitting * close)
        depth = max(depth, min(fitting, len(hubs)) * close)
    width = max([left + measures.width for node, (left, _) in corners.items() if node], default=0)
    return corners, width, depth


def _depths(graph: Graph, net: Net, measures: Measures) -> dict[str, int]:
    """How deep each card is: where many lines end its sides must hold them."""
    ends = Counter(end for pair in net.pairs for end in pair)
    return {node.id: measures.depth + PORT * max(0, ends[node.id] - FEW) for node in graph.nodes}


def _grid(
    graph: Graph,
    net: Net,
    depths: Mapping[str, int],
    columns: Sequence[Sequence[str]],
    corners: Mapping[str, Spot],
    ways: Mapping[int, tuple[Spot, ...]],
    size: tuple[int, int],
    measures: Measures,
) -> Grid:
    """All of it as a grid, moved so that nothing lies left of it or above it."""
    points = [point for way in ways.values() for point in way]
    left, top = (min([0, *[point[axis] for point in points]]) for axis in (0, 1))
    right, bottom = (max([size[axis], *[point[axis] for point in points]]) for axis in (0, 1))
    column_of = {node: place for place, column in enumerate(columns) for node in column}
    lines: dict[int, int] = {}
    places = []
    for node in graph.nodes:
        column = column_of.get(node.id, len(columns))
        line = lines[column] = lines.get(column, -1) + 1
        x, y = corners[node.id]
        places.append(
            Place(
                node.id,
                column,
                line,
                (x - left) / TILE,
                (y - top) / TILE,
                measures.width / TILE,
                depths[node.id] / TILE,
            )
        )
    number = {pair: key for key, pair in enumerate(net.pairs)}
    routes = []
    edges = []
    for index, edge in enumerate(graph.edges):
        key = number.get((min(edge.source, edge.target), max(edge.source, edge.target)))
        if key is None:
            routes.append(Route(index))
            edges.append(replace(edge, back=False))
            continue
        way = tuple([((x - left) / TILE, (y - top) / TILE) for x, y in ways[key]])
        routes.append(Route(index, way if (edge.source, edge.target) == net.pairs[key] else way[::-1]))
        edges.append(replace(edge, back=edge.back and column_of[edge.target] <= column_of[edge.source]))
    return Grid(
        replace(graph, edges=tuple(edges)),
        tuple(places),
        (),
        tuple(routes),
        columns=max(place.column for place in places) + 1 if places else 0,
        lines=max(lines.values(), default=-1) + 1,
        width=(right - left) / TILE,
        depth=(bottom - top) / TILE,
        projection="flat",
    )
