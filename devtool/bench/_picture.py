"""What a finished drawing shows, read back from the SVG alone: tiles, lines, labels, and what touches what.

Nothing of the layout or the drawing is asked: positions come from the
``transform`` of each element, lines from their path data, and everything is
taken back to the ground, where tiles and labels are rectangles and lines follow
the axes. So it measures what a person sees, and any mistake between the grid
and the bytes shows.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from analytics.lettering.type_metrics import ELLIPSIS, text_width

SVG = "{http://www.w3.org/2000/svg}"
UNIT = 150.0
ACROSS, DOWN = UNIT * math.sqrt(3) / 2, UNIT / 2
#: Coordinates are written with one decimal of a pixel; what is closer on the ground is the same.
SAME = 0.004
#: Classes of the frame's texts and their sizes.
FRAME_SIZES = {"h1": 26, "h2": 14, "f": 14, "bg": 12}


class Box(NamedTuple):
    """A rectangle on the ground."""

    left: float
    back: float
    right: float
    front: float


class Label(NamedTuple):
    """A label on the ground and what it says."""

    box: Box
    text: str


class Line(NamedTuple):
    """A connection as drawn: its ends' ids and its points on the ground."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a drawing shows; ``flat`` where its ground is seen from above."""

    nodes: dict[str, Box]
    lines: list[Line]
    loops: int
    edge_labels: list[Label]
    headers: list[Label]
    names_cut: int
    platforms: list[Box]
    frame: list[Box]
    flat: bool


