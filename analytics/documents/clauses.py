"""Filter rules as what they match: protocol numbers, ports, sources, and the part that could not be read.

One record serves every provider; how the clauses of a filter work together (added up,
or in order until the first match) is a fact of the filter. What is not understood is
kept as a doubt in words, never dropped: a dropped rule would read as "closed".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .values import Document, child, items, number, objects, text, texts

LAST_PORT, LAST_PROTOCOL = 65_535, 255
ICMP, ICMP6 = 1, 58
#: Protocols by the words and numbers that rules are written with.
NUMBERS = {
    "icmp": 1, "igmp": 2, "ipip": 4, "tcp": 6, "egp": 8, "udp": 17, "dccp": 33, "gre": 47, "esp": 50, "ah": 51,
    "icmpv6": 58, "ipv6-icmp": 58, "ospf": 89, "vrrp": 112, "sctp": 132, "udplite": 136,
}  # fmt: skip
EVERY = frozenset({"", "-1", "all", "any", "*", "none", "null"})
WITH_PORTS = frozenset({6, 17, 33, 132, 136})
WORLD4, WORLD6 = "0.0.0.0/0", "::/0"
#: Words of Azure for everybody; the rest of its tags name services or what lies inside.
AZURE_EVERYBODY = frozenset({"*", "any", "internet"})
AZURE_INSIDE = frozenset({"virtualnetwork", "azureloadbalancer"})
#: The last number of an AWS network ACL: the rule that keeps out what nothing let in.
ACL_END = 32_767


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule as evaluated.

    ``sources`` are ranges as written, ``lists`` prefix lists or tags by id, ``targets`` the
    private addresses it is about (none: all). With a
    ``doubt`` the clause only *may* match, and without sources then from anywhere.
    """

    label: str
    sources: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    protocols: tuple[int, int] = (0, LAST_PROTOCOL)
    ports: tuple[int, int] = (0, LAST_PORT)
    doubt: str = ""
    order: float = 0.0
    allow: bool = True
    egress: bool = False
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """Protocols and ports of a rule, or the doubt about them."""

    protocols: tuple[int, int] = (0, LAST_PROTOCOL)
    ports: tuple[int, int] = (0, LAST_PORT)
    doubt: str = ""


def read_services(protocol: object, low: object, high: object) -> Services:
    """What a protocol and two ports mean; ICMP's type and code are no ports.

    >>> read_services("tcp", 22, "22")
    Services(protocols=(6, 6), ports=(22, 22), doubt='')
    >>> read_services("-1", None, None).protocols, read_services("icmp", 8, 0).ports
    ((0, 255), (0, 65535))
    >>> read_services("quic?", 1, 2).doubt, read_services("tcp", "http", "http").doubt
    ("protocol 'quic?'", "ports 'http' to 'http'")
    """
    word = text(protocol).lower()
    if protocol is not None and not word and not isinstance(protocol, str):
        return Services(doubt=f"protocol {str(protocol)[:40]!r}")
    if word in EVERY:
        return Services()
    numbered = NUMBERS.get(word, int(word) if word.isascii() and word.isdigit() else -1)
    if not 0 <= numbered <= LAST_PROTOCOL:
        return Services(doubt=f"protocol {word!r}")
    both = (numbered, numbered)
    if numbered not in WITH_PORTS:
        return Services(both)
    first, last = _port(low), _port(high)
    if first is None and last is None and not isinstance(low, bool) and _blank(low) and _blank(high):
        return Services(both)
    first, last = (first if first is not None else last), (last if last is not None else first)
    unread = (not _blank(low) and _port(low) is None) or (not _blank(high) and _port(high) is None)
    if unread or first is None or last is None or first > last:
        return Services(both, doubt=f"ports {str(low)[:40]!r} to {str(high)[:40]!r}")
    return Services(both, (first, last))


def _blank(value: object) -> bool:
    """Whether a port is left out, or means all of them."""
    if isinstance(value, bool):
        return False
    return value is None or (isinstance(value, (str, int, float)) and text(value).lower() in EVERY)


def _port(value: object) -> int | None:
    word = text(value)
    return int(word) if word.isascii() and word.isdigit() and int(word) <= LAST_PORT else None


def is_range(word: str) -> bool:
    """Whether a text is an address or a range."""
    try:
        ipaddress.ip_network(word.strip(), strict=False)
    except ValueError:
        return False
    return True


