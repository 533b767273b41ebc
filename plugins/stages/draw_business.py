"""Draw stage of the business graph: the picture itself, with the servers and all that other stages added."""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.drawing import render
from analytics.graphs.additions import with_additions
from analytics.graphs.business.hosting import with_servers
from analytics.model import Additions, Drawing, GraphRequest, Grid, Servers


def draw_business(request: GraphRequest, grid: Grid, servers: Servers, additions: tuple[Additions, ...]) -> Drawing:
    """Put the servers and the additions on the nodes and render the grid as SVG."""
    drawn = with_additions(with_servers(grid, servers), additions)
    return Drawing(render(drawn, theme=request.theme, title=request.title, legend=request.legend), drawn)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("draw_business", draw_business)
