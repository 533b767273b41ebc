"""The phases of one graph without containers, and of its parts that hang together.

:func:`layer` orders a part, :func:`settle` puts it on the ground. Between the
two the extents of its nodes become known, when they are containers themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt

from .acyclic import orient, orient_by_depth
from .cells import place_columns
from .dummies import insert_dummies
from .effort import Effort
from .forms import Arc, Digraph, Layered, Order
from .lines import place_lines
from .order import order_columns
from .ports import Given, place_ports
from .ranks import rank
from .routes import Spot, trace
from .tracks import assign_tracks

#: Dummies that lines from pins may need before nodes that stand alone get fewer columns.
PIN_DUMMIES = 20_000

#: How much more room and how many more dummies another choice of columns may need for fewer crossings.
STRETCH = 1.1

#: The same where fewer crossings are bought with more reversed lines, which reach further.
DEPTH = 3.0

#: So many crossings another reversed line has to save.
REVERSAL = 5

#: What part of the work each choice of columns may use before the best one gets all of it.
SCOUTING = 10


@dataclass(frozen=True, slots=True)
class Tie:
    """A line to draw between two nodes, in either direction; ``key`` is the caller's name for it."""

    ends: Arc
    key: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A line that comes from outside (or goes there) and ends at ``node``."""

    node: int
    key: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part after the phases that know no sizes.

    ``lines`` are arcs from left to right over nodes and pins, ``keys`` their names.
    """

    lines: tuple[Arc, ...]
    keys: tuple[int, ...]
    graph: Layered
    order: Order
    first: int = 0

    def column(self, node: int) -> int:
        """The rank of ``node``; columns of pins do not count."""
        return self.graph.column[node] - self.first


@dataclass(frozen=True, slots=True)
class Plot:
    """A part on its own ground: corners of its nodes, points of its lines, and its extent."""

    corners: tuple[Spot, ...]
    points: tuple[tuple[Spot, ...], ...]
    width: int
    depth: int


def split(graph: Digraph) -> tuple[tuple[tuple[int, ...], Digraph], ...]:
    """The connected parts with their members, largest first.

    >>> [members for members, _ in split(Digraph(4, ((1, 2),)))]
    [(1, 2), (0,), (3,)]
    """
    near: list[list[int]] = [[] for _ in range(graph.size)]
    for tail, head in graph.arcs:
        near[tail].append(head)
        near[head].append(tail)
    seen = bytearray(graph.size)
    found: list[tuple[int, ...]] = []
    for start in range(graph.size):
        if seen[start]:
            continue
        seen[start] = 1
        reached = [start]
        for node in reached:
            for other in near[node]:
                if not seen[other]:
                    seen[other] = 1
                    reached.append(other)
        found.append(tuple(sorted(reached)))
    found.sort(key=lambda part: (-len(part), part))
    home = [0] * graph.size
    number = [0] * graph.size
    for index, members in enumerate(found):
        for inner, node in enumerate(members):
            home[node], number[node] = index, inner
    arcs: list[list[Arc]] = [[] for _ in found]
    for tail, head in graph.arcs:
        arcs[home[tail]].append((number[tail], number[head]))
    return tuple(
        (
            members,
            Digraph(len(members), tuple(inside), frozenset(number[node] for node in members if node in graph.entries)),
        )
        for members, inside in zip(found, arcs, strict=True)
    )


def layer(
    graph: Digraph,
    effort: Effort,
    ties: Sequence[Tie] | None = None,
    incoming: Sequence[Pin] = (),
    outgoing: Sequence[Pin] = (),
    large: frozenset[int] = frozenset(),
) -> Part:
    """Columns and their order for one part.

    ``ties`` are the lines to draw, by default one for each connected pair.
    ``incoming`` and ``outgoing`` pins stand at the left and right border in the
    order given. Without pins the part must hang together. ``large`` nodes are
    containers, whose extents become known later.
    """
    if incoming or outgoing:
        along = orient(graph)
        spread = _columns_of_pieces(graph, along, effort, len(incoming) + len(outgoing), large)
        return _ordered(graph, along, spread, effort, ties, incoming, outgoing)[0]
    choices = _choices(graph, effort)
    chosen = choices[0]
    if len(choices) > 1:
        scout = replace(
            effort,
            share=effort.share // SCOUTING,
            most=effort.most // SCOUTING,
            laying=effort.laying // SCOUTING,
        )
        tried = []
        for along, columns in choices:
            tried.append(_ordered(graph, along, columns, scout, ties))
            if not tried[0][1]:  # nothing can be better
                return tried[0][0]
        plain = tried[0][0].graph
        fits = [
            number
            for number, (part, _) in enumerate(tried)
            for stretch in [STRETCH if choices[number][0] is chosen[0] else DEPTH]
            if _room(part.graph) <= stretch * _room(plain) and len(part.graph.column) <= stretch * len(plain.column)
        ]
        chosen = choices[
            min(fits, key=lambda number: tried[number][1] + REVERSAL * _reversals(graph, choices[number][0]))
        ]
    return _ordered(graph, *chosen, effort, ties)[0]


