"""Connections: the line on the ground, its arrowhead, its wide hit line and its text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from itertools import pairwise

from ..lettering import UNIT
from ..lettering.words import said
from ..model.details import edge_words
from ..model.graph import Edge
from ..model.grid import Grid, Place, Point, Route
from ..text import clean_text, escape, safe_id, safe_word
from .ink import Crossings, Step, Way, line_path, trunk_inks
from .projection import Projection
from .templates import Template, compile_template, factory, serialise
from .theme import DASHES, Theme

#: Ground units the line ends before its tip, so that the head is not blunted by the line's own width.
HEAD = 0.045
#: Ground units between lines of several kinds that share a way.
BESIDE = 0.032
#: Widths in pixels: a line for one relation, for each doubling, at most; what crosses a border; the hit line.
LINE, DOUBLING, WIDEST, CROSSING, HIT_LINE = 2.0, 0.35, 4.0, 0.8, 14
#: What stands in the text of a connection that says nothing about itself.
NOTHING_SAID = "None"
#: Longest text of what is said of a connection beside its label.
LONGEST_HINT = 300
#: Pictures of more lines have no gaps where two cross: nobody would see them, and each line crosses hundreds.
GAPPED = 2_500
#: From so many lines on a trunk says at its head how many they are.
COUNTED = 3
#: The turn of an edge from a node to itself: its corner from the node's right border, its size.
LOOP_AT, LOOP = (0.2, 0.06), 0.1


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


KINDS = ("dep", "lb", "ingress", "route", "peering", "vpn", "endpoint", "volume", "cable", "built")
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


@lru_cache(maxsize=4_096)
def _hidden_text(label: str, count: int, provenance: str, rows: str) -> str:
    """What the page shows beside the pointer."""
    text = said(label, count)
    doubt = f" ({provenance})" if text and provenance != "stated" else ""
    return escape(" · ".join(filter(None, (text + doubt, clean_text(rows, LONGEST_HINT)))) or NOTHING_SAID)


def colour(theme: Theme, key: str) -> str:
    """The colour of a kind of line."""
    return dict(theme.edges)[key]


def line_width(edge: Edge) -> float:
    """The stroke of a line: by the logarithm of what it carries, wider where it crosses a border.

    >>> line_width(Edge("a", "b")), line_width(Edge("a", "b", count=8, crossing="zone"))
    (2.0, 4.0)
    """
    carried = min(WIDEST, LINE + DOUBLING * math.log2(max(1, edge.count)))
    return round(2 * (carried + (CROSSING if edge.crossing else 0.0))) / 2


@cache
def arrowheads(theme: Theme, style: LineStyle, flat: bool = False) -> tuple[str, ...]:
    """The markers of a style: one seen from above, or two that lie on the ground, for lines along x and along y.

    A marker is turned with its line but not sheared with the ground, hence one
    for each axis. Back lines have an open head.
    """
    axes = ("f",) if flat else ("x", "y")
    return tuple(_arrowhead(theme, style.colour_key, style.crossing, axis) for axis in axes)


def marker_id(theme: Theme, style: LineStyle, axis: str) -> str:
    """The id of a style's marker."""
    return f"{theme.prefix}a-{style.colour_key}-{'w' if style.crossing else 'n'}{axis}"


@cache
def _arrowhead(theme: Theme, colour_key: str, wide: bool, axis: str) -> str:
    """A triangle whose base lies along the other axis of the ground, in the frame of its line."""
    size = 1.25 if wide else 1.0
    tip, base, half = HEAD * UNIT, -0.045 * UNIT * size, 0.042 * UNIT * size
    # In the line's frame the other ground axis stands at 120 degrees for x, at 60 for y; seen from above at 90.
    lean = {"x": -0.5, "y": 0.5, "f": 0.0}[axis]
    side = half if axis == "f" else 3**0.5 / 2 * half
    draw = factory()
    marker = draw.marker(insert=(0, 0), size=(1, 1), orient="auto", markerUnits="userSpaceOnUse", overflow="visible")
    marker["id"] = f"{theme.prefix}a-{colour_key}-{'w' if wide else 'n'}{axis}"
    points = [
        (round(tip, 2), 0),
        (round(base - lean * half, 2), round(-side, 2)),
        (round(base + lean * half, 2), round(side, 2)),
    ]
    head = draw.polygon(points, class_=f"{theme.prefix}h-{colour_key}")
    if colour_key == "back":
        marker.add(head.fill(theme.plate).stroke(colour(theme, colour_key), 1.6, linejoin="round"))
    else:
        marker.add(head.fill(colour(theme, colour_key)))
    return serialise(marker)


@cache
def _template(theme: Theme, style: LineStyle, axis: str, width: float) -> Template:
    """A connection's group: the visible line, the hit line, the text.

    ``data-line`` is the number of the edge, here and on all else that is drawn of a line.
    """
    draw = factory()
    line = draw.path("M1.5,2.5", class_=f"conector {theme.prefix}k-{style.colour_key}")
    line.stroke(colour(theme, style.colour_key), width)
    if style.dash:
        line.dasharray([float(part) if "." in part else int(part) for part in style.dash.split()])
    line["marker-end"] = f"url(#{marker_id(theme, style, axis)})"
    hit = draw.path("M3.5,4.5", class_="conector_h conn-zsource").stroke("none", HIT_LINE)
    hit["pointer-events"] = "stroke"
    group = draw.g(class_=f"{theme.prefix}k")
    group.add(line)
    group.add(hit)
    group.add(draw.text("ztext", display="none"))
    text = serialise(
        group, {"data-source": "zsource", "data-target": "ztarget", "data-kind": "zkind", "data-line": "zline"}
    )
    return compile_template(text, "M1.5,2.5", "M3.5,4.5", "zsource", "ztarget", "zkind", "zline", "ztext")


