"""The owner's address space: networks, subnets, rules and routes by every name they go by. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...documents.entities import Location
from ...documents.networks import Hop, NetworkItem, Rule
from .cidr import RangeIndex
from .filters import Filters, collect


@dataclass(frozen=True, slots=True)
class Network:
    """A network as drawn: its box's id is ``id``; ``known`` is false for one that is only referred to."""

    id: str
    name: str
    ranges: tuple[str, ...]
    location: Location
    known: bool = True


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet as drawn. ``network`` is the id of its network's box, or empty."""

    id: str
    name: str
    ranges: tuple[str, ...]
    network: str
    zone: str
    location: Location
    denials: tuple[str, ...] = ()


@dataclass
class Terrain:
    """Everything the network documents say, looked up by id and unique id alike."""

    networks: dict[str, Network] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    parts_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    alias: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    group_names: dict[str, str] = field(default_factory=dict)
    group_network: dict[str, str] = field(default_factory=dict)
    machine_groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    subnet_groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    public_machines: set[str] = field(default_factory=set)
    interfaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    machine_subnet: dict[str, str] = field(default_factory=dict)
    machine_network: dict[str, str] = field(default_factory=dict)
    gateways: list[NetworkItem] = field(default_factory=list)
    peerings: list[NetworkItem] = field(default_factory=list)
    hops: dict[str, list[Hop]] = field(default_factory=lambda: defaultdict(list))
    subnet_ranges: RangeIndex = field(default_factory=RangeIndex)
    network_ranges: RangeIndex = field(default_factory=RangeIndex)
    documented: bool = False
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    filters: Filters = field(default_factory=Filters)
    machine_firewalls: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def names_of(self, key: str) -> list[str]:
        """The names by which documents mean a subnet, by the id of its box."""
        return self.names.get(key, [])

    def network(self, key: str) -> Network | None:
        """A network by any of its names."""
        return self.networks.get(self.alias.get(key, key))

    def subnet(self, key: str) -> Subnet | None:
        """A subnet by any of its names."""
        return self.subnets.get(self.alias.get(key, key))


