"""Small solids, and marks on their faces, as data; and how they look in isometric projection.

Units are hundredths of a tile: ``x`` to the lower right, ``y`` to the lower left, ``z``
up. A solid gives faces from back to front: a polygon on the screen and the
share of light it gets. The library turns faces into SVG; the tests take the
same points to prove that nothing leaves its tile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .projection import COS30, FACE_LEFT, FACE_RIGHT, FLAT, SIN30

Spot = tuple[float, float]
Spot3 = tuple[float, float, float]

#: How many corners stand for a circle.
ROUND = 36


def project(x: float, y: float, z: float = 0.0) -> Spot:
    """A point of the symbol on the screen, in hundredths of a tile's side.

    >>> project(10, 10, 10)
    (0.0, 0.0)
    """
    return (x - y) * COS30, (x + y) * SIN30 - z


@dataclass(frozen=True, slots=True)
class Face:
    """A polygon on the screen. ``light`` from -1 (black) over 0 (the plain colour) to 1 (white).

    ``line`` is ``dark`` (an outline), ``own`` (in the face's colour, so that no seam
    shows between the strips of a round side) or ``none`` (only light or shade on
    what is there already).
    """

    points: tuple[Spot, ...]
    light: float
    line: str = "dark"


def _light(nx: float, ny: float, nz: float = 0.0) -> float:
    """Light on a face by its outward normal: the top bright, the left face plain, the right face dark."""
    length = math.sqrt(nx * nx + ny * ny + nz * nz) or 1.0
    return (0.34 * nz + 0.02 * ny - 0.34 * nx) / length


def _area(points: Sequence[Spot]) -> float:
    """Twice the signed area; positive when the corners run from +x towards +y."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True))


@dataclass(frozen=True, slots=True)
class Prism:
    """A footprint (any polygon) raised from ``z`` by ``height``. ``smooth``: no lines between its sides."""

    footprint: tuple[Spot, ...]
    z: float
    height: float
    tint: float = 0.0
    smooth: bool = False

    def faces(self) -> list[Face]:
        """The visible sides from back to front, then the top."""
        points = self.footprint if _area(self.footprint) > 0 else self.footprint[::-1]
        low, high = self.z, self.z + self.height
        sides: list[tuple[float, Face]] = []
        for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True):
            nx, ny = by - ay, ax - bx
            if nx + ny <= 1e-9:
                continue
            face = (project(ax, ay, low), project(bx, by, low), project(bx, by, high), project(ax, ay, high))
            sides.append((ax + ay + bx + by, Face(face, _light(nx, ny) + self.tint, "own" if self.smooth else "dark")))
        sides.sort(key=lambda side: side[0])
        top = Face(tuple(project(x, y, high) for x, y in points), _light(0, 0, 1) + self.tint)
        return [face for _, face in sides] + [top]


def box(x: float, y: float, z: float, width: float, depth: float, height: float, tint: float = 0.0) -> Prism:
    """An upright box with its back corner at (``x``, ``y``, ``z``)."""
    return Prism(((x, y), (x + width, y), (x + width, y + depth), (x, y + depth)), z, height, tint)


def disc(cx: float, cy: float, radius: float, corners: int = ROUND, turn: float = 0.0) -> tuple[Spot, ...]:
    """A regular polygon's corners; with many, a circle's."""
    steps = (turn + 2 * math.pi * index / corners for index in range(corners))
    return tuple((cx + radius * math.cos(step), cy + radius * math.sin(step)) for step in steps)


def gear(cx: float, cy: float, radius: float, teeth: int) -> tuple[Spot, ...]:
    """A gear wheel's outline; ``radius`` reaches to the tips."""
    points: list[Spot] = []
    for tooth in range(teeth):
        middle = 2 * math.pi * tooth / teeth
        for offset, share in ((-0.5, 0.76), (-0.26, 0.76), (-0.18, 1.0), (0.18, 1.0), (0.26, 0.76)):
            angle = middle + offset * 2 * math.pi / teeth
            points.append((cx + radius * share * math.cos(angle), cy + radius * share * math.sin(angle)))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Cone:
    """A round solid with radius ``bottom`` below and ``top`` above: cylinder, cone or bucket."""

    cx: float
    cy: float
    z: float
    height: float
    bottom: float
    top: float
    tint: float = 0.0

    def faces(self) -> list[Face]:
        """The side in strips from dark right to light left, then the top."""
        low = disc(self.cx, self.cy, self.bottom)
        high = disc(self.cx, self.cy, self.top)
        faces: list[Face] = []
        slope = (self.bottom - self.top) / self.height if self.height else 0.0
        outline = hull(
            [*(project(x, y, self.z) for x, y in low), *(project(x, y, self.z + self.height) for x, y in high)]
        )
        faces.append(Face(outline, self.tint))
        # Three strips suffice for the eye: a dark right third, a plain middle, a bright left.
        for first, last, light in ((-0.25, 0.055, -0.30), (0.055, 0.14, -0.15), (0.36, 0.5, 0.10)):
            arc = [first + (last - first) * step / 8 for step in range(9)]
            under = [
                project(self.cx + self.bottom * math.cos(a), self.cy + self.bottom * math.sin(a), self.z)
                for a in (2 * math.pi * turn for turn in arc)
            ]
            over = [
                project(self.cx + self.top * math.cos(a), self.cy + self.top * math.sin(a), self.z + self.height)
                for a in (2 * math.pi * turn for turn in arc)
            ]
            faces.append(Face((*under, *reversed(over)), light + 0.1 * slope + self.tint, line="none"))
        if self.top > 0.3:
            faces.append(Face(tuple(project(x, y, self.z + self.height) for x, y in high), _light(0, 0, 1) + self.tint))
        return faces


