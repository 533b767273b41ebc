"""Connections: the line on the ground, its arrowhead, its wide hit line and its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from itertools import pairwise

from ..model.graph import Edge
from ..model.grid import Place, Point, Route
from ..text import clean_text, escape, safe_id, safe_word
from .projection import ACROSS, DOWN, UNIT
from .templates import Template, compile_template, factory, serialise
from .theme import DASHES, Theme
from .tile import BADGE, BADGE_LEFT, BADGE_TOP

#: Ground units the line ends before its tip, so that the head is not blunted by the line's own width.
HEAD = 0.045
#: Ground units between lines of several kinds that share a way.
BESIDE = 0.032
#: Widths in pixels: of a line, of one that crosses a border, and of the hit line.
LINE, CROSSING_LINE, HIT_LINE = 2, 3.6, 14
LABEL_LIMIT = 60
#: What stands in the text of a connection that says nothing about itself.
NOTHING_SAID = "None"


@dataclass(frozen=True, slots=True, eq=False)  # each exists once: told apart, and looked up, by identity
class LineStyle:
    """What distinguishes a line: its kind, how well it is known, whether it closes a cycle or crosses a border."""

    kind: str
    provenance: str
    back: bool
    crossing: bool

    @property
    def colour_key(self) -> str:
        """The key of its colour in the theme."""
        return "back" if self.back else self.kind

    @property
    def dash(self) -> str:
        """Its dashes: doubt shows first, then the closed cycle, then the kind."""
        if self.provenance != "stated":
            return DASHES[self.provenance]
        return DASHES["back" if self.back else self.kind]


KINDS = ("dep", "lb", "ingress", "route", "peering", "vpn", "endpoint", "volume")
#: Kinds in which a closed cycle matters to a reader: rules and routes run both ways as a matter of course.
CYCLIC = frozenset({"dep"})


def style_of(edge: Edge) -> LineStyle:
    """How ``edge`` is drawn; an unknown kind looks like a dependency."""
    return _style(edge.kind, edge.provenance, edge.back and edge.kind in CYCLIC, bool(edge.crossing))


@lru_cache(maxsize=512)
def _style(kind: str, provenance: str, back: bool, crossing: bool) -> LineStyle:
    return _the_style(
        kind if kind in KINDS else "dep",
        provenance if provenance in ("inferred", "indirect") else "stated",
        back,
        crossing,
    )


@cache
def _the_style(kind: str, provenance: str, back: bool, crossing: bool) -> LineStyle:
    return LineStyle(kind, provenance, back, crossing)


def count_styles(edges: Iterable[Edge]) -> dict[LineStyle, int]:
    """The line styles in use and how often, in a stable order."""
    counted = Counter(
        [(edge.kind, edge.provenance, edge.back and edge.kind in CYCLIC, bool(edge.crossing)) for edge in edges]
    )
    styles: Counter[LineStyle] = Counter()
    for key, count in counted.items():
        styles[_style(*key)] += count
    return {style: styles[style] for style in sorted(styles, key=astuple)}


def edge_text(edge: Edge) -> str:
    """What the line says: how, and for how many relations it stands; empty when there is nothing to say.

    >>> edge_text(Edge("a", "b", label="rest", count=3)), edge_text(Edge("a", "b"))
    ('rest ×3', '')
    """
    return _said(edge.label, edge.count)


@lru_cache(maxsize=4_096)
def _said(label: str, count: int) -> str:
    times = f"×{count}" if count > 1 else ""
    return f"{clean_text(label, LABEL_LIMIT)} {times}".strip()


@lru_cache(maxsize=4_096)
def _hidden_text(label: str, count: int, provenance: str) -> str:
    """What the page shows beside the pointer."""
    text = _said(label, count)
    doubt = f" ({provenance})" if text and provenance != "stated" else ""
    return escape(text + doubt or NOTHING_SAID)


def colour(theme: Theme, key: str) -> str:
    """The colour of a kind of line."""
    return dict(theme.edges)[key]


@cache
def arrowheads(theme: Theme, style: LineStyle) -> tuple[str, str]:
    """The two markers of a style: flat on the ground, for lines along x and along y.

    A marker is turned with its line but not sheared with the ground, hence one
    for each axis. Back lines have an open head.
    """
    return _arrowhead(theme, style.colour_key, style.crossing, "x"), _arrowhead(
        theme, style.colour_key, style.crossing, "y"
    )


def marker_id(theme: Theme, style: LineStyle, axis: str) -> str:
    """The id of a style's marker."""
    return f"{theme.prefix}a-{style.colour_key}-{'w' if style.crossing else 'n'}{axis}"


@cache
def _arrowhead(theme: Theme, colour_key: str, wide: bool, axis: str) -> str:
    """A triangle whose base lies along the other axis of the ground, in the frame of its line."""
    size = 1.35 if wide else 1.0
    tip, base, half = HEAD * UNIT, -0.045 * UNIT * size, 0.05 * UNIT * size
    # In the line's frame the other ground axis stands at 120 degrees for x, at 60 for y.
    lean = -0.5 if axis == "x" else 0.5
    side = 3**0.5 / 2 * half
    draw = factory()
    marker = draw.marker(insert=(0, 0), size=(1, 1), orient="auto", markerUnits="userSpaceOnUse", overflow="visible")
    marker["id"] = f"{theme.prefix}a-{colour_key}-{'w' if wide else 'n'}{axis}"
    points = [
        (round(tip, 2), 0),
        (round(base - lean * half, 2), round(-side, 2)),
        (round(base + lean * half, 2), round(side, 2)),
    ]
    head = draw.polygon(points)
    if colour_key == "back":
        marker.add(head.fill(theme.plate).stroke(colour(theme, colour_key), 1.6, linejoin="round"))
    else:
        marker.add(head.fill(colour(theme, colour_key)))
    return serialise(marker)


