"""Step of the lines' phase: as deep as the deepest column has to be, and no deeper.

Straight lines alone buy depth without measure. Here the depth is fixed first,
at what the fullest column needs; within it every vertex goes as near to the
median of its neighbours as the order of its column leaves room.

Source: isotonic regression by pooling adjacent violators (R. Barlow et al. 1972),
column by column, to and fro.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import add

from .records import Arc, Layered, Order

#: Passes over all columns, in turns from the left and from the right.
PASSES = 10

#: What is deeper than needed by less than this (hundredths) stays as it is.
TOLERATED = 3


def tightened(
    graph: Layered,
    order: Order,
    depths: Sequence[int],
    apart: Sequence[Sequence[int]],
    y: list[int],
    extent: int,
    ports: Mapping[Arc, int],
) -> list[int]:
    """``y`` of each vertex (the topmost border at 0, ``extent`` deep) within the least depth; the order is kept.

    ``apart`` are the least distances between neighbours in each column.
    """
    half = [depths[vertex] // 2 if vertex < len(depths) else 0 for vertex in range(len(y))]
    needed = max(
        (half[layer[0]] + sum(gaps) + half[layer[-1]] for layer, gaps in zip(order, apart, strict=True) if layer),
        default=0,
    )
    if extent * 100 <= needed * (100 + TOLERATED):
        return y
    y = [min(max(spot * needed // extent, half[v]), needed - half[v]) for v, spot in enumerate(y)]
    offsets = [
        _offsets(gaps, half[layer[0]], needed - half[layer[-1]]) if layer else []
        for layer, gaps in zip(order, apart, strict=True)
    ]
    for turn in range(PASSES):
        near, other = (graph.before, graph.after) if turn % 2 == 0 else (graph.after, graph.before)
        columns = range(len(order)) if turn % 2 == 0 else range(len(order) - 1, -1, -1)
        for column in columns:
            layer = order[column]
            if not layer:
                continue
            wanted = []
            for vertex in layer:
                beside = near[vertex] or other[vertex]
                # Most vertices are places on a line and have one neighbour.
                lone = len(beside) == 1 and not ports
                wanted.append(y[beside[0]] if lone else _wish(vertex, beside, y, ports))
            spots = _pooled(wanted, offsets[column], half[layer[0]], needed - half[layer[-1]])
            for vertex, spot in zip(layer, spots, strict=True):
                y[vertex] = spot
    return y


def _wish(vertex: int, near: Sequence[int], y: Sequence[int], ports: Mapping[Arc, int]) -> int:
    """The median of the neighbours' ``y``; without any the vertex stays."""
    if not near:
        return y[vertex]
    if ports:
        spots = sorted([y[other] + ports.get((other, vertex), 0) - ports.get((vertex, other), 0) for other in near])
    else:
        spots = sorted([y[other] for other in near])
    middle = len(spots) // 2
    return spots[middle] if len(spots) % 2 else (spots[middle - 1] + spots[middle]) // 2


def spread_out(wanted: Sequence[int], apart: Sequence[int], low: int, high: int) -> list[int]:
    """Values near ``wanted`` in the same order, the given distances apart, from ``low`` to ``high``.

    Distances that need more than there is shrink alike.

    >>> spread_out([5, 5, 5], [10, 10], 0, 30)
    [0, 10, 20]
    >>> spread_out([50, 90], [10], 0, 30)
    [20, 30]
    """
    return _pooled(wanted, _offsets(apart, low, high), low, high)


def _offsets(apart: Sequence[int], low: int, high: int) -> list[int]:
    """How far each value is from the first, at least."""
    needed = sum(apart)
    if needed > high - low:
        apart = [gap * max(0, high - low) // needed for gap in apart]
    return list(accumulate(apart, initial=0))


def _pooled(wanted: Sequence[int], offsets: Sequence[int], low: int, high: int) -> list[int]:
    """Values near ``wanted``, at ``offsets`` from the first or more."""
    totals: list[int] = []  # of each pool the sum of wishes without offsets, and how many share it
    counts: list[int] = []
    for wish, offset in zip(wanted, offsets, strict=True):
        total, count = wish - offset, 1
        while totals and totals[-1] * count > total * counts[-1]:
            total += totals.pop()
            count += counts.pop()
        totals.append(total)
        counts.append(count)
    most = high - offsets[-1]
    spots: list[int] = []
    for total, count in zip(totals, counts, strict=True):
        spot = total // count
        spot = max(spot, low)
        spots += [min(spot, most)] * count
    return list(map(add, spots, offsets))
