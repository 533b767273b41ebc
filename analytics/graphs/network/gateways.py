"""Ways out of a network: gateways and endpoints on its ground, routes to them, peerings, and what lies beyond.

Internet gateways have no documents: they are inferred from routes whose gateway
begins ``igw-``. Any other gateway that a route names and no document holds is a ghost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from ...catalog.providers import provider_name
from ...documents.entities import Location
from ...documents.networks import NetworkItem, Peer
from ...model.graph import Node
from .cidr import as_address
from .draft import MOST_LINES, PREMISES, Picture, attributes, draw, internet, outside, peer_node
from .placement import Spot, box_for, ground_of

FAMILIES = {"nat": "NAT gateway", "vpn": "VPN gateway", "endpoint": "Endpoint", "igw": "Internet gateway"}
#: Gateways that routes name, by the beginning of their id.
GATEWAYS = {
    "igw-": "Internet gateway",
    "eigw-": "Internet gateway",
    "nat-": "NAT gateway",
    "vgw-": "VPN gateway",
    "tgw-": "Transit gateway",
    "vpce-": "Endpoint",
}
PEERING = "pcx-"
ASKED = Callable[[Location], bool]
"""Whether the graph is about everything at a place, whatever stands there."""


def draw_networks(picture: Picture, asked: ASKED, *, subnets: bool = False) -> None:
    """The boxes of the networks that are asked for by themselves, empty or not; with ``subnets`` of those as well."""
    for network in picture.terrain.networks.values():
        if network.known and asked(network.location):
            ground_of(network.id, network.location, picture.terrain, picture.boxes, picture.places)
    for subnet in picture.terrain.subnets.values() if subnets else ():
        if asked(subnet.location):
            spot = Spot(subnet.id, subnet.network)
            box_for(spot, subnet.location, picture.terrain, picture.boxes, picture.places)


def add_gateways(picture: Picture, asked: ASKED) -> dict[str, str]:
    """Gateways of the networks that are drawn, or asked for; returns each gateway's id in routes and its node."""
    terrain = picture.terrain
    ways: dict[str, str] = {}
    for item in terrain.gateways:
        network = terrain.network(item.network)
        if asked(item.location) or (network is not None and network.id in picture.boxes.containers):
            subnet = next((found for key in item.subnets if (found := terrain.subnet(key))), None)
            around = (item.location, terrain, picture.boxes, picture.places)
            if subnet is not None and item.kind == "nat":
                box = box_for(Spot(subnet.id, subnet.network), *around)
            else:
                box = ground_of(network.id, *around) if network is not None else box_for(Spot(), *around)
            node = gateway_node(item, picture.ids.of(item.collection, item.id), box)
            picture.nodes[node.id] = node
            if item.service:
                picture.services[node.id] = item.service
            ways |= {name: node.id for name in (item.id, item.unique_id) if name}
    return ways


def add_named_gateways(picture: Picture, ways: dict[str, str], asked: ASKED) -> None:
    """Gateways that only routes name: Internet gateways, machines that forward, and ghosts of the others."""
    terrain = picture.terrain
    for network in list(terrain.networks.values()):
        named = {hop.gateway for hop in terrain.hops.get(network.id, ()) if not hop.gateway.startswith(PEERING)}
        gateways = sorted(named - ways.keys())
        if not gateways or not (network.id in picture.boxes.containers or asked(network.location)):
            continue
        box = ground_of(network.id, network.location, terrain, picture.boxes, picture.places)
        for name in gateways:
            machine = "" if name.startswith(tuple(GATEWAYS)) else next(machines_behind(picture, name), "")
            if machine:
                ways[name] = machine
                continue
            node = named_gateway(name, picture.ids.of("gateways", name), box, provider_name(network.location.provider))
            picture.nodes[node.id] = node
            picture.route_names[node.id] = name
            ways[name] = node.id


def machines_behind(picture: Picture, name: str) -> Iterator[str]:
    """The drawn leaf that a route forwards to: by its interface, its machine or its address."""
    names = {name, *picture.terrain.interfaces.get(name, ())}
    for leaf in picture.leaves.values():
        known = {getattr(leaf.thing, "unique_id", ""), leaf.thing.location.instance_id, *leaf.thing.location.interfaces}
        addresses = getattr(leaf.thing, "ipv4_private", ()) if as_address(name) else ()
        if names & known or name in addresses:
            yield picture.stands_for[leaf.id]


