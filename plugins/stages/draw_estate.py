"""Draw stage of the infra and network graphs: the picture itself, with all that other stages added."""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.drawing import render
from analytics.graphs.additions import with_additions
from analytics.model import Additions, Drawing, GraphRequest, Grid


def draw_estate(request: GraphRequest, grid: Grid, additions: tuple[Additions, ...]) -> Drawing:
    """Put the additions on the nodes and render the grid as SVG."""
    drawn = with_additions(grid, additions)
    return Drawing(render(drawn, theme=request.theme, title=request.title, legend=request.legend), drawn)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("draw_estate", draw_estate)
