"""The documents of the ``networks`` collection as records of one kind.

Every provider spells its network things in its own way, in one collection told
apart by ``family``. What they say is brought here to the same words: kinds,
ranges, rules, routes. Like :mod:`analytics.documents.entities`, nothing read here raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from .about import read_seen
from .entities import Location
from .packets import UNFILTERED, Filtered, read_filtered
from .values import Document, child, number, objects, text, texts

#: Families as they are spelled, lower case and without a plural s, and the kind they are.
KINDS = {
    "vpc": "network",
    "virtualnetwork": "network",
    "network": "network",
    "subnet": "subnet",
    "securitygroup": "group",
    "securitygrouprule": "rule",
    "firewall": "group",
    "networksecuritygroup": "group",
    "vpcpeering": "peering",
    "networkacl": "acl",
    "routetable": "routes",
    "natgateway": "nat",
    "vpngateway": "vpn",
    "internetgateway": "igw",
    "vpcendpoint": "endpoint",
    "networkinterface": "interface",
    "port": "interface",
    "prefixlist": "prefixes",
    "managedprefixlist": "prefixes",
    "elasticip": "address",
    "elasticaddress": "address",
    "address": "address",
    "addresses": "address",
    "floatingip": "address",
    "reservedip": "address",
    "publicip": "address",
    "publicipaddress": "address",
    "publicipaddresses": "address",
    "router": "router",
}
#: IP protocol numbers that rules are written with.
PROTOCOLS = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "": "all", "any": "all", "*": "all"}
LAST_PORT = 65_535
NOWHERE = Location()
#: Whether a subnet gives public addresses: it says yes, no, or nothing.
YES, NO, UNSAID = 1, 0, -1


def kind_of(family: str) -> str:
    """The kind behind a family's spelling; what is not known is ``other``.

    >>> kind_of("NetworkInterfaces"), kind_of("Vpc"), kind_of("Ports"), kind_of("Bridge")
    ('interface', 'network', 'interface', 'other')
    """
    word = family.strip().lower()
    return KINDS.get(word) or KINDS.get(word.removesuffix("s"), "other")


@dataclass(frozen=True, slots=True)
class Rule:
    """What may come in: a protocol, ports from ``low`` to ``high``, from ranges and from groups."""

    protocol: str
    low: int
    high: int
    ranges: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One line of a route table: a destination and the gateway it goes to."""

    destination: str
    gateway: str


@dataclass(frozen=True, slots=True)
class Peer:
    """One end of a peering."""

    network: str
    range: str = ""
    region: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class NetworkItem:
    """One network thing. ``kind`` is a value of :data:`KINDS` or ``other``; what a kind has not stays empty.

    ``address`` is the public address of an interface, ``instances`` are the
    machines it is for, ``groups`` those that guard it, ``peers`` the ends of a peering.
    """

    collection: ClassVar[str] = "networks"

    id: str
    kind: str
    name: str
    unique_id: str = ""
    network: str = ""
    subnets: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    zone: str = ""
    public: int = UNSAID
    rules: tuple[Rule, ...] = ()
    hops: tuple[Hop, ...] = ()
    main: bool = False
    peers: tuple[Peer, ...] = ()
    instances: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    service: str = ""
    address: str = ""
    parts: tuple[NetworkPart, ...] = ()
    location: Location = NOWHERE
    updated_at: str = ""
    packets: Filtered = UNFILTERED

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``networks``; one without a name is called by its unique id."""
        key = text(document.get("_id"))
        if not key:
            return None
        unique_id = text(document.get("unique_id")) or text(document.get("id"))
        name = text(document.get("name")) or text(document.get("group_name")) or unique_id or key
        associations = objects(document.get("associations"))
        return cls(
            id=key,
            kind="router" if "external_gateway_info" in document else kind_of(text(document.get("family"))),
            name=name,
            unique_id=unique_id,
            network=read_network(document),
            subnets=tuple(dict.fromkeys(read_subnets(document, associations))),
            ranges=tuple(dict.fromkeys(read_ranges(document))),
            zone=text(document.get("availability_zone")),
            public=read_public(document.get("map_public_ip_on_launch")),
            rules=tuple(read_rules(document)),
            hops=tuple(read_hops(document)),
            main=any(association.get("Main") is True for association in associations),
            peers=tuple(read_peers(document)),
            instances=tuple(dict.fromkeys(read_instances(document))),
            groups=tuple(dict.fromkeys(read_groups(document))),
            denials=tuple(read_denials(document)),
            service=text(document.get("service_name")),
            address=text(child(document, "association").get("PublicIp")),
            parts=tuple(read_parts(document)),
            location=Location.read(document.get("datacenters")),
            updated_at=read_seen(document),
            packets=read_filtered(document),
        )


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """A subnet written into its network's document, as Azure does."""

    id: str
    name: str
    ranges: tuple[str, ...]


