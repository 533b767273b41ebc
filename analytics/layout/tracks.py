"""Phase: on which vertical track of its gap does each segment change its ``y``?

Before: wires. After: a track for each segment that is not straight. No two
segments overlap on a track, and two that need not cross do not: of the ones
that run down the lowest turns first, of the ones that run up the highest.

Source: the left-edge rule of channel routing (A. Hashimoto, J. Stevens 1971),
with the order of turns as its constraint.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass

from .ports import Wire

#: How many tracks are looked through for a free one before a new one is opened.
TRIES = 30


@dataclass(frozen=True, slots=True)
class Tracks:
    """``of[line]`` is the track of each of the line's segments (-1: straight); ``counts`` the tracks of each gap."""

    of: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]


def assign_tracks(wires: Sequence[Wire], gaps: int) -> Tracks:
    """Tracks for all segments of ``wires``; ``gaps`` is the number of gaps.

    >>> assign_tracks([Wire((0,), (0,), (5,)), Wire((0,), (3,), (9,)), Wire((0,), (12,), (12,))], 1)
    Tracks(of=((1,), (0,), (-1,)), counts=(2,))
    """
    of = [[-1] * len(wire.gaps) for wire in wires]
    turning: list[list[tuple[int, int, int, int]]] = [[] for _ in range(gaps)]
    for line, wire in enumerate(wires):
        for segment, (gap, start, end) in enumerate(zip(wire.gaps, wire.leaves, wire.arrives, strict=True)):
            if start != end:
                turning[gap].append((start, end, line, segment))
    counts = []
    for gap in range(gaps):
        down = sorted([turn for turn in turning[gap] if turn[1] > turn[0]], reverse=True)
        up = sorted([(-start, -end, line, segment) for start, end, line, segment in turning[gap] if end < start])
        up.reverse()
        used: list[list[tuple[int, int]]] = []  # the spans on each track, sorted
        for family, sign in ((down, 1), (up, -1)):
            starts: list[int] = []  # where earlier turns of this family start, negated so that it grows
            peaks: list[int] = []  # indices whose track is higher than all later ones ...
            heights: list[int] = []  # ... and those tracks: the highest from an index on is found by bisection
            for index, (start, end, line, segment) in enumerate(family):
                # Every earlier turn that starts before this one ends lies across it and holds a lower track.
                at = bisect_left(starts, -end)
                least = heights[bisect_left(peaks, at)] + 1 if at < index else 0
                span = (start, end) if sign > 0 else (-end, -start)
                track = least
                while track < len(used) and _taken(used[track], span):
                    track = track + 1 if track < least + TRIES else len(used)
                used.extend([] for _ in range(track - len(used) + 1))
                insort(used[track], span)
                of[line][segment] = track
                starts.append(-start)
                while heights and heights[-1] <= track:
                    heights.pop()
                    peaks.pop()
                heights.append(track)
                peaks.append(index)
        counts.append(len(used))
    return Tracks(tuple(map(tuple, of)), tuple(counts))


def _taken(spans: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether ``span`` touches one of the sorted, disjoint ``spans``."""
    at = bisect_left(spans, span)
    return (at > 0 and spans[at - 1][1] >= span[0]) or (at < len(spans) and spans[at][0] <= span[1])
