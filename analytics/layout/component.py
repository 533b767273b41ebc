"""The phases that know no sizes, for one part of a graph that hangs together.

:func:`layer` gives it columns and orders them; :func:`analytics.layout.settling.settle` puts it on the ground.
Between the two the extents of its nodes become known, when they are containers themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt

from .acyclic import orient, orient_by_depth
from .dummies import insert_dummies
from .effort import Effort
from .ordering.order import order_columns
from .ranks import rank
from .records import Arc, Bundle, Digraph, Layered, Order
from .trunks import Membership, merge_neighbours

#: Dummies that lines from pins may need before nodes that stand alone get fewer columns.
PIN_DUMMIES = 20_000

#: How much more room and how many more dummies another choice of columns may need for fewer crossings.
STRETCH = 1.1

#: The same where fewer crossings are bought with more reversed lines, which reach further.
DEPTH = 3.0

#: So many crossings another reversed line has to save.
REVERSAL = 5

#: Lines that pass more columns than this, all together, are not ordered without their trunks too.
PASSED = 60_000

#: What part of the work each choice of columns may use before the best one gets all of it.
SCOUTING = 10


@dataclass(frozen=True, slots=True)
class Tie:
    """A line to draw between two nodes, in either direction; ``key`` is the caller's name for it.

    ``trunk`` says in which trunk it runs, and which of its ``ends`` that shares.
    """

    ends: Arc
    key: int
    trunk: Membership | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A line that comes from outside (or goes there) and ends at ``node``."""

    node: int
    key: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part after the phases that know no sizes.

    ``lines`` are arcs from left to right over nodes and pins, ``keys`` their names, ``bundles`` their trunks.
    ``apart`` is the graph, in its order, before neighbours of one trunk became one, where they did afterwards;
    ``loose`` are the lines that left their trunks.
    """

    lines: tuple[Arc, ...]
    keys: tuple[int, ...]
    bundles: tuple[Bundle | None, ...]
    graph: Layered
    order: Order
    crossings: int
    first: int = 0
    apart: tuple[Layered, Order] | None = None
    loose: frozenset[int] = frozenset()

    def column(self, node: int) -> int:
        """The rank of ``node``; columns of pins do not count."""
        return self.graph.column[node] - self.first


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
    crowd: int = 0,
) -> Part:
    """Columns and their order for one part; a rank of more than ``crowd`` nodes takes several columns (0: never).

    ``ties`` are the lines to draw, by default one for each connected pair.
    ``incoming`` and ``outgoing`` pins stand at the left and right border in the
    order given. Without pins the part must hang together. ``large`` nodes are
    containers, whose extents become known later.
    """
    if incoming or outgoing:
        along = orient(graph)
        spread = _columns_of_pieces(graph, along, effort, len(incoming) + len(outgoing), large)
        return _ordered(graph, along, spread, effort, ties, incoming, outgoing)
    choices = [(along, split_ranks(columns, along, crowd)) for along, columns in _choices(graph, effort)]
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
            if not tried[0].crossings:  # nothing can be better
                return tried[0]
        plain = tried[0].graph
        fits = [
            number
            for number, part in enumerate(tried)
            for stretch in [STRETCH if choices[number][0] is chosen[0] else DEPTH]
            if _room(part.graph) <= stretch * _room(plain) and len(part.graph.column) <= stretch * len(plain.column)
        ]
        chosen = choices[
            min(fits, key=lambda number: tried[number].crossings + REVERSAL * _reversals(graph, choices[number][0]))
        ]
    return _ordered(graph, *chosen, effort, ties)


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


def split_ranks(ranks: Sequence[int], along: Sequence[Arc], crowd: int) -> tuple[int, ...]:
    """``ranks`` in which no column holds more than ``crowd`` nodes; those that pull to the left stand left.

    A trunk needs one dummy more for a column more, so where lines run in trunks this is cheap.

    >>> split_ranks((0, 1, 1, 1, 2), ((0, 1), (0, 2), (0, 3), (3, 4)), 2)
    (0, 1, 1, 2, 3)
    """
    if not crowd:
        return tuple(ranks)
    pull = [0] * len(ranks)
    for tail, head in along:
        pull[tail] += 1
        pull[head] -= 1
    held: dict[int, list[int]] = {}
    for node, column in enumerate(ranks):
        held.setdefault(column, []).append(node)
    found = [0] * len(ranks)
    at = 0
    for column in sorted(held):
        nodes = sorted(held[column], key=lambda node: (pull[node], node))
        pieces = -(-len(nodes) // crowd)
        for index, node in enumerate(nodes):
            found[node] = at + index * pieces // len(nodes)
        at += pieces
    return tuple(found)


def _ordered(
    graph: Digraph,
    along: Sequence[Arc],
    ranks: Sequence[int],
    effort: Effort,
    ties: Sequence[Tie] | None,
    incoming: Sequence[Pin] = (),
    outgoing: Sequence[Pin] = (),
) -> Part:
    """The part for one choice of orientation and columns.

    Where lines run in trunks two orders are found: one in which they share their
    dummies, which wins where lines are dense, and one without, whose neighbours
    are made one afterwards: it can never have more crossings than without trunks.
    """
    if ties is None:
        ties = [Tie(arc, key) for key, arc in enumerate(along)]
    lines, keys, bundles = _lines(along, ties)
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
    pins = len(incoming) + len(outgoing)
    bundles += [None] * pins
    layered = insert_dummies(columns, lines, pins=pins, bundles=bundles)
    found = order_columns(layered, effort)
    order, crossings, apart = found.order, found.crossings, None
    passed = sum([abs(columns[tail] - columns[head]) for tail, head in lines])
    if crossings and any(bundles) and passed <= PASSED:
        plain = insert_dummies(columns, lines, pins=pins)
        alone = order_columns(plain, effort).order
        merged, other, left = merge_neighbours(plain, alone, bundles)
        if (left, len(merged.column)) < (crossings, len(layered.column)):
            layered, order, crossings, apart = merged, other, left, (plain, alone)
    return Part(tuple(lines), tuple(keys), tuple(bundles), layered, order, crossings, first, apart)


def _lines(along: Sequence[Arc], ties: Sequence[Tie]) -> tuple[list[Arc], list[int], list[Bundle | None]]:
    """The lines from left to right, their keys and their trunks."""
    forward = set(along)
    drawn = []
    for tie in ties:
        flipped = tie.ends not in forward
        bundle = Bundle(tie.trunk.trunk, (tie.trunk.shared == 1) != flipped) if tie.trunk else None
        drawn.append(((tie.ends[1], tie.ends[0]) if flipped else tie.ends, tie.key, bundle))
    drawn.sort(key=lambda line: line[:2])
    return [ends for ends, _, _ in drawn], [key for _, key, _ in drawn], [bundle for *_, bundle in drawn]


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
