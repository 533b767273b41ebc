"""The network graph: address space, gateways and who reaches what, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ...documents.entities import Application, Location, Server
from ...documents.networks import NetworkItem
from ...errors import EmptyGraph
from ...layout import keep_places, lay_out
from ...model.anchor import Anchor
from ...model.artifacts import Entries, Estate, GraphRequest, Networks
from ...model.graph import Attribute, Container, Graph, Omission
from ...model.grid import Grid
from ...model.kinds import EdgeKind, Projection
from ..ages import Ages
from ..boxes import Map
from ..findings import dangling
from ..folding import fold
from ..omissions import omission_of, something
from ..reading import with_remarks
from ..references import MISSING, References, ghost_node, missing_lane
from ..wiring import builds, wires
from .address_space import survey
from .draft import OUTSIDE, Picture, count_in_boxes, draw, finish_lines, lane
from .exposure import EXPOSED
from .findings import findings
from .gateways import add_gateways, add_named_gateways, add_peerings, add_routes, draw_networks
from .listed import with_listed
from .nodes import add_application, add_server, has_address
from .rules import add_rules
from .undocumented import collapse

#: How this graph is looked at unless a request says otherwise.
PROJECTION: Projection = "flat"


def build_grid(
    request: GraphRequest, entries: Entries, estate: Estate, networks: Networks, anchor: Anchor | None = None
) -> Grid:
    """The network graph of an estate, folded to the detail asked for and laid out.

    What stays of an earlier picture, ``anchor``, keeps its place.
    Raises :class:`EmptyGraph` when there is nothing with an address.
    """
    if not (estate.servers or estate.applications or estate.missing or networks.items):
        raise EmptyGraph("Empty infrastructure")
    graph = with_remarks(something(build_graph(request, entries, estate, networks)), entries.remarks)
    return keep_places(lay_out(graph, request.effort, request.projection or PROJECTION), anchor)


def build_graph(request: GraphRequest, entries: Entries, estate: Estate, networks: Networks) -> Graph:
    """Boxes and leaves first, folded; then the lines between what is left."""

    def asked(location: Location) -> bool:
        """Whether the graph is about everything at a place, or only about what its entries need."""
        return request.entry == "all" or (request.entry == "datacenters" and location.id in entries.datacenters)

    picture = survey_estate(estate, networks)
    sorts = sorted_out(picture, estate)
    for server in estate.servers:
        add_server(picture, server)
    for app in sorts.managed:
        add_application(picture, app)
    # Where nothing says in which network it stands, the address space itself is what there is to see.
    placed = any(leaf.spot.network or leaf.spot.subnet for leaf in picture.leaves.values())
    if request.entry == "datacenters" or (request.entry == "all" and not placed):
        draw_networks(picture, asked, subnets=not placed)
    ways = add_gateways(picture, asked)
    ghosts = [ghost_node(ghost, picture.ids) for ghost in picture.references.ghosts.values()]
    found = len(picture.nodes) + len(sorts.hosted) + len(sorts.placeless) + len(sorts.elsewhere)
    ages = Ages.of((thing.updated_at for thing in all_of(estate, networks)), request.stale_days)
    leaves = (*ages.marked(picture.nodes.values()), *ghosts)
    seen = Graph("network", "Network graph", leaves, findings=ages.findings(leaves), found=found)
    folded = fold(seen, request.detail)
    picture.stands_for = {member: node.id for node in folded.nodes for member in node.members or (node.id,)}
    picture.nodes = {node.id: node for node in folded.nodes}
    ways = {name: picture.stands_for[node] for name, node in ways.items()}
    add_named_gateways(picture, ways, asked)
    add_peerings(picture, asked)
    add_rules(picture)
    add_balancing(picture, estate)
    add_further_subnets(picture)
    add_routes(picture, ways)
    add_wiring(picture, estate, full=request.detail == "full")
    hollow = collapse(picture, request.detail)
    edges = finish_lines(picture)
    parents = {node.parent for node in picture.nodes.values()}
    lanes = [lane(OUTSIDE, "Outside")] if OUTSIDE in parents else []
    lanes += [missing_lane()] if MISSING in parents else []

    def node(app: Application) -> str:
        return picture.ids.of(app.collection, app.id)

    no_address = "they name no network and run on no server"
    omissions = (
        omission_of("omitted", "applications", sorts.placeless, node, no_address),
        omission_of("omitted", "applications", sorts.elsewhere, node, "their servers stand outside this part"),
        omission_of("counted", "applications", sorts.hosted, node, "shown on their host servers"),
        *empty_boxes(picture),
    )
    return replace(
        folded,
        nodes=tuple(picture.nodes.values()),
        edges=edges,
        containers=(*with_rollups(picture), *lanes),
        omissions=(*folded.omissions, *hollow, *(omission for omission in omissions if omission.count)),
        findings=(
            *folded.findings,
            *findings(picture, networks),
            *dangling([ghost.name for ghost in ghosts], [picture.stands_for[ghost.id] for ghost in ghosts]),
        ),
        scope=entries.scope,
        as_of=ages.newest,
        oldest=ages.oldest,
    )


def all_of(estate: Estate, networks: Networks) -> tuple[Server | Application | NetworkItem, ...]:
    """Every document the graph is made of."""
    return (*estate.servers, *estate.applications, *networks.items)


def survey_estate(estate: Estate, networks: Networks) -> Picture:
    """The ground of the picture: what the documents say, and where everything is."""
    named_networks = [(server.location.vpc_id, server.location) for server in estate.servers]
    named_networks += [(app.role.vpc_id or app.location.vpc_id, app.location) for app in estate.applications]
    places = Map.of(estate.datacenters, [thing.location for thing in all_of(estate, networks)])
    items = with_listed(networks.items, estate.servers)
    picture = Picture(survey(items, named_networks), places, References(estate))
    for collection, held in (
        ("applications", estate.applications),
        ("servers", estate.servers),
        ("networks", networks.items),
    ):
        picture.ids.claim(collection, (thing.id for thing in held))
    return picture


@dataclass(frozen=True, slots=True)
class Sorts:
    """An estate's applications: on servers drawn here, leaves themselves, without an address, on servers elsewhere."""

    hosted: list[Application] = field(default_factory=list)
    managed: list[Application] = field(default_factory=list)
    placeless: list[Application] = field(default_factory=list)
    elsewhere: list[Application] = field(default_factory=list)


