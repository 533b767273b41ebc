"""Phase: rectangles that share no lines are packed beside each other.

Before: rectangles of any size. After: each has a corner, none overlap, and the
whole is about as wide as deep (on the isometric ground every rectangle looks
equally wide for its height, so a square wastes least).

Source: shelf packing, deepest first (E. Coffman et al., SIAM J. Comput. 9, 1980),
tried for several widths.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

Size = tuple[int, int]


def pack(sizes: Sequence[Size], gap: int, tallest_first: bool = True) -> tuple[Size, ...]:
    """The corner ``(x, y)`` of each rectangle ``(width, depth)``, at least ``gap`` apart.

    >>> pack([(2, 2), (2, 2), (2, 2), (2, 2)], 1)
    ((0, 0), (3, 0), (0, 3), (3, 3))
    >>> pack([], 1)
    ()
    """
    if not sizes:
        return ()
    order = list(range(len(sizes)))
    if tallest_first:
        order.sort(key=lambda item: (-sizes[item][1], -sizes[item][0], item))
    area = sum((width + gap) * (depth + gap) for width, depth in sizes)
    widest = max(width for width, _ in sizes)
    best: tuple[int, list[Size]] | None = None
    for share in (80, 90, 100, 110, 120, 135, 150):
        corners, reach, depth = _shelves(sizes, order, gap, max(widest, isqrt(area) * share // 100))
        cost = max(reach, depth) * 4 + reach + depth
        if best is None or cost < best[0]:
            best = cost, corners
    assert best is not None
    return tuple(best[1])


def _shelves(sizes: Sequence[Size], order: Sequence[int], gap: int, limit: int) -> tuple[list[Size], int, int]:
    corners: list[Size] = [(0, 0)] * len(sizes)
    x = y = shelf = reach = 0
    for item in order:
        width, depth = sizes[item]
        if x and x + width > limit:
            x, y, shelf = 0, y + shelf + gap, 0
        corners[item] = (x, y)
        x += width + gap
        reach = max(reach, x - gap)
        shelf = max(shelf, depth)
    return corners, reach, y + shelf
