"""Where things stand in the address space, and the boxes around them. Pure.

Servers and managed applications are placed by five steps, the first that hits
wins, and how it was found is kept:

1. the subnet they name;
2. the subnet of their network interface;
3. the subnet whose range holds their private address, in the same datacenter;
4. the network they name, or whose range holds the address: "subnet unknown";
5. their zone, region or datacenter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...documents.entities import Application, Location, Server
from ...model.graph import Attribute, Badge, Container
from ..boxes import NOT_HELD, Boxes, Level, Map
from ..references import machine_names
from .address_space import Network, Subnet, Terrain
from .surroundings import plain, standing

#: How a place was found.
PlacedBy = Literal["subnet", "subnets", "interface", "address", "network", "network-address", "datacenter"]
WORDS: dict[PlacedBy, str] = {
    "subnet": "by its own subnet",
    "subnets": "by its subnets",
    "interface": "by its network interface",
    "address": "by its address (inferred)",
    "network": "by its network, subnet unknown",
    "network-address": "by its address, subnet unknown (inferred)",
    "datacenter": "by its datacenter",
}
#: What follows from an address, which the inventory does not say.
INFERRED: frozenset[PlacedBy] = frozenset({"address", "network-address"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one thing stands: the box it is in, the network around it, and how that was found."""

    subnet: str = ""
    network: str = ""
    how: PlacedBy = "datacenter"

    @property
    def inferred(self) -> bool:
        """Whether it follows from an address and is not said."""
        return self.how in INFERRED


def spot_of_server(server: Server, terrain: Terrain) -> Spot:
    """Where a server stands, by the five steps."""
    where, names = server.location, machine_names(server)
    for key in (where.subnet_id, f"{where.vpc_id}/{where.subnet_id}"):
        if key and (subnet := terrain.subnet(key)) is not None:
            return Spot(subnet.id, subnet.network, "subnet")
    for name in names:
        if (subnet := terrain.subnet(terrain.machine_subnet.get(name, ""))) is not None:
            return Spot(subnet.id, subnet.network, "interface")
    place = where.id or where.name
    for address in server.ipv4_private:
        if (subnet := terrain.subnets.get(terrain.subnet_ranges.find(place, address))) is not None:
            return Spot(subnet.id, subnet.network, "address")
    named = [where.vpc_id, *(terrain.machine_network.get(name, "") for name in names)]
    if (network := next((found for key in named if key and (found := terrain.network(key))), None)) is not None:
        return Spot("", network.id, "network")
    for address in server.ipv4_private:
        if (key := terrain.network_ranges.find(place, address)) in terrain.networks:
            return Spot("", key, "network-address")
    return Spot()


def spot_of_application(app: Application, terrain: Terrain) -> Spot:
    """Where a managed application stands: in its one subnet, or on its network where it spans several."""
    subnets = [
        found for key in (*app.location.subnet_zones, app.location.subnet_id) if key and (found := terrain.subnet(key))
    ]
    if len({subnet.id for subnet in subnets}) == 1:
        return Spot(subnets[0].id, subnets[0].network, "subnet")
    if subnets:
        return Spot("", max(subnet.network for subnet in subnets), "subnets")
    network = terrain.network(app.role.vpc_id or app.location.vpc_id)
    return Spot("", network.id, "network") if network else Spot()


def box_for(spot: Spot, location: Location, terrain: Terrain, boxes: Boxes, places: Map, space: str = "") -> str:
    """The innermost box of a spot, all boxes around it made: datacenter, region, network, zone, subnet."""
    subnet, network = terrain.subnets.get(spot.subnet), terrain.networks.get(spot.network)
    if subnet is not None and subnet.id in boxes.containers:
        return subnet.id
    base = network.location if network else subnet.location if subnet else location
    if network is not None and network.id in boxes.containers:
        parent = network.id
    elif network is not None or subnet is not None:
        # A network's zones are those it spans; it stands in its region.
        outer = Location(
            base.id or location.id,
            base.name or location.name,
            base.provider or location.provider,
            base.region or location.region,
        )
        parent = stand(boxes, places.levels(outer))
    else:
        return stand(boxes, places.levels(location, namespace=space))
    provider = boxes.containers[parent].provider
    if network is not None:
        parent = put(boxes, network_box(network, parent, provider))
    zones = location.zones if subnet is None else ()
    zone = subnet.zone if subnet else zones[0] if len(zones) == 1 else ""
    if zone:
        parent = put(boxes, Container(f"zone:{parent}/{zone.lower()}", zone, "zone", parent, provider))
    if subnet is None:
        return parent
    return put(boxes, subnet_box(subnet, parent, provider, standing(subnet.id, terrain, plain(base.provider))))


def ground_of(network: str, location: Location, terrain: Terrain, boxes: Boxes, places: Map) -> str:
    """A network's own box: what belongs to all of it stands in none of its zones."""
    return box_for(Spot("", network), replace(location, zones=()), terrain, boxes, places)


def stand(boxes: Boxes, levels: Sequence[Level]) -> str:
    """The innermost of the boxes of a place; a network graph draws providers only where nothing else is known."""
    return boxes.inside([level for level in levels if level.kind != "provider"] or levels)


def put(boxes: Boxes, container: Container) -> str:
    """Make a box unless it is there; returns its id."""
    boxes.containers.setdefault(container.id, container)
    return container.id


def network_box(network: Network, parent: str, provider: str) -> Container:
    """A network's box; one that is only referred to says so."""
    if network.known:
        return Container(network.id, network.name, "network", parent, provider, rollups=range_row(network.ranges))
    unknown = Badge("?", "not in the inventory", "warn")
    return Container(network.id, network.name, "ghost-network", parent, provider, (NOT_HELD,), badges=(unknown,))


def subnet_box(subnet: Subnet, parent: str, provider: str, exposure: str) -> Container:
    """A subnet's box: its range, how it stands to the world, and what is kept out."""
    figures = (*range_row(subnet.ranges), Attribute("internet exposure", exposure))
    denials = tuple(Attribute("denies", denial) for denial in subnet.denials)
    return Container(subnet.id, subnet.name, "subnet", parent, provider, denials, figures)


def range_row(ranges: Sequence[str]) -> tuple[Attribute, ...]:
    """The address ranges of a box, for its header."""
    return (Attribute("range", ", ".join(ranges)),) if ranges else ()
