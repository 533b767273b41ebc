"""Network stage of the infra graph: what runs where, how big, how redundant?

Provider, datacenter, region, zone and cluster are boxes within boxes; servers
and managed applications stand in them. A load balancer points at its targets;
what applications call of each other becomes one line between their boxes.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from analytics import Stage, hookimpl
from analytics.entities import Application, Server, Volume
from analytics.errors import EmptyGraph
from analytics.estate import findings
from analytics.estate.folding import fold
from analytics.estate.node_ids import NodeIds
from analytics.estate.places import Boxes, Map, Totals, provider_name
from analytics.estate.references import MISSING, References, ghost_node, missing_lane
from analytics.layout import lay_out
from analytics.model import (
    Attribute,
    Badge,
    Container,
    Edge,
    Entries,
    Estate,
    Finding,
    Graph,
    GraphRequest,
    Grid,
    Node,
    Omission,
    Storage,
)
from analytics.sizes import size_of

#: The lane of volumes nobody uses.
LOOSE = "lane:unattached"
PARTED = {"provider": "provider", "datacenter": "datacenter", "region": "zone", "zone": "zone"}


@dataclass(frozen=True)
class Placed:
    """Where everything stands: the boxes, the box of each node, and the applications with and without a place."""

    references: References
    boxes: Boxes = field(default_factory=Boxes)
    ids: NodeIds = field(default_factory=NodeIds)
    box: dict[str, str] = field(default_factory=dict)
    hosted: list[Application] = field(default_factory=list)
    managed: list[Application] = field(default_factory=list)
    placeless: list[Application] = field(default_factory=list)
    elsewhere: list[Application] = field(default_factory=list)

    def node(self, thing: Application | Server | Volume) -> str:
        """The id of a thing's node."""
        return self.ids.of(thing.collection, thing.id)


def build_grid(request: GraphRequest, entries: Entries, estate: Estate, storage: Storage) -> Grid:
    """The infra graph of an estate, folded to the detail asked for and laid out.

    Raises :class:`EmptyGraph` when nothing runs there.
    """
    loose = request.entry == "all" and storage.volumes
    if not (estate.servers or estate.applications or estate.missing or loose):
        raise EmptyGraph("Empty infrastructure")
    graph = build_graph(entries, estate, storage, storage_shown=request.detail == "full")
    return without_cycles(lay_out(fold(graph, request.detail), request.effort))


def without_cycles(grid: Grid) -> Grid:
    """Two boxes that call each other are no cycle of dependencies: different applications may be meant."""
    boxes = {box.id for box in grid.graph.containers}
    edges = tuple(
        replace(edge, back=False) if edge.back and boxes & {edge.source, edge.target} else edge
        for edge in grid.graph.edges
    )
    return replace(grid, graph=replace(grid.graph, edges=edges))


def build_graph(entries: Entries, estate: Estate, storage: Storage, *, storage_shown: bool) -> Graph:
    """Boxes, tiles, lines and findings; nothing folded yet."""
    places = Map.of(estate.datacenters, [thing.location for thing in (*estate.servers, *estate.applications)])
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
    if storage_shown:
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
    found = [
        *findings.redundancy(estate.applications, placed.references.all_hosts, node),
        *findings.idle([server for server in estate.servers if not placed.references.carries(server)], node),
        *findings.placeless(placed.placeless),
        *findings.strange_zones(places, (*estate.servers, *placed.managed), node),
        *findings.unattached(loose, node),
        *findings.dangling([ghost.name for ghost in ghosts], [ghost.id for ghost in ghosts]),
    ]
    volumes = len(held) + len(loose)
    omissions = (
        Omission("omitted", "applications", len(placed.placeless), "they have neither server nor datacenter"),
        Omission("omitted", "applications", len(placed.elsewhere), "their servers stand outside this part"),
        *placed.references.omissions(),
        Omission("counted", "applications", len(placed.hosted), "the servers that carry them name them"),
        Omission("counted", "volumes", 0 if storage_shown else volumes, "figures here; detail full draws them"),
        Omission("without a line", "calls", within, "both ends stand in one box"),
        Omission("without a line", "calls", beyond, "they lead to what is not drawn here"),
        Omission("without a line", "balancer targets", behind, "they stand outside this part"),
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
        as_of=max((thing.updated_at for thing in (*estate.servers, *estate.applications)), default=""),
        found=len(estate.servers) + len(estate.applications) + volumes,
    )


def aimed(finding: Finding, drawn: set[str]) -> Finding:
    """A finding about those of its nodes that are drawn."""
    return replace(finding, nodes=tuple(key for key in finding.nodes if key in drawn))


def place(estate: Estate, places: Map) -> Placed:
    """Put every server, and every application that runs on none, into its box."""
    placed = Placed(References(estate))
    placed.ids.claim("applications", (app.id for app in estate.applications))
    placed.ids.claim("servers", (server.id for server in estate.servers))
    for server in estate.servers:
        placed.box[placed.node(server)] = placed.boxes.inside(places.levels(server.location, cluster_of(server)))
    for app in estate.applications:
        if placed.references.hosts.get(app.id):
            placed.hosted.append(app)
            continue
        if placed.references.all_hosts.get(app.id):
            placed.elsewhere.append(app)
            continue
        where = app.location
        if where.id or where.name or where.provider or app.servers or placed.references.targets(app):
            placed.managed.append(app)
            placed.box[placed.node(app)] = placed.boxes.inside(places.levels(where))
        else:
            placed.placeless.append(app)
    return placed