def cylinder(cx: float, cy: float, z: float, height: float, radius: float, tint: float = 0.0) -> Cone:
    """An upright cylinder."""
    return Cone(cx, cy, z, height, radius, radius, tint)


@dataclass(frozen=True, slots=True)
class Wall:
    """A profile in the plane of ``x`` and ``z``, raised along ``y`` from ``y`` by ``depth``; it looks to the left."""

    profile: tuple[Spot, ...]
    y: float
    depth: float
    tint: float = 0.0
    smooth: bool = False

    def faces(self) -> list[Face]:
        """The visible edges of the slab from back to front, then its front."""
        points = self.profile if _area(self.profile) > 0 else self.profile[::-1]
        near, far = self.y + self.depth, self.y
        sides: list[tuple[float, Face]] = []
        for (ax, az), (bx, bz) in zip(points, (*points[1:], points[0]), strict=True):
            nx, nz = bz - az, ax - bx
            if nx + nz <= 1e-9:
                continue
            face = (project(ax, far, az), project(bx, far, bz), project(bx, near, bz), project(ax, near, az))
            sides.append(
                (ax + az + bx + bz, Face(face, _light(nx, 0, nz) + self.tint, "own" if self.smooth else "dark"))
            )
        sides.sort(key=lambda side: side[0])
        front = Face(tuple(project(x, near, z) for x, z in points), _light(0, 1) + self.tint)
        return [face for _, face in sides] + [front]


@dataclass(frozen=True, slots=True)
class Ball:
    """A sphere: a circle on the screen, with a bright and a dark side."""

    cx: float
    cy: float
    z: float
    radius: float
    tint: float = 0.0

    def faces(self) -> list[Face]:
        """The disc, a shade at the lower right, a light at the upper left."""
        x, y = project(self.cx, self.cy, self.z)
        reach = self.radius * math.sqrt(1.5)  # a sphere is not foreshortened, the axes are

        def circle(dx: float, dy: float, share: float) -> tuple[Spot, ...]:
            return disc(x + dx * reach, y + dy * reach, share * reach)

        shade = _crescent(circle(0, 0, 1), (x, y), reach)
        return [
            Face(circle(0, 0, 1), self.tint),
            Face(shade, -0.28 + self.tint, line="none"),
            Face(circle(-0.34, -0.36, 0.42), 0.22 + self.tint, line="none"),
        ]


def _crescent(circle: Sequence[Spot], centre: Spot, reach: float) -> tuple[Spot, ...]:
    """The part of a circle that lies away from the light."""
    outer = [point for point in circle if (point[0] - centre[0]) * 0.8 + (point[1] - centre[1]) * 0.6 > -0.1 * reach]
    outer.sort(key=lambda point: math.atan2(point[1] - centre[1], point[0] - centre[0]))
    inner = [
        (0.55 * x + 0.45 * (centre[0] - 0.36 * reach), 0.55 * y + 0.45 * (centre[1] - 0.3 * reach))
        for x, y in reversed(outer)
    ]
    return (*outer, *inner)


def hull(points: Iterable[Spot]) -> tuple[Spot, ...]:
    """The convex hull (Andrew's monotone chain, 1979)."""
    ordered = sorted(set(points))

    def half(chain: Iterable[Spot]) -> list[Spot]:
        kept: list[Spot] = []
        for x, y in chain:
            while len(kept) > 1:
                (ax, ay), (bx, by) = kept[-2], kept[-1]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                kept.pop()
            kept.append((x, y))
        return kept

    return (*half(ordered)[:-1], *half(reversed(ordered))[:-1])


# --- marks on faces --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled polygon of a mark."""

    points: tuple[Spot, ...]
    tone: str = "ink"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of a mark."""

    points: tuple[Spot, ...]
    width: float = 1.6
    tone: str = "ink"
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc of a mark; a ring where ``width`` is given."""

    cx: float
    cy: float
    radius: float
    tone: str = "ink"
    width: float = 0.0


Shape = Fill | Stroke | Dot

PLANES = {"top": FLAT, "left": FACE_LEFT, "right": FACE_RIGHT, "screen": (1.0, 0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Mark:
    """Shapes on a face: ``at`` is the face's upper left corner as the viewer sees it.

    On ``top`` shapes have ``x`` along +x and ``y`` along +y; on ``left`` and ``right`` ``x`` runs to the
    right on the screen and ``y`` downwards; ``screen`` is not projected.
    """

    plane: str
    at: Spot3
    shapes: tuple[Shape, ...]

    def outline(self) -> list[Spot]:
        """Points on the screen that hold everything of this mark."""
        a, b, c, d = PLANES[self.plane]
        ox, oy = project(*self.at)
        spots: list[Spot] = []
        for shape in self.shapes:
            if isinstance(shape, Dot):
                spots += disc(shape.cx, shape.cy, shape.radius + shape.width / 2, 12)
            else:
                spots += shape.points
        return [(ox + a * x + c * y, oy + b * x + d * y) for x, y in spots]


Solid = Prism | Cone | Wall | Ball
Part = Solid | Mark


@dataclass(frozen=True, slots=True)
class Symbol:
    """A family's or kind's symbol: parts from back to front. ``title`` is its name in legend and contact sheet."""

    key: str
    title: str
    parts: tuple[Part, ...] = field(default=())

    def outline(self) -> tuple[Spot, ...]:
        """The convex outline of the whole symbol on the screen."""
        points: list[Spot] = []
        for part in self.parts:
            if isinstance(part, Mark):
                points += part.outline()
            else:
                for face in part.faces():
                    points += face.points
        return hull(points)
