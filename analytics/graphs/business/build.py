"""The business graph: applications as nodes, their calls as lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from ...catalog.families import APPLICATION
from ...documents.entities import Application, Dependency, Ref
from ...layout import keep_places, lay_out, lay_out_overview
from ...model.anchor import Anchor
from ...model.artifacts import Entries, GraphRequest, Lookup
from ...model.graph import Attribute, Edge, Finding, Graph, Node, Omission
from ...model.grid import Grid
from ...model.kinds import Projection
from ...text import many, named
from ..ages import Ages, with_ages
from ..facts import about_rows, access_rows, address_rows, links_of
from ..folding import READABLE_NODES, fold_by, needs_folding
from ..overview.folds import ROOM
from ..overview.inside import inside
from ..overview.picture import overview, refinement, with_real_cycles
from ..reading import with_remarks
from ..states import rest_badges
from ..traffic import certainty, data_rows, measured_calls, with_numbers
from ..wiring import wiring
from .grounds import in_boxes

#: Why applications are folded: it is said of nothing else that it is equal.
ALIKE = "alike in family, provider, callers and calls, shown as one group"
#: How this graph is looked at unless a request says otherwise.
PROJECTION: Projection = "isometric"


def build_grid(request: GraphRequest, entries: Entries, lookup: Lookup, anchor: Anchor | None = None) -> Grid:
    """The business graph of ``lookup``, laid out: columns are the depth of dependency, entries first.

    What stays of an earlier picture, ``anchor``, keeps its place.
    """
    return keep_places(laid_out(request, entries, lookup), anchor)


def laid_out(request: GraphRequest, entries: Entries, lookup: Lookup) -> Grid:
    """The graph laid out afresh."""
    graph = with_remarks(build_graph(entries, lookup, full=request.detail == "full"), entries.remarks)
    graph = with_ages(graph, Ages.of((app.updated_at for app in lookup.applications), request.stale_days))
    if request.inside:
        opened = inside(graph, *groups_of(lookup), request.inside)
        grid = lay_out_overview(opened.graph, opened.hubs)
        return grid or with_real_cycles(lay_out(opened.graph, request.effort, "flat"), opened.graph)
    if request.detail == "overview" and len(graph.nodes) > ROOM:
        found = overview(graph, *groups_of(lookup))
        grid = lay_out_overview(found.graph, found.hubs)
        return grid or with_real_cycles(lay_out(found.graph, request.effort, "flat"), found.graph)
    if request.detail == "standard" and len(graph.nodes) > READABLE_NODES:
        equal = fold_by(with_equals(without_crowds(graph)), lambda node: (node.alike,), ALIKE)
        if needs_folding(equal):
            parted = refinement(graph, *groups_of(lookup))
            return with_real_cycles(lay_out(parted, request.effort, "flat"), parted)
    if request.detail == "overview" or (request.detail == "standard" and needs_folding(graph)):
        graph = fold_by(with_equals(without_crowds(graph)), lambda node: (node.alike,), ALIKE)
    graph = with_numbers(graph) if request.numbers else graph
    graph = in_boxes(graph, lookup.applications)
    return lay_out(graph, request.effort, request.projection or PROJECTION)


def groups_of(lookup: Lookup) -> tuple[list[dict[str, str]], list[str]]:
    """What the inventory declares of applications, level by level: the group of each by its id; and the levels' names.

    An application of several systems counts for the first by name.
    """
    levels: dict[str, dict[str, str]] = {"system": {}, "team": {}, "namespace": {}, "cluster": {}, "datacenter": {}}
    for app in lookup.applications:
        own = {
            "system": min([ref.name or ref.id for ref in app.systems], default=""),
            "team": app.about.team,
            "namespace": app.about.namespace,
            "cluster": app.about.cluster,
            "datacenter": app.location.name,
        }
        for level, group in own.items():
            if group:
                levels[level][app.id] = group
    return list(levels.values()), list(levels)


def without_crowds(graph: Graph) -> Graph:
    """More entries than a person can read are not marked: what everything is says nothing, and hinders folding."""
    if sum(node.root for node in graph.nodes) <= READABLE_NODES:
        return graph
    return replace(graph, nodes=tuple(replace(node, root=False) for node in graph.nodes))


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


def build_graph(entries: Entries, lookup: Lookup, *, full: bool = False) -> Graph:
    """Nodes for applications, ghosts and systems that are called, edges for calls.

    ``full`` adds a line for what a thing was built with.
    """
    roots = frozenset(entries.applications)
    found = {app.id for app in lookup.applications}
    nodes = [node_of(app, app.id in roots) for app in lookup.applications]
    beyond = frozenset(lookup.beyond)
    others = {ref.id: system_node(ref) for ref in lookup.systems}
    ghosts = {ref.id: ghost_of(ref.id, ref.name) for ref in lookup.missing if ref.id not in others}
    edges: list[Edge] = []
    cut = 0
    for app in lookup.applications:
        calls: dict[str, list[Dependency]] = defaultdict(list)
        for dep in app.deps:
            calls[dep.id].append(dep)
        for target, deps in calls.items():
            if target in beyond:
                cut += 1
                continue
            if target not in found and target not in others:
                ghosts.setdefault(target, ghost_of(target, deps[0].name, deps[0].family))
            edges.append(edge_of(app.id, target, deps))
    edges += wiring((), lookup.applications, {key: key for key in found}, edges, full=full)
    omissions = (Omission("unresolved", "calls", cut, "they lead out of what was asked for"),)
    return Graph(
        type="business",
        title="Business graph",
        nodes=(*nodes, *others.values(), *ghosts.values()),
        edges=tuple(edges),
        omissions=(*lookup.omissions, *(omission for omission in omissions if omission.count)),
        findings=calling_in(lookup),
        scope=entries.scope,
        found=len(lookup.applications),
    )


def node_of(app: Application, root: bool) -> Node:
    """One application; the tooltip's rows are those the page of the Front knows, first."""
    rows = {
        "env": app.environment,
        "family": app.family,
        "Language": app.language,
        "Cluster": app.about.cluster,
        "systems": ", ".join(sorted(ref.name or ref.id for ref in app.systems)),
        "endpoint": app.role.endpoint,
        "status": app.status,
        "replicas": str(app.replicas) if app.replicas else "",
        **about_rows(app.about),
        **access_rows(app),
        **address_rows(app),
    }
    return Node(
        id=app.id,
        name=app.name,
        family=app.family,
        provider=app.location.provider or app.provider,
        size=app.size,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=rest_badges(app.status) or rest_badges(app.about.lifecycle),
        quantity=app.replicas,
        links=links_of(app.about),
        root=root,
        systems=tuple(sorted(ref.name or ref.id for ref in app.systems)),
        datacenters=(app.location.name,) if app.location.name else (),
        source=f"applications/{app.id}",
        as_of=app.updated_at,
    )


