"""Phase: in which order do the vertices of each column stand?

Before: a layered graph. After: an order of every column with few crossings.
Several starts (breadth first, depth first, then random by a fixed seed) are
swept to and fro and improved by exact insertion; in the best of them long lines
are laid anew as a whole, then it is disturbed and repaired (iterated local
search) while work is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from ..effort import Effort
from ..kernels import CompiledBoard, loaded
from ..records import Layered, Order
from .barycenter import mean, median, sort_layer
from .crossing_matrix import Board
from .crossings import count_all, crossed
from .edge_insertion import rethread
from .sifting import improve_within_reach

#: Passes over all vertices in which ties are taken too, after each start.
WANDERINGS = 2

#: With more vertices to a node than this most of the picture is long lines; they are harder to untangle.
CROWDED = 6

#: How often all long lines are laid anew at most.
PASSES = 3

#: From so many vertices and segments on a start is only glanced over; the table is made for the best one.
LARGE = 2000

#: How far a vertex looks for a better place in such a glance.
GLANCE = 20

#: How far a vertex looks for a better place after a disturbance beside it.
NEARBY = 6

#: Parts with fewer vertices and segments settle quickly: two starts and a smaller share of work.
SMALL = 250


@dataclass(frozen=True, slots=True)
class Ordered:
    """The columns' orders and the crossings they leave."""

    order: Order
    crossings: int


