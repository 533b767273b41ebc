"""Step of the routing: where a line could run between packed boxes, as a sparse graph of lines of sight.

Lines of sight start at the ports of ends, at straight shots between two ends, and
in lanes beside every border; each reaches as far as nothing stands in its way.
Where they cross are the vertices. Lengths are tiles.

Source: the orthogonal visibility graph of M. Wybrow, K. Marriott, P. Stuckey,
"Orthogonal connector routing", Graph Drawing 2009, thinned to few lanes a border.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

#: No line comes nearer to a card, nor to a header.
CARD, HEADER = 0.045, 0.02
#: No line runs along a border nearer than this, nor beside a line that lies already.
BORDER, BESIDE = 0.035, 0.05
#: Lanes outside of a border; the first two of them also inside of open boxes.
LANES = (0.08, 0.16, 0.24)
#: From port to port on an upright side; on a lying one by so much more.
PORTS, LYING_PORTS = 0.09, 1.4
#: Lines of sight nearer than this to a better one are left out; a remnant shorter than this as well.
NEAR, PORT_NEAR, REMNANT = 0.05, 0.02, 0.15
#: The share of a side that stays free at its ends, of at most this length.
SHOULDER, LONGEST_SIDE = 0.12, 2.0
#: How far lines may run outside of everything.
AROUND = 0.4
#: The price of a port above or below, in steps; of crossing a line that is laid already.
LYING_PRICE, FIXED_PRICE = 5.0, 3.0
EPSILON = 1e-6
Rectangle = tuple[float, float, float, float]
Obstacle = tuple[float, float, float, float]
"""From where to where along the line of sight, and between which coordinates across it."""


class Port(NamedTuple):
    """Where a line may meet the side of an end: from ``vertex`` in direction ``inward`` to the border point.

    Directions are 0 right, 1 left, 2 down, 3 up; ``length`` is the way from the vertex, which runs in the
    boxes of ``mask``; ``price`` is what the side costs.
    """

    vertex: int
    inward: int
    x: float
    y: float
    length: float
    price: float
    mask: int
    end: str
    number: int

    @property
    def along(self) -> float:
        """Where on its side the port is."""
        return self.y if self.inward < 2 else self.x


@dataclass(frozen=True, slots=True)
class Scene:
    """What the router is to find ways in.

    ``rectangles`` are those of nodes and boxes, ``around`` the boxes each stands
    in, ``headers`` the depths of the boxes' title strips. ``laid`` are pieces of lines that lie already.
    ``open_boxes`` are those some line may run through, ``bits`` their numbers as bits.
    ``pairs`` are the ends of every line to lay; ``held`` says of a pair which end holds the other (-1: neither).
    """

    rectangles: Mapping[str, Rectangle]
    headers: Mapping[str, float]
    parents: Mapping[str, str]
    bits: Mapping[str, int]
    opened: int
    pairs: Mapping[int, tuple[str, str]]
    held: Mapping[int, int]
    laid_lying: Sequence[tuple[float, float, float]] = ()
    laid_standing: Sequence[tuple[float, float, float]] = ()


@dataclass(slots=True)
class Sights:
    """The graph: lines of sight, vertices with their neighbours in four directions, masks of boxes, ports of ends.

    ``masks`` and ``extra`` belong to the edges to the right (0) and down (1) of each vertex.
    """

    lying: list[tuple[float, float, float]]
    standing: list[tuple[float, float, float]]
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    on_lying: list[int] = field(default_factory=list)
    on_standing: list[int] = field(default_factory=list)
    near: tuple[list[int], list[int], list[int], list[int]] = field(default_factory=lambda: ([], [], [], []))
    masks: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    extra: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    ports: dict[tuple[str, bool], list[Port]] = field(default_factory=dict)
    obstacles: tuple[list[Obstacle], list[Obstacle]] = field(default_factory=lambda: ([], []))
    runs: tuple[list[list[int]], list[list[int]]] = field(default_factory=lambda: ([], []))


def shoulders(rectangle: Rectangle) -> tuple[float, float]:
    """What stays free at the ends of lying and of upright sides."""
    left, top, right, bottom = rectangle
    return SHOULDER * min(right - left, LONGEST_SIDE), SHOULDER * min(bottom - top, LONGEST_SIDE)


def look_around(scene: Scene, lanes: Sequence[float] = LANES) -> Sights:
    """The lines of sight of a scene and the graph they make."""
    obstacles = _obstacles(scene)
    lying_seeds, standing_seeds = _seeds(scene, lanes)
    width = max(right for _, _, right, _ in scene.rectangles.values())
    depth = max(bottom for _, _, _, bottom in scene.rectangles.values())
    sights = Sights(
        _lines(obstacles[0], lying_seeds, -AROUND, width + AROUND),
        sorted(_lines(obstacles[1], standing_seeds, -AROUND, depth + AROUND)),
        obstacles=obstacles,
    )
    _join(sights, scene)
    _find_ports(sights, scene)
    return sights


def _obstacles(scene: Scene) -> tuple[list[Obstacle], list[Obstacle]]:
    """What stands in the way of lying and of standing lines."""
    lying: list[Obstacle] = []
    standing: list[Obstacle] = []
    for thing, (left, top, right, bottom) in scene.rectangles.items():
        if thing in scene.headers:
            head = (left - HEADER, top - HEADER, right + HEADER, top + scene.headers[thing] + HEADER)
            lying.append((head[0], head[2], head[1], head[3]))
            standing.append((head[1], head[3], head[0], head[2]))
            lying += [(left, right, y - BORDER, y + BORDER) for y in (top, bottom)]
            standing += [(top, bottom, x - BORDER, x + BORDER) for x in (left, right)]
        else:
            lying.append((left - CARD, right + CARD, top - CARD, bottom + CARD))
            standing.append((top - CARD, bottom + CARD, left - CARD, right + CARD))
    lying += [(low - 0.03, high + 0.03, y - BESIDE, y + BESIDE) for y, low, high in scene.laid_lying]
    standing += [(low - 0.03, high + 0.03, x - BESIDE, x + BESIDE) for x, low, high in scene.laid_standing]
    lying.sort()
    standing.sort()
    return lying, standing


Seed = tuple[int, float, float]
"""Priority (0 first), where the line of sight lies, and a point on it."""


def _seeds(scene: Scene, lanes: Sequence[float]) -> tuple[list[Seed], list[Seed]]:
    """Where lines of sight begin: lying ones and standing ones."""
    lying: list[Seed] = []
    standing: list[Seed] = []
    degree: dict[str, int] = {}
    for ends in scene.pairs.values():
        for end in ends:
            degree[end] = degree.get(end, 0) + 1
    outside = CARD + 0.001
    for end, count in degree.items():
        left, top, right, bottom = scene.rectangles[end]
        beside, below = shoulders(scene.rectangles[end])
        reach = (count + 1) // 2 + 1
        middle = (top + scene.headers.get(end, 0.0) + bottom) / 2
        for step in range(-reach, reach + 1):
            y = middle + step * PORTS
            if top + below <= y <= bottom - below:
                lying += [(0, y, right + outside), (0, y, left - outside)]
            x = (left + right) / 2 + step * PORTS * LYING_PORTS
            if left + beside <= x <= right - beside and abs(step) < reach:
                standing += [(1, x, top - outside), (1, x, bottom + outside)]
    for ends in scene.pairs.values():
        _straight_shots(scene, ends, lying, standing)
    for thing, (left, top, right, bottom) in scene.rectangles.items():
        around = scene.parents[thing]
        if around and not scene.bits[around] & scene.opened:
            continue
        across, down = (left + right) / 2, (top + bottom) / 2
        for number, lane in enumerate(lanes):
            lying += [(2 + number, y, x) for y in (top - lane, bottom + lane) for x in (across, left, right)]
            standing += [(2 + number, x, y) for x in (left - lane, right + lane) for y in (down, top, bottom)]
            if thing in scene.headers and scene.bits[thing] & scene.opened and number < 2:
                inner_top = top + scene.headers[thing] + lane
                lying += [
                    (3 + number, y, x) for y in (bottom - lane, inner_top) for x in (across, left + lane, right - lane)
                ]
                standing += [(3 + number, x, y) for x in (left + lane, right - lane) for y in (down, bottom - lane)]
    return lying, standing


def _straight_shots(scene: Scene, ends: tuple[str, str], lying: list[Seed], standing: list[Seed]) -> None:
    """Where the sides of two ends overlap: the middle of that, and a port to each side of it."""
    one, other = (scene.rectangles[end] for end in ends)
    pads = [shoulders(scene.rectangles[end]) for end in ends]
    outside = CARD + 0.001
    for axis, seeds in ((1, lying), (0, standing)):
        low = max(one[axis] + pads[0][axis], other[axis] + pads[1][axis])
        high = min(one[axis + 2] - pads[0][axis], other[axis + 2] - pads[1][axis])
        if high <= low:
            continue
        along = 1 - axis
        before, after = (one, other) if one[along + 2] < other[along] else (other, one)
        between = (before[along + 2] + after[along]) / 2
        for step in (0, -1, 1):
            spot = (low + high) / 2 + step * PORTS
            if low - 1e-9 <= spot <= high + 1e-9:
                seeds.append((1, spot, between))
            for rectangle in (one, other):
                seeds.append((1, spot, rectangle[along] - outside))
                seeds.append((1, spot, rectangle[along + 2] + outside))


def free_spans(obstacles: Sequence[Obstacle], at: float, low: float, high: float) -> list[tuple[float, float]]:
    """The free stretches of the line ``at`` between ``low`` and ``high``; obstacles are sorted."""
    spans = []
    for begin, end, near, far in obstacles:
        if near < at < far:
            if begin > low:
                spans.append((low, begin))
            low = max(low, end)
    if low < high:
        spans.append((low, high))
    return spans


def _lines(
    obstacles: Sequence[Obstacle], seeds: Sequence[Seed], low: float, high: float
) -> list[tuple[float, float, float]]:
    """Lines of sight (where, from, to) through the seeds; what lies near a better one is left out."""
    spans_at: dict[float, list[tuple[float, float]]] = {}
    kept: list[tuple[float, float, float]] = []
    index: list[tuple[float, int]] = []
    seen: set[tuple[float, float]] = set()
    for priority, exact, spot in sorted(set(seeds)):
        at = round(exact, 4)
        spans = spans_at.get(at)
        if spans is None:
            spans = spans_at[at] = free_spans(obstacles, at, low, high)
        number = bisect_right(spans, (spot, 1e9)) - 1
        if number < 0 or not spans[number][0] - EPSILON <= spot <= spans[number][1] + EPSILON:
            continue
        begin, end = spans[number]
        if (at, begin) in seen:
            continue
        seen.add((at, begin))
        tolerance = PORT_NEAR if priority == 0 else NEAR
        parts = [(begin, end)]
        for _, other in index[
            bisect_left(index, (at - tolerance, -1)) : bisect_right(index, (at + tolerance, 1 << 30))
        ]:
            _, start, stop = kept[other]
            rest = []
            for first, last in parts:
                if stop <= first or start >= last:
                    rest.append((first, last))
                    continue
                if start - first > REMNANT:
                    rest.append((first, start))
                if last - stop > REMNANT:
                    rest.append((stop, last))
            parts = rest
            if not parts:
                break
        for first, last in parts:
            index.insert(bisect_left(index, (at, len(kept))), (at, len(kept)))
            kept.append((at, first, last))
    return kept


def _join(sights: Sights, scene: Scene) -> None:
    """Vertices where lines of sight cross, and the edges between them."""
    frames = [(scene.rectangles[box], bit) for box, bit in scene.bits.items()]
    shut = [rectangle for rectangle, bit in frames if not bit & scene.opened]
    places = [line[0] for line in sights.standing]
    by_lying: list[list[int]] = [[] for _ in sights.lying]
    by_standing: list[list[int]] = [[] for _ in sights.standing]
    for number, (y, low, high) in enumerate(sights.lying):
        closed = [(left, right) for left, top, right, bottom in shut if top < y < bottom]
        for other in range(bisect_left(places, low - 1e-9), bisect_right(places, high + 1e-9)):
            x, top, bottom = sights.standing[other]
            if top - 1e-9 <= y <= bottom + 1e-9 and not any(left < x < right for left, right in closed):
                vertex = len(sights.x)
                by_lying[number].append(vertex)
                by_standing[other].append(vertex)
                sights.x.append(x)
                sights.y.append(y)
                sights.on_lying.append(number)
                sights.on_standing.append(other)
    count = len(sights.x)
    sights.near = ([-1] * count, [-1] * count, [-1] * count, [-1] * count)
    sights.masks = ([0] * count, [0] * count)
    sights.extra = ([0.0] * count, [0.0] * count)
    for axis, runs, lines, fixed in (
        (0, by_lying, sights.lying, scene.laid_standing),
        (1, by_standing, sights.standing, scene.laid_lying),
    ):
        coordinate = sights.x if axis == 0 else sights.y
        onwards, back = sights.near[2 * axis], sights.near[2 * axis + 1]
        for number, run in enumerate(runs):
            at = lines[number][0]
            if axis:
                run.sort(key=coordinate.__getitem__)
            crossed = [
                (rectangle[axis], rectangle[axis + 2], bit)
                for rectangle, bit in frames
                if rectangle[1 - axis] <= at <= rectangle[3 - axis]
            ]
            met = [place for place, low, high in fixed if low - 0.01 <= at <= high + 0.01]
            for one, other in pairwise(run):
                onwards[one], back[other] = other, one
                begin, end = coordinate[one], coordinate[other]
                mask = 0
                for low, high, bit in crossed:
                    if begin < high and end > low:
                        mask |= bit
                sights.masks[axis][one] = mask
                if met:
                    sights.extra[axis][one] = FIXED_PRICE * sum(begin < place <= end for place in met)
    sights.runs = (by_lying, by_standing)


def _find_ports(sights: Sights, scene: Scene) -> None:
    """Where lines of sight meet the sides of ends, from outside and, for boxes that hold the other end, from inside."""
    wanted: dict[tuple[str, bool], None] = {}
    for key, ends in scene.pairs.items():
        for number, end in enumerate(ends):
            wanted[end, scene.held[key] == number] = None
    by_lying, by_standing = sights.runs
    lying = sorted(range(len(sights.lying)), key=lambda number: sights.lying[number][0])
    levels = [sights.lying[number][0] for number in lying]
    places = [line[0] for line in sights.standing]
    frames = [(scene.rectangles[box], bit) for box, bit in scene.bits.items()]
    counter = 0
    for end, inside in wanted:
        left, top, right, bottom = scene.rectangles[end]
        beside, below = shoulders(scene.rectangles[end])
        found: list[Port] = []
        start = top + (scene.headers.get(end, 0.0) if inside else 0.0) + below
        for index in range(bisect_left(levels, start - EPSILON), bisect_right(levels, bottom - below + EPSILON)):
            line = lying[index]
            y, low, high = sights.lying[line]
            for vertex, inward, x, length in _beside(
                by_lying[line], sights.x, (low, high), (left, right), inside=inside
            ):
                mask = _boxes_on(frames, 0, y, x, sights.x[vertex])
                found.append(Port(vertex, inward, x, y, length, 0.0, mask, end, counter))
                counter += 1
        for line in range(bisect_left(places, left + beside - EPSILON), bisect_right(places, right - beside + EPSILON)):
            x, low, high = sights.standing[line]
            for vertex, inward, y, length in _beside(
                by_standing[line], sights.y, (low, high), (top, bottom), inside=inside
            ):
                if inside and inward == 1:  # not through its title
                    continue
                mask = _boxes_on(frames, 1, x, y, sights.y[vertex])
                found.append(Port(vertex, inward + 2, x, y, length, LYING_PRICE, mask, end, counter))
                counter += 1
        sights.ports[end, inside] = found


def _boxes_on(frames: Sequence[tuple[Rectangle, int]], axis: int, at: float, one: float, other: float) -> int:
    """The boxes, as bits, in which a piece along ``axis`` runs."""
    begin, end = min(one, other), max(one, other)
    mask = 0
    for rectangle, bit in frames:
        across = rectangle[1 - axis] <= at <= rectangle[3 - axis]
        if across and begin < rectangle[axis + 2] and end > rectangle[axis]:
            mask |= bit
    return mask


def _beside(
    run: Sequence[int],
    coordinate: Sequence[float],
    reach: tuple[float, float],
    sides: tuple[float, float],
    *,
    inside: bool,
) -> list[tuple[int, int, float, float]]:
    """The vertices next to the sides of an end: vertex, direction inwards (0 on, 1 back), where the side is, length."""
    if not run:
        return []
    low, high = reach
    first, last = sides
    touch = CARD + 0.003
    found = []
    if inside:
        if low <= first + touch and high > first:
            index = bisect_right(run, first + 0.01, key=coordinate.__getitem__)
            if index < len(run) and coordinate[run[index]] < last:
                found.append((run[index], 1, first, coordinate[run[index]] - first))
        if high >= last - touch and low < last:
            index = bisect_left(run, last - 0.01, key=coordinate.__getitem__) - 1
            if index >= 0 and coordinate[run[index]] > first:
                found.append((run[index], 0, last, last - coordinate[run[index]]))
        return found
    if low - 0.01 <= last + touch and high > last:
        index = bisect_right(run, last + 0.01, key=coordinate.__getitem__)
        if index < len(run) and low <= last + touch:
            found.append((run[index], 1, last, coordinate[run[index]] - last))
    if high + 0.01 >= first - touch and low < first:
        index = bisect_left(run, first - 0.01, key=coordinate.__getitem__) - 1
        if index >= 0:
            found.append((run[index], 0, first, first - coordinate[run[index]]))
    return found
