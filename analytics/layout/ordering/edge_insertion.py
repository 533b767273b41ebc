"""Step of the ordering: a long line is taken out and laid again where it crosses least, all its columns at once.

A dummy can hardly leave its neighbours, the line pulls it back. So all dummies
of one line move together: the fewest crossings with which the line reaches each
position of a column follow from those of the column before. From one position
of the next column to the following one, a way through the positions before a
neighbour of the vertex passed costs one more, a way through those behind it one
less. So a later position that has become the cheaper one stays it, the earlier
one is forgotten, and a whole column costs a few steps for each segment.

A line looks only ``reach`` positions to each side of where it runs. What lies
farther off costs every way the same, so it need not be looked at: all figures
are differences, from any fixed way. Passes repeated carry a line farther.

Source: the shortest path through the positions, as an edge is inserted into a
fixed drawing (C. Gutwenger, P. Mutzel, R. Weiskircher, Algorithmica 41, 2005),
here with the columns as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from ..kernels import loaded
from ..records import Layered
from .crossings import crossed

#: The steps for one line of a vertex passed, and the least for a vertex, measured in entries of the board's table.
STEPS, LEAST = 6, 12


@dataclass(frozen=True, slots=True)
class _Window:
    """The positions of a column that a line may choose from: those around its own dummy.

    ``first`` is the position of the first of ``vertices``, ``own`` the line's
    dummy and ``spot`` where it stands.
    """

    first: int
    vertices: Sequence[int]
    own: int
    spot: int


def rethread(graph: Layered, layers: Sequence[list[int]], reach: int, work: int, passes: int) -> tuple[int, int]:
    """Lay every line with two or more dummies anew where that saves crossings; returns how many and the work done.

    No line moves farther than ``reach`` positions in one of the ``passes``. Lines
    are left as they are when ``work`` is used up.
    """
    if (kernels := loaded()) is not None:
        return kernels.rethread(layers, graph.before, graph.after, graph.chains, reach, work, passes)
    place = [0] * len(graph.column)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    before, after = graph.before, graph.after
    # What lines share cannot be laid anew for one of them.
    long = [
        chain
        for chain in graph.chains
        if len(chain) > 3 and all(len(before[vertex]) == 1 == len(after[vertex]) for vertex in chain[1:-1])
    ]
    weight = [max(LEAST, STEPS * (len(left) + len(right))) for left, right in zip(before, after, strict=True)]
    saved = spent = 0
    for _ in range(passes):
        start = saved
        met = crossed(graph.after, layers, place)
        for chain in long:
            if spent > work:
                return saved, spent
            if not any(met[vertex] for vertex in chain[1:-1]):
                continue
            windows = [_window(layers[graph.column[vertex]], vertex, place[vertex], reach) for vertex in chain[1:-1]]
            spent += sum([weight[vertex] for window in windows for vertex in window.vertices])
            gain, spots = _cheaper_way(graph, place, place[chain[0]], windows, place[chain[-1]])
            if gain:
                saved += gain
                for window, spot in zip(windows, spots, strict=True):
                    _moved(layers[graph.column[window.own]], place, window, spot)
        if saved == start:
            break
    return saved, spent


def _window(layer: Sequence[int], vertex: int, spot: int, reach: int) -> _Window:
    first = max(0, spot - reach)
    return _Window(first, layer[first : spot + reach + 1], vertex, spot)


def _moved(layer: list[int], place: list[int], window: _Window, spot: int) -> None:
    """Put the window's own dummy before the position ``spot``."""
    here, to = window.spot, spot - (spot > window.spot)
    if to != here:
        del layer[here]
        layer.insert(to, window.own)
        low, high = min(here, to), max(here, to) + 1
        for index, vertex in enumerate(layer[low:high], low):
            place[vertex] = index


def _cheaper_way(
    near: Layered, place: Sequence[int], start: int, windows: Sequence[_Window], end: int
) -> tuple[int, list[int]]:
    """Crossings that a better way from ``start`` to ``end`` saves, and the position before which each dummy goes.

    Where no way is better that is 0 and no positions.
    """
    here = windows[0]
    reach = _passing(near.before, place, here, start)
    present = reach[here.spot - here.first]
    came: list[list[int]] = []
    for there in windows[1:]:
        # All ways into the next column go to its first position looked at, then past one vertex after the other.
        costs = _passing(near.after, place, here, there.first - 0.5)
        ends = [[place[u] for u in near.before[v]] if v != there.own else () for v in there.vertices]
        for spots in ends[: there.spot - there.first]:
            for spot in spots:
                present += 1 if spot > here.spot else -1
        present += costs[here.spot - here.first]
        reach, origin = _next_column(list(map(add, reach, costs)), here.first, ends)
        came.append(origin)
        here = there
    costs = _passing(near.after, place, here, end)
    present += costs[here.spot - here.first]
    final = list(map(add, reach, costs))
    best = min(final)
    if best >= present:
        return 0, []
    way = [final.index(best)]
    for origin in reversed(came):
        way.append(origin[way[-1]])
    return present - best, [window.first + spot for window, spot in zip(windows, reversed(way), strict=True)]


def _passing(near: Sequence[Sequence[int]], place: Sequence[int], window: _Window, spot: float) -> list[int]:
    """What a segment to ``spot`` costs from each position of the window, less what it costs from the first.

    It crosses what leads from the vertices before it to behind ``spot``, and from those behind it to before it.
    """
    changes = []
    for vertex in window.vertices:
        change = 0
        if vertex != window.own:
            for other in near[vertex]:
                if place[other] > spot:
                    change += 1
                elif place[other] < spot:
                    change -= 1
        changes.append(change)
    return list(accumulate(changes, initial=0))


def _next_column(costs: Sequence[int], offset: int, following: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """The fewest crossings up to each position of the next column, and through which position that way came.

    ``costs`` are those of the ways from each position, of which ``offset`` is the
    first, to the first position of the next column; ``following`` are the left
    ends of the vertices there.

    >>> _next_column([0, 2, 4], 0, [[0], [0]])
    ([0, 1, 0], [0, 1, 1])
    """
    # The positions that are cheaper than all later ones: ``ahead`` by how much the next one is dearer.
    count = len(costs)
    back = [-1] * count
    ahead = [0] * count
    onto = [-1] * count  # the position kept that stands for this one
    later = count - 1
    least = costs[later]
    onto[later] = later
    for position in range(count - 2, -1, -1):
        cost = costs[position]
        if cost < least:
            back[later] = position
            ahead[later] = least - cost
            later, least = position, cost
        onto[position] = later
    first, value = later, least
    found, origin = [value], [first]
    for ends in following:
        for end in ends:
            behind = end + 1 - offset
            if behind <= first:
                value -= 1
                continue
            value += 1
            if behind >= count:
                continue
            kept = onto[behind]
            while onto[kept] != kept:
                kept = onto[kept]
            onto[behind] = kept
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
