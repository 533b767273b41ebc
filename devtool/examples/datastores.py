"""Data stores: which databases, caches and buckets are there, and who calls them?"""

from collections.abc import Iterator

from analytics import GraphType, Stage, hookimpl
from analytics.layout import lay_out
from analytics.model import Edge, Graph, GraphRequest, Grid, Lookup, Node, Omission

STORES = ("Database", "Cache", "ObjectStorage", "NAS")


def build_datastores(request: GraphRequest, lookup: Lookup) -> Grid:
    """Each store, and each application that calls one; the others are counted as left out."""
    stores = {one.id for one in lookup.applications if one.family in STORES}
    edges = [
        Edge(one.id, dep.id, label=dep.endpoint) for one in lookup.applications for dep in one.deps if dep.id in stores
    ]
    shown = stores | {edge.source for edge in edges}
    nodes = [Node(one.id, one.name, family=one.family) for one in lookup.applications if one.id in shown]
    found = len(lookup.applications)
    left = Omission("omitted", "applications", found - len(nodes), "they call no data store")
    omissions = (left,) if left.count else ()
    graph = Graph("datastores", "Data stores", tuple(nodes), tuple(edges), omissions=omissions, found=found)
    return lay_out(graph, request.effort)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("build_datastores", build_datastores, timeout=30)


@hookimpl
def analytics_graph_types() -> Iterator[GraphType]:
    stages = {"entry": (), "graphlookup": ("entry",), "build_datastores": ("graphlookup",)}
    stages |= {"draw_estate": ("build_datastores",), "send_front_app": ("draw_estate",)}
    yield GraphType("datastores", stages, always=("notification", "websocket"), title="Data stores")
