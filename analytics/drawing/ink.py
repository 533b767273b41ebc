"""The ink of lines: corners and merges rounded, a gap where two cross, wider strokes where a trunk runs together.

Everything is reckoned on the ground, where lines follow the axes, and written as
path data for the screen. A corner is rounded with the corner itself as control
point; since every line of a trunk rounds its own corners, a branch merges in
the direction of its arrow.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..model.grid import Point
from .projection import Projection

#: Radius of corners and half of a gap, in ground units.
RADIUS, GAP = 0.055, 0.034
#: A gap stays away from a corner, from the end of a line, and from another gap by as much.
SPARED, APART = 0.03, 0.02
STUB = 0.12
#: Coordinates closer than this are the same.
SAME = 1e-5
#: Strokes of trunks: for two lines, for each doubling more, at most.
TRUNK, DOUBLING, WIDEST = 2.8, 0.7, 5.4

Step = Callable[[Point], str]


@dataclass(frozen=True, slots=True)
class Way:
    """One line as it is drawn: its points, and who owns its ink (lines of one trunk share an owner)."""

    owner: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class TrunkInk:
    """Where lines of one owner run together: path data and how wide the stroke is."""

    owner: str
    width: float
    data: str


def screen_step(projection: Projection, origin: tuple[float, float]) -> Step:
    """A function that writes a ground point as a point of a path."""
    left, top = origin
    xa, xd, ya, yd = projection.x_across, projection.x_down, projection.y_across, projection.y_down
    known: dict[Point, str] = {}  # lines of a trunk go through the same points

    def step(point: Point) -> str:
        found = known.get(point)
        if found is None:
            x, y = point
            found = known[point] = f"{x * xa + y * ya + left:.1f},{x * xd + y * yd + top:.1f}"
        return found

    return step


class Crossings:
    """All standing ink, by bands of one unit: asked for the foreign lines that a lying piece passes."""

    def __init__(self, ways: Sequence[Way]) -> None:
        standing: dict[tuple[float, str], set[tuple[float, float]]] = defaultdict(set)
        for way in ways:
            for (ax, ay), (bx, by) in pairwise(way.points):
                if abs(ax - bx) < SAME < abs(ay - by):
                    standing[round(ax, 4), way.owner].add((ay, by) if ay < by else (by, ay))
        bands: dict[int, list[tuple[float, float, float, str]]] = defaultdict(list)
        for (x, owner), spans in standing.items():
            lowest = -math.inf
            for top, bottom in sorted(spans, key=lambda span: (span[0], -span[1])):
                if bottom > lowest:  # what lies inside another span of its owner hides nothing more
                    lowest = bottom
                    for band in range(math.floor(top), math.floor(bottom) + 1):
                        bands[band].append((x, top, bottom, owner))
        self._bands = {band: sorted(spans) for band, spans in bands.items()}
        self._places = {band: [span[0] for span in spans] for band, spans in self._bands.items()}
        self._known: dict[tuple[str, float, float, float], list[float]] = {}  # lines of a trunk pass the same ones

    def gaps(self, owner: str, y: float, low: float, high: float) -> list[float]:
        """Where a lying piece from ``low`` to ``high`` leaves a gap: single crossings with room on both sides."""
        key = (owner, y, low, high)
        if key not in self._known:
            self._known[key] = self._gaps(*key)
        return self._known[key]

    def _gaps(self, owner: str, y: float, low: float, high: float) -> list[float]:
        band = math.floor(y)
        places = self._places.get(band)
        if not places:
            return []
        first = bisect_left(places, low + GAP + SPARED)
        last = bisect_right(places, high - GAP - SPARED)
        met: list[float] = []
        for x, top, bottom, other in self._bands[band][first:last]:
            if top + 0.012 < y < bottom - 0.012 and other != owner and (not met or met[-1] != x):
                met.append(x)
        near = 2 * GAP + APART
        return [
            x
            for number, x in enumerate(met)
            if (number == 0 or x - met[number - 1] > near) and (number + 1 == len(met) or met[number + 1] - x > near)
        ]


def line_path(way: Way, step: Step, crossings: Crossings | None = None) -> str:
    """Path data of one line; with ``crossings`` it has gaps where it passes under others."""
    points = way.points
    data = ["M", step(points[0])]
    here = points[0]
    for number in range(1, len(points)):
        corner = points[number]
        end, after = corner, None
        if number + 1 < len(points):
            end, after = rounded(points[number - 1], corner, points[number + 1])
        if crossings is not None and abs(here[1] - end[1]) < SAME:
            low = here[0] + (STUB if number == 1 and end[0] > here[0] else 0.0)
            high = end[0] - (STUB if number + 1 == len(points) and end[0] > here[0] else 0.0)
            low, high = (low, high) if low < high else (high, low)
            gaps = crossings.gaps(way.owner, end[1], low, high)
            for x in gaps if end[0] > here[0] else reversed(gaps):
                side = GAP if end[0] > here[0] else -GAP
                data += ["L", step((x - side, end[1])), "M", step((x + side, end[1]))]
        data += ["L", step(end)]
        here = end
        if after is not None:
            data += ["Q", step(corner), ",", step(after)]
            here = after
    return "".join(data)


@lru_cache(maxsize=1 << 14)
def rounded(before: Point, corner: Point, after: Point) -> tuple[Point, Point]:
    """Where a corner's rounding begins and ends: at most half way along either piece."""
    one = abs(before[0] - corner[0]) + abs(before[1] - corner[1])
    two = abs(after[0] - corner[0]) + abs(after[1] - corner[1])
    radius = min(RADIUS, one / 2, two / 2)

    (x, y), into, out = corner, radius / one if one else 0.0, radius / two if two else 0.0
    return (
        (x + (before[0] - x) * into, y + (before[1] - y) * into),
        (x + (after[0] - x) * out, y + (after[1] - y) * out),
    )


