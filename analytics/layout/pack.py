"""Phase: rectangles that share no lines are packed beside each other.

Before: rectangles of any size. After: each has a corner, none overlap, and the
whole costs as little as it can: by default that is ground about as wide as deep.

Source: shelf packing, deepest first (E. Coffman et al., SIAM J. Comput. 9, 1980),
tried for several widths; few rectangles also go each to the lowest place of the
skyline the earlier ones leave (the bottom-left rule, B. Baker et al. 1980).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt

Size = tuple[int, int]

#: Widths that are tried, in hundredths of a square's.
WIDTHS = (50, 60, 70, 80, 90, 100, 110, 120, 135, 150, 170, 200)

#: Up to so many rectangles look for a place each; more of them stand on shelves.
FEW = 60


def square(width: float, depth: float) -> float:
    """The cost of ground that should be about as wide as deep."""
    return max(width, depth) * 4 + width + depth


def pack(sizes: Sequence[Size], gap: int, cost_of: Callable[[float, float], float] = square) -> tuple[Size, ...]:
    """The corner ``(x, y)`` of each rectangle ``(width, depth)``, at least ``gap`` apart.

    ``cost_of`` says what ground of a width and a depth costs.

    >>> pack([(2, 2), (2, 2), (2, 2), (2, 2)], 1)
    ((0, 0), (3, 0), (0, 3), (3, 3))
    >>> pack([(3, 8), (3, 3), (3, 3)], 1)
    ((0, 0), (4, 0), (4, 4))
    >>> pack([], 1)
    ()
    """
    if not sizes:
        return ()
    order = sorted(range(len(sizes)), key=lambda item: (-sizes[item][1], -sizes[item][0], item))
    area = sum((width + gap) * (depth + gap) for width, depth in sizes)
    widest = max(width for width, _ in sizes)
    limits = sorted({max(widest, isqrt(area) * share // 100) for share in WIDTHS})
    best: tuple[tuple[float, int], list[Size]] | None = None
    for limit in limits:
        for place in (_shelves, _skyline) if len(sizes) <= FEW else (_shelves,):
            corners = place(sizes, order, gap, limit)
            reach = max(x + width for (x, _), (width, _) in zip(corners, sizes, strict=True))
            depth = max(y + deep for (_, y), (_, deep) in zip(corners, sizes, strict=True))
            cost = cost_of(reach, depth), reach
            if best is None or cost < best[0]:
                best = cost, corners
    assert best is not None
    return tuple(best[1])


def _shelves(sizes: Sequence[Size], order: Sequence[int], gap: int, limit: int) -> list[Size]:
    corners: list[Size] = [(0, 0)] * len(sizes)
    x = y = shelf = 0
    for item in order:
        width, depth = sizes[item]
        if x and x + width > limit:
            x, y, shelf = 0, y + shelf + gap, 0
        corners[item] = (x, y)
        x += width + gap
        shelf = max(shelf, depth)
    return corners


def _skyline(sizes: Sequence[Size], order: Sequence[int], gap: int, limit: int) -> list[Size]:
    corners: list[Size] = [(0, 0)] * len(sizes)
    steps = [(0, 0)]  # from which x on the ground is taken down to which y
    for item in order:
        width, depth = sizes[item]
        y, x = min(
            (_lowest(steps, start, start + width + gap), start)
            for start, _ in steps
            if start == 0 or start + width <= limit
        )
        corners[item] = (x, y)
        end = x + width + gap
        beyond = _lowest(steps, end, end + 1)
        left = [step for step in steps if step[0] < x]
        steps = [*left, (x, y + depth + gap), (end, beyond), *[step for step in steps if step[0] > end]]
    return corners


def _lowest(steps: Sequence[Size], start: int, end: int) -> int:
    """Down to which ``y`` the ground is taken somewhere between ``start`` and ``end``."""
    before = [y for x, y in steps if x <= start][-1]
    return max([before, *[y for x, y in steps if start < x < end]])
