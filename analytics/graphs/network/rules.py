"""What rules let in, as lines from groups, boxes, addresses and outside ranges to the things they guard.

Where a range lies is asked from near to far: the guarded things' own networks,
the networks peered with them, any one network of the inventory, and then the
outside. Private ranges are used again and again: the same words mean something
else in another network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...documents.entities import Application, Server
from ...documents.networks import Peer, Rule
from ...documents.ways import UNTOLD
from ...model.graph import Badge
from ...model.kinds import Provenance
from ..references import machine_names
from .cidr import Range, as_range, is_world
from .draft import MOST_LINES, Leaf, Picture, boxed, draw, internet, outside, peer_node
from .exposure import CLOSED, EXPOSED, UNKNOWN


@dataclass(frozen=True)
class Neighbours:
    """What a network reaches over peerings: networks of the inventory, and ends that are not in it."""

    known: Mapping[str, tuple[str, ...]]
    unknown: Mapping[str, tuple[Peer, ...]]


def add_rules(picture: Picture) -> None:
    """Every rule of every group that guards something drawn."""
    terrain = picture.terrain
    members, home = members_of(picture)
    near, addresses = neighbours(picture), addresses_of(picture)
    own: set[str] = set()
    for group in sorted(group for group in members if group in terrain.rules):
        targets = sorted(members[group])
        networks = sorted({*home[group], *([terrain.group_network[group]] if group in terrain.group_network else [])})
        for rule in terrain.rules[group]:
            for source in rule.groups:
                if source == group:
                    own.update(targets)
                elif source in members:
                    join(picture, sorted(members[source]), targets, rule)
                else:
                    name = terrain.group_names.get(source)
                    said = "nothing drawn is in it" if name else "not in the inventory"
                    far = outside(picture, f"outside:group {source}", name or source, note=f"a group, {said}")
                    join(picture, [far], targets, rule)
            inside, beyond = sources_of(picture, rule, networks, near, addresses)
            for source, how in inside:
                join(picture, [source], targets, rule, how)
            for source in spelled(picture, beyond):
                join(picture, [source], targets, rule)
    add_permissions(picture)
    for leaf in picture.leaves.values():
        if leaf.exposure.state == EXPOSED:
            for rule in leaf.exposure.open:
                join(picture, [internet(picture)], [picture.stands_for[leaf.id]], rule)
        elif leaf.thing.origin and (untold(leaf) or deaf(leaf)):
            # What its groups let in from everywhere is a fact of its file, whether or not it gets as far as the thing.
            for rule in (one for group in leaf.groups for one in terrain.rules.get(group, ())):
                if any(is_world(text) for text in rule.ranges):
                    join(picture, [internet(picture)], [picture.stands_for[leaf.id]], rule, "inferred")
    for key in sorted(own):
        node = picture.nodes[key]
        picture.nodes[key] = replace(node, badges=(*node.badges, Badge("↔", "its own group may reach it", "info")))


def add_permissions(picture: Picture) -> None:
    """What policies of a cluster let in: applications by name, and ranges from outside."""
    for leaf in picture.leaves.values():
        access = leaf.thing.access if isinstance(leaf.thing, Application) else UNTOLD
        target = picture.stands_for[leaf.id]
        for one in access.permitted:
            words = ", ".join(one.ports)
            if one.application:
                source = picture.stands_for.get(picture.ids.of("applications", one.application), "")
                if source and source != target:
                    draw(picture, source, target, "ingress", words)
            elif one.range and not is_world(one.range):
                far = outside(picture, f"outside:range {one.range}", one.range, note="named in policies")
                draw(picture, far, target, "ingress", words)


def untold(leaf: Leaf) -> bool:
    """Whether nothing is known of a thing's addresses, so that its rules are all there is to know."""
    faced = leaf.thing.faced
    return leaf.exposure.state == UNKNOWN and not (faced.public or faced.private)


def deaf(leaf: Leaf) -> bool:
    """Whether a public balancer listens on no port that its groups let anybody in on."""
    faced = leaf.thing.faced
    public = leaf.exposure.state == CLOSED and faced.scheme in ("internet-facing", "external", "public")
    return public and faced.listeners_told


