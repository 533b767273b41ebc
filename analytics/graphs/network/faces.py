"""The interfaces of servers and managed things, with what stands in front of each, as their provider does it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...catalog.families import LOAD_BALANCER
from ...documents.clauses import Clause, read_services
from ...documents.entities import Application, Server
from ...documents.networks import NetworkItem
from ...documents.packets import NO as SAID_NO
from ...documents.packets import YES as SAID_YES
from ...documents.packets import is_public
from ..references import machine_names
from .address_space import Subnet, Terrain
from .filters import Filters
from .packets import ALL, join, meet
from .placement import Spot
from .reach import MAYBE, NO, OPEN, SHUT, YES, Doubt, Face, Layer, Passage, added, both, filtered, perhaps
from .surroundings import around, plain

NO_RULE = "no rule lets anybody in"


def faces_of_server(server: Server, terrain: Terrain, spot: Spot) -> list[Face]:
    """The interfaces of a server; one that no document tells of is what the server itself says."""
    filters, provider = terrain.filters, plain(server.location.provider)
    names = [name.lower() for name in (*machine_names(server), *server.faced.interfaces)]
    interfaces = interfaces_of(server, filters)
    own = set(server.faced.public)
    bound = {word for item in interfaces for word in public_of(item, filters)}
    loose = own - bound
    loose |= {
        word for name in names for item in filters.address_of.get(name, ()) for word in item.packets.public
    } - bound
    if not interfaces:
        for private in server.faced.private:
            loose |= {word for item in filters.address_of.get(private.lower(), ()) for word in item.packets.public}
    untold = address_untold(server, filters, provider)
    if not interfaces:
        subnet, network = spot.subnet, spot.network
        four, six = families(loose, untold)
        layers = guards(server, None, terrain, provider, subnet) + around(subnet, network, terrain, provider)
        return [Face(server.name, four, six, tuple(layers))]
    faces = []
    for item in sorted(interfaces, key=lambda one: one.id):
        mine = public_of(item, filters)
        four, six = families(mine | (loose if len(interfaces) == 1 else set()), untold)
        if len(interfaces) > 1 and loose:  # an address of the machine that no interface claims is on any of them
            more = families(loose, NO)
            four, six = max(four, min(more[0], MAYBE)), max(six, min(more[1], MAYBE))
        place = next((found for key in item.subnets if (found := terrain.subnet(key))), None)
        subnet = place.id if place else spot.subnet if len(interfaces) == 1 else ""
        network = place.network if place else spot.network
        layers = guards(server, item, terrain, provider, subnet) + around(subnet, network, terrain, provider)
        faces.append(Face(item.unique_id or item.id, four, six, tuple(layers)))
    if len(interfaces) > 1 and loose:
        faces.append(anywhere(loose, faces))
    return faces


def interfaces_of(server: Server, filters: Filters) -> list[NetworkItem]:
    """The documents of a server's interfaces."""
    names = [name.lower() for name in (*machine_names(server), *server.faced.interfaces)]
    held = [item for name in names for item in filters.by_machine.get(name, ())]
    held += [item for name in names if (item := filters.interfaces.find(name)) is not None]
    return list({item.id: item for item in held}.values())


def further_subnets(server: Server, spot: Spot, terrain: Terrain) -> list[Subnet]:
    """The subnets of a server's interfaces beside the one it is drawn in."""
    keys = [key for item in interfaces_of(server, terrain.filters) for key in item.subnets]
    found = {subnet.id: subnet for key in keys if (subnet := terrain.subnet(key)) is not None}
    return [found[key] for key in sorted(found) if key != spot.subnet]


def anywhere(loose: set[str], faces: Sequence[Face]) -> Face:
    """An address that is on one of several interfaces: sure is only what passes on each of them."""
    whole = [passage_of(face.layers) for face in faces]
    sure = whole[0].sure
    for one in whole[1:]:
        sure = meet(sure, one.sure)
    one = Passage(
        sure,
        join(*(one.may for one in whole)),
        (Doubt("which interface has the public address is not told", ALL), *(d for one in whole for d in one.doubts)),
        tuple(word for one in whole for word in one.opened),
    )
    four, six = families(loose, NO)
    return Face("the machine", four, six, (Layer(NO_RULE, one),))


def passage_of(layers: Iterable[Layer]) -> Passage:
    """Layers in series as one stage."""
    whole = OPEN
    for layer in layers:
        whole = both(whole, layer.passage)
    return whole


