"""Shapes that come again in the symbols: lines of text, arrows, bolts, hexagons, racks."""

from __future__ import annotations

from ..solids import Dot, Fill, Mark, Part, Shape, Spot, Stroke, box, disc


def rect(x: float, y: float, width: float, height: float, tone: str = "paper") -> Fill:
    return Fill(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), tone)


def lines(x: float, y: float, widths: tuple[float, ...], gap: float = 3.4, width: float = 1.3) -> tuple[Shape, ...]:
    """Lines of writing."""
    return tuple(Stroke(((x, y + gap * row), (x + long, y + gap * row)), width) for row, long in enumerate(widths))


def bolt(x: float, y: float, size: float, tone: str = "ink") -> Fill:
    """A flash of lightning in a box of ``size``."""
    corners = ((0.58, 0.0), (0.16, 0.58), (0.46, 0.58), (0.36, 1.0), (0.84, 0.40), (0.54, 0.40), (0.72, 0.0))
    return Fill(tuple((x + size * u, y + size * v) for u, v in corners), tone)


def arrow(tail: Spot, tip: Spot, width: float = 1.8, head: float = 3.2, tone: str = "ink") -> tuple[Shape, ...]:
    """A line with a full head."""
    dx, dy = tip[0] - tail[0], tip[1] - tail[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    bx, by = tip[0] - ux * head, tip[1] - uy * head
    side = head * 0.62
    return (
        Stroke((tail, (bx, by)), width, tone),
        Fill((tip, (bx - uy * side, by + ux * side), (bx + uy * side, by - ux * side)), tone),
    )


def hexagon(cx: float, cy: float, radius: float) -> tuple[Spot, ...]:
    return disc(cx, cy, radius, corners=6, turn=0.2618)


def stairs(x: float, y: float, step: float, rise: float, count: int) -> tuple[Spot, ...]:
    """Stairs climbing to the right from the lower left corner (``x``, ``y``)."""
    points: list[Spot] = []
    for number in range(count):
        points += [(x + step * number, y - rise * number), (x + step * (number + 1), y - rise * number)]
    return tuple(points)


#: Where the left face of a :func:`slab` begins; it is 40 wide and 36 high.
SLAB_FACE = (-2.0, 29.0, 36.0)


def slab() -> tuple[Part, ...]:
    """An upright slab for a mark that is to be told from afar."""
    return (box(-2, 16, 0, 40, 13, 36),)


def rack(x: float, y: float, width: float = 22.0, depth: float = 22.0, height: float = 30.0) -> tuple[Part, ...]:
    """A server: a box with slots and lights on its left face."""
    slots = max(2, round(height / 7.5))
    gap = height / slots
    shapes: list[Shape] = []
    for slot in range(slots):
        shapes.append(rect(width * 0.1, gap * slot + gap * 0.24, width * 0.8, gap * 0.52))
        shapes.append(
            Stroke(
                ((width * 0.18, gap * (slot + 0.5)), (width * 0.58, gap * (slot + 0.5))), min(1.3, gap * 0.18), "ink"
            )
        )
        shapes.append(Dot(width * 0.78, gap * (slot + 0.5), min(1.2, gap * 0.16), "ink"))
    return (box(x, y, 0, width, depth, height), Mark("left", (x, y + depth, height), tuple(shapes)))
