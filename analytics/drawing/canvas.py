"""The sheet: how large it is, where the ground and the frame stand on it, and the document around all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ..model.grid import Area, Grid, Place
from ..text import clean_text, escape
from .frame import Block, description, findings, header, metadata, omissions, put
from .legend import legend
from .projection import ACROSS, DOWN, decimal
from .templates import Template, compile_template, factory, serialise
from .theme import Theme, style_sheet

MARGIN = 40.0
#: Room between frame and ground, and between the frame's parts, in the frame's pixels.
GAP = 28.0
NARROWEST = 1056.0
#: Ground as wide as this has a frame at its natural size; a wider one has a larger frame, to be read with it.
FRAME_AT = 2_200.0
LARGEST_FRAME = 10.0
#: Marks where definitions and ground go; no text of a graph can hold it.
_PART = "\x00"


@dataclass(frozen=True, slots=True)
class Canvas:
    """The sheet's size in pixels, where ground point (0, 0) lies, and the finished frame."""

    width: float
    height: float
    origin: tuple[float, float]
    frame: tuple[str, ...]
    title: str
    description: str
    metadata: str
    theme: Theme


@dataclass(frozen=True, slots=True)
class Extent:
    """The rectangle on the screen that tiles, platforms and lines cover, and the spots that may reach highest in it."""

    left: float
    top: float
    right: float
    bottom: float
    spots: list[tuple[float, float]]

    def top_within(self, right: float) -> float:
        """The highest that anything reaches left of ``right``.

        Every border and line runs at 30 degrees: one that comes from a spot
        beyond ``right`` is lower there by as much, or ends higher at a spot that
        counts itself.
        """
        slope = DOWN / ACROSS
        return min([y + (x - right) * slope if x > right else y for x, y in self.spots])


def extent_of(grid: Grid) -> Extent:
    """What the ground's contents cover on the screen, relative to ground point (0, 0)."""
    rectangles: list[Place | Area] = [*grid.places, *grid.areas]
    # Of a rectangle the back and the left corner reach highest; the others only widen the extent.
    places = [(thing.x, thing.y) for thing in rectangles]
    places += [(thing.x, thing.y + thing.depth) for thing in rectangles]
    for route in grid.routes:
        places += route.points
    spots = [((x - y) * ACROSS, (x + y) * DOWN) for x, y in places]
    if not spots:
        return Extent(0.0, 0.0, 0.0, 0.0, [(0.0, 0.0)])
    right = [(thing.x + thing.width - thing.y) * ACROSS for thing in rectangles]
    front = [(thing.x + thing.width + thing.y + thing.depth) * DOWN for thing in rectangles]
    across = [x for x, _ in spots]
    down = [y for _, y in spots]
    return Extent(min(across), min(down), max(*across, *right), max(*down, *front), spots)


def canvas_for(grid: Grid, theme: Theme) -> Canvas:
    """Measure the sheet for ``grid`` and write its frame: header above the ground, legend and lists below."""
    graph = grid.graph
    extent = extent_of(grid)
    ground_width, ground_height = extent.right - extent.left, extent.bottom - extent.top
    scale = max(1.0, min(LARGEST_FRAME, ground_width / FRAME_AT))
    inner = max(NARROWEST * scale, ground_width)
    room = inner / scale
    half = (room - GAP) / 2
    above = header(graph, room, theme)
    key = legend(graph, room, theme)
    known = findings(graph.findings, half if graph.omissions else room, theme)
    left_out = omissions(graph.omissions, half if graph.findings else room, theme)
    x = MARGIN + (inner - ground_width) / 2
    # The header stands in the empty corner left of the ground where there is one.
    free = extent.top_within(extent.left + MARGIN - x + (above.width + GAP) * scale) - extent.top
    y = MARGIN + max(0.0, (above.height + GAP) * scale - free)
    origin = (x - extent.left, y - extent.top)
    frame = [put(above, MARGIN, MARGIN, scale, theme)]
    # On little ground, or none, the header reaches further down than the ground does.
    y = max(y + ground_height + GAP * scale, MARGIN + (above.height + GAP) * scale)
    frame.append(put(key, MARGIN, y, scale, theme))
    y += _taken(key) * scale
    frame.append(put(known, MARGIN, y, scale, theme))
    frame.append(put(left_out, MARGIN + ((half + GAP) * scale if graph.findings else 0), y, scale, theme))
    y += max(_taken(known), _taken(left_out)) * scale
    return Canvas(
        inner + 2 * MARGIN,
        max(y, MARGIN + above.height * scale) + MARGIN - GAP * scale,
        origin,
        tuple(frame),
        clean_text(graph.title, 200) or "Untitled",
        description(graph),
        metadata(graph),
        theme,
    )


def _taken(block: Block) -> float:
    return block.height + GAP if block.markup else 0.0


@cache
def _template(theme: Theme) -> Template:
    """Root, background and the order of the document's parts."""
    p = theme.prefix
    draw = factory()
    background = draw.rect((0, 0), (900001.5, 900002.5)).fill(theme.canvas)
    text = (
        f'<svg aria-labelledby="{p}title {p}desc" class="{p}svg" height="900002.5" id="graph" '
        'role="graphics-document" version="1.1" viewBox="0 0 900001.5 900002.5" width="900001.5" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{p}title">ztitle</title><desc id="{p}desc">zdesc</desc>'
        f'<metadata id="{p}metadata">zmeta</metadata><style type="text/css">zstyle</style>'
        f'<defs aria-hidden="true">{_PART}</defs>{serialise(background)}<g id="{p}ground">{_PART}</g>'
        f'<g id="{p}frame">zframe</g></svg>'
    )
    slots = ("900001.5", "900002.5", "ztitle", "zdesc", "zmeta", "zstyle", "zframe")
    return compile_template(text, *slots)


def document(canvas: Canvas, definitions: Sequence[str], ground: Sequence[str]) -> str:
    """The whole document, unchecked."""
    text = _template(canvas.theme)(
        decimal(canvas.width),
        decimal(canvas.height),
        escape(canvas.title),
        escape(canvas.description),
        escape(canvas.metadata),
        escape(style_sheet(canvas.theme)),
        "".join(canvas.frame),
    )
    # The long parts are joined once instead of being copied through a template.
    before, after_definitions, after_ground = text.split(_PART)
    return "".join((before, *definitions, after_definitions, *ground, after_ground))
