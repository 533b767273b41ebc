"""Phase: a part that is too wide is cut between columns, and its pieces stand below each other.

Before: a part on its own ground. After: the same in bands, where that asks for
less of a screen. Lines that pass a cut leave to the right of the upper band, run
back between the bands and enter the lower one from the left; nested like the
turns of a spiral they cross nothing new. What is paid is their length, so
a fold has a price: it is refused where lines would go far astray.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from .columns import Columns
from .records import Layered, Measures
from .routes import Spot, straight

#: Up to so many places for a cut all pairs of them are tried, where all lines have no more points than this.
ALL_PAIRS, FEW_POINTS = 12, 6_000
#: The most bands.
BANDS = 6
#: So many foldings are built before giving up, the most promising first.
BUILT = 12
#: What a fold has to save of the screen, for one cut and for several.
SAVING = (0.92, 0.86)
#: No band is narrower than this share of the widest.
NARROW = 0.45
#: Nine tenths of the lines may be so much longer than the straight way.
ASTRAY = 2.2


@dataclass(frozen=True, slots=True)
class Folded:
    """Corners of the nodes, points of the lines and the extent after the phase."""

    corners: tuple[Spot, ...]
    points: tuple[tuple[Spot, ...], ...]
    width: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Bands:
    """What a choice of cuts makes: for each band where it begins, its extent in ``y``, the lines cut behind it."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    home: tuple[int, ...]
    pieces: tuple[tuple[tuple[Spot, ...], ...], ...]
    passing: tuple[tuple[int, ...], ...]

    def lanes(self, band: int) -> list[int]:
        """The ``y`` at which lines leave a band; those of a trunk leave as one."""
        return sorted({self.pieces[line][band][-1][1] for line in self.passing[band]})


def astray(points: Sequence[Sequence[Spot]]) -> float:
    """The 90 % quantile of drawn length over straight distance."""
    ratios = []
    for way in points:
        if len(way) < 2:
            continue
        length = sum(abs(bx - ax) + abs(by - ay) for (ax, ay), (bx, by) in pairwise(way))
        ratios.append(length / max(1.0, math.dist(way[0], way[-1])))
    ratios.sort()
    return ratios[min(len(ratios) - 1, int(0.9 * len(ratios)))] if ratios else 0.0


def fold(
    graph: Layered,
    plain: Folded,
    columns: Columns,
    depths: Sequence[int],
    measures: Measures,
) -> Folded:
    """``plain`` in bands, or as it is."""
    places = range(1, len(columns.left))
    if len(places) < 3 or graph.bypasses or graph.pins:
        return plain
    now = measures.fit(plain.width, plain.depth)
    choices = []
    pairs = ALL_PAIRS if sum(map(len, plain.points)) <= FEW_POINTS else 0
    for cuts in _cuts(columns, places, pairs):
        borders = [columns.left[0], *[columns.right[cut - 1] for cut in cuts], columns.right[-1]]
        widths = [right - left for left, right in pairwise(borders)]
        enough = now * SAVING[len(cuts) > 1]
        # Lines that pass a cut reach into both bands, so the bands together are at least as deep as the part.
        if min(widths) < NARROW * max(widths) or measures.fit(max(widths), plain.depth) >= enough:
            continue
        bands = _bands(graph, plain, columns, depths, cuts)
        cost = measures.fit(*_extent(bands, measures))
        if cost < enough:
            choices.append((cost, cuts, bands))
    choices.sort(key=lambda choice: choice[:2])
    limit = max(ASTRAY, 1.02 * astray(plain.points)) if choices else 0.0
    for _, _, bands in choices[:BUILT]:
        found = _built(plain, bands, measures)
        if astray(found.points) <= limit:
            return found
    return plain