def trunk_inks(ways: Sequence[Way], step: Step, crossings: Crossings | None) -> list[TrunkInk]:
    """The wider strokes of every trunk of ``ways``, each piece of ink once."""
    members: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        members[way.owner].append(way)
    inks = []
    for owner, own in members.items():
        if len(own) < 2:
            continue
        by_width: dict[float, dict[str, None]] = defaultdict(dict)
        runs = _runs(own)  # know what is drawn of them already
        for way in own:
            for count, data in _together(way, runs, step, crossings):
                by_width[trunk_width(count)][data] = None
        inks += [TrunkInk(owner, width, "".join(pieces)) for width, pieces in sorted(by_width.items())]
    return inks


def trunk_width(count: int) -> float:
    """The stroke of ``count`` lines that run as one.

    >>> trunk_width(2), trunk_width(64)
    (2.8, 5.4)
    """
    return round(min(WIDEST, TRUNK + DOUBLING * math.log2(count / 2)), 1)


class Run:
    """One straight line on which pieces of ways lie, cut wherever one of them begins or ends.

    ``pieces`` are the stretches between neighbouring cuts: how many ways cover it,
    where it begins and ends. A stretch in the middle of a way looks the same for
    all ways, so it is drawn for the first one: a trunk of thousands would
    otherwise be walked along once for each of them.
    """

    def __init__(self, spans: Sequence[tuple[float, float]]) -> None:
        begins, ends = sorted([low for low, _ in spans]), sorted([high for _, high in spans])
        cuts = sorted({spot for span in spans for spot in span})
        self.pieces = [
            (bisect_right(begins, begin + SAME) - bisect_left(ends, end - SAME), begin, end)
            for begin, end in pairwise(cuts)
            if end - begin >= SAME
        ]
        self._begins = [begin for _, begin, _ in self.pieces]
        self._ends = [end for *_, end in self.pieces]
        # By direction, where to look for the next piece that is not drawn yet; backwards counted from one.
        self._onwards, self._backwards = list(range(len(self.pieces) + 1)), list(range(len(self.pieces) + 1))

    def covered(self, low: float, high: float) -> tuple[int, int]:
        """The first piece between two cuts, and the first one behind them."""
        return bisect_left(self._begins, low), bisect_right(self._ends, high)

    def take(self, first: int, behind: int, *, back: bool) -> Iterator[int]:
        """The pieces from ``first`` to before ``behind`` that nobody took in this direction, in its order."""
        if back:
            number = _free(self._backwards, behind)
            while number > first:
                self._backwards[number] = number - 1
                yield number - 1
                number = _free(self._backwards, number)
        else:
            number = _free(self._onwards, first)
            while number < behind:
                self._onwards[number] = number + 1
                yield number
                number = _free(self._onwards, number)


