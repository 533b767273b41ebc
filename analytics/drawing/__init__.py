"""A graph laid out becomes a picture: an isometric SVG, checked before it leaves.

The only place, with the exports, that knows svgwrite and lxml. svgwrite builds
and checks every kind of element once per process; drawing fills templates; lxml
reads the finished document once more and refuses what is not known.
"""

from __future__ import annotations

from functools import cache

from ..model.grid import Grid
from .canvas import Canvas, canvas_for, document
from .connections import arrowheads, count_styles, draw_connection, draw_connections, loop_points, side_by_side
from .edge_labels import draw_edge_label, place_edge_labels
from .gate import check_drawing
from .legend import symbols_used
from .library import symbol_markup
from .nodes import draw_node
from .platforms import draw_platform, draw_platform_header
from .specimens import one_of_each, sheet
from .symbols import SYMBOLS
from .theme import THEMES, Theme
from .tile import tile_definitions
from .tooltips import draw_tooltip

__all__ = ["check_drawing", "contact_sheet", "render", "warm_up"]


def render(grid: Grid, *, theme: str = "light") -> str:
    """The picture of ``grid`` as an SVG document.

    The same grid gives the same text. Every node has a place, every container
    an area and every edge a route, in their order; that they do not overlap is
    the layout's promise and not checked here.

    Raises
    ------
    DrawingRefused
        The gate found something that may not stand in a drawing.
    """
    colours = THEMES[theme]
    canvas = canvas_for(grid, colours)
    return check_drawing(
        document(
            canvas,
            definitions=[
                *_shared_definitions(grid, colours),
                *[draw_tooltip(node, grid.graph.quantities) for node in grid.graph.nodes],
            ],
            ground=[
                *_platforms(grid, canvas, colours),
                draw_connections(_connections(grid, canvas, colours), colours),
                *_platform_headers(grid, canvas, colours),
                *_nodes(grid, canvas, colours),
                draw_connections(_loops(grid, canvas, colours), colours),
                *_edge_labels(grid, canvas, colours),
            ],
        )
    )


@cache
def warm_up() -> None:
    """Build every symbol and template now, so that no drawing waits for them."""
    for theme in THEMES.values():
        for key in SYMBOLS:
            symbol_markup(theme, key)
    for name in THEMES:
        render(one_of_each(), theme=name)


def contact_sheet(theme: str = "light") -> str:
    """Every symbol, size class, quantity and mark on one sheet, as an SVG document."""
    return render(sheet(), theme=theme)


def _shared_definitions(grid: Grid, theme: Theme) -> list[str]:
    """Symbols, plates and arrowheads that this picture uses."""
    tiles = tile_definitions(theme)
    markers = dict.fromkeys(head for style in count_styles(grid.graph.edges) for head in arrowheads(theme, style))
    symbols = [symbol_markup(theme, key) for key in symbols_used(grid.graph)]
    return [tiles.plate, tiles.ghost, tiles.second_lip, *markers, *symbols]


def _platforms(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    """Containers, the outer before the inner."""
    pairs = sorted(zip(grid.areas, grid.graph.containers, strict=True), key=lambda pair: pair[0].level)
    return [draw_platform(container, area, canvas.origin, theme) for area, container in pairs]


def _platform_headers(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    pairs = zip(grid.areas, grid.graph.containers, strict=True)
    return [draw_platform_header(container, area, canvas.origin, theme) for area, container in pairs]


def _connections(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    """Lines, those that close a cycle last."""
    edges = grid.graph.edges
    routes = sorted((route for route in grid.routes if route.points), key=lambda route: edges[route.edge].back)
    drawn = side_by_side(edges, routes)
    return [draw_connection(edges[route.edge], drawn[route.edge], canvas.origin, theme) for route in routes]


def _loops(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    """Edges from a node to itself: marks on the tile, hence after it."""
    edges = grid.graph.edges
    loops = [edges[route.edge] for route in grid.routes if not route.points]
    places = {place.node: place for place in grid.places} if loops else {}
    return [
        draw_connection(edge, loop_points(places[edge.source]), canvas.origin, theme)
        for edge in loops
        if edge.source in places
    ]


def _nodes(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    loops = {edge.source for edge in grid.graph.edges if edge.source == edge.target}
    return [
        draw_node(node, place, canvas.origin, theme, loops=node.id in loops)
        for node, place in zip(grid.graph.nodes, grid.places, strict=True)
    ]


def _edge_labels(grid: Grid, canvas: Canvas, theme: Theme) -> list[str]:
    return [draw_edge_label(label, canvas.origin, theme) for label in place_edge_labels(grid)]