def members_of(picture: Picture) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The nodes in each group, and the networks they are in; a machine is a group of its own, as some rules name it."""
    members: dict[str, set[str]] = defaultdict(set)
    home: dict[str, set[str]] = defaultdict(set)
    for leaf in picture.leaves.values():
        machines = machine_names(leaf.thing) if isinstance(leaf.thing, Server) else ()
        for group in (*leaf.groups, *machines):
            members[group].add(picture.stands_for[leaf.id])
            home[group] |= {leaf.spot.network} - {""}
    return members, home


def neighbours(picture: Picture) -> Neighbours:
    """Who is peered with whom."""
    known: dict[str, list[str]] = defaultdict(list)
    unknown: dict[str, list[Peer]] = defaultdict(list)
    for item in picture.terrain.peerings:
        for mine, other in (item.peers, item.peers[::-1]) if len(item.peers) == 2 else ():
            here, there = picture.terrain.network(mine.network), picture.terrain.network(other.network)
            if here is not None and there is not None and there.known:
                known[here.id].append(there.id)
            elif here is not None:
                unknown[here.id].append(other)
    return Neighbours(
        {key: tuple(dict.fromkeys(found)) for key, found in known.items()},
        {key: tuple(dict.fromkeys(found)) for key, found in unknown.items()},
    )


def addresses_of(picture: Picture) -> dict[tuple[str, str], str]:
    """The node behind each private address, by its network, and behind each public one."""
    found: dict[tuple[str, str], str] = {}
    for leaf in picture.leaves.values():
        node = picture.stands_for[leaf.id]
        for address in getattr(leaf.thing, "ipv4_private", ()):
            found.setdefault((leaf.spot.network, address), node)
        for address in getattr(leaf.thing, "ipv4_public", ()):
            found.setdefault(("public", address), node)
    return found


def sources_of(
    picture: Picture,
    rule: Rule,
    networks: Sequence[str],
    near: Neighbours,
    addresses: Mapping[tuple[str, str], str],
) -> tuple[list[tuple[str, Provenance]], list[str]]:
    """Where a rule's ranges lie: things and boxes with how well that is known, and the ranges that lie beyond."""
    inside: dict[str, Provenance] = {}
    beyond = []
    for text in rule.ranges:
        if is_world(text):
            continue
        wanted = as_range(text)
        found = None if wanted is None else where(picture, wanted, networks, near, addresses)
        if found is None:
            beyond.append(text)
        else:
            inside.setdefault(*found)
    return list(inside.items()), beyond


def where(
    picture: Picture,
    wanted: Range,
    networks: Sequence[str],
    near: Neighbours,
    addresses: Mapping[tuple[str, str], str],
) -> tuple[str, Provenance] | None:
    """The node or box that a range means to the things of ``networks``."""
    peered = [other for network in networks for other in near.known.get(network, ())]
    if wanted.prefixlen == wanted.max_prefixlen:
        address = str(wanted.network_address)
        for network in (*networks, *peered, "public"):
            if (node := addresses.get((network, address))) is not None:
                return node, "stated" if network in networks or network == "public" else "indirect"
    nearby: tuple[tuple[Provenance, Sequence[str]], ...] = (("stated", networks), ("indirect", peered))
    for how, among in nearby:
        if box := narrowest(picture, wanted, among):
            return box, how
    for network in networks:
        for peer in near.unknown.get(network, ()):
            held = as_range(peer.range)
            if held is not None and within(wanted, held):
                return peer_node(picture, peer.network, peer.range, peer.account), "indirect"
    others = [network for network in picture.terrain.networks if network not in networks and network not in peered]
    holding = [box for network in others if (box := narrowest(picture, wanted, [network]))]
    return (holding[0], "inferred") if len(holding) == 1 else None


def narrowest(picture: Picture, wanted: Range, networks: Iterable[str]) -> str:
    """The drawn box of ``networks`` that holds a range and is the smallest to do so, or nothing."""
    best: tuple[int, str] = (-1, "")
    for network in networks:
        for key, texts in boxes_of(picture, network):
            for held in map(as_range, texts):
                if held is not None and key in picture.boxes.containers and within(wanted, held):
                    best = max(best, (held.prefixlen, key))
    return best[1]


def boxes_of(picture: Picture, network: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """A network and its subnets with their ranges."""
    yield network, picture.terrain.networks[network].ranges
    for key in picture.terrain.parts_of.get(network, ()):
        yield key, picture.terrain.subnets[key].ranges


def within(one: Range, other: Range) -> bool:
    """Whether all of one range lies in another."""
    if one.version != other.version:
        return False
    return other.network_address <= one.network_address and one.broadcast_address <= other.broadcast_address  # type: ignore[operator]


def spelled(picture: Picture, texts: Sequence[str]) -> list[str]:
    """The outside nodes of ranges; many of one rule are one node that counts them."""
    if len(texts) > MOST_LINES:
        listed = ", ".join(sorted(texts))
        return [outside(picture, f"outside:ranges {listed}", f"{len(texts)} address ranges", note=listed)]
    return [
        outside(
            picture,
            f"outside:range {text}",
            text,
            note="named in rules" if as_range(text) is not None else "named in rules, not an address range",
        )
        for text in texts
    ]


def join(picture: Picture, sources: list[str], targets: list[str], rule: Rule, how: Provenance = "stated") -> None:
    """Lines of one rule; too many between single things become lines between the boxes around them."""
    while len(sources) * len(targets) > MOST_LINES:
        wider = boxed(picture, sources), boxed(picture, targets)
        if wider == (sources, targets):
            break
        sources, targets = wider
    for source in sources:
        for target in targets:
            draw(picture, source, target, "ingress", rule=rule, how=how)
