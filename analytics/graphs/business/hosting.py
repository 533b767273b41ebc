"""What the applications of a business graph run on, put on their nodes."""

from __future__ import annotations

from dataclasses import replace

from ...catalog.providers import UNKNOWN
from ...model.artifacts import Hosting, Servers
from ...model.graph import Node
from ...model.grid import Grid


def with_servers(grid: Grid, servers: Servers | None) -> Grid:
    """``grid`` with providers, numbers of servers and sizes on the nodes of its applications.

    A graph type that looked no servers up has said already what it knows of them.
    """
    if servers is None:
        return grid
    hosting = {entry.application: entry for entry in servers.hosting}
    nodes = tuple(equipped(node, hosting.get(node.id)) for node in grid.graph.nodes)
    return replace(grid, graph=replace(grid.graph, nodes=nodes))


def equipped(node: Node, hosting: Hosting | None) -> Node:
    """A node with what it runs on; its provider is that of its servers, else its own, else unknown."""
    if node.kind != "application":
        return node  # ghosts run nowhere; what a fold runs on, its members know
    return replace(
        node,
        provider=" + ".join(hosting.providers) if hosting and hosting.providers else node.provider or UNKNOWN,
        datacenters=hosting.datacenters if hosting and hosting.datacenters else node.datacenters,
        quantity=hosting.servers if hosting else node.quantity,
        size=hosting.size if hosting and hosting.size else node.size,
    )
