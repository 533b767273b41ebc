"""Draw stage of the business graph: the picture itself."""

from dataclasses import replace

from analytics import Stage, hookimpl
from analytics.drawing import render
from analytics.model import Attribute, Drawing, Grid, Hosting, Node, Servers, tally


def draw_business(grid: Grid, servers: Servers) -> Drawing:
    """Put the servers on the nodes and render the grid as SVG."""
    hosting = {entry.application: entry for entry in servers.hosting}
    nodes = tuple(equipped(node, hosting.get(node.id)) for node in grid.graph.nodes)
    graph = replace(grid.graph, nodes=nodes)
    return Drawing(render(replace(grid, graph=graph)), len(nodes), tally(graph), graph.omissions)


def equipped(node: Node, hosting: Hosting | None) -> Node:
    """A node with what it runs on; its provider is that of its servers, else its own, else own premises."""
    if node.kind != "application":
        return node  # ghosts run nowhere; what a fold runs on, its members know
    provider = " + ".join(hosting.providers) if hosting and hosting.providers else node.provider or "premise"
    rows = {row.name: row.value for row in node.attributes}
    if hosting and hosting.datacenters:
        rows["dc"] = ", ".join(hosting.datacenters)
    rows["provider"] = provider
    if hosting:
        rows["servers"] = str(hosting.servers)
    return replace(
        node,
        provider=provider,
        quantity=hosting.servers if hosting else 0,
        size=hosting.size if hosting and hosting.size else node.size,
        attributes=tuple(Attribute(name, value) for name, value in rows.items()),
    )


@hookimpl
def analytics_stages():
    yield Stage("draw_business", draw_business)
