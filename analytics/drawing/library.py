"""Symbols as SVG: every solid's faces, shaded; built by svgwrite once per process and kept."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from svgwrite.base import BaseElement

from ..text import safe_word
from .gate import remember
from .solids import PLANES, Dot, Fill, Mark, Shape, Symbol, project
from .symbols import SYMBOLS
from .symbols.technologies import technologies
from .templates import factory, serialise
from .theme import Theme

_OUTLINE = "#0d131a"
#: Light and shade weaker than this are not seen.
FAINTEST = 0.03
_TONES = {
    "ink": ("#141c26", 0.88),
    "paper": ("#ffffff", 0.94),
    "pale": ("#ffffff", 0.6),
    "base": ("currentColor", 1.0),
}


@cache
def symbol_bounds(key: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what a symbol covers, in hundredths."""
    across, down = zip(*SYMBOLS[key].outline(), strict=True)
    return min(across), min(down), max(across), max(down)


def mark_id(theme: Theme, key: str) -> str:
    """The id of a technology's mark."""
    return f"{theme.prefix}m-{key}"


@cache
def mark_markup(theme: Theme, key: str) -> str:
    """The definition of a technology's mark: a square of 24 in ``currentColor`` on a plate of the theme's.

    Its path comes from a kept file, not from a graph, and svgwrite does not read curves of this kind.
    """
    plate = factory().rect((-3, -3), (30, 30), rx=6, class_=f"{theme.prefix}c-plate").fill(theme.plate)
    path = f'<path class="{theme.prefix}c-mark" d="{technologies()[key].path}" fill="{theme.ink}"/>'
    definition = factory().symbol(id=mark_id(theme, key), overflow="visible")
    definition.add(plate)
    return remember(serialise(definition).replace("</symbol>", f"{path}</symbol>"))


def symbol_id(theme: Theme, key: str) -> str:
    """The id of a symbol's definition."""
    return f"{theme.prefix}s-{safe_word(key)}"


@cache
def symbol_markup(theme: Theme, key: str) -> str:
    """The definition of symbol ``key``: a ``<symbol>`` in hundredths of a tile, coloured by ``currentColor``."""
    draw = factory()
    definition = draw.symbol(id=symbol_id(theme, key))
    definition["overflow"] = "visible"
    for element in _elements(SYMBOLS[key]):
        definition.add(element)
    return remember(serialise(definition))


def _elements(symbol: Symbol) -> list[BaseElement]:
    draw = factory()
    elements: list[BaseElement] = []
    for part in symbol.parts:
        if isinstance(part, Mark):
            elements.append(_mark(part))
            continue
        for face in part.faces():
            points = [(round(x, 1), round(y, 1)) for x, y in face.points]
            if face.line == "dark":
                polygon = draw.polygon(points).fill("currentColor")
                elements.append(polygon.stroke(_OUTLINE, 0.7, opacity=0.5, linejoin="round"))
            elif face.line == "own":
                elements.append(draw.polygon(points).fill("currentColor").stroke("currentColor", 0.5))
            if abs(face.light) >= FAINTEST:
                shade = "#ffffff" if face.light > 0 else "#000000"
                elements.append(draw.polygon(points).fill(shade, opacity=round(min(1, abs(face.light)), 2)))
    return elements


def _mark(mark: Mark) -> BaseElement:
    """A mark's shapes, laid on their plane; neighbours of one tone and width share an element."""
    draw = factory()
    a, b, c, d = (round(value, 4) for value in PLANES[mark.plane])
    x, y = (round(value, 2) for value in project(*mark.at))
    group = draw.g(transform=f"matrix({a},{b},{c},{d},{x},{y})", stroke_linecap="round", stroke_linejoin="round")
    for (tone, width), shapes in groupby(mark.shapes, key=_paint):
        colour, opacity = _TONES[tone]
        path = draw.path("".join(_outline(shape) for shape in shapes))
        if width:
            path.fill("none").stroke(colour, width=width)
            if opacity < 1:
                path["stroke-opacity"] = opacity
        else:
            path.fill(colour)
            if opacity < 1:
                path["fill-opacity"] = opacity
        group.add(path)
    return group


def _paint(shape: Shape) -> tuple[str, float]:
    """Tone and line width (0: filled) of a shape."""
    return shape.tone, 0 if isinstance(shape, Fill) else round(shape.width, 2)


def _outline(shape: Shape) -> str:
    """Path data of a shape."""
    if isinstance(shape, Dot):
        r = f"{round(shape.radius, 2):g}"
        left, across = f"{round(shape.cx - shape.radius, 2):g}", f"{round(2 * shape.radius, 2):g}"
        return f"M{left},{round(shape.cy, 2):g}a{r},{r},0,1,0,{across},0a{r},{r},0,1,0,-{across},0Z"
    data = "L".join(f"{round(x, 2):g},{round(y, 2):g}" for x, y in shape.points)
    return f"M{data}Z" if isinstance(shape, Fill) or shape.closed else f"M{data}"
