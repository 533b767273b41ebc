"""What documents say of the way packets take: addresses, filters, routes. Read for the exposure of things.

Whether something was *told* is kept beside what was told: "no groups" and "groups
not mentioned" lead to different answers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .clauses import Clause, entries_of, read_clauses
from .values import Document, child, items, objects, text, texts

#: Yes, no, or nothing said.
YES, NO, UNSAID = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Way:
    """One route: which range, or prefix list, goes to which target. ``dead``: the target is gone."""

    destination: str
    target: str
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Filtered:
    """What a network document says of packets.

    ``told`` whether rules (of a filter), routes (of a table) or groups (of an interface)
    are mentioned at all. ``ordered``: the first match decides. ``public`` are addresses the
    Internet knows, ``private`` the others; ``owners`` what a public address is bound to.
    """

    clauses: tuple[Clause, ...] = ()
    ordered: bool = False
    told: bool = False
    ways: tuple[Way, ...] = ()
    default: bool = False
    associations_told: bool = False
    port_security: int = UNSAID
    public: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    sku: str = ""
    tags: tuple[str, ...] = ()
    tags_told: bool = False
    external: int = UNSAID
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faced:
    """What a server's or an application's document says of how the world meets it."""

    public: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    public_told: bool = False
    groups: tuple[str, ...] = ()
    groups_told: bool = False
    interfaces: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tags_told: bool = False
    scheme: str = ""
    type: str = ""
    listeners: tuple[str, ...] = ()
    listeners_told: bool = False
    accessible: int = UNSAID


#: What a record has that was read from no document.
UNFILTERED, UNFACED = Filtered(), Faced()


def said(value: object) -> int:
    """Yes, no or nothing."""
    word = text(value).lower()
    if isinstance(value, bool):
        return YES if value else NO
    return YES if word in ("true", "yes") else NO if word in ("false", "no") else UNSAID


SPECIAL = [
    ipaddress.ip_network(word)
    for word in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3", "0.0.0.0/8",
    )
]  # fmt: skip
#: The first and the last address of each.
SPANS = [(int(one.network_address), int(one.broadcast_address)) for one in SPECIAL]
GLOBAL6 = ipaddress.IPv6Network("2000::/3")


@lru_cache(maxsize=16_384)  # an estate's addresses are read again for every graph of it
def is_public(word: str) -> bool:
    """Whether the Internet routes to an address; those of documentation count, examples are written with them.

    >>> is_public("203.0.113.9"), is_public("10.0.0.1"), is_public("2001:db8::1"), is_public("fd00::1"), is_public("")
    (True, False, True, False, False)
    """
    try:
        address = ipaddress.ip_address(word.strip().partition("/")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address in GLOBAL6
    number = int(address)
    return not any(low <= number <= high for low, high in SPANS)


def words(value: object) -> Iterator[str]:
    """The ids in a list of texts or objects."""
    for item in items(value):
        if isinstance(item, dict):
            names = (
                "GroupId",
                "id",
                "_id",
                "VpcSecurityGroupId",
                "name",
                "key",
                "value",
                "SubnetId",
                "SubnetIdentifier",
            )
            if found := next((word for name in names if (word := text(item.get(name)))), ""):
                yield found
        elif word := text(item):
            yield word


def addresses(document: Document) -> Iterator[str]:
    """Every address an interface's document states, wherever it stands."""
    association = child(document, "association")
    yield text(association.get("PublicIp"))
    for one in (*objects(document.get("private_ip_addresses")), *objects(document.get("fixed_ips"))):
        yield text(child(one, "Association").get("PublicIp")) or text(child(one, "association").get("PublicIp"))
        yield text(one.get("ip_address"))
    for field in ("ipv6_addresses", "ipv6"):
        for one in items(document.get(field)):
            yield text(one.get("Ipv6Address") or one.get("address")) if isinstance(one, dict) else text(one)
    for field in ("public_ip", "PublicIp", "public_ip_address", "floating_ip_address", "ip_address"):
        yield text(document.get(field))
    for one in objects(document.get("ip_configurations")):
        for part in (one, child(one, "properties")):
            for field in ("public_ip_address", "publicIPAddress"):
                value = part.get(field)
                yield (
                    text(value.get("ip_address") or value.get("ipAddress")) if isinstance(value, dict) else text(value)
                )