def calling_in(lookup: Lookup) -> tuple[Finding, ...]:
    """Who calls into the graph from outside it, in words; the marks stand on nothing: they are not drawn.

    >>> [one.text for one in calling_in(Lookup((), callers=(Ref("a", "Web"),)))]
    ['1 application outside calls in: Web']
    """
    if not lookup.callers:
        return ()
    count = len(lookup.callers)
    verb = "calls" if count == 1 else "call"
    text = f"{many(count, 'application')} outside {verb} in: {named(ref.name for ref in lookup.callers)}"
    return (Finding("callers", text, "info"),)


def system_node(ref: Ref) -> Node:
    """A system that is called and has no applications to lead to: it is known, and beside what was counted."""
    return Node(
        ref.id, ref.name, "external", "System", attributes=(Attribute("note", "a system without applications"),)
    )


def ghost_of(key: str, name: str, family: str = "") -> Node:
    """Something that is referred to and that the inventory does not hold."""
    return Node(
        id=key,
        name=name or key,
        kind="ghost",
        family=family or APPLICATION,
        attributes=(Attribute("note", "not in the inventory"),),
    )


def edge_of(source: str, target: str, deps: list[Dependency]) -> Edge:
    """One line for all calls from ``source`` to ``target``; the ways they are made stand on it."""
    ways = sorted({dep.endpoint for dep in deps if dep.endpoint})
    return Edge(
        source,
        target,
        label=", ".join(ways),
        provenance=certainty(deps),
        count=len(deps),
        measures=measured_calls(deps),
        attributes=data_rows(deps),
    )
