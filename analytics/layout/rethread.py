"""Step of the ordering: a long line is taken out and laid again where it crosses least, all its columns at once.

A dummy can hardly leave its neighbours, the line pulls it back. So all dummies
of one line move together: the fewest crossings with which the line reaches each
position of a column follow from those of the column before. From one position
of the next column to the following one, a way through the positions before a
neighbour of the vertex passed costs one more, a way through those behind it one
less. So a later position that has become the cheaper one stays it, the earlier
one is forgotten, and a whole column costs a few steps for each segment.

Source: the shortest path through the positions, as an edge is inserted into a
fixed drawing (C. Gutwenger, P. Mutzel, R. Weiskircher, Algorithmica 41, 2005),
here with the columns as they stand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import add

from .board import Board
from .forms import Layered

#: How many times all lines are looked at.
PASSES = 3

#: The steps for one vertex passed, measured in entries of the board's table.
STEPS = 12


def rethread(graph: Layered, board: Board, limit: int) -> int:
    """Lay every line with two or more dummies anew while that saves crossings; returns how many it saved.

    Stops when ``board.spent`` passes ``limit``. Vertices that are touched settle afterwards.
    """
    long = [chain for line, chain in enumerate(graph.chains) if len(chain) > 3]
    before = board.gained
    for _ in range(PASSES):
        start = board.gained
        sides: dict[int, list[list[int]]] = {}
        touched: deque[int] = deque()
        for chain in long:
            if board.spent > limit:
                break
            saved, spots = _cheaper_way(graph, board, chain, sides)
            if not saved:
                continue
            board.gained += saved
            for vertex, spot in zip(chain[1:-1], spots, strict=True):
                here = board.places[vertex]
                to = spot - (spot > here)
                if to != here:
                    board.move(vertex, to, touched)
                    column = graph.column[vertex]
                    sides.pop(column, None)
                    sides.pop(column + 1, None)
        board.settle(touched)
        if board.gained == start or board.spent > limit:
            break
    return board.gained - before


def _cheaper_way(
    graph: Layered, board: Board, chain: Sequence[int], sides: dict[int, list[list[int]]]
) -> tuple[int, list[int]]:
    """Crossings that a better way for ``chain`` saves (0: none found), and the position before which each dummy goes.

    ``sides`` holds for each vertex of a column the places of its neighbours to the left.
    """
    places = board.places
    first = graph.column[chain[0]]
    spots = [places[vertex] for vertex in chain]
    gaps = []
    present = 0
    for left, right in pairwise(range(len(chain))):
        at = first + right
        if at not in sides:
            sides[at] = [[places[u] for u in graph.before[v]] for v in board.column(at)]
        gaps.append(sides[at])
        present += _crossed(sides[at], spots[left], spots[right])
    if not present:
        return 0, []
    # The first gap: the line comes from a node, whose other lines it cannot cross.
    start, own = spots[0], spots[1]
    below = [sum([spot < start for spot in ends]) for ends in gaps[0]]
    above = [sum([spot > start for spot in ends]) for ends in gaps[0]]
    below[own] = above[own] = 0
    reach = list(accumulate([up - down for up, down in zip(above, below, strict=True)], initial=sum(below)))
    came: list[list[int]] = []
    for gap, own in zip(gaps[1:-1], spots[2:-1], strict=True):
        if min(reach) >= present:
            return 0, []
        reach, origin = _next_column(reach, gap, own, present)
        came.append(origin)
        board.spent += STEPS * len(gap)
    final = _last_column(reach, gaps[-1], spots[-1])
    best = min(final)
    if best >= present:
        return 0, []
    way = [final.index(best)]
    for origin in reversed(came):
        way.append(origin[way[-1]])
    return present - best, way[::-1]


def _crossed(gap: Sequence[Sequence[int]], start: int, end: int) -> int:
    """How many segments of ``gap`` the one from ``start`` to ``end`` crosses."""
    return sum([spot > start for ends in gap[:end] for spot in ends]) + sum(
        [spot < start for ends in gap[end + 1 :] for spot in ends]
    )


def _next_column(
    reach: Sequence[int], gap: Sequence[Sequence[int]], own: int, limit: int
) -> tuple[list[int], list[int]]:
    """The fewest crossings up to each position of the next column, and through which position that way came.

    ``own`` is the line's own dummy in the next column, which counts for nothing.
    Ways that cross ``limit`` or more segments already are left out.

    >>> _next_column([0, 9, 9], [[0], [0]], 1, 9)
    ([0, 1, 1], [0, 0, 0])
    """
    leaving = [0] * (len(reach) + 1)
    for index, ends in enumerate(gap):
        if index != own:
            for spot in ends:
                leaving[spot + 1] += 1
    # The positions that are cheaper than all later ones: ``ahead`` by how much the next one is dearer.
    costs = list(map(add, reach, accumulate(leaving)))
    back = [-1] * len(costs)
    ahead = [0] * len(costs)
    onto = [-1] * len(costs)  # the position kept that stands for this one
    later = -1
    least = 0
    for spot in range(len(costs) - 1, -1, -1):
        cost = costs[spot]
        if reach[spot] < limit and (later < 0 or cost < least):
            if later >= 0:
                back[later] = spot
                ahead[later] = least - cost
            later, least = spot, cost
        onto[spot] = later
    first, value = later, least
    found, origin = [value], [first]
    for index, ends in enumerate(gap):
        if index != own:
            for spot in ends:
                spot += 1
                if spot <= first:
                    value -= 1
                    continue
                value += 1
                kept = onto[spot]
                if kept < 0:
                    continue
                while onto[kept] != kept:
                    kept = onto[kept]
                onto[spot] = kept
                left = ahead[kept] - 2
                while left <= 0:
                    gone = back[kept]
                    onto[gone] = kept
                    if gone == first:
                        first, value = kept, value + left
                        break
                    back[kept] = back[gone]
                    left += ahead[gone]
                ahead[kept] = left
        found.append(value)
        origin.append(first)
    return found, origin


def _last_column(reach: Sequence[int], gap: Sequence[Sequence[int]], target: int) -> list[int]:
    """The crossings of whole ways through each position that go on to the vertex at ``target``.

    >>> _last_column([0, 5], [[0], []], 1)
    [1, 5]
    """
    change = [0] * (len(reach) + 1)
    for ends in gap[:target]:
        for spot in ends:
            change[0] += 1
            change[spot + 1] -= 1
    for ends in gap[target + 1 :]:
        for spot in ends:
            change[spot + 1] += 1
    return list(map(add, reach, accumulate(change)))
