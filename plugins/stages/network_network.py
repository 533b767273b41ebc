"""Network stage of the network graph: address space and reachability.

Datacenter, region, network, zone and subnet are boxes within boxes; servers,
load balancers and managed services stand in them, gateways on their network's
ground. Rules, routes, peerings and VPNs are lines, merged per group; what lies
beyond the estate stands in a lane of its own.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from analytics import Stage, hookimpl
from analytics.entities import Application, Location, Server
from analytics.errors import EmptyGraph
from analytics.estate.exposure import EXPOSED, UNKNOWN
from analytics.estate.findings import dangling, many, named
from analytics.estate.folding import fold
from analytics.estate.gateways import add_gateways, add_named_gateways, add_peerings, add_routes, draw_networks
from analytics.estate.hollow import collapse
from analytics.estate.leaves import add_application, add_server, has_address
from analytics.estate.picture import OUTSIDE, Picture, count_in_boxes, draw, finish_lines, lane
from analytics.estate.places import Map
from analytics.estate.ranges import as_range
from analytics.estate.references import MISSING, References, ghost_node, missing_lane
from analytics.estate.rules import add_rules
from analytics.estate.terrain import survey
from analytics.layout import lay_out
from analytics.model import (
    Attribute,
    Container,
    Entries,
    Estate,
    Finding,
    Graph,
    GraphRequest,
    Grid,
    Networks,
    Omission,
)


def build_grid(request: GraphRequest, entries: Entries, estate: Estate, networks: Networks) -> Grid:
    """The network graph of an estate, folded to the detail asked for and laid out.

    Raises :class:`EmptyGraph` when there is nothing with an address.
    """
    if not (estate.servers or estate.applications or estate.missing or networks.items):
        raise EmptyGraph("Empty infrastructure")
    return lay_out(build_graph(request, entries, estate, networks), request.effort)


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
    if request.entry == "datacenters":
        draw_networks(picture, asked)
    ways = add_gateways(picture, asked)
    ghosts = [ghost_node(ghost, picture.ids) for ghost in picture.references.ghosts.values()]
    found = len(picture.nodes) + len(sorts.hosted) + len(sorts.placeless) + len(sorts.elsewhere)
    leaves = (*picture.nodes.values(), *ghosts)
    folded = fold(Graph("network", "Network graph", leaves, found=found), request.detail)
    picture.stands_for = {member: node.id for node in folded.nodes for member in node.members or (node.id,)}
    picture.nodes = {node.id: node for node in folded.nodes}
    ways = {name: picture.stands_for[node] for name, node in ways.items()}
    add_named_gateways(picture, ways, asked)
    add_peerings(picture, asked)
    add_rules(picture)
    add_balancing(picture, estate)
    add_routes(picture, ways)
    hollow = collapse(picture, request.detail)
    edges = finish_lines(picture)
    parents = {node.parent for node in picture.nodes.values()}
    lanes = [lane(OUTSIDE, "Outside")] if OUTSIDE in parents else []
    lanes += [missing_lane()] if MISSING in parents else []
    no_address = "they name no network and run on no server"
    omissions = (
        Omission("omitted", "applications", len(sorts.placeless), no_address),
        Omission("omitted", "applications", len(sorts.elsewhere), "their servers stand outside this part"),
        Omission("counted", "applications", len(sorts.hosted), "the servers that carry them name them"),
        *picture.references.omissions(),
        *empty_boxes(picture),
    )
    return replace(
        folded,
        nodes=tuple(picture.nodes.values()),
        edges=edges,
        containers=(*with_rollups(picture), *lanes),
        omissions=(*folded.omissions, *hollow, *(omission for omission in omissions if omission.count)),
        findings=(
            *findings(picture, networks),
            *dangling([ghost.name for ghost in ghosts], [picture.stands_for[ghost.id] for ghost in ghosts]),
        ),
        scope=entries.scope,
        as_of=max((thing.updated_at for thing in (*estate.servers, *estate.applications, *networks.items)), default=""),
    )


def survey_estate(estate: Estate, networks: Networks) -> Picture:
    """The ground of the picture: what the documents say, and where everything is."""
    named_networks = [(server.location.vpc_id, server.location) for server in estate.servers]
    named_networks += [(app.role.vpc_id or app.location.vpc_id, app.location) for app in estate.applications]
    things = (*estate.servers, *estate.applications, *networks.items)
    places = Map.of(estate.datacenters, [thing.location for thing in things])
    picture = Picture(survey(networks.items, named_networks), places, References(estate))
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


def add_balancing(picture: Picture, estate: Estate) -> None:
    """From each balancer, or the servers it runs on, to its targets; ghosts among them."""
    references = picture.references
    for app in estate.applications:
        hosts = [picture.ids.of("servers", host.id) for host in references.hosts.get(app.id, ())]
        sources = [picture.stands_for.get(key, "") for key in hosts or [picture.ids.of("applications", app.id)]]
        ghosts = [ref.id for ref in app.servers if ("servers", ref.id) in references.ghosts]
        for kind, targets in (("lb", references.targets(app)), ("dep", ghosts)):
            for key in targets:
                target = picture.stands_for.get(picture.ids.of("servers", key), "")
                for source in dict.fromkeys(sources):
                    if source and target and source != target:
                        draw(picture, source, target, kind, "runs on" if kind == "dep" else "")


def with_rollups(picture: Picture) -> tuple[Container, ...]:
    """The boxes with how many servers stand in each, and how many things are exposed."""
    leaves = picture.leaves.values()
    servers = count_in_boxes(picture, (leaf for leaf in leaves if isinstance(leaf.thing, Server)))
    exposed = count_in_boxes(picture, (leaf for leaf in leaves if leaf.exposure.state == EXPOSED))
    found = []
    for box in picture.boxes.containers.values():
        rows = [row for row in box.attributes if row.name in ("range", "exposure")]
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
    reason = "nothing this graph is about stands in them"
    return [
        Omission("empty", "networks", networks, reason),
        Omission("empty", "networks that no document holds", ghosts, reason),
        Omission("empty", "subnets", subnets, reason),
    ]


def findings(picture: Picture, networks: Networks) -> Iterable[Finding]:
    """What a network engineer should know."""
    leaves, terrain = picture.leaves.values(), picture.terrain

    def ends(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({picture.stands_for[key] for key in keys}))

    if not networks.items:
        yield Finding("no-networks", "The inventory holds no network documents: exposure is unknown", "warn")
    risky = [leaf for leaf in leaves if leaf.exposure.flagged]
    if risky:
        ports = Counter(port for leaf in risky for port in leaf.exposure.flagged)
        words = ", ".join(f"{port} on {count}" for port, count in sorted(ports.items()))
        text = f"{many(len(risky), 'thing')} with risky ports open to the world: {words}"
        yield Finding("open-ports", text, "bad", ends(leaf.id for leaf in risky))
    lost = [leaf for leaf in leaves if leaf.lost_subnet]
    if lost:
        names = named(leaf.thing.name for leaf in lost)
        text = f"{many(len(lost), 'server')} in subnets the inventory does not hold: {names}"
        yield Finding("lost-subnet", text, "warn", ends(leaf.id for leaf in lost))
    unknown = [leaf for leaf in leaves if leaf.exposure.state == UNKNOWN]
    if unknown and networks.items:
        names = named(leaf.thing.name for leaf in unknown)
        text = f"{many(len(unknown), 'thing')} of unknown exposure, no rules or no address known: {names}"
        yield Finding("unknown-exposure", text, "warn", ends(leaf.id for leaf in unknown))
    ghosts = sorted(network.name for network in terrain.networks.values() if not network.known)
    if ghosts:
        text = f"{many(len(ghosts), 'network')} referred to and not in the inventory: {named(ghosts)}"
        yield Finding("lost-network", text, "warn")
    missing = sorted({group for leaf in leaves for group in leaf.groups} - terrain.rules.keys())
    if missing and networks.items:
        text = f"{many(len(missing), 'security group')} referred to and not in the inventory: {named(missing)}"
        yield Finding("lost-group", text, "warn")
    texts = {text for rules in terrain.rules.values() for rule in rules for text in rule.ranges}
    if wrong := sorted(text for text in texts if as_range(text) is None):
        text = f"{many(len(wrong), 'range')} in rules that no address range can be: {named(wrong)}"
        yield Finding("bad-range", text, "warn")


@hookimpl
def analytics_stages():
    yield Stage("network_network", build_grid)
