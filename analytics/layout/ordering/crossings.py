"""Counting: how many pairs of segments cross between neighbouring columns?

Source: W. Barth, P. Mutzel, M. Jünger, "Simple and efficient bilayer cross
counting", JGAA 8 (2004). Their accumulator tree is a sorted list here: finding
a place in it and inserting there run as single operations of the interpreter,
which is faster than a tree up to some ten thousand segments a gap.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence


def count_gap(left: Sequence[int], after: Sequence[Sequence[int]], place: Sequence[int]) -> int:
    """Crossings between the column ``left`` and the next one.

    ``place`` is each vertex's position in its column, ``after`` its neighbours
    in the next column.

    >>> count_gap([0, 1], [[3], [2], [], []], [0, 1, 0, 1])
    1
    """
    seen: list[int] = []
    crossings = 0
    for vertex in left:
        heads = after[vertex]
        if len(heads) == 1:
            spot = place[heads[0]]
            crossings += len(seen) - bisect_right(seen, spot)
            insort(seen, spot)
        else:
            for spot in sorted([place[head] for head in heads]):
                crossings += len(seen) - bisect_right(seen, spot)
                insort(seen, spot)
    return crossings


def count_all(layers: Sequence[Sequence[int]], after: Sequence[Sequence[int]], place: Sequence[int]) -> int:
    """Crossings over all columns.

    >>> count_all([[0, 1], [2, 3]], [[3], [2], [], []], [0, 1, 0, 1])
    1
    """
    return sum([count_gap(layer, after, place) for layer in layers[:-1]])


def crossed(after: Sequence[Sequence[int]], layers: Sequence[Sequence[int]], place: Sequence[int]) -> bytearray:
    """For each vertex whether one of its segments crosses another one.

    >>> list(crossed([[3], [2], [], [], [5], []], [[0, 1, 4], [2, 3, 5]], [0, 1, 0, 1, 2, 2]))
    [1, 1, 1, 1, 0, 0]
    """
    found = bytearray(len(place))
    for layer in layers[:-1]:
        segments = [(vertex, head) for vertex in layer for head in after[vertex]]
        for way, least in ((segments, -1), (segments[::-1], 1)):
            # Forwards the farthest end so far of earlier vertices, backwards the nearest one of later vertices.
            limit = waiting = None
            last = -1
            for vertex, head in way:
                spot = place[head] * least
                if vertex != last:
                    last = vertex
                    if waiting is not None and (limit is None or waiting < limit):
                        limit = waiting
                    waiting = spot
                elif waiting is None or spot < waiting:
                    waiting = spot
                if limit is not None and limit < spot:
                    found[vertex] = found[head] = 1
    return found
