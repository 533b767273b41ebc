"""What an operator should know about an estate, found while it is drawn. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..documents.entities import Application, Server, Volume
from ..model.graph import Badge, Finding, Node
from ..text import many, named
from .boxes import Map

NodeOf = Callable[[Application | Server | Volume], str]
"""The id of a thing's node."""

#: How a finding is marked on the nodes it is about; the others have marks of their own.
MARKS = {
    "single-host": Badge("1", "the only host of an application", "warn"),
    "single-zone": Badge("Z", "all servers of an application stand in this zone", "warn"),
    "no-application": Badge("!", "no application", "warn"),
    "strange-zone": Badge("z?", "its zone is missing from the datacenter's document", "warn"),
    "unattached": Badge("Ø", "attached to no server", "warn"),
}


def marked(nodes: Iterable[Node], found: Iterable[Finding]) -> list[Node]:
    """The nodes, each with the marks of the findings that are about it."""
    marks: dict[str, list[Badge]] = defaultdict(list)
    for finding in found:
        for key in finding.nodes if finding.code in MARKS else ():
            marks[key].append(MARKS[finding.code])
    return [replace(node, badges=(*node.badges, *marks[node.id])) if node.id in marks else node for node in nodes]


def redundancy(
    applications: Sequence[Application], hosts: Mapping[str, Sequence[Server]], node: NodeOf
) -> list[Finding]:
    """Applications that one machine, or one zone, can take away.

    ``hosts`` are all servers of an application, those outside the graph's part among them.
    """
    single = {app: hosts[app.id] for app in applications if len(hosts.get(app.id, ())) == 1}
    one_zone = {
        app: servers
        for app in applications
        if len(servers := hosts.get(app.id, ())) > 1
        and all(len(server.location.zones) == 1 for server in servers)
        and len({(server.location.id, server.location.region, server.location.zones) for server in servers}) == 1
    }
    found = []
    if single:
        text = f"{many(len(single), 'application')} on one host only: {named(app.name for app in single)}"
        found.append(Finding("single-host", text, "warn", nodes_of(single, node)))
    if one_zone:
        names = named(app.name for app in one_zone)
        text = f"{many(len(one_zone), 'application')} with all servers in one zone: {names}"
        found.append(Finding("single-zone", text, "warn", nodes_of(one_zone, node)))
    return found


def nodes_of(hosts: Mapping[Application, Sequence[Server]], node: NodeOf) -> tuple[str, ...]:
    """The servers a finding is about, each once."""
    return tuple(sorted({node(server) for servers in hosts.values() for server in servers}))


def idle(bare: Sequence[Server], node: NodeOf) -> list[Finding]:
    """Servers that carry no application."""
    if not bare:
        return []
    text = f"{many(len(bare), 'server')} without application: {named(server.name for server in bare)}"
    return [Finding("no-application", text, "warn", tuple(sorted(node(server) for server in bare)))]


def placeless(applications: Sequence[Application]) -> list[Finding]:
    """Applications that run nowhere the inventory knows of."""
    if not applications:
        return []
    names = named(app.name for app in applications)
    text = f"{many(len(applications), 'application')} with neither server nor datacenter: {names}"
    return [Finding("no-place", text, "warn")]


def strange_zones(places: Map, things: Iterable[Server | Application], node: NodeOf) -> list[Finding]:
    """Zones in use that the datacenter's document does not name."""
    strange: set[tuple[str, str]] = set()
    nodes: set[str] = set()
    for thing in things:
        place = places.datacenter(thing.location)
        if place is None or not place.zones:
            continue
        known = {zone.lower() for zone in place.zones}
        for zone in thing.location.zones:
            if zone.lower() not in known:
                strange.add((place.name, zone))
                nodes.add(node(thing))
    if not strange:
        return []
    text = f"{many(len(strange), 'zone')} missing from the datacenter's document: "
    return [
        Finding(
            "strange-zone", text + named(f"{zone} of {name}" for name, zone in strange), "warn", tuple(sorted(nodes))
        )
    ]


def unattached(volumes: Sequence[Volume], node: NodeOf) -> list[Finding]:
    """Volumes that no server lists."""
    if not volumes:
        return []
    size = sum(volume.size for volume in volumes)
    names = named(volume.name for volume in volumes)
    text = f"{many(len(volumes), 'volume')} ({size:.10g} GB) attached to no server: {names}"
    return [Finding("unattached", text, "warn", tuple(sorted(node(volume) for volume in volumes)))]


def dangling(ghosts: Sequence[str], nodes: Sequence[str]) -> list[Finding]:
    """What is referred to and held by nobody: the names, and the ghosts drawn for them."""
    if not ghosts:
        return []
    text = f"{many(len(ghosts), 'thing')} referred to and not in the inventory: {named(ghosts)}"
    return [Finding("dangling", text, "warn", tuple(sorted(nodes)))]
