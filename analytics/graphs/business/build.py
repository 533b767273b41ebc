"""The business graph: applications as nodes, their calls as lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from ...catalog.families import APPLICATION
from ...documents.entities import Application, Dependency
from ...layout import lay_out
from ...model.artifacts import Entries, GraphRequest, Lookup
from ...model.graph import Attribute, Edge, Graph, Node, Omission
from ...model.grid import Grid
from ...model.kinds import Projection
from ..folding import fold_by, needs_folding
from ..references import unseen_badges

#: How this graph is looked at unless a request says otherwise.
PROJECTION: Projection = "isometric"


def build_grid(request: GraphRequest, entries: Entries, lookup: Lookup) -> Grid:
    """The business graph of ``lookup``, laid out: columns are the depth of dependency, entries first."""
    graph = build_graph(entries, lookup)
    if request.detail == "overview" or (request.detail == "standard" and needs_folding(graph)):
        graph = fold_by(with_equals(graph), lambda node: (node.alike,))
    return lay_out(graph, request.effort, request.projection or PROJECTION)


def with_equals(graph: Graph) -> Graph:
    """Applications are equal to a reader when family, provider, callers and callees agree.

    What is not in the inventory is equal only to its like: nobody found it, so it counts otherwise.
    """
    around: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for edge in graph.edges:
        around[edge.source].add(("calls", edge.target, edge.label))
        around[edge.target].add(("called by", edge.source, edge.label))
    return replace(
        graph,
        nodes=tuple(
            replace(node, alike="\n".join((node.kind, node.family, node.provider, *map(str, sorted(around[node.id])))))
            for node in graph.nodes
        ),
    )


def build_graph(entries: Entries, lookup: Lookup) -> Graph:
    """Nodes for applications and ghosts, edges for their calls."""
    hidden = {entry.application: frozenset(entry.ids) for entry in lookup.hidden}
    roots = frozenset(entries.applications)
    found = {app.id for app in lookup.applications}
    nodes = [node_of(app, app.id in roots, len(hidden.get(app.id, ()))) for app in lookup.applications]
    ghosts: dict[str, Node] = {}
    edges: list[Edge] = []
    for app in lookup.applications:
        calls: dict[str, list[Dependency]] = defaultdict(list)
        for dep in app.deps:
            if dep.id not in hidden.get(app.id, ()):
                calls[dep.id].append(dep)
        for target, deps in calls.items():
            if target not in found:
                ghosts.setdefault(target, ghost_of(deps[0]))
            edges.append(edge_of(app.id, target, deps))
    unseen = {key for keys in hidden.values() for key in keys}
    omissions = (Omission("hidden", "applications", len(unseen), "they belong to somebody else"),) if unseen else ()
    return Graph(
        type="business",
        title="Business graph",
        nodes=(*nodes, *ghosts.values()),
        edges=tuple(edges),
        omissions=(*lookup.omissions, *omissions),
        scope=entries.scope,
        as_of=max((app.updated_at for app in lookup.applications), default=""),
        found=len(lookup.applications),
    )


def node_of(app: Application, root: bool, hidden: int) -> Node:
    """One application; the tooltip's rows are those the page of the Front knows, first."""
    rows = {
        "env": app.environment,
        "family": app.family,
        "Language": app.language,
        "Cluster": app.cluster,
        "systems": ", ".join(ref.name or ref.id for ref in app.systems),
        "endpoint": app.role.endpoint,
        "status": app.status,
    }
    return Node(
        id=app.id,
        name=app.name,
        family=app.family,
        provider=app.location.provider or app.provider,
        size=app.size,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=unseen_badges(hidden),
        root=root,
        systems=tuple(ref.name or ref.id for ref in app.systems),
        datacenters=(app.location.name,) if app.location.name else (),
        source=f"applications/{app.id}",
        as_of=app.updated_at,
    )


def ghost_of(dep: Dependency) -> Node:
    """Something that is referred to and that the inventory does not hold."""
    return Node(
        id=dep.id,
        name=dep.name or dep.id,
        kind="ghost",
        family=dep.family or APPLICATION,
        attributes=(Attribute("note", "not in the inventory"),),
    )


def edge_of(source: str, target: str, deps: list[Dependency]) -> Edge:
    """One line for all calls from ``source`` to ``target``; the ways they are made stand on it."""
    ways = sorted({dep.endpoint for dep in deps if dep.endpoint})
    return Edge(source, target, label=", ".join(ways), count=len(deps))