@cache
def _layer(theme: Theme) -> Template:
    """What all lines share: they are not filled, and their corners are round."""
    layer = factory().g(class_=f"{theme.prefix}lines", fill="none", stroke_linejoin="round")
    return compile_template(serialise(layer, content="zlines"), "zlines")


@cache
def _trunk(theme: Theme, colour_key: str, dash: str) -> Template:
    """The wider stroke where lines of a trunk run together."""
    line = (
        factory().path("M1.5,2.5", class_=f"{theme.prefix}k-{colour_key}").stroke(colour(theme, colour_key), 900003.5)
    )
    if dash:
        line.dasharray([float(part) if "." in part else int(part) for part in dash.split()])
    return compile_template(serialise(line, {"data-line": "zline"}), "M1.5,2.5", "900003.5", "zline")


@cache
def _count(theme: Theme) -> Template:
    """How many lines meet in one head."""
    p = theme.prefix
    group = factory().g(class_=f"{p}t")
    group.add(factory().text("ztext", insert=(900001.5, 900002.5), class_=f"{p}s {p}mid", font_size=12))
    return compile_template(serialise(group, {"data-line": "zline"}), "900001.5", "900002.5", "zline", "ztext")


def draw_connections(connections: Iterable[str], theme: Theme) -> str:
    """Drawn connections as one layer of the picture."""
    return _layer(theme)("".join(connections))


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """All lines of a grid as they are drawn: the strokes of trunks, the lines, and the counts at heads."""

    trunks: tuple[str, ...]
    lines: tuple[str, ...]
    counts: tuple[str, ...]


def draw_lines(grid: Grid, origin: tuple[float, float], theme: Theme, projection: Projection, step: Step) -> DrawnLines:
    """Every line that is not a loop, those that close a cycle last."""
    edges = grid.graph.edges
    routes = sorted((route for route in grid.routes if route.points), key=lambda route: edges[route.edge].back)
    drawn = side_by_side(edges, routes)
    ways = {
        route.edge: Way(owner_of(route, edges[route.edge]), tuple(shortened(drawn[route.edge]))) for route in routes
    }
    crossings = Crossings(list(ways.values())) if len(ways) <= GAPPED else None
    whole = [Way(way.owner, tuple(drawn[edge])) for edge, way in ways.items() if grid.routes[edge].trunk]
    styles = {route.trunk: style_of(edges[route.edge]) for route in routes if route.trunk}
    first = {route.trunk: route.edge for route in reversed(routes) if route.trunk}
    trunks = [
        _trunk(theme, styles[ink.owner].colour_key, styles[ink.owner].dash)(
            ink.data, f"{ink.width:g}", str(first[ink.owner])
        )
        for ink in trunk_inks(whole, step, crossings)
    ]
    lines = [draw_connection(edge, edges[edge], way, theme, projection, step, crossings) for edge, way in ways.items()]
    return DrawnLines(tuple(trunks), tuple(lines), tuple(_counts(routes, origin, theme, projection)))


def owner_of(route: Route, edge: Edge) -> str:
    """Whose ink a route is: its trunk's, or that of the two things it joins."""
    return route.trunk or " ".join(sorted((edge.source, edge.target)))


def shortened(points: Sequence[Point]) -> list[Point]:
    """The way up to where the head takes over."""
    (ax, ay), (bx, by) = points[-2], points[-1]
    length = abs(bx - ax) + abs(by - ay)
    pull = min(HEAD, length / 2) / length if length else 0.0
    return [*points[:-1], (bx - (bx - ax) * pull, by - (by - ay) * pull)]


def draw_connection(
    number: int, edge: Edge, way: Way, theme: Theme, projection: Projection, step: Step, crossings: Crossings | None
) -> str:
    """One connection, the graph's edge ``number``, along its way, which has at least two points."""
    style = style_of(edge)
    (ax, ay), (bx, by) = way.points[-2], way.points[-1]
    axis = "f" if projection.flat else "x" if abs(bx - ax) >= abs(by - ay) else "y"
    return _template(theme, style, axis, line_width(edge))(
        line_path(way, step, crossings),
        line_path(way, step),
        safe_id(edge.source),
        safe_id(edge.target),
        safe_word(edge.kind),
        str(number),
        _hidden_text(edge.label, edge.count, style.provenance, edge_words(edge)),
    )


def _counts(
    routes: Sequence[Route], origin: tuple[float, float], theme: Theme, projection: Projection
) -> Iterable[str]:
    """How many lines a trunk gathers, beside the one head they share."""
    heads: dict[tuple[str, Point], list[Route]] = {}
    for route in routes:
        if route.trunk:
            heads.setdefault((route.trunk, route.points[-1]), []).append(route)
    for (_, (x, y)), met in heads.items():
        before = met[0].points[-2]
        if len(met) < COUNTED or abs(before[0] - x) < abs(before[1] - y) or abs(before[0] - x) < 2 * HEAD:
            continue
        side = -1 if before[0] < x else 1
        sx, sy = projection.point(x + side * 0.085, y - (0.045 if projection.flat else 0.075))
        yield _count(theme)(f"{sx + origin[0]:.1f}", f"{sy + origin[1]:.1f}", str(met[0].edge), str(len(met)))


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


def loop_points(place: Place) -> list[Point]:
    """A small turn in the node's upper right corner, ending with its head along y."""
    right, low = place.x + place.width - LOOP_AT[0] + LOOP, place.y + LOOP_AT[1] + LOOP
    left, top = right - LOOP, low - LOOP
    return [(left, low), (left, top), (right, top), (right, low)]
