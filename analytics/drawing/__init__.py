"""A graph laid out becomes a picture: an SVG, flat or isometric, checked before it leaves.

The only place, with the exports, that knows svgwrite and lxml. svgwrite builds
and checks every kind of element once per process; drawing fills templates; lxml
reads the finished document once more and refuses what is not known.
"""

from __future__ import annotations

from functools import cache

from ..model.grid import Grid
from ..uncollected import uncollected
from . import card, gate, legend, library, looks, tile
from .canvas import LEGENDS, canvas_for, document
from .connections import arrowheads, count_styles, draw_connection, draw_connections, draw_lines, loop_points, shortened
from .edge_labels import draw_edge_label, place_edge_labels, sizes_of
from .gate import check_drawing
from .ink import Way, screen_step
from .legend import marks_used, symbols_used
from .library import mark_markup, symbol_markup
from .looks import symbol_of, telling_of
from .nodes import draw_node
from .platforms import Platform, draw_platform, draw_platform_header, platforms_of
from .projection import PROJECTIONS, Projection
from .specimens import one_of_each, sheet
from .symbols import SYMBOLS
from .theme import THEMES, Theme, night_sheet
from .tile import tile_definitions
from .tooltips import draw_tooltip

__all__ = [
    "LEGENDS",
    "PROJECTIONS",
    "THEMES",
    "check_drawing",
    "contact_sheet",
    "night_sheet",
    "render",
    "renew",
    "symbol_of",
    "warm_up",
]


@uncollected()
def render(grid: Grid, *, theme: str = "light", title: str = "", legend: str = "auto") -> str:
    """The picture of ``grid`` as an SVG document, in the projection it was laid out for.

    ``title`` is the graph's own name; without it the graph's type is written.
    ``legend`` says where that stands: ``auto``, ``side``, ``below`` or ``none``.
    The same grid gives the same text. Every node has a place, every container
    an area and every edge a route, in their order; that they do not overlap is
    the layout's promise and not checked here.

    Raises
    ------
    DrawingRefused
        The gate found something that may not stand in a drawing.
    """
    colours, projection = THEMES[theme], PROJECTIONS[grid.projection]
    words = place_edge_labels(grid)
    canvas = canvas_for(grid, colours, projection, title=title, place=legend, unsaid=_unsaid(grid, len(words)))
    origin = canvas.origin
    step = screen_step(projection, origin)
    lines = draw_lines(grid, origin, colours, projection, step)
    platforms = platforms_of(grid)
    sizes = sizes_of(grid)
    return check_drawing(
        document(
            canvas,
            definitions=[
                *_shared_definitions(grid, colours, projection),
                *[draw_tooltip(node, grid.graph.quantities) for node in grid.graph.nodes],
            ],
            ground=[
                *[draw_platform(box, origin, colours, projection) for box in sorted(platforms, key=_level)],
                draw_connections([*lines.trunks, *lines.lines], colours),
                *lines.counts,
                *[draw_platform_header(box, origin, colours, projection) for box in platforms],
                *_nodes(grid, origin, colours, projection),
                draw_connections(_loops(grid, origin, colours, projection), colours),
                *[draw_edge_label(label, origin, colours, projection, sizes) for label in words],
            ],
        )
    )


def renew() -> None:
    """Forget what was built of symbols and providers: others are known from now on (see ``adopt`` of both)."""
    for built in (
        *(gate._known_styles, library.symbol_bounds, library.symbol_markup, looks._look, legend._fitted),
        *(card._ground, card._symbol_transform, tile._ground, tile._symbol_transform, warm_up),
    ):
        built.cache_clear()


@cache
def warm_up() -> None:
    """Build every symbol and template now, so that no drawing waits for them."""
    for theme in THEMES.values():
        for key in SYMBOLS:
            symbol_markup(theme, key)
    for name in THEMES:
        for projection in PROJECTIONS:
            render(one_of_each(projection), theme=name)


def contact_sheet(theme: str = "light", projection: str = "isometric") -> str:
    """Every symbol, size class, quantity and mark on one sheet, as an SVG document."""
    return render(sheet(projection), theme=theme)


def _level(platform: Platform) -> int:
    """Boxes are painted the outer before the inner."""
    return platform.area.level


def _unsaid(grid: Grid, written: int) -> int:
    """How many of the words that lines say found no place; what a trunk says once counts once."""
    said = {
        (route.trunk or f"{min(edge.source, edge.target)} {max(edge.source, edge.target)}", route.words)
        for route, edge in zip(grid.routes, grid.graph.edges, strict=True)
        if route.words and route.points
    }
    return max(0, len(said) - written)


def _shared_definitions(grid: Grid, theme: Theme, projection: Projection) -> list[str]:
    """Symbols, plates and arrowheads that this picture uses."""
    styles = count_styles(grid.graph.edges)
    markers = dict.fromkeys(head for style in styles for head in arrowheads(theme, style, projection.flat))
    symbols = [symbol_markup(theme, key) for key in symbols_used(grid.graph)]
    symbols += [mark_markup(theme, key) for key in marks_used(grid.graph)]
    if projection.flat:
        return [*markers, *symbols]
    tiles = tile_definitions(theme)
    return [tiles.plate, tiles.ghost, tiles.second_lip, *markers, *symbols]


def _loops(grid: Grid, origin: tuple[float, float], theme: Theme, projection: Projection) -> list[str]:
    """Edges from a node to itself: marks on the tile, hence after it."""
    edges = grid.graph.edges
    loops = [(route.edge, edges[route.edge]) for route in grid.routes if not route.points]
    places = {place.node: place for place in grid.places} if loops else {}
    step = screen_step(projection, origin)
    return [
        draw_connection(
            number, edge, Way("", tuple(shortened(loop_points(places[edge.source])))), theme, projection, step, None
        )
        for number, edge in loops
        if edge.source in places
    ]


def _nodes(grid: Grid, origin: tuple[float, float], theme: Theme, projection: Projection) -> list[str]:
    loops = {edge.source for edge in grid.graph.edges if edge.source == edge.target}
    telling = telling_of(grid.graph, codes=theme.grey)
    return [
        draw_node(node, place, origin, theme, projection, telling, loops=node.id in loops)
        for node, place in zip(grid.graph.nodes, grid.places, strict=True)
    ]
