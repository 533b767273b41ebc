"""How readable is a finished picture at a glance: figures read back from its SVG, whatever the projection.

All heights are those of type on a screen of 1600 x 1000 that shows the whole
picture, header and legend included. Sheared type counts as high as it stands
upright to its baseline.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from analytics.drawing.edge_labels import place_edge_labels
from analytics.lettering.type_metrics import ELLIPSIS
from analytics.model.grid import Grid
from devtool.bench._picture import Shown, crossings, measure_picture, pieces, read_picture
from devtool.bench.draw import said_on

SVG = "{http://www.w3.org/2000/svg}"
SCREEN = (1600.0, 1000.0)
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Readability:
    """The figures of one picture; heights in screen pixels, shares from 0 to 1."""

    nodes: int
    boxes: int
    lines: int
    names: float
    small_names: float
    cut: int
    box_names: float
    word_height: float
    written: int
    worded: int
    frame: float
    frame_type: float
    astray: float
    bends: float
    crossings: int
    filled: float
    faults: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of the picture: how high its type stands in the drawing's pixels, whose it is, and its classes."""

    height: float
    words: str
    owner: str
    framed: bool
    classes: tuple[str, ...]


def readable(grid: Grid, svg: str) -> Readability:
    """Measure the picture ``svg`` of ``grid``."""
    root = etree.fromstring(svg.encode())
    shown = read_picture(svg)
    width, height = (float(value) for value in root.get("viewBox").split()[2:])
    fit = min(SCREEN[0] / width, SCREEN[1] / height)
    texts = list(_texts(root))
    prefix = root.get("class").removesuffix("svg")
    names: dict[str, float] = {}
    for text in texts:
        if text.owner and f"{prefix}l" in text.classes:
            names[text.owner] = min(names.get(text.owner, math.inf), text.height)
    heights = sorted(value * fit for value in names.values())
    boxes = [text.height * fit for text in texts if f"{prefix}b" in text.classes and not text.framed]
    words = [text.height * fit for text in texts if f"{prefix}e" in text.classes and not text.framed]
    framed = [text.height * fit for text in texts if text.framed]
    said = said_on(grid)
    worded, written = _worded(grid)
    faults = measure_picture(svg, len(grid.graph.nodes), len(grid.graph.edges), len(said))
    lengths = [
        sum(math.dist(one, other) for one, other in pairwise(line.points)) / math.dist(line.points[0], line.points[-1])
        for line in shown.lines
        if math.dist(line.points[0], line.points[-1]) > 0.01
    ]
    count = sum((faults.overlaps, faults.through, faults.over_nodes, faults.over_labels, faults.over_lines))
    return Readability(
        nodes=len(shown.nodes),
        boxes=len(shown.platforms),
        lines=len(shown.lines),
        names=_quantile(heights, 0.5),
        small_names=_quantile(heights, 0.1),
        cut=shown.names_cut + sum(ELLIPSIS in label.text for label in shown.headers),
        box_names=_quantile(sorted(boxes), 0.5),
        word_height=_quantile(sorted(words), 0.5),
        written=written,
        worded=worded,
        frame=max(0.0, 1 - _ground_height(shown) / height),
        frame_type=min(framed, default=0.0),
        astray=_quantile(sorted(lengths), 0.9),
        bends=sum(max(0, len(line.points) - 2) for line in shown.lines) / max(1, len(shown.lines)),
        crossings=crossings(*pieces(shown.lines)) if not grid.routes else _ink(grid),
        filled=_filled(shown),
        faults=count + faults.framed + faults.lost,
    )


def _worded(grid: Grid) -> tuple[int, int]:
    """How many lines have words, and of how many they are drawn: what a trunk says once counts for all its lines."""
    lines: dict[tuple[str | frozenset[str], str], set[frozenset[str]]] = {}
    for route, edge in zip(grid.routes, grid.graph.edges, strict=True):
        if route.words and route.points:
            pair = frozenset((edge.source, edge.target))
            lines.setdefault((route.trunk or pair, route.words), set()).add(pair)
    said: dict[str, set[str]] = {}
    for route in grid.routes:
        said.setdefault(route.trunk, set()).add(route.words)
    written: set[frozenset[str]] = set()
    for label in place_edge_labels(grid):
        route, edge = grid.routes[label.edge], grid.graph.edges[label.edge]
        pair = frozenset((edge.source, edge.target))
        whole = route.trunk and len(said[route.trunk]) == 1
        written |= lines[route.trunk or pair, route.words] if whole else {pair}
    return len(set().union(*lines.values())) if lines else 0, len(written)