def public_of(item: NetworkItem, filters: Filters) -> set[str]:
    """The public addresses of an interface, written on it or bound to it by a document of their own."""
    keys = (item.unique_id, item.id, *item.packets.private, *item.packets.owners)
    found = set(item.packets.public)
    for key in keys:
        for one in filters.address_of.get(key.lower(), ()) if key else ():
            found |= set(one.packets.public)
    name = item.name.lower()
    for one in filters.addresses:  # a full resource path against the interface's name
        if any("/" in owner and owner.lower().rpartition("/")[2] == name for owner in one.packets.owners):
            found |= set(one.packets.public)
    return found


def families(addresses: Iterable[str], untold: int) -> tuple[int, int]:
    """Whether there is a public address of each family; ``untold`` where IPv4 is not stated."""
    words = [word for word in addresses if is_public(word)]
    return (
        YES if any(":" not in word for word in words) else untold,
        YES if any(":" in word for word in words) else NO,
    )


def address_untold(server: Server, filters: Filters, provider: str) -> int:
    """Whether a server without a stated public address may have one."""
    faced = server.faced
    if not (faced.public or faced.private):
        return MAYBE
    four = any(":" not in word for word in faced.public)  # an IPv6 address says nothing of a floating one
    if provider == "openstack" and not faced.public_told and not four and not filters.addresses:
        return MAYBE  # floating addresses are documents of their own
    return NO


def guards(server: Server, item: NetworkItem | None, terrain: Terrain, provider: str, subnet: str) -> list[Layer]:
    """The filters of one interface that keep state: groups, or Azure's two, or firewalls."""
    filters = terrain.filters
    privates = tuple(word for word in (*server.ipv4_private, *server.faced.private))
    if provider == "digitalocean":
        return [Layer(NO_RULE, firewalls(server, filters, privates))]
    machine = [name for key in machine_names(server) for name in terrain.machine_firewalls.get(key, ())]
    mine = list(item.groups) if item is not None else []
    told = bool(mine) or (item is not None and item.packets.told)
    if not told:
        mine, told = list(server.faced.groups) or list(server.location.security_groups), server.faced.groups_told
    if item is not None:  # Azure's groups name interfaces
        mine += [name for key in (item.unique_id, item.id) for name in terrain.machine_firewalls.get(key, ())]
    mine = list(dict.fromkeys((*mine, *machine)))
    beside = sorted(terrain.subnet_groups.get(subnet, ()))
    ordered = any((found := filters.groups.find(key)) and found.packets.ordered for key in (*mine, *beside))
    if provider == "azure" or ordered:
        return azure(mine, beside, item, filters, privates, subnet)
    if item is not None and item.packets.port_security == SAID_NO:
        return [
            Layer(
                NO_RULE, replace(OPEN, opened=(Doubt(f"port security of {item.unique_id or item.name} is off", ALL),))
            )
        ]
    if mine:
        return [Layer(NO_RULE, added(filters.guard(key, privates) for key in mine))]
    if provider == "openstack" and item is not None and item.packets.told:
        return [Layer("no group", SHUT)]
    return [Layer(NO_RULE, perhaps("no rules are known"))]


def azure(
    mine: Sequence[str],
    beside: Sequence[str],
    item: NetworkItem | None,
    filters: Filters,
    privates: Sequence[str],
    subnet: str,
) -> list[Layer]:
    """Both groups in series; with neither the SKU of the address decides."""
    layers = [
        Layer(f"{key.rpartition('/')[2]} lets nobody in", filters.guard(key, privates)) for key in (*beside, *mine)
    ]
    if layers and (item is not None or mine):
        return layers
    if layers:
        return [*layers, Layer(NO_RULE, perhaps("the groups of its interface are not told"))]
    skus = {one.packets.sku for one in filters.addresses if item is not None and bound_to(one, item)} - {""}
    if item is None or not filters.groups.items or not subnet:
        return [Layer(NO_RULE, perhaps("no network security group is known"))]
    if skus == {"standard"}:
        return [Layer("a Standard address without a group", SHUT)]
    if skus == {"basic"}:
        return [Layer(NO_RULE, replace(OPEN, opened=(Doubt("a Basic address without a group", ALL),)))]
    return [Layer(NO_RULE, perhaps("no network security group, and the kind of its address (SKU) is not told"))]


def bound_to(address: NetworkItem, item: NetworkItem) -> bool:
    """Whether an address document is bound to an interface."""
    keys = {key.lower() for key in (item.unique_id, item.id, *item.packets.private) if key}
    owners = {owner.lower() for owner in address.packets.owners}
    shared = set(address.packets.public) & set(item.packets.public)
    return bool(keys & owners or shared or item.name.lower() in {owner.rpartition("/")[2] for owner in owners})


