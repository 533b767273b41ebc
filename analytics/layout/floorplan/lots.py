"""A scope that holds nodes only: its parts are layered one by one, then packed beside each other.

:func:`order_lot` does what knows no sizes, once; :func:`settle_lot` puts the
result on the ground, for each width of cards that is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from ..component import Part, Tie, layer, split
from ..effort import Effort
from ..fold import ASTRAY, astray
from ..loosening import loosened
from ..pack import pack
from ..records import Digraph, Measures
from ..routes import Spot
from ..settling import Plot, settle
from ..trunks import Membership

#: How many nodes a column may hold, in square roots of the part's number of nodes; 0 is as many as come.
CROWDS = (1.2, 1.7, 2.4)
#: Parts with more nodes are tried with one crowd only, and with a share of the work.
LARGE = 150
#: How much more crossings a part with split ranks may have.
CROSSED = 1.1


@dataclass(frozen=True, slots=True)
class Line:
    """A connected pair of a scope's members: its key, its ends by their numbers, and which ways edges lead."""

    key: int
    ends: tuple[int, int]
    there: bool
    back: bool


@dataclass(frozen=True, slots=True)
class OrderedLot:
    """A scope's members and its parts, each with the orders that are worth settling."""

    members: tuple[str, ...]
    lines: Mapping[int, tuple[int, int]]
    parts: tuple[tuple[tuple[int, ...], tuple[Part, ...]], ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """A scope on its own ground: extent, corners, depths and ranks of its members.

    ``ways`` lead from each line's first end to its second; of those in
    ``leftward`` the second end is the one that stands left; those in ``loose`` left their trunks.
    """

    width: int
    depth: int
    corners: Mapping[str, Spot]
    depths: Mapping[str, int]
    ways: Mapping[int, tuple[Spot, ...]]
    column: Mapping[str, int]
    leftward: frozenset[int]
    loose: frozenset[int]


def order_lot(
    members: Sequence[str],
    lines: Sequence[Line],
    entries: frozenset[str],
    trunks: Mapping[int, Membership],
    effort: Effort,
) -> OrderedLot:
    """Columns and their orders for every part of a scope."""
    arcs = {line.ends for line in lines if line.there} | {line.ends[::-1] for line in lines if line.back}
    whole = Digraph(
        len(members),
        tuple(sorted(arcs)),
        frozenset(number for number, member in enumerate(members) if member in entries),
    )
    parts = []
    for own, graph in split(whole):
        index = {member: number for number, member in enumerate(own)}
        ties = [
            Tie((index[line.ends[0]], index[line.ends[1]]), line.key, trunks.get(line.key))
            for line in lines
            if line.ends[0] in index
        ]
        parts.append((own, _orders(graph, ties, effort)))
    return OrderedLot(tuple(members), {line.key: line.ends for line in lines}, tuple(parts))


def _orders(graph: Digraph, ties: Sequence[Tie], effort: Effort) -> tuple[Part, ...]:
    """The part as its ranks come, and with ranks split where they are long."""
    plain = layer(graph, effort, ties)
    crowd = max((len(column) for column in _ranks(plain)), default=0)
    most = max((len(column) for column in plain.order), default=0)
    if graph.size < 6 or not any(tie.trunk for tie in ties):
        return (plain,)
    less = effort
    shares: tuple[float, ...] = CROWDS
    if graph.size > LARGE:
        less = replace(effort, share=effort.share // 4, most=effort.most // 4, laying=effort.laying // 4, rankings=1)
        shares = CROWDS[1:2]
    limits = sorted({max(2, round(share * sqrt(graph.size))) for share in shares})
    return (plain, *[layer(graph, less, ties, crowd=limit) for limit in limits if limit < crowd or limit * 2 < most])


def _ranks(part: Part) -> list[list[int]]:
    """The nodes of each column."""
    return [[vertex for vertex in column if vertex < part.graph.real] for column in part.order]


def settle_lot(
    lot: OrderedLot,
    measures: Measures,
    words: Mapping[int, tuple[str, int]],
    gap: int,
    *,
    alone: bool,
    loosen: bool = True,
) -> Lot:
    """Every part in its best order on the ground, then all beside each other, at least ``gap`` apart.

    ``alone``: this is the whole picture, and long parts may be folded. ``loosen``: lines may leave their trunks.
    """
    placed: list[tuple[tuple[int, ...], Part, Plot]] = []
    for own, orders in lot.parts:
        part, plot = _best(orders, measures, words, alone, loosen)
        placed.append((own, part, plot))
    spots = pack([(plot.width, plot.depth) for *_, plot in placed], gap, measures.fit)
    corners: dict[str, Spot] = {}
    depths: dict[str, int] = {}
    ways: dict[int, tuple[Spot, ...]] = {}
    column: dict[str, int] = {}
    leftward: set[int] = set()
    loose: set[int] = set()
    width = depth = 0
    for (own, part, plot), (dx, dy) in zip(placed, spots, strict=True):
        for index, member in enumerate(own):
            x, y = plot.corners[index]
            corners[lot.members[member]] = (x + dx, y + dy)
            depths[lot.members[member]] = plot.depths[index]
            column[lot.members[member]] = part.column(index)
        loose |= {part.keys[line] for line in part.loose}
        for key, (tail, _), points in zip(part.keys, part.lines, plot.points, strict=True):
            ways[key] = tuple([(x + dx, y + dy) for x, y in points])
            if own[tail] != lot.lines[key][0]:
                ways[key] = ways[key][::-1]
                leftward.add(key)
        width, depth = max(width, dx + plot.width), max(depth, dy + plot.depth)
    return Lot(width, depth, corners, depths, ways, column, frozenset(leftward), frozenset(loose))


def _best(
    orders: Sequence[Part], measures: Measures, words: Mapping[int, tuple[str, int]], alone: bool, loosen: bool
) -> tuple[Part, Plot]:
    """The order whose plot asks for least of a screen without sending lines astray or crossing many more."""

    def settled(part: Part, foldable: bool = False) -> Plot:
        size = part.graph.real
        extents = [measures.width] * size, [measures.depth] * size
        return settle(part, *extents, measures=measures, words=words, foldable=foldable)

    plots = [(part, settled(part, alone)) for part in orders]
    limit = max(ASTRAY, 1.02 * astray(plots[0][1].points)) if len(plots) > 1 else 0.0
    fewest = orders[0].crossings
    best = 0
    for number in range(1, len(plots)):
        part, plot = plots[number]
        if part.crossings > CROSSED * fewest + 1 or astray(plot.points) > limit:
            continue
        if measures.fit(plot.width, plot.depth) < measures.fit(plots[best][1].width, plots[best][1].depth):
            best = number
    chosen, plot = plots[best]
    if loosen:
        looser = loosened(chosen, settled)
        if looser is not chosen:
            return looser, settled(looser, alone)
    return chosen, plot