def _ink(grid: Grid) -> int:
    """Crossings of ink: lines of one trunk count once."""
    from devtool.bench._ground_metrics import measure_ground

    return measure_ground(grid).crossings


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _ground_height(shown: Shown) -> float:
    """How much of the picture's height tiles, platforms and lines cover, in its pixels."""
    unit, across = 150.0, 75.0
    spots = [
        (x, y)
        for box in (*shown.nodes.values(), *shown.platforms)
        for x in (box.left, box.right)
        for y in (box.back, box.front)
    ]
    spots += [spot for line in shown.lines for spot in line.points]
    downs = [y * unit if shown.flat else (x + y) * across for x, y in spots]
    return max(downs, default=0.0) - min(downs, default=0.0)


def _filled(shown: Shown) -> float:
    """The median share of an innermost box that tiles cover."""
    shares = []
    for box in shown.platforms:
        inner = any(
            other is not box
            and box.left <= other.left
            and other.right <= box.right
            and box.back <= other.back
            and other.front <= box.front
            for other in shown.platforms
        )
        held = [
            node
            for node in shown.nodes.values()
            if box.left <= node.left and node.right <= box.right and box.back <= node.back and node.front <= box.front
        ]
        if held and not inner:
            ground = (box.right - box.left) * (box.front - box.back)
            shares.append(sum((node.right - node.left) * (node.front - node.back) for node in held) / ground)
    return _quantile(sorted(shares), 0.5)


def _texts(root: etree._Element) -> Iterator[_Text]:
    """Every text that is seen."""
    rules: dict[str, float] = {}
    for style in root.iter(f"{SVG}style"):
        for name, size in re.findall(r"\.([\w-]+)\{font-size:([\d.]+)px", style.text or ""):
            rules.setdefault(name, float(size))
    yield from _walk(root, PLAIN, 16.0, "", framed=False, rules=rules)


def _walk(
    element: etree._Element, matrix: Matrix, size: float, owner: str, *, framed: bool, rules: Mapping[str, float]
) -> Iterator[_Text]:
    if element.tag in (f"{SVG}defs", f"{SVG}style", f"{SVG}metadata") or element.get("display") == "none":
        return
    matrix = _times(matrix, element.get("transform") or "")
    classes = (element.get("class") or "").split()
    size = next((rules[name] for name in classes if name in rules), float(element.get("font-size") or size))
    framed = framed or (element.get("id") or "").endswith("frame")
    if element.get("data-id") and element.get("data-family") is not None:
        owner = element.get("data-id")
    if element.tag == f"{SVG}text" and (element.text or "").strip():
        a, b, c, d, _, _ = matrix
        height = size * abs(a * d - b * c) / math.hypot(a, b)
        yield _Text(height, element.text, owner, framed, tuple(classes))
    for child in element:
        yield from _walk(child, matrix, size, owner, framed=framed, rules=rules)


def _times(matrix: Matrix, transform: str) -> Matrix:
    """``matrix`` followed by the operations of a ``transform``."""
    for name, written in re.findall(r"(\w+)\(([^)]*)\)", transform):
        values = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", written)]
        other: Matrix = PLAIN
        if name == "matrix":
            other = (values[0], values[1], values[2], values[3], values[4], values[5])
        elif name == "translate":
            other = (1.0, 0.0, 0.0, 1.0, values[0], values[1] if len(values) > 1 else 0.0)
        elif name == "scale":
            other = (values[0], 0.0, 0.0, values[-1], 0.0, 0.0)
        a, b, c, d, e, f = matrix
        p, q, r, s, t, u = other
        matrix = (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)
    return matrix
