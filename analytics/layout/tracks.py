"""Phase: on which vertical track of its gap does each segment change its ``y``?

Before: wires. After: a track for each segment that is not straight. The segments
of one trunk share theirs: in every gap a trunk is a bar from its highest to its
lowest end, with ends to the left and to the right. No two bars overlap on a track.

Source: hyperedge bars and their order as in ELK's orthogonal routing (G. Sander,
"Layout of directed hypergraphs with orthogonal hyperedges", Graph Drawing 2003):
of two bars the one stands left that saves crossings so; cycles are broken by the
greedy rule of P. Eades, X. Lin, W. Smyth (1993). In crowded gaps the order of
turns decides instead, as in the left-edge rule of A. Hashimoto, J. Stevens (1971).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from .ports import Wire
from .records import Bundle

#: How many tracks are looked through for a free one before a new one is opened.
TRIES = 30

#: With more bars than this in a gap they are not compared pair by pair.
COMPARED = 250


@dataclass(frozen=True, slots=True)
class Tracks:
    """``of[line]`` is the track of each of the line's segments (-1: straight); ``counts`` the tracks of each gap."""

    of: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What one line or trunk is in a gap: the ``y`` of its ends on both sides, and the segments that turn on it.

    ``low`` is the least ``y`` of all its ends, ``high`` the largest.
    """

    lefts: tuple[int, ...]
    rights: tuple[int, ...]
    segments: tuple[tuple[int, int], ...] = ()
    low: int = field(init=False)
    high: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", min(self.lefts[0], self.rights[0]))
        object.__setattr__(self, "high", max(self.lefts[-1], self.rights[-1]))


def assign_tracks(wires: Sequence[Wire], gaps: int, bundles: Sequence[Bundle | None] = ()) -> Tracks:
    """Tracks for all segments of ``wires``; ``gaps`` is the number of gaps.

    >>> assign_tracks([Wire((0,), (0,), (5,)), Wire((0,), (3,), (9,)), Wire((0,), (12,), (12,))], 1)
    Tracks(of=((1,), (0,), (-1,)), counts=(2,))
    """
    of = [[-1] * len(wire.gaps) for wire in wires]
    counts = []
    for bars in bars_of(wires, gaps, bundles):
        turning = [bar for bar in bars if bar.low != bar.high]
        tracks, count = _compared(turning) if len(turning) <= COMPARED else _by_turns(turning)
        for bar, track in zip(turning, tracks, strict=True):
            for line, segment in bar.segments:
                of[line][segment] = track
        counts.append(count)
    return Tracks(tuple(map(tuple, of)), tuple(counts))


def bars_of(wires: Sequence[Wire], gaps: int, bundles: Sequence[Bundle | None]) -> list[list[Bar]]:
    """The bars of each gap; segments of one trunk that meet at the end towards which it gathers are one."""
    nets: list[dict[Hashable, list[tuple[int, int]]]] = [{} for _ in range(gaps)]
    for line, wire in enumerate(wires):
        bundle = bundles[line] if bundles else None
        for segment, gap in enumerate(wire.gaps):
            key: Hashable = (line, segment)
            if bundle is not None:
                key = (bundle, wire.arrives[segment] if bundle.right else wire.leaves[segment])
            nets[gap].setdefault(key, []).append((line, segment))
    return [
        [
            Bar(
                tuple(sorted({wires[line].leaves[segment] for line, segment in segments})),
                tuple(sorted({wires[line].arrives[segment] for line, segment in segments})),
                tuple(segments),
            )
            for segments in net.values()
        ]
        for net in nets
    ]


def inside(spots: Sequence[int], low: int, high: int) -> int:
    """How many of the sorted ``spots`` lie between ``low`` and ``high``."""
    return bisect_left(spots, high) - bisect_right(spots, low) if low < high else 0


def preference(one: Bar, other: Bar) -> tuple[int, int]:
    """The crossings of two bars when the first stands left, and when the second does."""
    low, high, least, most = one.low, one.high, other.low, other.high
    return (
        inside(one.rights, least, most) + inside(other.lefts, low, high),
        inside(other.rights, low, high) + inside(one.lefts, least, most),
    )


def _compared(bars: Sequence[Bar]) -> tuple[list[int], int]:
    """A track for each bar, and their number: those stand left that save crossings so."""
    after: list[dict[int, int]] = [{} for _ in bars]
    before: list[dict[int, int]] = [{} for _ in bars]
    live: list[int] = []
    for number in sorted(range(len(bars)), key=lambda number: (bars[number].low, number)):
        bar = bars[number]
        live = [other for other in live if bars[other].high >= bar.low]
        for other in live:
            left, right = preference(bar, bars[other])
            if left != right:
                first, second = (number, other) if left < right else (other, number)
                after[first][second] = before[second][first] = abs(left - right)
        live.append(number)
    track = [-1] * len(bars)
    used: list[list[tuple[int, int]]] = []
    for number in without_cycles(after, before):
        at = max([track[other] + 1 for other in before[number] if track[other] >= 0], default=0)
        span = bars[number].low, bars[number].high
        while at < len(used) and _taken(used[at], span):
            at += 1
        used.extend([] for _ in range(at - len(used) + 1))
        insort(used[at], span)
        track[number] = at
    return track, len(used)


def without_cycles(after: Sequence[dict[int, int]], before: Sequence[dict[int, int]]) -> list[int]:
    """An order in which most weight of ``after`` leads onwards: sources first, sinks last, else the most gain."""
    left = dict.fromkeys(range(len(after)))
    into = [sum(near.values()) for near in before]
    out = [sum(near.values()) for near in after]
    head: list[int] = []
    tail: list[int] = []

    def drop(number: int) -> None:
        del left[number]
        for other, weight in after[number].items():
            into[other] -= weight
        for other, weight in before[number].items():
            out[other] -= weight

    while left:
        sources = [number for number in left if not into[number]]
        for number in sources:
            head.append(number)
            drop(number)
        if sources:
            continue
        sinks = [number for number in left if not out[number]]
        for number in sinks:
            tail.append(number)
            drop(number)
        if not sinks:
            number = max(left, key=lambda number: (out[number] - into[number], -number))
            head.append(number)
            drop(number)
    return [*head, *reversed(tail)]


def _by_turns(bars: Sequence[Bar]) -> tuple[list[int], int]:
    """Tracks where there are many bars: of those that run down the lowest turns first, of the others the highest."""
    track = [-1] * len(bars)
    used: list[list[tuple[int, int]]] = []  # the spans on each track, sorted
    down: list[tuple[int, int, int]] = []
    up: list[tuple[int, int, int]] = []
    for number, bar in enumerate(bars):
        start, end = bar.lefts[len(bar.lefts) // 2], bar.rights[len(bar.rights) // 2]
        (down if end >= start else up).append((start, end, number))
    down.sort(reverse=True)
    mirrored = sorted([(-start, -end, number) for start, end, number in up], reverse=True)
    for family in (down, mirrored):
        starts: list[int] = []  # where earlier turns of this family start, negated so that it grows
        peaks: list[int] = []  # indices whose track is higher than all later ones ...
        heights: list[int] = []  # ... and those tracks: the highest from an index on is found by bisection
        for index, (start, end, number) in enumerate(family):
            # Every earlier turn that starts before this one ends lies across it and holds a lower track.
            at = bisect_left(starts, -end)
            least = heights[bisect_left(peaks, at)] + 1 if at < index else 0
            span = bars[number].low, bars[number].high
            spot = least
            while spot < len(used) and _taken(used[spot], span):
                spot = spot + 1 if spot < least + TRIES else len(used)
            used.extend([] for _ in range(spot - len(used) + 1))
            insort(used[spot], span)
            track[number] = spot
            starts.append(-start)
            while heights and heights[-1] <= spot:
                heights.pop()
                peaks.pop()
            heights.append(spot)
            peaks.append(index)
    return track, len(used)


def _taken(spans: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether ``span`` touches one of the sorted, disjoint ``spans``."""
    at = bisect_left(spans, span)
    return (at > 0 and spans[at - 1][1] >= span[0]) or (at < len(spans) and spans[at][0] <= span[1])