def sorted_out(picture: Picture, estate: Estate) -> Sorts:
    """Each application of the estate by where it is to be seen."""
    references, sorts = picture.references, Sorts()
    for app in estate.applications:
        if references.hosts.get(app.id):
            sorts.hosted.append(app)
        elif references.all_hosts.get(app.id):
            sorts.elsewhere.append(app)
        elif has_address(app, picture) or any(("servers", ref.id) in references.ghosts for ref in app.servers):
            sorts.managed.append(app)
        else:
            sorts.placeless.append(app)
    return sorts


def add_further_subnets(picture: Picture) -> None:
    """From each server to the subnets of its further interfaces."""
    for leaf in picture.leaves.values():
        for key in leaf.further:
            if key in picture.boxes.containers and picture.stands_for[leaf.id] == leaf.id:
                draw(picture, leaf.id, key, "route", "interface")


def add_balancing(picture: Picture, estate: Estate) -> None:
    """From each balancer, or the servers it runs on, to its targets; ghosts among them."""
    references = picture.references
    for app in estate.applications:
        hosts = [picture.ids.of("servers", host.id) for host in references.hosts.get(app.id, ())]
        sources = [picture.stands_for.get(key, "") for key in hosts or [picture.ids.of("applications", app.id)]]
        ghosts = [ref.id for ref in app.servers if ("servers", ref.id) in references.ghosts]
        lines: tuple[tuple[EdgeKind, Iterable[str]], ...] = (("lb", references.targets(app)), ("dep", ghosts))
        for kind, targets in lines:
            for key in targets:
                target = picture.stands_for.get(picture.ids.of("servers", key), "")
                for source in dict.fromkeys(sources):
                    if source and target and source != target:
                        draw(picture, source, target, kind, "runs on" if kind == "dep" else "")


def add_wiring(picture: Picture, estate: Estate, *, full: bool) -> None:
    """Cables; in full detail also what servers and services were built with."""

    def node(key: str) -> str:
        found = (picture.ids.of(collection, key) for collection in ("servers", "applications", "networks"))
        return next((picture.stands_for.get(one, one) for one in found if one in drawn), "")

    drawn = {*picture.stands_for, *picture.nodes, *picture.boxes.containers}
    lines = [*wires(estate.servers, node)]
    if full:
        pairs = [*((one, two) for one, two, _ in picture.lines), *((one, two) for one, two, _ in lines)]
        lines += builds((*estate.servers, *estate.applications), node, pairs)
    for one, two, kind in lines:
        if not (picture.holds(one, two) or picture.holds(two, one)):
            draw(picture, one, two, kind)


def with_rollups(picture: Picture) -> tuple[Container, ...]:
    """The boxes with how many servers stand in each, and how many things are exposed."""
    leaves = picture.leaves.values()
    servers = count_in_boxes(picture, (leaf for leaf in leaves if isinstance(leaf.thing, Server)))
    exposed = count_in_boxes(picture, (leaf for leaf in leaves if leaf.exposure.state == EXPOSED))
    found = []
    for box in picture.boxes.containers.values():
        rows = list(box.rollups)
        rows += [Attribute("servers", str(servers[box.id]))] if servers[box.id] else []
        rows += [Attribute("exposed", str(exposed[box.id]))] if exposed[box.id] else []
        found.append(replace(box, rollups=tuple(rows)))
    return tuple(found)


def empty_boxes(picture: Picture) -> list[Omission]:
    """Networks and subnets of the inventory in which nothing stands."""
    drawn, terrain = {*picture.boxes.containers, *picture.stands_for}, picture.terrain
    subnets = sum(1 for key in terrain.subnets if key not in drawn)
    networks = sum(1 for key, network in terrain.networks.items() if key not in drawn and network.known)
    ghosts = sum(1 for key, network in terrain.networks.items() if key not in drawn and not network.known)
    reason = "nothing of this graph is in them"
    return [
        Omission("empty", "networks", networks, reason),
        Omission("empty", "networks that no document holds", ghosts, reason),
        Omission("empty", "subnets", subnets, reason),
    ]