def gateway_node(item: NetworkItem, key: str, box: str) -> Node:
    """A gateway's or endpoint's tile; many endpoints of one network fold."""
    return Node(
        id=key,
        name=item.name,
        kind="gateway",
        family=FAMILIES[item.kind],
        provider=provider_name(item.location.provider),
        parent=box,
        attributes=attributes({"id": item.unique_id, "service": item.service}),
        source=f"networks/{item.id}",
        as_of=item.updated_at,
        alike=f"gateway {item.id}",
    )


def named_gateway(name: str, key: str, box: str, provider: str) -> Node:
    """A gateway that stands in routes only: no thing of the inventory, so it is not counted as one."""
    family = next((family for prefix, family in GATEWAYS.items() if name.startswith(prefix)), "Gateway")
    inferred = family == "Internet gateway"
    told = "inferred from a route" if inferred else "not in the inventory, named by a route"
    return Node(
        id=key,
        name=family if inferred else name,
        kind="external" if inferred else "ghost",
        family=family,
        provider=provider if inferred else "",
        parent=box,
        attributes=attributes({"id": name, "note": told}),
    )


def add_routes(picture: Picture, ways: dict[str, str]) -> None:
    """From each drawn subnet to the gateways its routes name, and from those to what lies beyond."""
    terrain = picture.terrain
    reached: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for key in terrain.subnets:
        if key in picture.boxes.containers:
            for hop in terrain.hops.get(key, ()):
                if (node := ways.get(hop.gateway)) is not None:
                    reached[node].setdefault(key, []).append(hop.destination)
    for node, sources in reached.items():
        many = len(sources) > MOST_LINES
        for key, destinations in sources.items():
            source = boxed_subnet(picture, key) if many else key
            for destination in destinations:
                draw(picture, source, node, "route", destination)
    led = {ways[hop.gateway] for hops in terrain.hops.values() for hop in hops if hop.gateway in ways}
    for node in dict.fromkeys(ways.values()):
        family = picture.nodes[node].family
        if family in ("Internet gateway", "NAT gateway"):
            if node not in led:  # no route leads to it: nothing is known to pass
                continue
            draw(picture, node, internet(picture), "route", "0.0.0.0/0")
        elif family == "VPN gateway":
            draw(picture, node, outside(picture, PREMISES, "On premises", note="over VPN"), "vpn", "vpn")
        elif family == "Endpoint":
            services = {name for key, name in picture.services.items() if picture.stands_for.get(key, key) == node}
            service = services.pop() if len(services) == 1 else ""
            short = service.rpartition(".")[2] or "services"
            beyond = outside(picture, f"outside:service {service}", short, note=service)
            draw(picture, node, beyond, "endpoint", short)


def boxed_subnet(picture: Picture, key: str) -> str:
    """The box around a subnet, for lines that would be too many."""
    return picture.around(key) or key


def add_peerings(picture: Picture, asked: ASKED) -> None:
    """A line between the two networks of a peering; one that is not the owner's stands outside."""
    terrain, drawn = picture.terrain, picture.boxes.containers
    for item in terrain.peerings:
        ends = [(peer, terrain.network(peer.network)) for peer in item.peers]
        met = any(network is not None and network.id in drawn for _, network in ends)
        if len(ends) != 2 or not (met or asked(item.location)):
            continue
        one, two = (peer_end(picture, peer, item.location) for peer in item.peers)
        draw(picture, one, two, "peering", item.name)
    known = {name for item in terrain.peerings for name in (item.id, item.unique_id)}
    for network in terrain.networks.values():
        for hop in terrain.hops.get(network.id, ()) if network.id in drawn else ():
            if hop.gateway.startswith(PEERING) and hop.gateway not in known:
                note = "routes name peerings that are not in the inventory"
                beyond = outside(picture, "outside:peerings", "Unknown peers", note=note)
                draw(picture, network.id, beyond, "peering", hop.gateway, how="indirect")


def peer_end(picture: Picture, peer: Peer, location: Location) -> str:
    """One end of a peering: the network's box, or a node outside for one that is not in the inventory."""
    network = picture.terrain.network(peer.network)
    if network is not None and network.known:
        return ground_of(network.id, location, picture.terrain, picture.boxes, picture.places)
    if network is not None and network.id in picture.boxes.containers:
        return network.id
    return peer_node(picture, peer.network, peer.range, peer.account)