def read_network(document: Document) -> str:
    """The network a thing belongs to."""
    attachments = objects(document.get("vpc_attachments"))
    return (
        text(document.get("vpc_id"))
        or text(document.get("network_id"))
        or next((key for attachment in attachments if (key := text(attachment.get("VpcId")))), "")
    )


def read_subnets(document: Document, associations: Iterable[Document]) -> Iterable[str]:
    """The subnets a thing stands in, or is associated with."""
    yield from (key for key in (text(document.get("subnet_id")),) if key)
    yield from texts(document.get("subnet_ids"))
    for association in (*associations, *objects(document.get("fixed_ips"))):
        if key := text(association.get("SubnetId")) or text(association.get("subnet_id")):
            yield key
    for configuration in objects(document.get("ip_configurations")):
        for part in (configuration, child(configuration, "properties")):
            if key := text(child(part, "subnet").get("id")):
                yield key
    if kind_of(text(document.get("family"))) == "group":  # Azure guards whole subnets
        yield from (key for part in objects(document.get("subnets")) if (key := text(part.get("id"))))


def read_ranges(document: Document) -> Iterable[str]:
    """Address ranges; an AWS VPC keeps its range in ``image_id``."""
    yield from texts(document.get("cidr_block"))
    yield from texts(document.get("cidr"))
    for association in objects(document.get("cidr_block_association_set")):
        yield from texts(association.get("CidrBlock"))
    yield from texts(child(document, "address_space").get("address_prefixes"))
    yield from texts(document.get("address_prefix"))
    yield from texts(document.get("address_prefixes"))
    if kind_of(text(document.get("family"))) == "network":
        yield from (text(document.get("image_id")),) if "/" in text(document.get("image_id")) else ()


def read_public(value: object) -> int:
    """Whether public addresses are given out, if it is said."""
    return (YES if value else NO) if isinstance(value, bool) else UNSAID


def read_rules(document: Document) -> Iterable[Rule]:
    """Incoming rules in every spelling."""
    for rule in objects(document.get("ip_permissions")):
        if "direction" in rule:
            continue
        ranges = (
            *(text(one.get("CidrIp")) for one in objects(rule.get("IpRanges"))),
            *(text(one.get("CidrIpv6")) for one in objects(rule.get("Ipv6Ranges"))),
            *(text(one.get("PrefixListId")) for one in objects(rule.get("PrefixListIds"))),
        )
        groups = (text(one.get("GroupId")) for one in objects(rule.get("UserIdGroupPairs")))
        yield read_rule(rule.get("IpProtocol"), rule.get("FromPort"), rule.get("ToPort"), ranges, groups)
    # OpenStack writes rules into their group, or each as a document by itself.
    written = objects(document.get("security_group_rules") or document.get("rules"))
    for rule in (*objects(document.get("ip_permissions")), *written, document):
        if text(rule.get("direction")).lower() in ("ingress", "in"):
            prefix, group = text(rule.get("remote_ip_prefix")), text(rule.get("remote_group_id"))
            everybody = (
                "::/0" if text(rule.get("ethertype") or rule.get("ether_type")).lower() == "ipv6" else "0.0.0.0/0"
            )
            # A rule that names neither a range nor a group lets everybody in.
            ranges = (prefix,) if prefix else () if group else (everybody,)
            low, high = rule.get("port_range_min"), rule.get("port_range_max")
            yield read_rule(rule.get("protocol"), low, high, ranges, (group,))
    for rule in objects(document.get("inbound_rules")):
        low, high = read_ports(rule.get("ports"))
        sources = child(rule, "sources")
        machines = (text(key) for name in ("droplet_ids", "droplets_ids") for key in listed(sources.get(name)))
        yield read_rule(rule.get("protocol"), low, high, texts(sources.get("addresses")), machines)
    yield from read_ranked_rules(document)


def read_ranked_rules(document: Document) -> Iterable[Rule]:
    """Azure's rules by their priority, as far as the first that keeps everybody out."""
    rules = [
        {**rule, **child(rule, "properties")}
        for name in ("security_rules", "securityRules")
        for rule in objects(document.get(name))
    ]
    for rule in sorted(rules, key=lambda rule: number(rule.get("priority"))):
        if text(rule.get("direction")).lower() != "inbound":
            continue
        sources = [AZURE_WORDS.get(one.lower(), one) for one in both(rule, "source_address_prefix")]
        spans = [read_ports(one) for one in both(rule, "destination_port_range")] or [(None, None)]
        if text(rule.get("access")).lower() == "deny":
            if "0.0.0.0/0" in sources and (None, None) in spans:
                return
            continue
        for low, high in spans:
            yield read_rule(rule.get("protocol"), low, high, sources, ())


#: What Azure calls everybody.
AZURE_WORDS = {"*": "0.0.0.0/0", "internet": "0.0.0.0/0", "any": "0.0.0.0/0"}


