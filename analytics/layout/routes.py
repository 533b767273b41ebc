"""Phase: the points of each line on the ground.

Before: ports, tracks and columns. After: axis-parallel points from the border
of the left tile to the border of the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .columns import Columns
from .ports import Wire
from .records import Measures

if TYPE_CHECKING:  # containers are built from routes; their joining only reads what came out
    from .containers import Nested
    from .nesting import Strand
Spot = tuple[int, int]


def trace(wire: Wire, tracks: tuple[int, ...], columns: Columns, start: int, end: int) -> tuple[Spot, ...]:
    """The points of one line from ``x = start`` to ``x = end``, without points that turn nowhere.

    >>> columns = Columns((0, 14), (10, 24), (12,), (1,))
    >>> trace(Wire((0,), (3,), (5,)), (0,), columns, 10, 14)
    ((10, 3), (12, 3), (12, 5), (14, 5))
    """
    points: list[Spot] = [(start, wire.leaves[0])]
    for gap, leaves, arrives, track in zip(wire.gaps, wire.leaves, wire.arrives, tracks, strict=True):
        if leaves != arrives:
            x = columns.first_track[gap] + track * columns.lane[gap]
            points += [(x, leaves), (x, arrives)]
    points.append((end, wire.arrives[-1]))
    return tuple(points)


def joined(strand: Strand, key: int, nested: Nested, corner: Mapping[str, Spot], measures: Measures) -> list[Spot]:
    """The whole way of a strand over the ground, from its left end to its right one.

    ``corner`` is where each scope stands. Where a piece inside a container does
    not quite meet the one outside, the step between them is just inside the border.
    """
    one, other = strand.ways[::-1] if nested.leftward[key] else strand.ways
    points: list[Spot] = []
    step = -(measures.margin // 2)
    for scope in (*one[-2::-1], strand.scope, *other[:-1]):
        left, top = corner[scope]
        piece = [(left + x, top + y) for x, y in nested.blocks[scope].pieces[key]]
        if points and points[-1][1] != piece[0][1]:
            x = points[-1][0] + step
            points[-1] = (x, points[-1][1])
            piece[0] = (x, piece[0][1])
        points += piece
        if scope == strand.scope:
            step = measures.margin // 2
        points = straight(points)
    return points


def straight(points: list[Spot]) -> list[Spot]:
    """Without repeated points and points on the way between their neighbours.

    >>> straight([(0, 0), (1, 0), (1, 0), (2, 0), (2, 3)])
    [(0, 0), (2, 0), (2, 3)]
    """
    kept: list[Spot] = []
    for point in points:
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept
