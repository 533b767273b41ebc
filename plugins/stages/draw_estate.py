"""Draw stage of the infra and network graphs: the picture itself."""

from analytics import Stage, hookimpl
from analytics.drawing import render
from analytics.model import Drawing, Grid, tally


def draw_estate(grid: Grid) -> Drawing:
    """Render the grid as SVG."""
    graph = grid.graph
    return Drawing(render(grid), len(graph.nodes), tally(graph), graph.omissions)


@hookimpl
def analytics_stages():
    yield Stage("draw_estate", draw_estate)