def _choices(graph: Digraph, effort: Effort) -> list[tuple[tuple[Arc, ...], tuple[int, ...]]]:
    """The orientations and the columns that are worth a try, the plain ones first, none twice."""
    along = orient(graph)
    variants = effort.rankings if graph.size <= effort.compared else 1
    ranked = [rank(graph.size, along, graph.entries, effort.pivots, variant) for variant in range(variants)]
    choices = [(along, columns) for columns in dict.fromkeys(ranked)]
    if effort.orientations > 1 and _reversals(graph, along):
        deeper = orient_by_depth(graph)
        if deeper != along:
            choices.append((deeper, rank(graph.size, deeper, graph.entries, effort.pivots)))
    return choices


def _reversals(graph: Digraph, along: Sequence[Arc]) -> int:
    """How many lines run against their only arc."""
    arcs = set(graph.arcs)
    return sum(line not in arcs for line in along)


def _room(graph: Layered) -> int:
    """Columns times the most vertices in one: what the part needs of the ground."""
    crowd: dict[int, int] = {}
    for column in graph.column:
        crowd[column] = crowd.get(column, 0) + 1
    return len(crowd) * max(crowd.values(), default=0)


def _ordered(
    graph: Digraph,
    along: Sequence[Arc],
    ranks: Sequence[int],
    effort: Effort,
    ties: Sequence[Tie] | None,
    incoming: Sequence[Pin] = (),
    outgoing: Sequence[Pin] = (),
) -> tuple[Part, int]:
    """The part for one choice of orientation and columns, and its crossings."""
    if ties is None:
        ties = [Tie(arc, key) for key, arc in enumerate(along)]
    forward = set(along)
    drawn = sorted((tie.ends if tie.ends in forward else (tie.ends[1], tie.ends[0]), tie.key) for tie in ties)
    lines = [ends for ends, _ in drawn]
    keys = [key for _, key in drawn]
    first = 1 if incoming else 0
    columns = [column + first for column in ranks]
    last = max(columns, default=0) + 1
    for pin in incoming:
        lines.append((len(columns), pin.node))
        keys.append(pin.key)
        columns.append(0)
    for pin in outgoing:
        lines.append((pin.node, len(columns)))
        keys.append(pin.key)
        columns.append(last)
    layered = insert_dummies(columns, lines, pins=len(incoming) + len(outgoing))
    found = order_columns(layered, effort)
    return Part(tuple(lines), tuple(keys), layered, found.order, first), found.crossings


def _columns_of_pieces(
    graph: Digraph, along: Sequence[Arc], effort: Effort, pins: int, large: frozenset[int]
) -> list[int]:
    """Columns where several pieces share the ground: each from the first one, single nodes spread over a square.

    ``large`` nodes take fewer columns: a line from one of them would push the next one aside by half its depth.
    """
    columns = [0] * graph.size
    singles = []
    forward = Digraph(graph.size, tuple(along), graph.entries)
    for members, piece in split(forward):
        if piece.size == 1:
            singles.append(members[0])
            continue
        for node, column in zip(members, rank(piece.size, piece.arcs, piece.entries, effort.pivots), strict=True):
            columns[node] = column
    tiles = [node for node in singles if node not in large]
    boxes = [node for node in singles if node in large]
    roomy = min(isqrt(len(tiles) * 2), max(columns) + 1 + isqrt(len(tiles)))
    for alike, wanted in ((tiles, roomy), (boxes, isqrt(len(boxes)))):
        spread = max(1, min(wanted, PIN_DUMMIES // pins))
        for index, node in enumerate(alike):
            columns[node] = index % spread
    return columns


def settle(part: Part, widths: Sequence[int], depths: Sequence[int], given: Given | None = None) -> Plot:
    """One ordered part on the ground; ``widths`` and ``depths`` are the extents of its nodes, ``given`` their ports."""
    graph = part.graph
    y = place_lines(graph, part.order, depths, _fixed(graph, depths, given) if given else {})
    wires = place_ports(graph, part.order, y, depths, given)
    tracks = assign_tracks(wires, max(0, len(part.order) - 1))
    column_widths = [max([widths[v] for v in layer if v < graph.real], default=0) for layer in part.order]
    columns = place_columns(column_widths, tracks.counts)
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
    return Plot(tuple(corners), tuple(points), max(columns.right, default=0), depth)


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