def both(rule: Document, name: str) -> list[str]:
    """The texts of a field in singular and plural, with underscores or as one word with capitals."""
    first, *others = name.split("_")
    joined = first + "".join(word.capitalize() for word in others)
    spellings = (name, f"{name}s", f"{name}es", joined, f"{joined}s", f"{joined}es")
    return list(dict.fromkeys(word for spelling in spellings for word in texts(rule.get(spelling))))


def read_ports(value: object) -> tuple[str | None, str | None]:
    """A port or a span of ports; all of them is nothing.

    >>> read_ports("22"), read_ports("8000-8010"), read_ports("all"), read_ports("*")
    (('22', '22'), ('8000', '8010'), (None, None), (None, None))
    """
    low, _, high = text(value).partition("-")
    return (None, None) if low in ("", "all", "0", "*") else (low, high or low)


def listed(value: object) -> list[object]:
    """A list's items, numbers among them."""
    return list(value) if isinstance(value, list) else [value] if value else []


def read_rule(protocol: object, low: object, high: object, ranges: Iterable[str], groups: Iterable[str]) -> Rule:
    """A rule in our words; no ports, or -1, are all of them."""
    name = text(protocol).lower()
    first, last = int(number(low)), int(number(high))
    if low is None or high is None or text(low) == "-1" or PROTOCOLS.get(name, name) == "all":
        first, last = 0, LAST_PORT
    return Rule(
        PROTOCOLS.get(name, name),
        min(first, LAST_PORT),
        min(max(first, last), LAST_PORT),
        tuple(dict.fromkeys(one for one in ranges if one)),
        tuple(dict.fromkeys(one for one in groups if one)),
    )


def read_hops(document: Document) -> Iterable[Hop]:
    """Routes; the one inside the network itself is left out."""
    gateways = (
        "GatewayId",
        "NatGatewayId",
        "VpcPeeringConnectionId",
        "TransitGatewayId",
        "NetworkInterfaceId",
        "nexthop",
    )
    for route in objects(document.get("routes")):
        destination = next(
            (
                word
                for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "destination")
                if (word := text(route.get(name)))
            ),
            "",
        )
        gateway = next((word for name in gateways if (word := text(route.get(name)))), "")
        if destination and gateway and gateway != "local":
            yield Hop(destination, gateway)


def read_peers(document: Document) -> Iterable[Peer]:
    """The two ends of a peering, the one that asked first."""
    for name in ("requester_vpc_info", "accepter_vpc_info"):
        end = child(document, name)
        if key := text(end.get("VpcId")):
            yield Peer(key, text(end.get("CidrBlock")), text(end.get("Region")), text(end.get("OwnerId")))


def read_instances(document: Document) -> Iterable[str]:
    """The machines an interface or a firewall is for; Azure's groups name interfaces."""
    named = (
        child(document, "attachment").get("InstanceId"),
        document.get("device_id"),
        child(document, "virtual_machine").get("id"),
        *listed(document.get("droplets_ids")),
        *listed(document.get("droplet_ids")),
        *(one.get("id") for one in objects(document.get("network_interfaces"))),
    )
    return (key for name in named if (key := text(name)))


def read_groups(document: Document) -> Iterable[str]:
    """Ids of security groups, as texts or in objects; a rule by itself names the group it is of."""
    for name in ("groups", "security_groups", "security_group_ids", "network_security_group", "networkSecurityGroup"):
        value = document.get(name)
        for item in objects(value):
            if key := text(item.get("GroupId")) or text(item.get("id")):
                yield key
        if isinstance(value, (list, str)):
            yield from texts(value)
    if key := text(document.get("security_group_id")):
        yield key


def read_denials(document: Document) -> Iterable[str]:
    """What a network ACL keeps out, except the rule at its end that keeps out what nothing let in."""
    for entry in objects(document.get("entries")):
        if text(entry.get("RuleAction")).lower() == "deny" and entry.get("Egress") is not True:
            if number(entry.get("RuleNumber")) >= 32_767:
                continue
            protocol = text(entry.get("Protocol"))
            yield f"{PROTOCOLS.get(protocol, protocol)} from {text(entry.get('CidrBlock')) or 'anywhere'}"


def read_parts(document: Document) -> Iterable[NetworkPart]:
    """Subnets embedded in their network."""
    if kind_of(text(document.get("family"))) != "network":
        return
    for part in objects(document.get("subnets")):
        name = text(part.get("name"))
        # Every network may have a subnet called "default": without an id of its own it goes by both names.
        network = text(document.get("unique_id")) or text(document.get("_id"))
        key = text(part.get("id")) or (f"{network}/{name}" if name else "")
        properties = child(part, "properties")
        ranges = (
            texts(part.get("address_prefix"))
            or texts(part.get("address_prefixes"))
            or texts(properties.get("addressPrefix"))
            or texts(part.get("cidr_block"))
        )
        if key:
            yield NetworkPart(key, name or key, ranges)
