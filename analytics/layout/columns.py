"""Phase: at which ``x`` does each column begin, and where do the tracks run?

Before: the tracks of every gap are counted. After: columns as wide as their
widest tile, gaps as wide as their tracks need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .records import PLAIN, Measures

#: Up to so many tracks a gap gives each its full lane; more of them move closer together, the gap grows no further.
ROOMY = 80


@dataclass(frozen=True, slots=True)
class Columns:
    """``left[c]`` and ``right[c]`` are the borders of column ``c``; gaps have a first track and a lane's width."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    first_track: tuple[int, ...]
    lane: tuple[int, ...]


def place_columns(
    widths: Sequence[int],
    tracks: Sequence[int],
    measures: Measures = PLAIN,
    strips: Sequence[tuple[int, int]] | None = None,
) -> Columns:
    """Borders of columns of the given ``widths`` with ``tracks`` lanes between them.

    ``strips`` is the room for words beside the left and the right column of each gap.

    >>> place_columns([1_000_000, 1_000_000], [1])
    Columns(left=(0, 1400000), right=(1000000, 2400000), first_track=(1200000,), lane=(120000,))
    """
    left, right, first, lane = [], [], [], []
    x = 0
    for column, width in enumerate(widths):
        left.append(x)
        x += width
        right.append(x)
        if column < len(widths) - 1:
            width = measures.lane
            lane.append(width if tracks[column] <= ROOMY else width * ROOMY // tracks[column])
            lanes = max(0, tracks[column] - 1) * lane[-1]
            beside, before = (max(measures.margin, room) for room in (strips[column] if strips else (0, 0)))
            gap = max(measures.aisle, lanes + beside + before)
            first.append(x + beside + (gap - lanes - beside - before) // 2)
            x += gap
    return Columns(tuple(left), tuple(right), tuple(first), tuple(lane))
