"""Phase: where on its border does each line leave and reach a tile?

Before: every vertex has its ``y``. After: for each segment of each line the
``y`` it leaves at and the ``y`` it arrives at. Ports of one side stand in the
order of the other ends, none equal. In one gap no line arrives where another
one leaves, so no two lines can ever lie on each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .forms import LANE, TILE, Layered, Order

#: Ports keep this share of the side free at both ends.
SHOULDER = 0.15

#: Steps of the search for a free ``y`` near the wanted one.
NUDGE = 4_000


@dataclass(frozen=True, slots=True)
class Wire:
    """One line's way: for each segment the gap it runs in and its two ``y``; gap ``g`` lies right of column ``g``."""

    gaps: tuple[int, ...]
    leaves: tuple[int, ...]
    arrives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """Ports that are where they are: for a line the ``y`` on its left and its right tile, from the tile's top."""

    leaving: Mapping[int, int]
    reaching: Mapping[int, int]


class _Claims:
    """Which line holds which ``y`` at a gap's borders."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], int] = {}

    def take(self, line: int, gaps: Sequence[int], wanted: int, step: int) -> int:
        """The free ``y`` nearest to ``wanted`` in all of ``gaps``, held for ``line`` from now on."""
        spot, turn = wanted, 0
        while any(self._held.get((gap, spot), line) != line for gap in gaps):
            turn += 1
            spot = wanted + step * ((turn + 1) // 2) * (1 if turn % 2 else -1)
        for gap in gaps:
            self._held[gap, spot] = line
        return spot


def sides(graph: Layered, order: Order) -> tuple[list[list[int]], list[list[int]]]:
    """The lines that leave and that reach each node, in the order of their other ends; bypasses come last."""
    place = [0] * len(graph.column)
    for layer in order:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(graph.real)]
    reaching: list[list[tuple[int, int]]] = [[] for _ in range(graph.real)]
    bypasses = frozenset(graph.bypasses)
    for line, chain in enumerate(graph.chains):
        beyond = len(place) if line in bypasses else 0
        if chain[0] < graph.real:
            leaving[chain[0]].append((beyond + place[chain[1]], line))
        if chain[-1] < graph.real:
            reaching[chain[-1]].append((beyond + place[chain[-2]], line))
    return [[line for _, line in sorted(met)] for met in leaving], [
        [line for _, line in sorted(met)] for met in reaching
    ]


def place_ports(
    graph: Layered, order: Order, y: Sequence[int], depths: Sequence[int], given: Given | None = None
) -> tuple[Wire, ...]:
    """The wire of each line of ``graph``, in the order of its chains.

    ``given`` ports stay where they are, except for a nudge where one would meet another line.
    """
    given = given or Given({}, {})
    real = graph.real
    gap_count = len(order) - 1
    lanes = list(y)
    floor = max((y[v] + (depths[v] // 2 if v < real else 0) for v in range(len(y))), default=0)
    bypass_lane = {line: floor + (index + 2) * LANE for index, line in enumerate(graph.bypasses)}
    leaving, reaching = sides(graph, order)
    claims = _Claims()
    source_port: dict[int, int] = {}
    target_port: dict[int, int] = {}

    for line, chain in enumerate(graph.chains):
        if line in given.leaving:
            top = y[chain[0]] - depths[chain[0]] // 2
            gaps = (graph.column[chain[0]],)
            source_port[line] = claims.take(line, gaps, top + given.leaving[line], NUDGE)
        if line in given.reaching:
            top = y[chain[-1]] - depths[chain[-1]] // 2
            gaps = (graph.column[chain[-1]] - 1,)
            target_port[line] = claims.take(line, gaps, top + given.reaching[line], NUDGE)

    for line, chain in enumerate(graph.chains):
        inner = [vertex for vertex in chain if vertex >= real]
        start = 0
        while start < len(inner):  # dummies on one y stay on one
            stop = start
            while stop < len(inner) and y[inner[stop]] == y[inner[start]]:
                stop += 1
            first, last = graph.column[inner[start]], graph.column[inner[stop - 1]]
            spot = claims.take(line, range(max(0, first - 1), min(gap_count, last + 1)), y[inner[start]], NUDGE)
            for vertex in inner[start:stop]:
                lanes[vertex] = spot
            start = stop
        if line in bypass_lane:  # below everything only bypasses run, each at a y of its own
            ends = (graph.column[chain[0]], graph.column[chain[-1]] - 1)
            bypass_lane[line] = claims.take(line, ends, bypass_lane[line], NUDGE)

    met_sides = [
        (len(met), node, met, outgoing)
        for outgoing, side in ((True, leaving), (False, reaching))
        for node, met in enumerate(side)
        if met
    ]
    met_sides.sort(key=lambda side: (-side[0], side[1], side[3]))
    for count, node, met, outgoing in met_sides:
        ports = source_port if outgoing else target_port
        wanted = []
        for line in met:
            chain = graph.chains[line]
            other = chain[1] if outgoing else chain[-2]
            if line in ports:
                wanted.append(ports[line])
            elif line in bypass_lane:
                wanted.append(bypass_lane[line])
            elif other >= real:
                wanted.append(lanes[other])
            else:
                wanted.append((target_port if outgoing else source_port).get(line, y[other]))
        top, depth = y[node] - depths[node] // 2, depths[node]
        shoulder = round(min(depth, TILE) * SHOULDER)
        gaps = (graph.column[node] if outgoing else graph.column[node] - 1,)
        step = max(1, min(NUDGE, (depth - 2 * shoulder) // (8 * count)))
        spots = spread(wanted, top + shoulder, top + depth - shoulder)
        for line, spot in zip(met, spots, strict=True):
            if line not in ports:
                ports[line] = claims.take(line, gaps, spot, step)

    wires = []
    for line, chain in enumerate(graph.chains):
        first, last = graph.column[chain[0]], graph.column[chain[-1]]
        start_y = source_port[line] if chain[0] < real else lanes[chain[0]]
        end_y = target_port[line] if chain[-1] < real else lanes[chain[-1]]
        if line in bypass_lane:
            wires.append(Wire((first, last - 1), (start_y, bypass_lane[line]), (bypass_lane[line], end_y)))
        else:
            between = tuple(lanes[vertex] for vertex in chain[1:-1])
            wires.append(Wire(tuple(range(first, last)), (start_y, *between), (*between, end_y)))
    return tuple(wires)


def spread(wanted: Sequence[int], low: int, high: int) -> list[int]:
    """Values near ``wanted`` in the same order, inside the range, apart from each other.

    >>> spread([5, 5, 5], 0, 300_000)
    [5, 120005, 240005]
    >>> spread([500_000, 900_000], 0, 300_000)
    [180000, 300000]
    """
    count = len(wanted)
    if count == 1:
        return [min(max(wanted[0], low), high)]
    apart = min(LANE, (high - low) // (count - 1))
    spots = []
    least = low
    for spot in wanted:
        least = max(least, min(spot, high))
        spots.append(least)
        least += apart
    most = high
    for index in range(count - 1, -1, -1):
        spots[index] = min(spots[index], most)
        most = spots[index] - apart
    return spots


assert round(TILE * SHOULDER) > NUDGE  # a nudged port stays on its side
