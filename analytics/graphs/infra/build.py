"""The infra graph: what runs where, put together."""

from __future__ import annotations

from dataclasses import replace

from ...documents.entities import Application, Server, Volume
from ...errors import EmptyGraph
from ...layout import keep_places, lay_out
from ...model.anchor import Anchor
from ...model.artifacts import Entries, Estate, GraphRequest, Storage
from ...model.graph import Container, Edge, Finding, Graph, Omission
from ...model.grid import Grid
from ...model.kinds import Projection
from .. import findings
from ..ages import Ages, with_ages
from ..boxes import Map
from ..folding import fold
from ..omissions import omission_of, something
from ..reading import with_remarks
from ..references import ghost_node, missing_lane
from ..traffic import with_numbers
from ..wiring import wiring
from .edges import balancing, calls
from .nodes import managed_node, server_node, volume_node
from .placement import Placed, disks, place, unattached
from .rollups import with_totals

#: The lane of volumes nobody uses.
LOOSE = "lane:unattached"

#: How this graph is looked at unless a request says otherwise.
PROJECTION: Projection = "flat"


def build_grid(
    request: GraphRequest, entries: Entries, estate: Estate, storage: Storage, anchor: Anchor | None = None
) -> Grid:
    """The infra graph of an estate, folded to the detail asked for and laid out.

    What stays of an earlier picture, ``anchor``, keeps its place. Raises :class:`EmptyGraph` when nothing runs there.
    """
    loose = request.entry == "all" and storage.volumes
    if not (estate.servers or estate.applications or estate.missing or loose):
        raise EmptyGraph("Empty infrastructure")
    graph = something(build_graph(entries, estate, storage, full=request.detail == "full"))
    graph = with_remarks(graph, entries.remarks)
    things: tuple[Server | Application | Volume, ...] = (*estate.servers, *estate.applications, *storage.volumes)
    graph = with_ages(graph, Ages.of((thing.updated_at for thing in things), request.stale_days))
    graph = fold(graph, request.detail)
    graph = with_numbers(graph) if request.numbers else graph
    return keep_places(without_cycles(lay_out(graph, request.effort, request.projection or PROJECTION)), anchor)


def without_cycles(grid: Grid) -> Grid:
    """Two boxes that call each other are no cycle of dependencies: different applications may be meant."""
    boxes = {box.id for box in grid.graph.containers}
    edges = tuple(
        replace(edge, back=False) if edge.back and boxes & {edge.source, edge.target} else edge
        for edge in grid.graph.edges
    )
    return replace(grid, graph=replace(grid.graph, edges=edges))


def build_graph(entries: Entries, estate: Estate, storage: Storage, *, full: bool) -> Graph:
    """Boxes, tiles, lines and findings; nothing folded yet."""
    things: tuple[Server | Application, ...] = (*estate.servers, *estate.applications)
    places = Map.of(estate.datacenters, [thing.location for thing in things])
    placed = place(estate, places)
    node = placed.node
    attached = disks(estate.servers, storage.volumes)
    loose = unattached(entries, storage, attached)
    containers = with_totals(placed, attached)
    nodes = [server_node(server, placed, attached[server.id]) for server in estate.servers]
    nodes += [managed_node(app, placed) for app in placed.managed]
    ghosts = [ghost_node(ghost, placed.ids) for ghost in placed.references.ghosts.values()]
    lines, within, beyond = calls(placed)
    balanced, behind = balancing(placed)
    edges = [*balanced, *lines]
    held = {volume.id: (volume, server) for server in estate.servers for volume in attached[server.id]}
    if full:
        nodes += [
            volume_node(volume, node(volume), placed.box[node(server)], server.location.provider)
            for volume, server in held.values()
        ]
        edges += [
            Edge(node(server), node(volume), kind="volume")
            for server in estate.servers
            for volume in attached[server.id]
        ]
        nodes += [volume_node(volume, node(volume), LOOSE, volume.location.provider) for volume in loose]
        containers += (Container(LOOSE, "Unattached volumes", "unplaced"),) if loose else ()
    leaves: tuple[Server | Application, ...] = (*estate.servers, *placed.managed)
    edges += wiring(estate.servers, leaves, {leaf.id: node(leaf) for leaf in leaves}, edges, full=full)
    found = [
        *findings.redundancy(estate.applications, placed.references.all_hosts, node),
        *findings.idle(idle_servers(placed), node),
        *findings.placeless(placed.placeless),
        *findings.strange_zones(places, (*estate.servers, *placed.managed), node),
        *findings.unattached(loose, node),
        *findings.dangling([ghost.name for ghost in ghosts], [ghost.id for ghost in ghosts]),
    ]
    disks_shown = [*(volume for volume, _ in held.values()), *loose]
    omissions = (
        omission_of("omitted", "applications", placed.placeless, node, "they have neither server nor datacenter"),
        omission_of("omitted", "applications", placed.elsewhere, node, "their servers stand outside this part"),
        omission_of("counted", "applications", placed.hosted, node, "shown on their host servers"),
        omission_of("counted", "volumes", () if full else disks_shown, node, "summarised; use --detail full"),
        Omission("unresolved", "calls", within, "both ends stand in one box"),
        Omission("unresolved", "calls", beyond, "target is outside this graph"),
        Omission("unresolved", "balancer targets", behind, "they stand outside this part"),
    )
    return Graph(
        type="infra",
        title="Infra graph",
        nodes=(*findings.marked(nodes, found), *ghosts),
        edges=tuple(edges),
        containers=(*containers, missing_lane()) if ghosts else containers,
        omissions=tuple(omission for omission in omissions if omission.count),
        findings=tuple(aimed(finding, {one.id for one in (*nodes, *ghosts)}) for finding in found),
        scope=entries.scope,
        found=len(estate.servers) + len(estate.applications) + len(disks_shown),
    )


def idle_servers(placed: Placed) -> list[Server]:
    """Servers that carry nothing; an inventory without any application does not say what they carry."""
    estate = placed.references.estate
    return [server for server in estate.servers if estate.applications and not placed.references.carries(server)]


def aimed(finding: Finding, drawn: set[str]) -> Finding:
    """A finding about those of its nodes that are drawn."""
    return replace(finding, nodes=tuple(key for key in finding.nodes if key in drawn))
