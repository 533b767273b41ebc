"""Draw stage of the business graph: the picture itself."""

from analytics import Stage, hookimpl
from analytics.drawing import render
from analytics.graphs.business.hosting import with_servers
from analytics.model import Drawing, Grid, Servers, tally


def draw_business(grid: Grid, servers: Servers) -> Drawing:
    """Put the servers on the nodes and render the grid as SVG."""
    drawn = with_servers(grid, servers)
    graph = drawn.graph
    return Drawing(render(drawn), len(graph.nodes), tally(graph), graph.omissions)


@hookimpl
def analytics_stages():
    yield Stage("draw_business", draw_business)
