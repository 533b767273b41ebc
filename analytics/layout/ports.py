"""Phase: where on its border does each line leave and reach a tile?

Before: every vertex has its ``y``. After: for each segment of each line the
``y`` it leaves at and the ``y`` it arrives at. Ports of one side stand in the
order of the other ends, none equal but those of one trunk. In one gap no line arrives where another
one leaves, so no two lines can ever lie on each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .records import PLAIN, TILE, Bundle, Layered, Measures, Order
from .tight import spread_out
from .writings import Writing

#: Ports keep this share of the side free at both ends.
SHOULDER = 0.15

#: The same beside words, in millionths of a tile: half of their depth.
WORD_SHOULDER = 66_000

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


NOTHING_GIVEN = Given({}, {})


class _Claims:
    """Which line, or trunk, holds which ``y`` at a gap's borders."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], Hashable] = {}

    def take(self, owner: Hashable, gaps: Sequence[int], wanted: int, step: int) -> int:
        """The free ``y`` nearest to ``wanted`` in all of ``gaps``, held for ``owner`` from now on."""
        spot, turn = wanted, 0
        while any(self._held.get((gap, spot), owner) != owner for gap in gaps):
            turn += 1
            spot = wanted + step * ((turn + 1) // 2) * (1 if turn % 2 else -1)
        for gap in gaps:
            self._held[gap, spot] = owner
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
    graph: Layered,
    order: Order,
    y: Sequence[int],
    depths: Sequence[int],
    given: Given = NOTHING_GIVEN,
    measures: Measures = PLAIN,
    bundles: Sequence[Bundle | None] = (),
    writings: Mapping[int, Writing] | None = None,
) -> tuple[Wire, ...]:
    """The wire of each line of ``graph``, in the order of its chains.

    ``given`` ports stay where they are, except for a nudge where one would meet
    another line. Lines of one trunk share a port at the end they share; ports
    with words beside them stand apart by as much as words need.
    """
    real = graph.real
    owners: list[Hashable] = [
        ("line", line) if not bundles or bundles[line] is None else bundles[line] for line in range(len(graph.chains))
    ]
    lanes = list(y)
    floor = max((y[v] + (depths[v] // 2 if v < real else 0) for v in range(len(y))), default=0)
    bypass_lane = {line: floor + (index + 2) * measures.lane for index, line in enumerate(graph.bypasses)}
    claims = _Claims()
    source_port: dict[int, int] = {}
    target_port: dict[int, int] = {}

    for line, chain in enumerate(graph.chains):
        if line in given.leaving:
            top = y[chain[0]] - depths[chain[0]] // 2
            gaps = (graph.column[chain[0]],)
            source_port[line] = claims.take(owners[line], gaps, top + given.leaving[line], NUDGE)
        if line in given.reaching:
            top = y[chain[-1]] - depths[chain[-1]] // 2
            gaps = (graph.column[chain[-1]] - 1,)
            target_port[line] = claims.take(owners[line], gaps, top + given.reaching[line], NUDGE)

    _claim_lanes(graph, len(order) - 1, y, lanes, owners, claims)
    for line in bypass_lane:  # below everything only bypasses run, each at a y of its own
        chain = graph.chains[line]
        ends = (graph.column[chain[0]], graph.column[chain[-1]] - 1)
        bypass_lane[line] = claims.take(owners[line], ends, bypass_lane[line], NUDGE)

    leaving, reaching = sides(graph, order)
    met_sides = [
        (len(together), node, together, outgoing)
        for outgoing, side in ((True, leaving), (False, reaching))
        for node, met in enumerate(side)
        if met
        for together in [_ports_of(met, outgoing, bundles)]
    ]
    met_sides.sort(key=lambda side: (-side[0], side[1], side[3]))
    for count, node, together, outgoing in met_sides:
        ports = source_port if outgoing else target_port
        others = target_port if outgoing else source_port
        wishes = []
        for number, lines in enumerate(together):
            wanted = []
            for line in lines:
                chain = graph.chains[line]
                other = chain[1] if outgoing else chain[-2]
                if line in ports:
                    wanted.append(ports[line])
                elif line in bypass_lane:
                    wanted.append(bypass_lane[line])
                elif other >= real:
                    wanted.append(lanes[other])
                else:
                    wanted.append(others.get(line, y[other]))
            wanted.sort()
            wishes.append((wanted[(len(wanted) - 1) // 2], number))
        if bundles:
            wishes.sort()
        top, depth = y[node] - depths[node] // 2, depths[node]
        shoulder = round(min(depth, TILE) * SHOULDER)
        gaps = (graph.column[node] if outgoing else graph.column[node] - 1,)
        step = max(1, min(NUDGE, (depth - 2 * shoulder) // (8 * count)))
        said = [
            any(line in (writings or {}) and (writings or {})[line].at(outgoing) for line in together[number])
            for _, number in wishes
        ]
        if any(said):
            shoulder = min(shoulder, WORD_SHOULDER)
            least = [(measures.lane, measures.beside, measures.word)[one + other] for one, other in pairwise(said)]
            spots = spread_out([wish for wish, _ in wishes], least, top + shoulder, top + depth - shoulder)
        else:
            spots = spread([wish for wish, _ in wishes], top + shoulder, top + depth - shoulder, measures.lane)
        for (_, number), spot in zip(wishes, spots, strict=True):
            lines = together[number]
            held = [ports[line] for line in lines if line in ports]
            at = held[0] if held else claims.take(owners[lines[0]], gaps, spot, step)
            for line in lines:
                ports.setdefault(line, at)

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


def _claim_lanes(
    graph: Layered, gap_count: int, y: Sequence[int], lanes: list[int], owners: Sequence[Hashable], claims: _Claims
) -> None:
    """The ``y`` of every dummy; those of one line on one ``y`` stay on one, those of a trunk are claimed once."""
    taken: set[int] = set()
    for line, chain in enumerate(graph.chains):
        inner = [vertex for vertex in chain if vertex >= graph.real and vertex not in taken]
        taken.update(inner)
        start = 0
        while start < len(inner):
            stop = start
            while (
                stop < len(inner)
                and y[inner[stop]] == y[inner[start]]
                and graph.column[inner[stop]] == graph.column[inner[start]] + stop - start
            ):
                stop += 1
            first, last = graph.column[inner[start]], graph.column[inner[stop - 1]]
            spot = claims.take(owners[line], range(max(0, first - 1), min(gap_count, last + 1)), y[inner[start]], NUDGE)
            for vertex in inner[start:stop]:
                lanes[vertex] = spot
            start = stop


def _ports_of(met: Sequence[int], outgoing: bool, bundles: Sequence[Bundle | None]) -> list[list[int]]:
    """The lines of a side by their port: a trunk has one at the end its lines share, every other line its own."""
    together: dict[Hashable, list[int]] = {}
    for line in met:
        bundle = bundles[line] if bundles else None
        shares = bundle is not None and bundle.right != outgoing
        together.setdefault(bundle if shares else line, []).append(line)
    return list(together.values())


def spread(wanted: Sequence[int], low: int, high: int, lane: int = PLAIN.lane) -> list[int]:
    """Values near ``wanted`` in the same order, inside the range, apart from each other.

    >>> spread([5, 5, 5], 0, 300_000)
    [5, 120005, 240005]
    >>> spread([500_000, 900_000], 0, 300_000)
    [180000, 300000]
    """
    count = len(wanted)
    if count == 1:
        return [min(max(wanted[0], low), high)]
    apart = min(lane, (high - low) // (count - 1))
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