def firewalls(server: Server, filters: Filters, privates: Sequence[str]) -> Passage:
    """Digital Ocean: firewalls add up, by droplet or by tag; a droplet under none is wide open."""
    names = {name.lower() for name in machine_names(server)}
    tags = {tag.lower() for tag in server.faced.tags}
    here: list[Passage] = []
    perhaps_here: list[NetworkItem] = []
    for item in filters.groups.items:
        firewall_tags = {tag.lower() for tag in item.packets.tags}
        named = {one.lower() for one in item.instances} & names or {one.lower() for one in server.faced.groups} & {
            item.id.lower(), item.unique_id.lower(), item.name.lower(),
        }  # fmt: skip
        if named or firewall_tags & tags:
            here.append(filters.guard(item.id, privates))
        elif not item.packets.tags_told or (firewall_tags and not server.faced.tags_told):
            perhaps_here.append(item)
    lost = [key for key in server.faced.groups if filters.groups.find(key) is None]
    here += [filters.guard(key, privates) for key in lost]
    more = [filters.guard(item.id, privates) for item in perhaps_here]
    words = ", ".join(item.name for item in perhaps_here)
    if here:
        whole = added(here)
        extra = [Doubt(f"whether firewall {words} is for it (tags are not told)", one.may) for one in more]
        return Passage(whole.sure, join(whole.may, *(one.may for one in more)), (*whole.doubts, *extra), whole.opened)
    if not more:
        return replace(OPEN, opened=(Doubt("no firewall is for it", ALL),))
    sure = more[0].sure
    for one in more[1:]:
        sure = meet(sure, one.sure)
    return Passage(sure, ALL, (Doubt(f"whether firewall {words} is for it (tags are not told)", ALL),))


def faces_of_application(app: Application, terrain: Terrain, spot: Spot) -> list[Face]:
    """A balancer's or managed thing's interfaces: one in each of its subnets."""
    provider, faced, filters = plain(app.location.provider or app.provider), app.faced, terrain.filters
    groups = list(dict.fromkeys((*faced.groups, *app.role.security_groups, *app.location.security_groups)))
    four, six = address_of_application(app)
    layers: list[Layer] = []
    if app.family == LOAD_BALANCER and faced.listeners_told:
        clauses = []
        for word in faced.listeners:
            protocol, _, port = word.partition(" ")
            services = read_services(protocol, port or "?", port or "?")
            clauses.append(
                Clause(
                    f"listener {word}",
                    ("0.0.0.0/0", "::/0"),
                    protocols=services.protocols,
                    ports=services.ports,
                    doubt=services.doubt,
                )
            )
        listening = filtered(clauses, False, filters.prefixes)
        layers.append(Layer("no listener", replace(listening, opened=())))
    if groups:
        layers.append(Layer(NO_RULE, added(filters.guard(key, faced.private) for key in groups)))
    elif app.family == LOAD_BALANCER and faced.type in ("network", "nlb") and faced.groups_told:
        layers.append(Layer(NO_RULE, replace(OPEN, opened=(Doubt("a network balancer without groups", ALL),))))
    elif four or six:
        layers.append(Layer(NO_RULE, perhaps("no rules are known")))
    subnets = [found for key in faced.subnets if (found := terrain.subnet(key)) is not None]
    places = [(one.id, one.network) for one in subnets] or [(spot.subnet, spot.network)]
    return [
        Face(app.name, four, six, (*layers, *around(subnet, network, terrain, provider))) for subnet, network in places
    ]


#: Managed things that have no public address of their own.
INSIDE = frozenset({"Cache", "NAS", "CacheServer"})


def address_of_application(app: Application) -> tuple[int, int]:
    """Whether a managed thing has a public address of each family."""
    faced = app.faced
    if faced.scheme in ("internal", "private"):
        return NO, NO
    if faced.public:
        return families(faced.public, NO)
    host = app.role.endpoint.rpartition("://")[2].partition("/")[0]
    if app.family == LOAD_BALANCER:
        if faced.scheme in ("internet-facing", "external", "public"):
            return YES, NO
        if faced.type in ("network", "nlb") or not host:
            return MAYBE, NO
        return (NO, NO) if host.startswith("internal-") or faced.private else (YES, NO)
    if faced.accessible == SAID_YES:
        return YES, NO
    if faced.accessible == SAID_NO or app.family in INSIDE:
        return NO, NO
    return (NO, NO) if faced.private else (MAYBE, NO)
