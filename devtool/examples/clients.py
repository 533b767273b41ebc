"""Client graph: who is served by which systems."""

from collections.abc import Iterator

from analytics import Context, GraphType, Stage, hookimpl
from analytics.documents import Client, System
from analytics.layout import lay_out
from analytics.model import Edge, Graph, GraphRequest, Grid, Node


def build_clients(request: GraphRequest, ctx: Context) -> Grid:
    """Every client, and a line from each to the systems that serve it."""
    clients, systems = ctx.inventory.find(Client), ctx.inventory.find(System)
    nodes = [Node(client.id, client.name, family="Corporate", root=True) for client in clients]
    nodes += [Node(system.id, system.name) for system in systems]
    known = {client.id for client in clients}
    edges = [Edge(ref.id, system.id) for system in systems for ref in system.clients if ref.id in known]
    return lay_out(Graph("clients", "Clients", tuple(nodes), tuple(edges), found=len(nodes)), request.effort)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("build_clients", build_clients)


@hookimpl
def analytics_graph_types() -> Iterator[GraphType]:
    stages = {"build_clients": (), "draw_estate": ("build_clients",), "send_front_app": ("draw_estate",)}
    yield GraphType("clients", stages, always=("notification", "websocket"), title="Clients and their systems")