def cluster_of(server: Server) -> str:
    """The cluster a server says it belongs to, in its tags."""
    return next((tag.value for tag in server.tags if tag.key.lower() in ("cluster", "clustername")), "")


def disks(servers: Sequence[Server], volumes: Sequence[Volume]) -> dict[str, list[Volume]]:
    """The volumes of each server: it lists them by unique id or by a name no other volume has, or they name it."""
    known = {volume.unique_id: volume for volume in volumes if volume.unique_id}
    borne = Counter(volume.name for volume in volumes)
    by_name = {volume.name: volume for volume in volumes if borne[volume.name] == 1}
    held: dict[str, dict[str, Volume]] = {server.id: {} for server in servers}
    for server in servers:
        for disk in server.storage:
            volume = known.get(disk.id) or by_name.get(disk.name)
            if volume is not None:
                held[server.id][volume.id] = volume
    for volume in volumes:
        if volume.server in held:
            held[volume.server][volume.id] = volume
    return {server: sorted(mine.values(), key=lambda volume: volume.id) for server, mine in held.items()}


def unattached(entries: Entries, storage: Storage, attached: Mapping[str, Sequence[Volume]]) -> list[Volume]:
    """Volumes of no server. Of a part only whole datacenters can tell: others do not know all servers."""
    if entries.applications or entries.servers:
        return []
    used = {volume.id for mine in attached.values() for volume in mine}
    return [
        volume
        for volume in storage.volumes
        if volume.id not in used
        and (not entries.datacenters or (volume.location.id in entries.datacenters and not volume.server))
    ]


def with_totals(placed: Placed, attached: Mapping[str, Sequence[Volume]]) -> tuple[Container, ...]:
    """The boxes with their roll-ups."""
    totals: dict[str, Totals] = defaultdict(Totals)
    for server in placed.references.estate.servers:
        carried = placed.references.carries(server)
        sized = {volume.id: volume.size for volume in attached[server.id]}
        listed = {name for volume in attached[server.id] for name in (volume.unique_id, volume.name) if name}
        sized |= {
            f"{server.id} {number}": disk.size
            for number, disk in enumerate(server.storage)
            if disk.id not in listed and disk.name not in listed
        }
        for container in placed.boxes.path(placed.box[placed.node(server)]):
            totals[container].add_server(server, carried, sized)
            totals[container].volumes.update(volume.id for volume in attached[server.id])
    for app in placed.managed:
        for container in placed.boxes.path(placed.box[placed.node(app)]):
            totals[container].add_application(app)
    return tuple(
        replace(
            container,
            rollups=totals[container.id].rows(),
            attributes=(*container.attributes, *beyond_header(totals[container.id])),
        )
        for container in placed.boxes.containers.values()
    )


def beyond_header(totals: Totals) -> tuple[Attribute, ...]:
    """What a box's tooltip says and its header has no room for: the environments by name, and the volumes."""
    named = ", ".join(sorted(totals.environments))
    rows = {"environments": named, "volumes": str(len(totals.volumes) or "")}
    return tuple(Attribute(name, value) for name, value in rows.items() if value)


def server_node(server: Server, placed: Placed, volumes: Sequence[Volume]) -> Node:
    """A server's tile; equal are those that carry the same applications in the same role, instance and environment."""
    location = server.location
    rows = {
        "dc": location.name,
        "env": server.environment,
        "provider": provider_name(location.provider),
        "instance": location.instance,
        "cpu / memory": f"{server.cpu:.10g} vCPU / {server.memory:.10g} GB" if server.cpu or server.memory else "",
        "os": server.os,
        "private ip": ", ".join(server.ipv4_private),
        "public ip": ", ".join(server.ipv4_public),
        "role": server.role,
        "zones": ", ".join(location.zones) if len(location.zones) > 1 else "",
        "applications": ", ".join(placed.references.carried(server)),
        "volumes": str(len(volumes)) if volumes else "",
        "status": server.status,
    }
    carried = placed.references.carries(server)
    alike = (server.role, location.instance, server.environment, *sorted(location.zones), "", *carried)
    public = (Badge("IP", "public address", "info"),) if server.ipv4_public else ()
    return Node(
        id=placed.node(server),
        name=server.name,
        kind="server",
        family=server.role or "Server",
        provider=provider_name(location.provider),
        parent=placed.box[placed.node(server)],
        quantity=1,
        size=size_of(server.cpu, server.memory).name if server.cpu or server.memory else "",
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=(*public, *spread(location.zones), *placed.references.badges(server)),
        source=f"servers/{server.id}",
        as_of=server.updated_at,
        alike="\n".join(alike),
    )