def read_filtered(document: Document) -> Filtered:
    """The packets' side of a network document."""
    family = text(document.get("family")).lower().removesuffix("s").removesuffix("e")
    rule_fields = (
        "ip_permissions", "security_group_rules", "rules", "inbound_rules", "security_rules", "securityRules",
        "entries", "direction",
    )  # fmt: skip
    group_fields = ("groups", "security_groups", "security_group_ids", "network_security_group", "networkSecurityGroup")
    found = [word for word in addresses(document) if word]
    owners = [
        text(document.get(field))
        for field in (
            "instance_id",
            "network_interface_id",
            "port_id",
            "droplet_id",
            "InstanceId",
            "NetworkInterfaceId",
        )
    ]
    owners.append(text(child(document, "droplet").get("id")))
    owners.append(text(child(document, "ip_configuration").get("id")).partition("/ipConfigurations")[0])
    ranked = any(field in document for field in ("security_rules", "securityRules", "defaultSecurityRules", "entries"))
    associations = objects(document.get("associations"))
    return Filtered(
        clauses=tuple(read_clauses(document)),
        ordered=ranked or family == "networksecuritygroup",
        told=any(document.get(field) is not None for field in (*rule_fields, *group_fields, "routes")),
        ways=tuple(read_ways(document)),
        default=document.get("is_default") is True or any(one.get("Main") is True for one in associations),
        associations_told="associations" in document,
        port_security=said(document.get("port_security_enabled")),
        public=tuple(dict.fromkeys(word for word in found if is_public(word))),
        private=tuple(dict.fromkeys(word for word in found if not is_public(word))),
        owners=tuple(dict.fromkeys(word for word in owners if word)),
        sku=(text(document.get("sku")) or text(child(document, "sku").get("name"))).lower(),
        tags=tuple(words(document.get("tags"))),
        tags_told="tags" in document,
        external=NO if "external_gateway_info" in document and not document["external_gateway_info"]
        else YES if document.get("external_gateway_info") else UNSAID,
        prefixes=entries_of(document) if family in ("prefixlist", "managedprefixlist") else (),
    )  # fmt: skip


TARGETS = (
    "GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "EgressOnlyInternetGatewayId",
    "LocalGatewayId", "CarrierGatewayId", "VpcEndpointId", "NetworkInterfaceId", "InstanceId", "nexthop",
    "next_hop_type", "nextHopType",
)  # fmt: skip
DESTINATIONS = (
    "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "destination", "address_prefix",
    "addressPrefix",
)  # fmt: skip


def read_ways(document: Document) -> Iterator[Way]:
    """Routes with their targets and states."""
    for one in objects(document.get("routes")):
        route = {**one, **child(one, "properties")}
        target = next((word for name in TARGETS if (word := text(route.get(name)))), "")
        dead = text(route.get("State") or route.get("state")).lower() == "blackhole"
        for name in DESTINATIONS:
            if word := text(route.get(name)):
                yield Way(word, target, dead)


def read_faced(document: Document, *, machine: bool = False) -> Faced:
    """How the world meets a server or an application, as its own document tells; a machine lists interfaces."""
    place = next(iter(objects(document.get("datacenters"))), {})
    metas, role = child(document, "metas"), child(document, "role")
    found = [*texts(document.get("ipv4_public")), *texts(document.get("ipv4_private"))]
    for field in ("ipv6", "ipv6_public", "ipv6_private", "ipv6_addresses"):
        if value := document.get(field):
            found += [
                text(one.get("Ipv6Address") or one.get("address")) if isinstance(one, dict) else text(one)
                for one in items(value)
            ]
    meta_addresses = child(metas, "addresses")
    for network in meta_addresses.values():
        found += [text(one.get("addr")) for one in objects(network)]
    for version in child(document, "networks").values():
        found += [text(one.get("ip_address")) for one in objects(version)]
    for one in objects(document.get("interfaces")) if machine else ():
        found += [*texts(one.get("ipv4")), *texts(one.get("ipv6"))]
    if role:
        if not text(role.get("endpoint")).strip("0123456789.:abcdef"):
            found.append(text(role.get("endpoint")))
        found.append(text(role.get("ip")))
    found = [word for word in found if word]
    groups: list[str] = []
    told = False
    for holder in filter(None, (place, metas, role)):
        for field in ("security_groups", "vpc_security"):
            if holder.get(field) is not None:
                told = True
                groups += words(holder.get(field))
    subnets = [*words(place.get("subnet_zones")), text(place.get("subnet_id"))] if place else []
    interfaces = [*words(place.get("network_interface")), *words(document.get("network_interface"))]
    if role:
        subnets += words(child(role, "subnet_group").get("Subnets"))
    listeners = role.get("listeners") if role.get("listeners") is not None else document.get("listeners")
    return Faced(
        public=tuple(dict.fromkeys(word for word in found if is_public(word))),
        private=tuple(dict.fromkeys(word for word in found if not is_public(word))),
        public_told=isinstance(document.get("ipv4_public"), list) or bool(meta_addresses),
        groups=tuple(dict.fromkeys(groups)),
        groups_told=told,
        interfaces=tuple(dict.fromkeys(interfaces)),
        subnets=tuple(dict.fromkeys(word for word in subnets if word)),
        tags=tuple(words(document.get("tags"))),
        tags_told="tags" in document,
        scheme=(text(role.get("scheme")) or text(document.get("scheme")) or text(role.get("network"))).lower(),
        type=(text(role.get("type")) or text(document.get("type"))).lower(),
        listeners=tuple(read_listeners(objects(listeners))),
        listeners_told=isinstance(listeners, list),
        accessible=said(role.get("publicly_accessible", role.get("PubliclyAccessible"))),
    )


def read_listeners(listed: Iterable[Document]) -> Iterator[str]:
    """Listeners as ``tcp 443``; what a listener speaks above TCP does not matter here."""
    for one in listed:
        one = child(one, "Listener") or one
        names = ("Port", "LoadBalancerPort", "port", "entry_port", "load_balancer_port")
        port = next((word for name in names if (word := text(one.get(name)))), "")
        protocol = text(one.get("Protocol") or one.get("protocol") or one.get("entry_protocol")).lower()
        for word in protocol.split("_") if protocol in ("udp", "tcp_udp") else ("tcp",):
            yield f"{word} {port}"
