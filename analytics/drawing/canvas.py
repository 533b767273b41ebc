"""The sheet: how large it is, where the ground and the frame stand on it, and the document around all.

The header, and the legend with the lists, each take the free corner or the side
that leaves the picture largest on a screen of 16 to 10; their type is scaled so
that it can be read there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..model.grid import Grid
from ..text import clean_text, escape
from .extent import Extent, extent_of
from .frame import Block, description, findings, header, metadata, omissions, put, totals
from .legend import legend, sections_of
from .projection import Projection, decimal
from .templates import Template, compile_template, factory, serialise
from .theme import Theme, style_sheet

MARGIN = 24.0
#: Room between frame and ground, and between the frame's parts, in the frame's pixels.
GAP = 20.0
#: The screen a picture is made for, and the size of the frame's type on it when the picture fills it.
SCREEN = (1600.0, 1000.0)
FRAME_TYPE, FRAME_UNIT = 11.4, 14.0
#: On ground of little extent the frame has its natural size at least by this share, and never more than that.
LEAST_FRAME, LARGEST_FRAME = 0.75, 40.0
HEADER_ROOM = 640.0
#: Widths of the legend that are tried, in the frame's pixels.
ROOMS = (200, 260, 330, 420, 520, 660, 820, 1000, 1250, 1500)
#: Where the legend may stand: the graph decides, beside the ground, below it, or nowhere.
LEGENDS = ("auto", "side", "below", "none")
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
class _Sheet:
    """One way to put ground, header and legend on a sheet: its size, where the ground and both blocks begin."""

    width: float
    height: float
    ground: tuple[float, float]
    header: tuple[float, float]
    legend: tuple[float, float]
    key: Block

    @property
    def cost(self) -> float:
        """How much it has to be shrunk for the screen."""
        return max((self.width + 2 * MARGIN) / SCREEN[0], (self.height + 2 * MARGIN) / SCREEN[1])


def canvas_for(
    grid: Grid, theme: Theme, projection: Projection, *, title: str = "", place: str = "auto", unsaid: int = 0
) -> Canvas:
    """Measure the sheet for ``grid`` and write its frame.

    ``place`` is one of :data:`LEGENDS`; ``unsaid`` lines have words that found no room.
    """
    graph = grid.graph
    extent = extent_of(grid, projection)
    blocks = list(_legends(grid, theme, place))
    cost = max((extent.width + 2 * MARGIN) / SCREEN[0], (extent.height + 2 * MARGIN) / SCREEN[1])
    above = header(graph, HEADER_ROOM, theme, title, unsaid)
    sheet = scale = None
    for _ in range(2):  # the frame's size follows from the sheet's, and the sheet's from the frame's
        scale = min(LARGEST_FRAME, max(LEAST_FRAME, cost * FRAME_TYPE / FRAME_UNIT))
        sheet = min(
            (found for key in blocks for found in _sheets(extent, above, key, scale, place)),
            key=lambda found: (found.cost, found.width * found.height),
        )
        cost = sheet.cost
    assert sheet is not None
    assert scale is not None
    frame = [put(above, MARGIN + sheet.header[0], MARGIN + sheet.header[1], scale, theme)]
    frame.append(put(sheet.key, MARGIN + sheet.legend[0], MARGIN + sheet.legend[1], scale, theme))
    return Canvas(
        sheet.width + 2 * MARGIN,
        sheet.height + 2 * MARGIN,
        (MARGIN + sheet.ground[0] - extent.left, MARGIN + sheet.ground[1] - extent.top),
        tuple(frame),
        clean_text(title or graph.title, 200) or "Untitled",
        description(graph, projection.name),
        metadata(graph),
        theme,
    )


def _legends(grid: Grid, theme: Theme, place: str) -> Iterator[Block]:
    """Legend, findings and omissions as one block, for every width that is worth a try."""
    graph = grid.graph
    sections = sections_of(grid, theme) if place != "none" else []
    seen: set[tuple[float, float]] = set()
    for room in ROOMS:
        block = stacked(
            [
                legend(sections, room, theme),
                totals(graph, room, theme),
                findings(graph.findings, room, theme),
                omissions(graph.omissions, room, theme),
            ],
            room,
            theme,
        )
        size = round(block.width), round(block.height)
        if size not in seen:
            seen.add(size)
            yield block


def stacked(blocks: Sequence[Block], room: float, theme: Theme) -> Block:
    """Blocks below each other, beside each other where two of them fit into ``room``."""
    parts = []
    x = y = shelf = width = 0.0
    for block in blocks:
        if not block.markup:
            continue
        if x and x + block.width > room:
            x, y, shelf = 0.0, y + shelf + GAP * 0.7, 0.0
        parts.append(put(block, x, y, 1.0, theme))
        width = max(width, x + block.width)
        x += block.width + GAP * 1.3
        shelf = max(shelf, block.height)
    return Block("".join(parts), y + shelf, width)


def _sheets(extent: Extent, above: Block, key: Block, scale: float, place: str) -> Iterator[_Sheet]:
    """Every way to put the header into an upper corner and the legend into another corner or at the right."""
    gap = GAP * scale
    head = above.width * scale, above.height * scale
    size = key.width * scale, key.height * scale
    ground_width, ground_height = extent.width, extent.height

    def under(left: float, width: float, height: float) -> float:
        """How far the ground has to go down so that a block of this size fits above it."""
        return max(0.0, height + gap - extent.free_above(left - gap, left + width + gap))

    for header_right in (False, True):
        if not key.markup:
            width = max(ground_width, head[0])
            shift = (width - ground_width) / 2 if not header_right else 0.0
            at = width - head[0] if header_right else 0.0
            down = under(at - shift, *head)
            height = max(ground_height + down, head[1])
            yield _Sheet(width, height, (shift, down), (at, 0.0), (0.0, 0.0), key)
            continue
        if place != "below":  # at the right, the header above the ground or above the legend
            x = ground_width + gap
            if header_right:
                width = x + max(size[0], head[0])
                height = max(ground_height, head[1] + gap + size[1])
                yield _Sheet(width, height, (0.0, 0.0), (x, 0.0), (x, head[1] + gap), key)
            else:
                down = under(0.0, *head)
                width = max(x + size[0], head[0])
                low = head[1] + gap if head[0] + gap > x else 0.0
                yield _Sheet(width, max(ground_height + down, low + size[1]), (0.0, down), (0.0, 0.0), (x, low), key)
        for right in (False, True):
            width = max(ground_width, size[0], head[0])
            shift = (width - ground_width) / 2
            at = width - head[0] if header_right else 0.0
            key_at = width - size[0] if right else 0.0
            down = under(at - shift, *head)
            if place != "side":
                top = ground_height - extent.free_below(key_at - shift - gap, key_at - shift + size[0] + gap)
                top = max(top + down + gap, head[1] + gap if down == 0.0 and head[0] > width - size[0] else 0.0)
                yield _Sheet(
                    width, max(ground_height + down, top + size[1]), (shift, down), (at, 0.0), (key_at, top), key
                )
            if place != "below" and right != header_right:  # in the other upper corner
                wide = max(ground_width, size[0] + head[0] + 2 * gap)
                shift = (wide - ground_width) / 2
                at = wide - head[0] if header_right else 0.0
                key_at = wide - size[0] if right else 0.0
                lower = max(under(at - shift, *head), under(key_at - shift, *size))
                height = max(ground_height + lower, size[1], head[1])
                yield _Sheet(wide, height, (shift, lower), (at, 0.0), (key_at, 0.0), key)


@cache
def _template(theme: Theme) -> Template:
    """Root, background and the order of the document's parts."""
    p = theme.prefix
    draw = factory()
    background = draw.rect((0, 0), (900001.5, 900002.5), class_=f"{p}c-canvas").fill(theme.canvas)
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