def spread(clause: Clause, services: Iterable[Services], sources: Iterable[object]) -> Iterator[Clause]:
    """``clause`` for each span of ports; what cannot be read is a clause of its own, with its doubt."""
    ranges: list[str] = []
    doubts: list[str] = []
    for source in sources:
        word = text(source)
        if word and is_range(word):
            ranges.append(word)
        else:
            doubts.append(f"source {(word or str(source))[:60]!r}")
    for one in services:
        shape = replace(clause, protocols=one.protocols, ports=one.ports, doubt=one.doubt or clause.doubt)
        if ranges or clause.lists:
            yield replace(shape, sources=tuple(ranges))
        for doubt in doubts:
            yield replace(shape, lists=(), doubt="; ".join(word for word in (doubt, shape.doubt) if word))


def read_clauses(document: Document) -> Iterator[Clause]:
    """The rules of a filter's document, in every spelling."""
    name = text(document.get("unique_id")) or text(document.get("name")) or text(document.get("_id"))
    for field in ("ip_permissions", "security_group_rules", "rules"):
        for position, rule in enumerate(_listed(document.get(field)), 1):
            label = f"rule {position} of {name}"
            if not isinstance(rule, dict):
                yield Clause(label, doubt=f"{str(rule)[:60]!r} is no rule")
            elif "direction" in rule or "remote_ip_prefix" in rule or "remote_group_id" in rule:
                yield from neutron(rule, label)
            else:
                yield from amazon(rule, label)
    if "direction" in document:
        yield from neutron(document, f"rule {name}")
    for position, rule in enumerate(_listed(document.get("inbound_rules")), 1):
        label = f"rule {position} of {name}"
        yield from ocean(rule, label) if isinstance(rule, dict) else (Clause(label, doubt=f"{rule!r} is no rule"),)
    for field in ("security_rules", "securityRules", "default_security_rules", "defaultSecurityRules"):
        for rule in _listed(document.get(field)):
            if isinstance(rule, dict):
                yield from azure({**rule, **child(rule, "properties")}, name)
            else:
                yield Clause(f"a rule of {name}", doubt=f"{str(rule)[:60]!r} is no rule", order=-1.0)
    for entry in objects(document.get("entries")):
        yield from acl(entry, name)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def amazon(rule: Document, label: str) -> Iterator[Clause]:
    """An AWS permission; one whose lists are all empty matches nothing."""
    known = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
    if "incomplete" in rule:  # a reader knows that there is a rule, and not what it says
        yield Clause(label, doubt=text(rule["incomplete"]) or "a rule of which nothing is told")
        return
    if not any(field in rule for field in known):
        yield Clause(label, doubt=f"a rule with {', '.join(sorted(map(str, rule)))[:80]}: not a form that is known")
        return
    sources: list[object] = []
    for field, key in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
        sources += [one.get(key) if isinstance(one, dict) and key in one else one for one in _listed(rule.get(field))]
    lists = [
        (text(one.get("PrefixListId")) if isinstance(one, dict) else text(one)) or "without an id"
        for one in _listed(rule.get("PrefixListIds"))
    ]
    services = read_services(rule.get("IpProtocol", "?"), rule.get("FromPort"), rule.get("ToPort"))
    yield from spread(Clause(label, lists=tuple(lists)), [services], sources)


def neutron(rule: Document, label: str) -> Iterator[Clause]:
    """An OpenStack rule; one that names neither a range nor a group lets its whole address family in."""
    direction = rule.get("direction")
    if text(direction).lower() in ("egress", "out", "outbound"):
        return
    clause = Clause(label)
    if text(direction).lower() not in ("ingress", "in", "inbound"):
        clause = replace(clause, doubt=f"direction {direction!r}")
    six = text(rule.get("ethertype") or rule.get("ether_type")).lower() == "ipv6"
    services = read_services(rule.get("protocol"), rule.get("port_range_min"), rule.get("port_range_max"))
    if rule.get("remote_ip_prefix"):
        yield from spread(clause, [services], [rule.get("remote_ip_prefix")])
    elif rule.get("remote_address_group_id"):
        yield from spread(replace(clause, lists=(text(rule.get("remote_address_group_id")),)), [services], [])
    elif not (rule.get("remote_group_id") or rule.get("remote_group")):
        yield from spread(clause, [services], [WORLD6 if six else WORLD4])


