"""What every way of laying out ends in: where things stand, how large they are, and how the lines run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..lettering import UNIT
from ..lettering.cards import card_name
from ..model.graph import Graph
from .effort import Effort
from .floorplan.lots import Line, Lot, OrderedLot, order_lot, settle_lot
from .net import Net
from .projections import CARDS, with_card
from .records import TILE, Measures
from .routes import Spot

#: Graphs of more nodes are laid out with one width of cards.
COMPARED = 150


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything placed, in millionths of a tile.

    ``corners`` and ``extents`` are those of nodes and containers, ``ways`` lead
    from the first end of each pair to its second. ``leftward`` are the pairs whose
    second end stands left, where the picture has a reading direction; ``loose`` those that left their trunks.
    """

    width: int
    depth: int
    corners: Mapping[str, Spot]
    extents: Mapping[str, tuple[int, int]]
    ways: Mapping[int, tuple[Spot, ...]]
    column: Mapping[str, int]
    header: int = 0
    leftward: frozenset[int] | None = None
    loose: frozenset[int] = frozenset()


def lay_open_ground(graph: Graph, net: Net, entries: frozenset[str], effort: Effort, measures: Measures) -> Ground:
    """A graph without containers; of several widths of cards the one that lets names be largest is kept."""
    members = [node.id for node in graph.nodes]
    number = {member: index for index, member in enumerate(members)}
    lines = [Line(key, (number[one], number[other]), *net.arcs[key]) for key, (one, other) in enumerate(net.pairs)]
    ordered = order_lot(members, lines, entries, net.trunks, effort)
    lot, cards = _largest_names(graph, ordered, net, measures)
    extents = {member: (cards.width, lot.depths[member]) for member in members}
    return Ground(
        lot.width, lot.depth, lot.corners, extents, lot.ways, lot.column, leftward=lot.leftward, loose=lot.loose
    )


def _largest_names(graph: Graph, ordered: OrderedLot, net: Net, measures: Measures) -> tuple[Lot, Measures]:
    """The lot in the card width whose names come out largest on a screen, the small ones counted as much."""
    best: tuple[float, Lot, Measures] | None = None
    widths = CARDS if measures.flat and len(graph.nodes) <= COMPARED else (measures.width * 100 // TILE,)
    for width in widths:
        cards = with_card(measures, width)
        lot = settle_lot(ordered, cards, net.words(cards), 2 * cards.gap, alone=True, loosen=len(widths) < 2)
        score = name_size(graph, cards) / max(1.0, cards.fit(lot.width + MARGINS, lot.depth + MARGINS))
        if best is None or score > best[0]:
            best = score, lot, cards
    assert best is not None
    _, lot, cards = best
    if len(widths) > 1:
        lot = settle_lot(ordered, cards, net.words(cards), 2 * cards.gap, alone=True)
    return lot, cards


#: What the frame keeps free around the ground.
MARGINS = 400_000


def name_size(graph: Graph, measures: Measures) -> float:
    """The size of the names on cards of this width: half the median, half the 10 % quantile."""
    if not measures.flat or not graph.nodes:
        return 1.0
    sizes = sorted(card_name(node.name, measures.width / TILE * UNIT).size for node in graph.nodes)
    return (sizes[len(sizes) // 2] + sizes[len(sizes) // 10]) / 2