@dataclass(frozen=True, slots=True)
class Faults:
    """What a reader would stumble over; every figure but ``crossings`` and ``unsaid`` should be nothing.

    ``overlaps``: pairs of tiles. ``through``: pairs of a line and a foreign tile. ``over_nodes``,
    ``over_labels``, ``over_lines``: pairs of a label (of an edge, or a header's) and a tile, another
    label, a foreign line. ``framed``: texts of the frame (on the screen) over a tile, a platform or
    each other. ``cut``: names and labels with an ellipsis. ``lost``: nodes and edges of the
    graph that are not in the drawing. ``unsaid``: edges with words that stand in the text only.
    """

    overlaps: int = 0
    through: int = 0
    over_nodes: int = 0
    over_labels: int = 0
    over_lines: int = 0
    framed: int = 0
    cut: int = 0
    lost: int = 0
    unsaid: int = 0
    crossings: int = 0

    def __add__(self, other: Faults) -> Faults:
        return Faults(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def none(self) -> bool:
        """Whether nothing covers, cuts or loses anything."""
        covering = (self.overlaps, self.through, self.over_nodes, self.over_labels, self.over_lines, self.framed)
        return not any((*covering, self.lost))


def ground(x: float, y: float, flat: bool = False) -> tuple[float, float]:
    """A spot on the screen as a place on the ground."""
    if flat:
        return x / UNIT, y / UNIT
    along, down = x / ACROSS, y / DOWN
    return (down + along) / 2, (down - along) / 2


def read_picture(svg: str) -> Shown:
    """Everything that a drawing shows on its ground."""
    root = etree.fromstring(svg.encode())
    prefix = root.get("class").removesuffix("svg")
    flat = (root.findtext(f"{SVG}desc") or "").startswith("Flat")
    nodes: dict[str, Box] = {}
    lines: list[Line] = []
    edge_labels: list[Label] = []
    headers: list[Label] = []
    platforms: list[Box] = []
    loops = names_cut = 0
    held = next(group for group in root if group.get("id") == f"{prefix}ground")
    for element in held.iter(f"{SVG}g"):
        kind = element.get("class")
        if kind == f"{prefix}n":
            outline = element.find(f".//{SVG}path[@role='img']")
            nodes[element.get("data-id")] = outlined(element.get("transform"), outline.get("d"), flat)
            full = outline.get("aria-label")
            written = [text.text or "" for text in element.iter(f"{SVG}text") if f"{prefix}l" in classes(text)]
            names_cut += any(ELLIPSIS in text for text in written) and ELLIPSIS not in full
        elif kind == f"{prefix}k":
            source, target = element.get("data-source"), element.get("data-target")
            if source == target:
                loops += 1
            else:  # the hit line has no gaps
                lines.append(Line(source, target, path_points(element[1].get("d"), flat)))
        elif kind == f"{prefix}t" and element.getparent() is held:
            words = classes(element.find(f"{SVG}text"))
            if f"{prefix}e" in words:
                edge_labels.extend(labels(element, f"{prefix}b", flat))
            elif f"{prefix}s" not in words:  # else a count at a trunk's head
                headers.extend(labels(element, f"{prefix}b", flat))
        elif kind == f"{prefix}a":
            across, along = zip(*path_points(element.findall(f"{SVG}path")[1].get("d"), flat), strict=True)
            platforms.append(Box(min(across), min(along), max(across), max(along)))
    framed = next(group for group in root if group.get("id") == f"{prefix}frame")
    frame = [box for block in framed for box in frame_texts(block, prefix)]
    return Shown(nodes, lines, loops, edge_labels, headers, names_cut, platforms, frame, flat)


def classes(element: etree._Element | None) -> list[str]:
    """The classes of an element."""
    return [] if element is None else (element.get("class") or "").split()


def outlined(transform: str, data: str, flat: bool) -> Box:
    """The rectangle of the ground that an outline, drawn at most a pixel inside of it, covers."""
    left, top = numbers(transform)
    values = numbers(data)
    spots = [ground(x + left, y + top, flat) for x, y in zip(values[::2], values[1::2], strict=True)]
    across, along = [spot[0] for spot in spots], [spot[1] for spot in spots]
    inset = 0.5 / UNIT if flat else 1 / UNIT
    return Box(min(across) - inset, min(along) - inset, max(across) + inset, max(along) + inset)


def frame_texts(block: etree._Element, prefix: str) -> Iterator[Box]:
    """The room of a block's texts on the screen; sizes are those of the style sheet."""
    x, y, scale = numbers(block.get("transform"))
    sizes = {f"{prefix}{name}": size for name, size in FRAME_SIZES.items()}
    for text in block.iter(f"{SVG}text"):
        first = text.get("class").split()[0]
        dx = dy = 0.0
        around = text.getparent()
        while around is not block:
            across, down = numbers(around.get("transform") or "0 0")[:2]
            dx, dy, around = dx + across, dy + down, around.getparent()
        size = sizes[first]
        width = text_width(text.text or "", size, bold=first != f"{prefix}f")
        left = float(text.get("x")) + dx - (width / 2 if f"{prefix}mid" in text.get("class") else 0)
        base = float(text.get("y")) + dy
        yield Box(
            x + left * scale,
            y + (base - 0.74 * size) * scale,
            x + (left + width) * scale,
            y + (base + 0.22 * size) * scale,
        )


def covers(text: Box, box: Box, flat: bool) -> bool:
    """Whether a rectangle on the screen and one on the ground share a spot (separating axes of both)."""
    corners = [ground(x, y, flat) for x in (text.left, text.right) for y in (text.back, text.front)]
    across, along = [spot[0] for spot in corners], [spot[1] for spot in corners]
    if not meet(Box(min(across), min(along), max(across), max(along)), box):
        return False
    if flat:
        return True
    left, right = (box.left - box.front) * ACROSS, (box.right - box.back) * ACROSS
    top, bottom = (box.left + box.back) * DOWN, (box.right + box.front) * DOWN
    return left < text.right and text.left < right and top < text.front and text.back < bottom


def numbers(text: str) -> list[float]:
    """The numbers in a transform or path."""
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def path_points(data: str, flat: bool = False) -> tuple[tuple[float, float], ...]:
    """The ground points of a path of straight pieces whose corners may be rounded: the corner itself counts."""
    points: list[tuple[float, float]] = []
    for command, values in re.findall(r"([MLQZ])([^MLQZ]*)", data):
        spots = numbers(values)
        if command == "Q":  # from the last point, which is not a corner, around its control point
            points[-1:] = [(spots[0], spots[1])]
            onwards = (spots[2], spots[3])
            points.append(onwards)
        elif spots:
            points += list(zip(spots[::2], spots[1::2], strict=True))
    return straightened([ground(x, y, flat) for x, y in points])


def straightened(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Points without repetitions and without those on the way between their neighbours."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and max(abs(kept[-1][0] - point[0]), abs(kept[-1][1] - point[1])) < SAME:
            continue
        if len(kept) > 1 and any(
            abs(kept[-2][axis] - kept[-1][axis]) < SAME and abs(kept[-1][axis] - point[axis]) < SAME for axis in (0, 1)
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def labels(group: etree._Element, bold: str, flat: bool) -> Iterator[Label]:
    """The texts of a group that lies on the ground, each with the room it takes."""
    a, b, c, d, e, f = numbers(group.get("transform"))
    for text in group.iter(f"{SVG}text"):
        words = text.text or ""
        size = float(text.get("font-size", 12))
        style = classes(text)
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        width = text_width(words, size, bold=bold in style)
        left = x - width / 2 if any(word.endswith("mid") for word in style) else x
        spots = [
            ground(a * u + c * v + e, b * u + d * v + f, flat)
            for u in (left, left + width)
            for v in (y - 0.74 * size, y + 0.22 * size)
        ]
        across, along = [spot[0] for spot in spots], [spot[1] for spot in spots]
        yield Label(Box(min(across), min(along), max(across), max(along)), words)


def measure_picture(svg: str, nodes: int, edges: int, said: int) -> Faults:
    """What is wrong in the drawing of a graph of ``nodes`` and ``edges`` whose lines say ``said`` things."""
    shown = read_picture(svg)
    tiles = list(shown.nodes.items())
    written = [*shown.edge_labels, *shown.headers]
    near = Near([box for _, box in tiles])
    over_nodes = sum(1 for label in written for _ in near.touching(label.box))
    lost = abs(nodes - len(tiles)) + abs(edges - len(shown.lines) - shown.loops)
    beside = Near([label.box for label in written])
    over_labels = sum(1 for n, label in enumerate(written) for other in beside.touching(label.box) if other > n)
    flat, upright = pieces(shown.lines)
    return Faults(
        overlaps=sum(1 for n, (_, box) in enumerate(tiles) for other in near.touching(box) if other > n),
        through=through(shown, tiles, near),
        over_nodes=over_nodes,
        over_labels=over_labels,
        over_lines=sum(foreign_lines(label.box, flat, upright) for label in shown.edge_labels),
        framed=framed(shown),
        cut=shown.names_cut + sum(ELLIPSIS in label.text for label in written),
        lost=lost,
        unsaid=max(0, said - len(shown.edge_labels)),
        crossings=crossings(flat, upright),
    )


def framed(shown: Shown) -> int:
    """Pairs of a text of the frame and something else that it lies over."""
    things = [*shown.nodes.values(), *shown.platforms]
    over = sum(covers(text, box, shown.flat) for text in shown.frame for box in things)
    return over + sum(meet(one, other) for n, one in enumerate(shown.frame) for other in shown.frame[n + 1 :])


class Near:
    """Rectangles by square of the ground, so that only neighbours are compared."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self._squares: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, box in enumerate(boxes):
            for square in squares(box):
                self._squares[square].append(index)

    def touching(self, box: Box) -> list[int]:
        """Those that share ground with ``box``, each once."""
        found = {index for square in squares(box) for index in self._squares.get(square, ())}
        return sorted(index for index in found if meet(self._boxes[index], box))


def squares(box: Box) -> Iterator[tuple[int, int]]:
    """The squares of the ground that a rectangle lies on."""
    for column in range(math.floor(box.left), math.floor(box.right) + 1):
        for row in range(math.floor(box.back), math.floor(box.front) + 1):
            yield column, row


def meet(one: Box, other: Box) -> bool:
    """Whether two rectangles share more than a border."""
    return (
        one.left < other.right - SAME
        and other.left < one.right - SAME
        and one.back < other.front - SAME
        and other.back < one.front - SAME
    )


def through(shown: Shown, tiles: Sequence[tuple[str, Box]], near: Near) -> int:
    """Pairs of a line and a tile it passes that is neither of its ends."""
    met: set[tuple[int, int]] = set()
    for number, line in enumerate(shown.lines):
        for (ax, ay), (bx, by) in pairwise(line.points):
            piece = Box(min(ax, bx) - SAME, min(ay, by) - SAME, max(ax, bx) + SAME, max(ay, by) + SAME)
            met |= {(number, tile) for tile in near.touching(piece) if tiles[tile][0] not in (line.source, line.target)}
    return len(met)


Piece = tuple[float, float, float, frozenset[str]]
"""A straight piece of a line: where it lies, from where to where, and which line, by its ends."""


def pieces(lines: Sequence[Line]) -> tuple[list[Piece], list[Piece]]:
    """The pieces along x and along y, in order; two lines on the same way are one."""
    flat: set[Piece] = set()
    upright: set[Piece] = set()
    for line in lines:
        key = frozenset((line.source, line.target))  # there and back run on one way
        for (ax, ay), (bx, by) in pairwise(line.points):
            if abs(bx - ax) >= abs(by - ay):
                flat.add((round(ay, 2), round(min(ax, bx), 2), round(max(ax, bx), 2), key))
            else:
                upright.add((round(ax, 2), round(min(ay, by), 2), round(max(ay, by), 2), key))
    return sorted(flat, key=lambda piece: piece[:3]), sorted(upright, key=lambda piece: piece[:3])


def crossings(flat: Sequence[Piece], upright: Sequence[Piece]) -> int:
    """Spots where lines pass through each other; several that run as one there cross once."""
    levels = [piece[0] for piece in flat]
    met: set[tuple[float, float]] = set()
    for x, low, high, key in upright:
        for index in range(bisect_right(levels, low + SAME), bisect_left(levels, high - SAME)):
            y, start, end, other = flat[index]
            if start + SAME < x < end - SAME and other != key:
                met.add((x, y))
    return len(met)


def _at(piece: Piece) -> float:
    return piece[0]


def foreign_lines(box: Box, flat: Sequence[Piece], upright: Sequence[Piece]) -> int:
    """How many lines pass under an edge's label beside those it stands on.

    It stands on the line through its middle, or on several that run as one: all of them share an end.
    """
    middle_x, middle_y = (box.left + box.right) / 2, (box.back + box.front) / 2
    met = set()
    own = set()
    for pieces_, across, low, high, start_edge, end_edge in (
        (flat, middle_y, box.back, box.front, box.left, box.right),
        (upright, middle_x, box.left, box.right, box.back, box.front),
    ):
        first = bisect_right(pieces_, low + SAME, key=_at)
        for at, start, end, key in pieces_[first : bisect_left(pieces_, high - SAME, key=_at)]:
            if start < end_edge - SAME and end > start_edge + SAME:
                met.add(key)
                if abs(at - across) < 0.03 and start <= start_edge + SAME and end >= end_edge - SAME:
                    own.add(key)
    shared = frozenset.intersection(*own) if own else frozenset()
    return len(met - own) + (0 if shared or not own else len(own) - 1)