def order_columns(graph: Layered, effort: Effort) -> Ordered:
    """The vertices of each column, first line first.

    >>> from ..effort import named
    >>> graph = Layered(4, (0, 0, 1, 1), ((), (), (1,), (0,)), ((3,), (2,), (), ()), ((0, 3), (1, 2)))
    >>> order_columns(graph, named("fast"))
    Ordered(order=((0, 1), (3, 2)), crossings=0)
    """
    if not graph.column:
        return Ordered((), 0)
    random = Random(7)
    size = len(graph.column) + sum(map(len, graph.after))
    work = min(effort.most, effort.share * size * min(size, SMALL) // SMALL)
    if len(graph.column) > CROWDED * graph.real:
        work *= 3
        effort = replace(effort, kicks=3 * effort.kicks)
    best: list[list[int]] = []
    fewest = -1
    spent = 0
    leading: Board | CompiledBoard | None = None
    for number in range(effort.starts):
        if number and (fewest == 0 or (number > 1 and size < SMALL) or spent * (number + 1) > work * number):
            break
        layers = started(graph, number, random)
        crossings, turns = swept(graph, layers, effort, flat=number % 2 == 0)
        spent += turns * size
        board = None
        if size < LARGE and _table(layers) <= effort.table:
            board = settled(graph, layers)
            crossings -= board.gained
            spent += board.spent
            layers = board.layers()
        elif effort.reach:
            gained, looked = inserted(graph, layers, GLANCE)
            crossings -= gained
            spent += looked
        if fewest < 0 or crossings < fewest:
            best, fewest, leading = layers, crossings, board
    if fewest:
        fewest -= improved(graph, best, leading, random, effort, work - spent, fewest)
    return Ordered(tuple(map(tuple, best if graph.pins else upright(best, graph.real))), fewest)


def improved(
    graph: Layered,
    layers: list[list[int]],
    board: Board | CompiledBoard | None,
    random: Random,
    effort: Effort,
    work: int,
    crossings: int,
) -> int:
    """What is left to do for the best start: long lines as a whole, then exact insertion, then disturbances.

    ``board`` is the one ``layers`` come from, if there is one. Returns what was gained.
    """
    gained, _ = rethread(graph, layers, effort.reach, effort.laying, PASSES)
    if not effort.reach:
        return gained
    if _table(layers) > effort.table:
        return gained + inserted(graph, layers, effort.reach)[0]
    if gained or board is None:
        board = settled(graph, layers)
        gained += board.gained
        work -= board.spent
        layers[:] = board.layers()
    gained += disturbed(graph, board, layers, random, effort, work, crossings - gained)
    layers[:] = board.layers()
    return gained


def _table(layers: Sequence[Sequence[int]]) -> int:
    """The entries of a table of differences for all columns."""
    return sum([len(layer) * len(layer) for layer in layers])


def inserted(graph: Layered, layers: list[list[int]], reach: int) -> tuple[int, int]:
    """Every vertex to its best position within ``reach``, then again with ties; returns crossings removed and work."""
    held = frozenset(graph.pins)
    first = improve_within_reach(layers, graph.before, graph.after, False, reach, held)
    again = improve_within_reach(layers, graph.before, graph.after, True, reach, held)
    return first[0] + again[0], first[1] + again[1]


def upright(layers: list[list[int]], real: int) -> list[list[int]]:
    """``layers``, or their mirror image when more nodes stand in the order of their numbers there.

    An order and its mirror image cross equally often. Which one a search finds is
    chance, and a small change of the graph should not turn the picture over.

    >>> upright([[0], [3, 2, 1]], 4)
    [[0], [1, 2, 3]]
    """
    leaning = 0
    for layer in layers:
        nodes = [vertex for vertex in layer if vertex < real]
        seen: list[int] = []
        for vertex in nodes:
            at = bisect_left(seen, vertex)
            leaning += 2 * at - len(seen)  # smaller numbers before it, less larger ones
            seen.insert(at, vertex)
    return [layer[::-1] for layer in layers] if leaning < 0 else layers


def started(graph: Layered, number: int, random: Random) -> list[list[int]]:
    """Columns filled as a walk through the graph meets the vertices.

    Even numbers walk breadth first, odd ones depth first; 0 begins at the first
    vertices, 1 at the last, the others at random ones.
    """
    count = len(graph.column)
    column = graph.column
    first = sorted(range(count), key=lambda vertex: (column[vertex], vertex))
    if number == 1:
        first.reverse()
    elif number > 1:
        random.shuffle(first)
    layers: list[list[int]] = [[] for _ in range(max(column) + 1)]
    seen = bytearray(count)
    pinned = bytearray(count)
    for pin in graph.pins:
        pinned[pin] = 1
    for pin in graph.pins:
        layers[column[pin]].append(pin)
    if graph.pins and number < 2:
        first = [*graph.pins, *first]
    for root in first:
        if seen[root]:
            continue
        seen[root] = 1
        waiting = deque([root])
        while waiting:
            vertex = waiting.pop() if number % 2 else waiting.popleft()
            if not pinned[vertex]:
                layers[column[vertex]].append(vertex)
            for other in (*graph.after[vertex], *graph.before[vertex]):
                if not seen[other]:
                    seen[other] = 1
                    waiting.append(other)
    return layers


def swept(graph: Layered, layers: list[list[int]], effort: Effort, *, flat: bool) -> tuple[int, int]:
    """Sweep ``layers`` to and fro, leave the best order in them; returns its crossings and the number of sweeps.

    With ``flat`` vertices follow the mean of their neighbours, else the median.
    """
    first, last = (bool(graph.pins) and layer[0] in graph.pins for layer in (layers[0], layers[-1]))
    if (kernels := loaded()) is not None:
        return kernels.swept(layers, graph.before, graph.after, flat, first, last, effort.sweeps, effort.patience)
    key = mean if flat else median
    place = [0] * len(graph.column)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    fewest = count_all(layers, graph.after, place)
    kept = [layer[:] for layer in layers]
    idle = turn = 0
    while turn < effort.sweeps and idle < effort.patience and fewest:
        if turn % 2 == 0:
            for layer in layers[1 : len(layers) - last]:
                sort_layer(layer, graph.before, place, key, turn % 4 == 2)
        else:
            for layer in layers[-2 : None if not first else -len(layers) : -1]:
                sort_layer(layer, graph.after, place, key, turn % 4 == 3)
        crossings = count_all(layers, graph.after, place)
        idle += 1
        if crossings < fewest:
            fewest, idle = crossings, 0
            kept = [layer[:] for layer in layers]
        turn += 1
    layers[:] = kept
    return fewest, turn + 1


def settled(graph: Layered, layers: Sequence[Sequence[int]]) -> Board | CompiledBoard:
    """A board after exact insertion of all vertices, then again with ties, from both ends."""
    board: Board | CompiledBoard
    if (kernels := loaded()) is not None:
        board = kernels.board(layers, graph.before, graph.after, graph.pins)
    else:
        board = Board(graph, layers)
    vertices = [vertex for layer in layers if len(layer) > 1 for vertex in layer]
    board.settle(vertices, False)
    for _ in range(WANDERINGS):
        vertices.reverse()
        board.settle(vertices, True)
    return board


def disturbed(
    graph: Layered,
    board: Board | CompiledBoard,
    layers: list[list[int]],
    random: Random,
    effort: Effort,
    work: int,
    crossings: int,
) -> int:
    """Move a vertex somewhere, repair what that touches, take it back if that is worse; returns what was gained."""
    place = [0] * len(graph.column)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    held = frozenset(graph.pins)
    met = crossed(graph.after, layers, place)
    movable = [vertex for layer in layers if len(layer) > 1 for vertex in layer if met[vertex] and vertex not in held]
    limit = board.spent + work
    first = graph.real + len(graph.pins)  # dummies are numbered from here on
    owner = {vertex: line for line, chain in enumerate(graph.chains) for vertex in chain if vertex >= first}
    gained = idle = 0
    for _ in range(effort.kicks if movable else 0):
        if gained == crossings or board.spent > limit or idle > effort.stall * len(movable):
            break
        idle += 1
        vertex = movable[int(random.random() * len(movable))]
        height = random.random()
        # A dummy sometimes takes its whole line along: alone it can hardly leave its neighbours.
        alone = vertex < graph.real or random.random() < 0.8
        change = board.attempt((vertex,) if alone else graph.chains[owner[vertex]][1:-1], height, NEARBY)
        if change > 0:
            gained += change
            idle = 0
    return gained