def _free(following: list[int], number: int) -> int:
    """Where the steps from ``number`` on end; those on the way get there at once the next time."""
    end = number
    while following[end] != end:
        end = following[end]
    while number != end:
        following[number], number = end, following[number]
    return end


Runs = Mapping[tuple[int, float], Run]


def _runs(ways: Sequence[Way]) -> Runs:
    """The lines on which pieces lie, by axis (0: along x) and by where they are."""
    spans: dict[tuple[int, float], list[tuple[float, float]]] = defaultdict(list)
    for way in ways:
        for one, other in pairwise(way.points):
            axis = 0 if abs(one[1] - other[1]) < SAME else 1
            low, high = sorted((one[axis], other[axis]))
            spans[axis, round(one[1 - axis], 4)].append((low, high))
    return {place: Run(own) for place, own in spans.items()}


Stretch = tuple[int, Point, Point]
"""How many lines run along it, where it begins and ends in the direction of one of them."""


def _together(way: Way, runs: Runs, step: Step, crossings: Crossings | None) -> Iterator[tuple[int, str]]:
    """Pieces of one line on which others of its owner run as well: how many lines, and path data.

    Those between the first and the last one of a stretch are left out where they were drawn for another line.
    """
    found = list(_stretches(way, runs))
    corners = set(way.points[1:-1])
    for number, (middle, (count, start, stop)) in enumerate(found):
        for many, begin, end in middle:
            if many > 1:
                yield many, _straight(way.owner, begin, end, step, crossings)
        if count > 1:
            trimmed_start, trimmed_stop = start, stop
            if start in corners and number:
                trimmed_start = rounded(found[number - 1][1][1], start, stop)[1]
            if stop in corners and number + 1 < len(found):
                trimmed_stop, _ = rounded(start, stop, found[number + 1][1][2])
            yield count, _straight(way.owner, trimmed_start, trimmed_stop, step, crossings)
        if stop in corners and number + 1 < len(found):
            beyond, _, after = found[number + 1][1]
            if min(count, beyond) > 1:
                bend, onwards = rounded(start, stop, after)
                yield min(count, beyond), f"M{step(bend)}Q{step(stop)},{step(onwards)}"


def _stretches(way: Way, runs: Runs) -> Iterator[tuple[list[Stretch], Stretch]]:
    """The first and the last stretch of each piece of a way; with the last those between that are still to draw."""
    for one, other in pairwise(way.points):
        axis = 0 if abs(one[1] - other[1]) < SAME else 1
        run = runs[axis, round(one[1 - axis], 4)]
        back = one[axis] > other[axis]
        first, behind = run.covered(*sorted((one[axis], other[axis])))
        if first >= behind:
            continue

        def stretch(number: int, run: Run = run, axis: int = axis, one: Point = one, back: bool = back) -> Stretch:
            count, begin, end = run.pieces[number]
            begin, end = (end, begin) if back else (begin, end)
            return (count, (begin, one[1]), (end, one[1])) if axis == 0 else (count, (one[0], begin), (one[0], end))

        near, far = (behind - 1, first) if back else (first, behind - 1)
        yield [], stretch(near)
        if near != far:
            yield [stretch(number) for number in run.take(first + 1, behind - 1, back=back)], stretch(far)


def _straight(owner: str, start: Point, stop: Point, step: Step, crossings: Crossings | None) -> str:
    """A straight piece with its gaps."""
    data = ["M", step(start)]
    if crossings is not None and abs(start[1] - stop[1]) < SAME:
        low, high = sorted((start[0], stop[0]))
        gaps = crossings.gaps(owner, start[1], low, high)
        side = GAP if stop[0] > start[0] else -GAP
        for x in gaps if stop[0] > start[0] else reversed(gaps):
            data += ["L", step((x - side, start[1])), "M", step((x + side, start[1]))]
    data += ["L", step(stop)]
    return "".join(data)