@cache
def _template(theme: Theme, style: LineStyle, axis: str) -> Template:
    """A connection's group: the visible line, the hit line, the text."""
    draw = factory()
    line = draw.path("M1.5,2.5", class_="conector")
    line.stroke(colour(theme, style.colour_key), CROSSING_LINE if style.crossing else LINE)
    if style.dash:
        line.dasharray([float(part) if "." in part else int(part) for part in style.dash.split()])
    line["marker-end"] = f"url(#{marker_id(theme, style, axis)})"
    hit = draw.path("M1.5,2.5", class_="conector_h conn-zsource").stroke("none", HIT_LINE)
    hit["pointer-events"] = "stroke"
    group = draw.g(class_=f"{theme.prefix}k")
    group.add(line)
    group.add(hit)
    group.add(draw.text("ztext", display="none"))
    text = serialise(group, {"data-source": "zsource", "data-target": "ztarget", "data-kind": "zkind"})
    return compile_template(text, "M1.5,2.5", "zsource", "ztarget", "zkind", "ztext")


@cache
def _layer(theme: Theme) -> Template:
    """What all lines share: they are not filled, and their corners are round."""
    layer = factory().g(class_=f"{theme.prefix}lines", fill="none", stroke_linejoin="round")
    return compile_template(serialise(layer, content="zlines"), "zlines")


def draw_connections(connections: Iterable[str], theme: Theme) -> str:
    """Drawn connections as one layer of the picture."""
    return _layer(theme)("".join(connections))


def draw_connection(edge: Edge, points: Sequence[Point], origin: tuple[float, float], theme: Theme) -> str:
    """One connection along ``points``, of which there are at least two."""
    style = style_of(edge)
    (ax, ay), (bx, by) = points[-2], points[-1]
    axis = "x" if abs(bx - ax) >= abs(by - ay) else "y"
    length = abs(bx - ax) + abs(by - ay)
    pull = min(HEAD, length / 2) / length if length else 0.0
    path = _screen_path([*points[:-1], (bx - (bx - ax) * pull, by - (by - ay) * pull)], origin)
    return _template(theme, style, axis)(
        path,
        safe_id(edge.source),
        safe_id(edge.target),
        safe_word(edge.kind),
        _hidden_text(edge.label, edge.count, style.provenance),
    )


def by_way(routes: Iterable[Route]) -> list[list[Route]]:
    """Routes that lie on each other, there and back or of several kinds: one way to the eye."""
    found: dict[tuple[Point, ...], list[Route]] = {}
    for route in routes:
        found.setdefault(min(route.points, route.points[::-1]), []).append(route)
    return list(found.values())


def side_by_side(edges: Sequence[Edge], routes: Sequence[Route]) -> dict[int, Sequence[Point]]:
    """The points of each edge's line: kinds that share a way run beside each other, there and back is one line."""
    drawn: dict[int, Sequence[Point]] = {route.edge: route.points for route in routes}
    ends = ((edges[route.edge].source, edges[route.edge].target) for route in routes)
    if len({(one, two) if one < two else (two, one) for one, two in ends}) == len(routes):
        return drawn  # only lines between the same two things share a way
    for way in by_way(routes):
        styles = list(dict.fromkeys(style_of(edges[route.edge]) for route in way)) if len(way) > 1 else []
        if len(styles) < 2:
            continue
        onwards = way[0].points
        for route in way:
            shift = (styles.index(style_of(edges[route.edge])) - (len(styles) - 1) / 2) * BESIDE
            drawn[route.edge] = beside(route.points, shift if route.points == onwards else -shift)
    return drawn


def beside(points: Sequence[Point], shift: float) -> list[Point]:
    """A way of pieces along the axes, moved to its left by ``shift``.

    >>> beside([(0, 0), (2, 0), (2, 3)], 0.5)
    [(0, 0.5), (1.5, 0.5), (1.5, 3)]
    """
    pieces = list(pairwise(points))
    moved: list[Point] = []
    for number, (left, back) in enumerate(points):
        x, y = left, back
        for (ax, ay), (bx, by) in pieces[max(0, number - 1) : number + 1]:
            if abs(bx - ax) > abs(by - ay):
                y = back + (shift if bx > ax else -shift)
            else:
                x = left - (shift if by > ay else -shift)
        moved.append((x, y))
    return moved


def _screen_path(points: Sequence[Point], origin: tuple[float, float]) -> str:
    """Path data through ground points; what is not finite is refused by the gate."""
    left, top = origin
    return "M" + "L".join([f"{(x - y) * ACROSS + left:.1f},{(x + y) * DOWN + top:.1f}" for x, y in points])


def loop_points(place: Place) -> list[Point]:
    """A small turn in the node's first badge slot, ending with its head along y."""
    left, top = BADGE_LEFT + 3, BADGE_TOP + 2
    right, low = left + BADGE - 6, top + BADGE - 4
    corners = ((left, low), (left, top), (right, top), (right, low))
    return [(place.x + x / UNIT, place.y + y / UNIT) for x, y in corners]
