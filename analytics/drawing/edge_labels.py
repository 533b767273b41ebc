"""Which words of lines are drawn on the ground, and where: on their own line, touching nothing else.

The layout has kept a stretch of each line free for its words. A label takes the
longest stretch of its line that is free: no tile, no foreign line and no other
label comes near. Lines of one trunk count as one. Words without such a
stretch stand beside their line, else in the line's text only. All of it is
reckoned on the ground, where lines are parallel to the axes and everything is a rectangle.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from ..lettering import UNIT
from ..lettering.type_metrics import text_width
from ..lettering.words import words_width
from ..model.grid import Area, Grid, Point, Route
from ..text import escape
from .connections import BESIDE, by_way
from .projection import Projection, matrix
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: What a label's plate stays away from others, in ground units.
CLEAR = 0.01
#: From a line to the plate of words beside it.
BESIDE_LINE = 0.045
#: Room of an arrowhead.
ARROW = 0.12
#: Beyond so many edges nobody reads labels, and placing them is what costs; all stay in their texts.
MOST_EDGES = 2_500
#: An owner that nothing on the ground has.
NOBODY = -(1 << 30)


class Box(NamedTuple):
    """A rectangle on the ground."""

    left: float
    back: float
    right: float
    front: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        return (
            self.left < other.right and other.left < self.right and self.back < other.front and other.back < self.front
        )


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """A label on the ground: of which edge, where its middle is, and whether it runs along x or y."""

    edge: int
    text: str
    centre: Point
    along_x: bool
    box: Box


#: Labels and most lines are long and thin: what lies on the ground is looked up by flat cells.
CELL_ACROSS, CELL_DEEP = 2.0, 1.0

Span = tuple[float, float]


class _Ground:
    """What lies on the ground, by cells, so that only neighbours are compared."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, int], list[tuple[float, float, float, float, int, bool]]] = defaultdict(
            list
        )

    def add(self, owner: int, box: Box) -> None:
        left, back, right, front = box
        item = (left, back, right, front, owner, right - left > front - back)
        cells = self._cells
        columns, lines = _cells(box)
        for column in columns:
            for line in lines:
                cells[column, line].append(item)

    def spans(self, box: Box, owner: int, along_x: bool) -> list[Span]:
        """From where to where what meets ``box`` is in the way of words along one axis, in order.

        Of the lines of ``owner`` only those are that come across.
        """
        left, back, right, front = box
        columns, lines = _cells(box)
        held = self._cells
        found: set[Span] = set()
        for column in columns:
            for line in lines:
                for low_x, low_y, high_x, high_y, other, lying in held.get((column, line), ()):
                    if (
                        left < high_x
                        and low_x < right
                        and back < high_y
                        and low_y < front
                        and (other != owner or lying != along_x)
                    ):
                        found.add((low_x, high_x) if along_x else (low_y, high_y))
        return sorted(found)


def _cells(box: Box) -> tuple[range, range]:
    """The columns and lines of cells that ``box`` touches."""
    left, back, right, front = box
    return (
        range(math.floor(left / CELL_ACROSS), math.floor(right / CELL_ACROSS) + 1),
        range(math.floor(back / CELL_DEEP), math.floor(front / CELL_DEEP) + 1),
    )


def place_edge_labels(grid: Grid) -> list[EdgeLabel]:
    """A place for the words of every line that has one, in the order of the edges.

    Words of a trunk whose lines all say the same stand once, on any of its lines.
    Where no stretch of a line is free they stand beside it.
    """
    routes = [route for route in grid.routes if len(route.points) > 1]
    if len(routes) > MOST_EDGES:
        return []
    size = sizes_of(grid)
    ways = by_way(routes)
    if not any(way[0].words for way in ways):
        return []
    names = _owners(ways)
    number = {name: index for index, name in enumerate(dict.fromkeys(names.values()))}
    owners = {edge: number[name] for edge, name in names.items()}
    ground = _Ground()
    for place in grid.places:
        ground.add(-1, Box(place.x, place.y, place.x + place.width, place.y + place.depth))
    for area in grid.areas:
        if not area.shares:
            for border in _borders(area):
                ground.add(-1, border)
    for way in ways:
        for start, end in pairwise(way[0].points):
            ground.add(owners[way[0].edge], _around(start, end, 0.008 if len(way) == 1 else BESIDE))
    labels: list[EdgeLabel] = []
    for job in _jobs(ways, names):
        label = _first_place(job, owners[job[0][0].edge], ground, size)
        if label:
            labels.append(label)
            ground.add(-2 - label.edge, label.box)
    return labels


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type of words on lines in pixels, half of their plate's depth on the ground."""

    type: float
    half: float