def ocean(rule: Document, label: str) -> Iterator[Clause]:
    """A Digital Ocean rule; no ports, "all" and "0" are all of them."""
    word = text(rule.get("ports"))
    low, _, high = word.partition("-")
    every = word.lower() in ("", "all", "0")
    services = read_services(rule.get("protocol"), None if every else low, None if every else high or low)
    sources = rule.get("sources")
    if sources and not isinstance(sources, dict):
        yield from spread(Clause(label), [services], [str(sources)[:60]])
        return
    yield from spread(Clause(label), [services], _listed(child(rule, "sources").get("addresses")))


def both(rule: Document, name: str) -> list[str]:
    """The texts of a field in singular and plural, with underscores or as one word with capitals."""
    first, *others = name.split("_")
    joined = first + "".join(word.capitalize() for word in others)
    spellings = (name, f"{name}s", f"{name}es", joined, f"{joined}s", f"{joined}es")
    return list(dict.fromkeys(word for spelling in spellings for word in texts(rule.get(spelling))))


def azure(rule: Document, name: str) -> Iterator[Clause]:
    """An Azure rule, one clause for each span; a destination that may not be this machine is a doubt."""
    if text(rule.get("direction")).lower() == "outbound":
        return
    order = number(rule.get("priority"))
    called = text(rule.get("name"))
    label = f"rule {called or f'{order:g}'} of {name}"
    access = text(rule.get("access")).lower()
    clause = Clause(label, order=order, allow=access != "deny")
    if access not in ("allow", "deny"):
        clause = replace(clause, doubt=f"access {access!r}")
    targets = both(rule, "destination_address_prefix")
    about = [word for word in targets if word.lower() not in ("*", "any", "virtualnetwork", WORLD4, WORLD6)]
    if about and len(about) == len(targets) and all(is_range(word) for word in about):
        clause = replace(clause, targets=tuple(about))
    elif about and len(about) == len(targets):
        clause = replace(clause, doubt=f"destination {', '.join(targets)}")
    if rule.get("destination_application_security_groups") or rule.get("destinationApplicationSecurityGroups"):
        clause = replace(clause, doubt="destination is an application security group")
    sources = both(rule, "source_address_prefix")
    ranges: list[object] = []
    lists: list[str] = []
    for word in sources:
        if word.lower() in AZURE_EVERYBODY:
            ranges += [WORLD4, WORLD6]
        elif word.lower() not in AZURE_INSIDE:
            if is_range(word) or "/" in word:
                ranges.append(word)
            else:
                lists.append(word)
    if not sources and not (
        rule.get("source_application_security_groups") or rule.get("sourceApplicationSecurityGroups")
    ):
        clause = replace(clause, doubt="no source told")
        ranges = [WORLD4, WORLD6]
    spans = both(rule, "destination_port_range") or ["*"]
    services = []
    for span in spans:
        low, _, high = span.partition("-")
        every = span.lower() in ("*", "any")
        services.append(read_services(rule.get("protocol"), None if every else low, None if every else high or low))
    source_ports = [word for word in both(rule, "source_port_range") if word not in ("*", "0-65535")]
    if source_ports and not clause.allow:  # a client chooses its port: a denial for some ports stops nobody
        return
    yield from spread(replace(clause, lists=tuple(lists)), services, ranges)


def acl(entry: Document, name: str) -> Iterator[Clause]:
    """An entry of an AWS network ACL."""
    order = number(entry.get("RuleNumber"))
    action = text(entry.get("RuleAction")).lower()
    clause = Clause(
        f"entry {order:g} of {name}", order=order, allow=action != "deny", egress=entry.get("Egress") is True
    )
    if action not in ("allow", "deny"):
        clause = replace(clause, doubt=f"action {action!r}")
    span = child(entry, "PortRange")
    services = read_services(entry.get("Protocol", "?"), span.get("From"), span.get("To"))
    if services.protocols in ((ICMP, ICMP), (ICMP6, ICMP6)):
        kind = child(entry, "IcmpTypeCode").get("Type")
        if kind not in (None, -1, "-1") and not clause.allow:
            return  # one kind of ICMP kept out is not all of it
    ranges = [value for key in ("CidrBlock", "Ipv6CidrBlock") if (value := entry.get(key))]
    yield from spread(clause, [services], ranges or ["(no range)"])


def entries_of(document: Document) -> tuple[str, ...]:
    """The ranges of a prefix list's document."""
    found: list[str] = []
    for field in ("entries", "cidrs", "prefixes", "Entries"):
        for one in items(document.get(field)):
            word = text(one.get("Cidr") or one.get("cidr")) if isinstance(one, dict) else text(one)
            found += [word] if word else []
    return tuple(found)
