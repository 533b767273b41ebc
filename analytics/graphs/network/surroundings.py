"""What stands around a subnet: its network ACL, its route table, and whether it is public. Pure."""

from __future__ import annotations

from ...documents.networks import NetworkItem
from .address_space import Terrain
from .packets import WORLD4, WORLD6, join, meet
from .reach import OPEN, SHUT, Layer, listed, routed


def plain(word: str) -> str:
    """A provider in one spelling: ``aws``, ``azure``, ``openstack``, ``digitalocean`` or what else is written.

    >>> plain("Digital Ocean"), plain("AWS"), plain("Amazon Web Services")
    ('digitalocean', 'aws', 'aws')
    """
    letters = "".join(letter for letter in word.lower() if letter.isalpha())
    known = next((name for name in ("aws", "azure", "openstack", "digitalocean") if name in letters), letters)
    return "aws" if "amazon" in letters else known


def around(subnet: str, network: str, terrain: Terrain, provider: str) -> list[Layer]:
    """What stands around a subnet: its network ACL, and the way of the answer."""
    filters = terrain.filters
    if provider in ("digitalocean", "openstack"):
        return []
    names = terrain.names_of(subnet)
    home = terrain.subnets[subnet].network if subnet in terrain.subnets else network
    layers = []
    acls = [item for name in sorted(names) for item in filters.by_acl_subnet.get(name.lower(), ())]
    if not acls and subnet:
        acls = [one for one in filters.acls if one.packets.default and home and at_home(one, home, terrain)]
    for acl in acls[:1]:
        name = acl.unique_id or acl.name
        if acl.packets.told:
            layers.append(Layer(f"its NACL {name} lets nobody in", listed(acl.packets.clauses, filters.prefixes, name)))
    answer = answers(subnet, network, terrain, provider)
    return [*layers, answer] if answer is not None else layers


def answers(subnet: str, network: str, terrain: Terrain, provider: str) -> Layer | None:
    """The route table a subnet uses: its own, else its network's main one; none where none is known."""
    filters = terrain.filters
    names = terrain.names_of(subnet)
    home = terrain.subnets[subnet].network if subnet in terrain.subnets else network
    tables = [item for name in sorted(names) for item in filters.by_table_subnet.get(name.lower(), ())]
    if not tables and home and provider != "azure" and subnet:
        mains = [one for one in filters.tables if at_home(one, home, terrain)]
        tables = [one for one in mains if one.packets.default] or [
            one for one in mains if not one.packets.associations_told and not one.subnets
        ]
    for table in tables[:1]:
        name = table.unique_id or table.name
        if table.packets.told:
            rest = OPEN if provider == "azure" else SHUT
            passage = routed(table.packets.ways, filters.prefixes, name, rest)
            return Layer(f"subnet has no route to an Internet gateway ({name})", passage)
    return None


def at_home(item: NetworkItem, network: str, terrain: Terrain) -> bool:
    """Whether a document belongs to a network."""
    found = terrain.network(item.network)
    return found is not None and found.id == network


def standing(subnet: str, terrain: Terrain, provider: str) -> str:
    """Whether a subnet is public, by the route table it uses; without one nobody knows."""
    layer = answers(subnet, terrain.subnets[subnet].network, terrain, provider)
    if layer is None:
        return "unknown"
    world = join(WORLD4, WORLD6)
    if meet(layer.passage.sure, world):
        return "public"
    return "unknown" if meet(layer.passage.may, world) else "private"