def survey(items: Sequence[NetworkItem], named: Iterable[tuple[str, Location]] = ()) -> Terrain:
    """Read the network documents in the order in which they need each other.

    ``named`` are the networks that servers and applications name, and where they
    are: one that has no document becomes a ghost, as long as there are documents at all.
    """
    terrain = Terrain(documented=bool(items), filters=collect(items))
    by_kind: dict[str, list[NetworkItem]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    for item in by_kind["network"]:
        add_network(terrain, item)
    for item in (*by_kind["subnet"], *by_kind["peering"], *by_kind["nat"], *by_kind["vpn"], *by_kind["endpoint"]):
        note_network(terrain, item.network, item.location)
    for item in (*by_kind["interface"], *by_kind["routes"], *by_kind["group"], *by_kind["acl"]):
        note_network(terrain, item.network, item.location)
    for key, location in sorted(named, key=lambda one: one[0]) if items else ():
        note_network(terrain, key, location)
    routes = read_routes(by_kind["routes"], terrain)
    networks = {subnet: item.unique_id or item.id for item in by_kind["network"] for subnet in item.subnets}
    denials: dict[str, list[str]] = defaultdict(list)
    for item in by_kind["acl"]:
        for subnet in item.subnets:
            denials[subnet] += item.denials
    for item in by_kind["subnet"]:
        around = item.network or networks.get(item.unique_id) or networks.get(item.id, "")
        add_subnet(terrain, replace(item, network=around), routes, denials)
    for item in by_kind["network"]:
        for part in item.parts:
            piece = NetworkItem(
                f"{item.id}/{part.id}",
                "subnet",
                part.name,
                part.id,
                item.unique_id or item.id,
                ranges=part.ranges,
                location=item.location,
            )
            add_subnet(terrain, piece, routes, denials)
    for item in by_kind["group"]:
        add_group(terrain, item)
    for item in by_kind["rule"]:
        for group in item.groups:
            terrain.rules[group] += item.rules
    for item in by_kind["interface"]:
        add_interface(terrain, item)
    terrain.gateways = [*by_kind["nat"], *by_kind["vpn"], *by_kind["endpoint"], *by_kind["igw"]]
    terrain.peerings = by_kind["peering"]
    return terrain


def add_network(terrain: Terrain, item: NetworkItem) -> None:
    """A network's document; some have no unique id and go by their own."""
    key = f"network:{item.unique_id or item.id}"
    terrain.networks[key] = Network(key, item.name, item.ranges, item.location)
    for name in (item.id, item.unique_id):
        if name:
            terrain.alias[name] = key
    for text in item.ranges:
        terrain.network_ranges.add(item.location.id or item.location.name, text, key)


def note_network(terrain: Terrain, name: str, location: Location) -> None:
    """A network that is only referred to becomes a ghost of itself."""
    if name and terrain.network(name) is None:
        key = f"network:{name}"
        terrain.networks[key] = Network(key, name, (), location, known=False)
        terrain.alias[name] = key


def add_group(terrain: Terrain, item: NetworkItem) -> None:
    """A security group's rules, and the machines and subnets it guards; a group without rules lets nobody in."""
    names = list(dict.fromkeys(name for name in (item.unique_id, item.id) if name))
    for name in names:
        terrain.rules[name] += item.rules
        terrain.group_names[name] = item.name
        if (network := terrain.network(item.network)) is not None:
            terrain.group_network[name] = network.id
    for machine in item.instances:
        terrain.machine_groups[machine].add(names[0])
        terrain.machine_firewalls[machine].add(names[0])
    for key in item.subnets:
        if (subnet := terrain.subnet(key)) is not None:
            terrain.subnet_groups[subnet.id].add(names[0])


def add_interface(terrain: Terrain, item: NetworkItem) -> None:
    """What a network interface says of its machine; a machine may also name the interface."""
    own = tuple(name for name in (item.unique_id, item.id) if name)
    for machine in (*item.instances, *own):
        terrain.machine_groups[machine] |= set(item.groups)
        for subnet in item.subnets:
            terrain.machine_subnet.setdefault(machine, subnet)
        if item.network:
            terrain.machine_network.setdefault(machine, item.network)
        if item.address:
            terrain.public_machines.add(machine)
    terrain.interfaces |= dict.fromkeys(own, item.instances)


@dataclass(frozen=True, slots=True)
class Routes:
    """Route tables by the subnets they are associated with, and each network's main one."""

    by_subnet: dict[str, tuple[Hop, ...]]
    main: dict[str, tuple[Hop, ...]]


def read_routes(tables: Iterable[NetworkItem], terrain: Terrain) -> Routes:
    """Route tables, and the Internet gateways that stand only in them."""
    by_subnet: dict[str, tuple[Hop, ...]] = {}
    main: dict[str, tuple[Hop, ...]] = {}
    for table in tables:
        for subnet in table.subnets:
            by_subnet[subnet] = table.hops
        network = terrain.network(table.network)
        if network is not None:
            terrain.hops[network.id] += table.hops
            if table.main or not table.subnets:
                main.setdefault(network.id, table.hops)
    return Routes(by_subnet, main)


def add_subnet(terrain: Terrain, item: NetworkItem, routes: Routes, denials: dict[str, list[str]]) -> None:
    """A subnet's document, with what its ACL keeps out."""
    key = f"subnet:{item.unique_id or item.id}"
    network = terrain.network(item.network)
    stated = routes.by_subnet.get(item.unique_id) or routes.by_subnet.get(item.id)
    hops = stated or routes.main.get(network.id if network else "", ())
    kept_out = tuple(dict.fromkeys((*denials.get(item.unique_id, ()), *denials.get(item.id, ()))))
    terrain.subnets[key] = Subnet(
        key,
        item.name,
        item.ranges,
        network.id if network else "",
        item.zone or (item.location.zones[0] if len(item.location.zones) == 1 else ""),
        item.location,
        kept_out,
    )
    if network is not None:
        terrain.parts_of[network.id].append(key)
    for name in dict.fromkeys((item.id, item.unique_id)):
        if name:
            terrain.alias[name] = key
            terrain.names[key].append(name)
    terrain.hops[key] += hops
    for text in item.ranges:
        terrain.subnet_ranges.add(item.location.id or item.location.name, text, key)
