"""How often lines cross on the paper: what lies on what counts once, lines of one trunk are one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

#: Two coordinates closer than this are the same.
SAME = 1e-6

Piece = tuple[float, float, float, int]


def ink_crossings(flat: Sequence[Piece], upright: Sequence[Piece], owners: Sequence[str]) -> int:
    """Where level and upright ink of different owners (lines, or trunks) pass through each other, how often."""
    return len(ink_meetings(flat, upright, owners))


def ink_meetings(
    flat: Sequence[Piece], upright: Sequence[Piece], owners: Sequence[str]
) -> list[tuple[float, float, str, str]]:
    """The spots where level and upright ink of different owners pass through each other, and both owners."""
    level, standing = _ink(flat, owners), _ink(upright, owners)
    levels = [piece[0] for piece in level]
    met = []
    for x, low, high, owner in standing:
        for index in range(bisect_right(levels, low + SAME), bisect_left(levels, high - SAME)):
            y, start, end, other = level[index]
            if start + SAME < x < end - SAME and other != owner:
                met.append((x, y, owner, other))
    return met


def _ink(pieces: Sequence[Piece], owners: Sequence[str]) -> list[tuple[float, float, float, str]]:
    """The runs of ink of sorted ``pieces``: what an owner draws on one axis without a gap is one run."""
    spans: dict[tuple[float, str], list[tuple[float, float]]] = {}
    for at, start, end, line in pieces:
        spans.setdefault((round(at, 5), owners[line]), []).append((start, end))
    runs = []
    for (at, owner), own in spans.items():
        own.sort()
        low, high = own[0]
        for start, end in own[1:]:
            if start > high + SAME:
                runs.append((at, low, high, owner))
                low, high = start, end
            high = max(high, end)
        runs.append((at, low, high, owner))
    return sorted(runs)