def managed_node(app: Application, placed: Placed) -> Node:
    """An application the provider runs; zones it spans stand in its tooltip. By itself it is equal to nothing."""
    provider = provider_name(app.location.provider or app.provider)
    rows = {
        "dc": app.location.name,
        "env": app.environment,
        "family": app.family,
        "provider": provider,
        "zones": ", ".join(app.location.zones) if len(app.location.zones) > 1 else "",
        "endpoint": app.role.endpoint,
        "status": app.status,
    }
    return Node(
        id=placed.node(app),
        name=app.name,
        family=app.family,
        provider=provider,
        parent=placed.box[placed.node(app)],
        size=app.size,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=(*spread(app.location.zones), *placed.references.badges(app)),
        source=f"applications/{app.id}",
        as_of=app.updated_at,
        alike=f"application {app.id}",
    )


def spread(zones: Sequence[str]) -> tuple[Badge, ...]:
    """The mark of what spans several zones."""
    return (Badge(f"{len(zones)}z", f"spans {len(zones)} zones", "good"),) if len(zones) > 1 else ()


def volume_node(volume: Volume, key: str, box: str, provider: str) -> Node:
    """A volume's tile; it is provided by whoever provides the server it is attached to."""
    rows = {"size": f"{volume.size:.10g} GB" if volume.size else "", "status": volume.status}
    return Node(
        id=key,
        name=volume.name,
        kind="volume",
        family="Volume",
        provider=provider_name(provider),
        parent=box,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        source=f"volumes/{volume.id}",
    )


def balancing(placed: Placed) -> tuple[list[Edge], int]:
    """From each balancer, or the servers it runs on, to its targets; and how many targets are not drawn here."""
    references = placed.references
    lines: dict[tuple[str, str], Edge] = {}
    beyond = 0
    for app in references.estate.applications:
        hosts = references.hosts.get(app.id)
        sources = [placed.node(host) for host in hosts] if hosts else [placed.node(app)]
        if sources[0] not in placed.box:
            continue
        for key in references.targets(app):
            target = placed.ids.of("servers", key)
            if key in references.servers or ("servers", key) in references.ghosts:
                lines |= {(one, target): Edge(one, target, kind="lb") for one in sources if one != target}
            else:
                beyond += ("servers", key) not in references.hidden
        for key in (ref.id for ref in app.servers if ("servers", ref.id) in references.ghosts):
            target = placed.ids.of("servers", key)
            for one in sources:
                lines.setdefault((one, target), Edge(one, target, label="runs on"))
    return list(lines.values()), beyond


def calls(placed: Placed) -> tuple[list[Edge], int, int]:
    """What applications call of each other, as lines between the outermost boxes that part them.

    Calls between two zones of a region are a line between the zones; calls
    between two providers one between the providers: every line lies in the box
    that holds both ends, and counts the calls it stands for. Calls within one
    box are no line, the box says already that its things are together: they are
    counted, and so are those that leave this part of the estate.
    """
    references = placed.references
    found: Counter[tuple[str, str]] = Counter()
    within = beyond = 0
    stands = {app.id: paths_of(app, placed) for app in references.estate.applications}
    for collection, key in references.ghosts:
        if collection == "applications":
            stands[key] = {(MISSING, placed.ids.of(collection, key))}
    for app in references.estate.applications:
        for dep in sorted({dep.id for dep in app.deps}):
            if dep == app.id or ("applications", dep) in references.hidden:
                continue
            parted = {parting(mine, other) for mine in stands[app.id] for other in stands.get(dep, ())}
            beyond += not parted
            within += parted == {None}
            found.update(ends for ends in parted if ends is not None)
    lines = [
        Edge(source, target, label="calls", count=count, crossing=border(source, target, placed))
        for (source, target), count in sorted(found.items())
    ]
    return lines, within, beyond


def paths_of(app: Application, placed: Placed) -> set[tuple[str, ...]]:
    """The boxes an application runs in, each from the outside in; a managed one ends with itself."""
    hosts = placed.references.hosts.get(app.id)
    if hosts:
        return {placed.boxes.path(placed.box[placed.node(server)]) for server in hosts}
    key = placed.node(app)
    return {(*placed.boxes.path(placed.box[key]), key)} if key in placed.box else set()


def parting(mine: Sequence[str], other: Sequence[str]) -> tuple[str, str] | None:
    """The first boxes in which two paths differ; nothing where one holds the other.

    >>> parting(("aws", "eu", "a"), ("aws", "eu", "b")), parting(("aws", "eu"), ("aws", "eu", "b"))
    (('a', 'b'), None)
    """
    return next(((one, two) for one, two in zip(mine, other, strict=False) if one != two), None)


def border(one: str, two: str, placed: Placed) -> str:
    """What a line between two boxes crosses: a provider, a datacenter or a zone; nothing where one is no such box."""
    kinds = {box.kind if (box := placed.boxes.containers.get(end)) else "" for end in (one, two)}
    crossed = {PARTED.get(kind, "") for kind in kinds}
    return crossed.pop() if len(crossed) == 1 else ""


@hookimpl
def analytics_stages():
    yield Stage("network_infra", build_grid)