FLAT_SIZES, ISOMETRIC_SIZES = Sizes(15.0, 0.058), Sizes(18.0, 0.07)


def sizes_of(grid: Grid) -> Sizes:
    """The type of words on the ground of a grid."""
    return FLAT_SIZES if grid.projection == "flat" else ISOMETRIC_SIZES


def _owners(ways: Sequence[list[Route]]) -> dict[int, str]:
    """Whose each way is, by its first edge: a trunk's where all its lines say the same, else its own.

    What one line of a trunk says must not stand where others run as well.
    """
    said: defaultdict[str, set[str]] = defaultdict(set)
    for way in ways:
        said[way[0].trunk].add(way[0].words)
    return {
        way[0].edge: way[0].trunk if way[0].trunk and len(said[way[0].trunk]) == 1 else f"line {way[0].edge}"
        for way in ways
    }


def _jobs(ways: Sequence[list[Route]], owners: Mapping[int, str]) -> list[list[list[Route]]]:
    """What is to be written once: the ways on which it may stand, the longest first; those with least room first."""
    together: defaultdict[str, list[list[Route]]] = defaultdict(list)
    for way in ways:
        if way[0].words:
            together[owners[way[0].edge]].append(way)
    jobs = [sorted(own, key=lambda way: -_length(way[0].points)) for own in together.values()]
    jobs.sort(key=lambda job: (sum(len(way[0].points) for way in job), job[0][0].edge))
    return jobs


def _length(points: Sequence[Point]) -> float:
    return sum(abs(bx - ax) + abs(by - ay) for (ax, ay), (bx, by) in pairwise(points))


def _first_place(job: Sequence[list[Route]], owner: int, ground: _Ground, size: Sizes) -> EdgeLabel | None:
    """The first way, and on it the best stretch, that holds the words; else a spot beside one of them."""
    words = job[0][0].words
    length = words_width(words, size.type) / UNIT
    for way in job:
        both = any(other.points != way[0].points for other in way[1:])
        label = _place(way[0], words, length, owner, ground, size, both_ways=both)
        if label:
            return label
    for way in job:
        label = _beside(way[0], words, length, ground, size)
        if label:
            return label
    return None


def _borders(area: Area) -> Iterator[Box]:
    """A container's header and the lines around it: a label may lie on its ground, not on these."""
    right, front = area.x + area.width, area.y + area.depth
    thin = 0.03
    yield Box(area.x, area.y, right, area.y + max(area.header, thin))
    yield Box(area.x, front - thin, right, front)
    yield Box(area.x, area.y, area.x + thin, front)
    yield Box(right - thin, area.y, right, front)


def _around(start: Point, end: Point, margin: float) -> Box:
    """The rectangle a line takes."""
    (ax, ay), (bx, by) = start, end
    if ax > bx:
        ax, bx = bx, ax
    if ay > by:
        ay, by = by, ay
    return Box(ax - margin, ay - margin, bx + margin, by + margin)


def _place(
    route: Route,
    words: str,
    length: float,
    owner: int,
    ground: _Ground,
    size: Sizes,
    *,
    both_ways: bool,
) -> EdgeLabel | None:
    """The middle of the longest free stretch that holds the words, along x before along y.

    No line of the own trunk comes in from the side there.

    Arrowheads keep their room: the one at the end, and one at the start of what runs both ways.
    """
    points = route.points
    pieces: list[tuple[bool, float, int, float, float, float]] = []
    for number, (start, end) in enumerate(pairwise(points)):
        along_x = abs(end[0] - start[0]) >= abs(end[1] - start[1])
        low, high = sorted((start[0], end[0]) if along_x else (start[1], end[1]))
        low += 0.03
        high -= 0.03
        for tip in ([end] if number == len(points) - 2 else []) + ([start] if both_ways and number == 0 else []):
            at = tip[0] if along_x else tip[1]
            low, high = (low, high - ARROW) if abs(at - high) < abs(at - low) else (low + ARROW, high)
        if high - low >= length:
            pieces.append((along_x, high - low, -number, low, high, start[1] if along_x else start[0]))
    # The most promising first: those that cannot have a longer stretch than the best are not looked at.
    best: tuple[bool, float, int] | None = None
    centre = (0.0, 0.0)
    for along_x, room, number, low, high, fixed in sorted(pieces, reverse=True):
        if best and (along_x, room, number) < best:
            break
        for begin, stop in _free(low, high, ground.spans(_strip(low, high, fixed, along_x, size), owner, along_x)):
            stretch = (along_x, stop - begin, number)
            if stop - begin >= length and (best is None or stretch > best):
                middle = (begin + stop) / 2
                best, centre = stretch, (middle, fixed) if along_x else (fixed, middle)
    if best is None:
        return None
    return _label(route.edge, words, length, centre, best[0], size)


