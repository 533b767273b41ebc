"""Which edge labels are drawn on the ground, and where: on their own line, touching nothing else.

A label takes the longest stretch of its edge that is free: no tile, no other
line and no other label comes near. Edges that lie on each other share one. An
edge without such a stretch keeps its label in its text only. All of it is reckoned on the ground, where lines are
parallel to the axes and everything is a rectangle.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..model.grid import Area, Grid, Point, Route
from ..text import escape
from .connections import BESIDE, by_way, edge_text
from .projection import FLAT, FLAT_UP, UNIT, matrix, to_screen
from .templates import Template, compile_template, factory, serialise
from .theme import Theme
from .type_metrics import fit, text_width

SIZE = 12.0
#: Half the depth of a label's plate, and what it stays away from others, in ground units.
HALF = 0.052
CLEAR = 0.012
#: Room of an arrowhead.
ARROW = 0.12
#: Longest label on the ground, and what it is shortened to where there is no stretch for that.
LONGEST, SHORTENED = 1.6, 0.9
#: Beyond so many edges nobody reads labels, and placing them is what costs; all stay in their texts.
MOST_EDGES = 2_500


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


class _Ground:
    """What lies on the ground, by square of one unit, so that only neighbours are compared."""

    def __init__(self) -> None:
        self._squares: defaultdict[tuple[int, int], list[tuple[int, Box]]] = defaultdict(list)

    def add(self, owner: int, box: Box) -> None:
        left, back, right, front = box
        item = (owner, box)
        squares = self._squares
        lines = range(int(back), int(front) + 1)
        for column in range(int(left), int(right) + 1):
            for line in lines:
                squares[column, line].append(item)

    def near(self, box: Box, owner: int) -> list[Box]:
        """What meets ``box`` and does not belong to ``owner``; the same thing may come twice."""
        left, back, right, front = box
        squares = self._squares
        lines = range(int(back), int(front) + 1)
        return [
            neighbour
            for column in range(int(left), int(right) + 1)
            for line in lines
            for other, neighbour in squares.get((column, line), ())
            if other != owner
            and left < neighbour[2]
            and neighbour[0] < right
            and back < neighbour[3]
            and neighbour[1] < front
        ]


def place_edge_labels(grid: Grid) -> list[EdgeLabel]:
    """A place for every label that has one, in the order of the edges."""
    routes = [route for route in grid.routes if len(route.points) > 1]
    if len(routes) > MOST_EDGES:
        return []
    ways = by_way(routes)
    wanted = [(way, text) for way in ways if (text := _said(grid, way))]
    if not wanted:
        return []
    ground = _Ground()
    for place in grid.places:
        ground.add(-1, Box(place.x, place.y, place.x + place.width, place.y + place.depth))
    for area in grid.areas:
        for border in _borders(area):
            ground.add(-1, border)
    for way in ways:
        for start, end in pairwise(way[0].points):
            ground.add(way[0].edge, _around(start, end, 0.01 if len(way) == 1 else BESIDE))
    labels: list[EdgeLabel] = []
    for way, text in wanted:
        route, both_ways = way[0], any(other.points != way[0].points for other in way[1:])
        for shown, length in _forms(text):
            label = _place(route.edge, shown, length, route.points, ground, both_ways=both_ways)
            if label:
                labels.append(label)
                ground.add(-2 - route.edge, label.box)
                break
    return labels


def _said(grid: Grid, way: Sequence[Route]) -> str:
    """What stands on a line: the words of each edge on it, each once; the many are counted."""
    edges = [grid.graph.edges[route.edge] for route in way]
    said = list(dict.fromkeys(edge_text(edge) for edge in edges if edge.label)) or [edge_text(edges[0])]
    whole = " / ".join(said)
    if len(said) < 2 or text_width(whole, SIZE) <= LONGEST * UNIT:
        return whole
    return f"{said[0]} (+{len(said) - 1})"


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


@lru_cache(maxsize=4_096)
def _forms(text: str) -> tuple[tuple[str, float], ...]:
    """What a label may say, the whole before the shortened, each with its length on the ground."""
    forms = dict.fromkeys(fit(text, SIZE, longest * UNIT) for longest in (LONGEST, SHORTENED))
    return tuple((form, text_width(form, SIZE) / UNIT + 0.06) for form in forms)


def _place(
    edge: int, shown: str, length: float, points: Sequence[Point], ground: _Ground, *, both_ways: bool
) -> EdgeLabel | None:
    """The middle of the longest free stretch that holds the label, over all segments of the edge.

    Arrowheads keep their room: the one at the end, and one at the start of what runs both ways.
    """
    best: tuple[float, Point, bool] | None = None
    for number, (start, end) in enumerate(itertools.pairwise(points)):
        along_x = abs(end[0] - start[0]) >= abs(end[1] - start[1])
        low, high = sorted((start[0], end[0]) if along_x else (start[1], end[1]))
        low += 0.03
        high -= 0.03
        for tip in ([end] if number == len(points) - 2 else []) + ([start] if both_ways and number == 0 else []):
            at = tip[0] if along_x else tip[1]
            low, high = (low, high - ARROW) if abs(at - high) < abs(at - low) else (low + ARROW, high)
        if high - low < length or (best and high - low <= best[0]):
            continue
        fixed = start[1] if along_x else start[0]
        taken = ground.near(_strip(low, high, fixed, along_x), edge)
        for begin, stop in _free(low, high, taken, along_x):
            if stop - begin >= length and (best is None or stop - begin > best[0]):
                middle = (begin + stop) / 2
                best = (stop - begin, (middle, fixed) if along_x else (fixed, middle), along_x)
    if best is None:
        return None
    _, centre, along_x = best
    half_x, half_y = (length / 2, HALF) if along_x else (HALF, length / 2)
    box = Box(centre[0] - half_x, centre[1] - half_y, centre[0] + half_x, centre[1] + half_y)
    return EdgeLabel(edge, shown, centre, along_x, box)


def _strip(low: float, high: float, fixed: float, along_x: bool) -> Box:
    deep = HALF + CLEAR
    return Box(low, fixed - deep, high, fixed + deep) if along_x else Box(fixed - deep, low, fixed + deep, high)


def _free(low: float, high: float, taken: Sequence[Box], along_x: bool) -> Iterator[tuple[float, float]]:
    """The stretches of [``low``, ``high``] that nothing in ``taken`` covers."""
    spans = sorted((box.left, box.right) if along_x else (box.back, box.front) for box in taken)
    for begin, stop in spans:
        if begin - CLEAR > low:
            yield low, begin - CLEAR
        low = max(low, stop + CLEAR)
    if high > low:
        yield low, high


@cache
def _template(theme: Theme) -> Template:
    """A plate and the text on it; the plate keeps the text readable where a halo is not known."""
    p = theme.prefix
    draw = factory()
    group = draw.g(class_=f"{p}t", transform="translate(900001.5,900002.5)")
    group.add(draw.rect((900003.5, -7.5), (900004.5, 15), rx=4).fill(theme.plate, opacity=0.92))
    group.add(draw.text("ztext", insert=(0, 4), class_=f"{p}e {p}mid"))
    return compile_template(serialise(group), "translate(900001.5,900002.5)", "900003.5", "900004.5", "ztext")


def draw_edge_label(label: EdgeLabel, origin: tuple[float, float], theme: Theme) -> str:
    """One label, lying on the ground along its line."""
    x, y = to_screen(*label.centre)
    width = round(text_width(label.text, SIZE) + 6)
    plane = FLAT if label.along_x else FLAT_UP
    return _template(theme)(
        matrix(plane, x + origin[0], y + origin[1]), str(-width // 2), str(width), escape(label.text)
    )