def _cuts(columns: Columns, places: Sequence[int], pairs: int) -> list[tuple[int, ...]]:
    """Choices of cuts, each before the columns it names: all of up to ``pairs``, else those that make even bands."""
    found: dict[tuple[int, ...], None] = {}
    total = columns.right[-1]
    for bands in range(2, min(BANDS, len(places) + 1) + 1):
        if len(places) <= pairs and bands <= 3:
            found.update(dict.fromkeys(combinations(places, bands - 1)))
        else:
            even = {min(places, key=lambda k: abs(columns.left[k] - total * b // bands)) for b in range(1, bands)}
            found[tuple(sorted(even))] = None
    return list(found)


def _bands(graph: Layered, plain: Folded, columns: Columns, depths: Sequence[int], cuts: tuple[int, ...]) -> _Bands:
    last = len(columns.left) - 1
    borders = [columns.right[cut - 1] for cut in cuts]
    left = [columns.left[0], *borders]
    right = [*borders, columns.right[last]]
    low = [1 << 60] * len(left)
    high = [-(1 << 60)] * len(left)

    def see(band: int, top: int, bottom: int) -> None:
        low[band] = min(low[band], top)
        high[band] = max(high[band], bottom)

    home = []
    for node in range(graph.real):
        band = sum(graph.column[node] >= cut for cut in cuts)
        home.append(band)
        see(band, plain.corners[node][1], plain.corners[node][1] + depths[node])
    pieces = []
    passing: list[list[int]] = [[] for _ in cuts]
    for line, points in enumerate(plain.points):
        parts = _parted(points, borders)
        pieces.append(parts)
        for band, part in enumerate(parts):
            if part:
                ends = [y for _, y in part]
                see(band, min(ends), max(ends))
            if band < len(cuts) and part and parts[band + 1]:
                passing[band].append(line)
    return _Bands(
        tuple(left),
        tuple(right),
        tuple(low),
        tuple(high),
        tuple(home),
        tuple(pieces),
        tuple(map(tuple, passing)),
    )


def _parted(points: Sequence[Spot], borders: Sequence[int]) -> tuple[tuple[Spot, ...], ...]:
    """The points of one line by band; at a border a line runs level, so both parts end at one ``y``."""
    parts: list[list[Spot]] = [[] for _ in range(len(borders) + 1)]
    band = sum(points[0][0] > border for border in borders)
    parts[band].append(points[0])
    for (ax, ay), (bx, by) in pairwise(points):
        while band < len(borders) and bx > borders[band] >= ax - 1 and ay == by:
            parts[band].append((borders[band], ay))
            band += 1
            parts[band].append((borders[band - 1], ay))
        parts[band].append((bx, by))
    return tuple(map(tuple, parts))


def _extent(bands: _Bands, measures: Measures) -> tuple[int, int]:
    """Width and depth of the part in bands, without building it."""
    width = depth = 0
    for band in range(len(bands.left)):
        into = len(bands.lanes(band - 1)) if band else 0
        out = len(bands.lanes(band)) if band < len(bands.passing) else 0
        around = (into + 1) * measures.lane * bool(band) + (out + 1) * measures.lane + measures.margin * bool(out)
        width = max(width, around + bands.right[band] - bands.left[band])
        depth += bands.high[band] - bands.low[band]
        if band < len(bands.passing):
            depth += (out + 1) * measures.lane + measures.gap
    return width, depth


def _built(plain: Folded, bands: _Bands, measures: Measures) -> Folded:
    """The part in its bands."""
    lane = measures.lane
    move_x, move_y, right, floor = [], [], [], []
    top = 0
    lanes = [bands.lanes(band) for band in range(len(bands.passing))]
    for band, begins in enumerate(bands.left):
        indent = (len(lanes[band - 1]) + 1) * lane if band else 0
        move_x.append(indent - begins)
        move_y.append(top - bands.low[band])
        right.append(bands.right[band] + move_x[band])
        floor.append(top + bands.high[band] - bands.low[band])
        if band < len(lanes):
            top = floor[band] + (len(lanes[band]) + 1) * lane + measures.gap
    width = max(right)
    ways = []
    for parts in bands.pieces:
        way: list[Spot] = []
        for band, part in enumerate(parts):
            if not part:
                continue
            moved = [(x + move_x[band], y + move_y[band]) for x, y in part]
            if way:  # the topmost line goes furthest out to the right, and lowest
                count = len(lanes[band - 1])
                rest = count - lanes[band - 1].index(parts[band - 1][-1][1])
                out = right[band - 1] + measures.margin + (rest - 1) * lane
                back = floor[band - 1] + measures.gap // 2 + rest * lane
                way[-1] = (out, way[-1][1])
                way += [(out, back), (rest * lane, back), (rest * lane, moved[0][1])]
                width = max(width, out + lane)
                moved = moved[1:]
            way += moved
        ways.append(tuple(straight(way)))
    corners = tuple(
        (x + move_x[band], y + move_y[band]) for (x, y), band in zip(plain.corners, bands.home, strict=True)
    )
    return Folded(corners, tuple(ways), width, max(floor))