def _beside(route: Route, words: str, length: float, ground: _Ground, size: Sizes) -> EdgeLabel | None:
    """Words just above, below or beside a piece of the line, touching nothing; they run along x."""
    pieces = sorted(pairwise(route.points), key=lambda piece: -_length(piece))
    for start, end in pieces:
        along_x = abs(end[0] - start[0]) >= abs(end[1] - start[1])
        low, high = sorted((start[0], end[0]) if along_x else (start[1], end[1]))
        fixed = start[1] if along_x else start[0]
        for side in (-1, 1) if along_x else (1, -1):
            if along_x:
                at = fixed + side * (size.half + BESIDE_LINE)
                middle = (low + high) / 2
                low, high = min(low, middle - length / 2), max(high, middle + length / 2)
                taken = ground.spans(_strip(low, high, at, True, size), NOBODY, True)
                for begin, stop in _free(low, high, taken):
                    if stop - begin >= length:
                        x = min(max(middle, begin + length / 2), stop - length / 2)
                        return _label(route.edge, words, length, (x, at), True, size)
            else:
                at = fixed + side * (length / 2 + BESIDE_LINE)
                taken = ground.spans(Box(at - length / 2, low, at + length / 2, high), NOBODY, False)
                for begin, stop in _free(low, high, taken):
                    if stop - begin >= 2 * (size.half + CLEAR):
                        return _label(route.edge, words, length, (at, (begin + stop) / 2), True, size)
    return None


def _label(edge: int, words: str, length: float, centre: Point, along_x: bool, size: Sizes) -> EdgeLabel:
    half_x, half_y = (length / 2, size.half) if along_x else (size.half, length / 2)
    box = Box(centre[0] - half_x, centre[1] - half_y, centre[0] + half_x, centre[1] + half_y)
    return EdgeLabel(edge, words, centre, along_x, box)


def _strip(low: float, high: float, fixed: float, along_x: bool, size: Sizes) -> Box:
    deep = size.half + CLEAR
    return Box(low, fixed - deep, high, fixed + deep) if along_x else Box(fixed - deep, low, fixed + deep, high)


def _free(low: float, high: float, taken: Sequence[Span]) -> Iterator[Span]:
    """The stretches of [``low``, ``high``] that nothing in ``taken`` covers, which is in order."""
    for begin, stop in taken:
        if begin - CLEAR > low:
            yield low, begin - CLEAR
        low = max(low, stop + CLEAR)
    if high > low:
        yield low, high


@cache
def _template(theme: Theme, size: float) -> Template:
    """A plate and the text on it; the plate keeps the text readable where a halo is not known."""
    p = theme.prefix
    draw = factory()
    group = draw.g(class_=f"{p}t", transform="translate(900001.5,900002.5)")
    deep = round(size * 1.2)
    plate = draw.rect((900003.5, -deep / 2), (900004.5, deep), rx=4, class_=f"{p}c-plate")
    group.add(plate.fill(theme.plate, opacity=0.92))
    group.add(draw.text("ztext", insert=(0, round(size * 0.35, 1)), class_=f"{p}e {p}mid", font_size=size))
    return compile_template(
        serialise(group, {"data-line": "zline"}),
        *("translate(900001.5,900002.5)", "900003.5", "900004.5", "zline", "ztext"),
    )


def draw_edge_label(
    label: EdgeLabel, origin: tuple[float, float], theme: Theme, projection: Projection, size: Sizes
) -> str:
    """One label, lying on the ground along its line."""
    x, y = projection.point(*label.centre)
    width = round(text_width(label.text, size.type) + 6)
    plane = projection.along_x if label.along_x else projection.along_y
    return _template(theme, size.type)(
        matrix(plane, x + origin[0], y + origin[1]), str(-width // 2), str(width), str(label.edge), escape(label.text)
    )
