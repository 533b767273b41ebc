"""How a thing stands to the world: one of six states with its reason, from the packets that reach it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...documents.clauses import ICMP, ICMP6, LAST_PORT, NUMBERS
from ...documents.networks import Rule
from ...documents.ways import Access, Way
from ...model.graph import Badge
from ...model.kinds import ExposureState, Tone
from .packets import BLOCK, LAST_SERVICE, PINGS, WORLD4, Packets, less, services_of, spelled_sources, weights
from .reach import YES, Reach

EXPOSED: ExposureState = "exposed"
LIMITED: ExposureState = "limited"
UNKNOWN: ExposureState = "unknown"
PINGED: ExposureState = "ping only"
CLOSED: ExposureState = "no way in"
PRIVATE: ExposureState = "private"
MEANINGS: dict[ExposureState, str] = {
    EXPOSED: "exposed: packets from the Internet get in",
    LIMITED: "open to named ranges of the Internet",
    UNKNOWN: "exposure unknown: facts are missing",
    PINGED: "answers ping, no port open",
    CLOSED: "a public address, and nobody gets in",
    PRIVATE: "private address only",
}
#: Told apart without colour, and in every font that has Arial's characters.
GLYPHS: dict[ExposureState, tuple[str, Tone]] = {
    EXPOSED: ("E", "bad"),
    LIMITED: ("L", "warn"),
    UNKNOWN: ("?", "info"),
    PINGED: ("i", "warn"),
    CLOSED: ("C", "warn"),
    PRIVATE: ("P", "good"),
}
#: Ports that nobody should find open to the world, and what answers there.
FLAGGED = {
    22: "SSH", 23: "Telnet", 445: "SMB", 1433: "SQL Server", 1521: "Oracle", 2375: "Docker", 2379: "etcd",
    3306: "MySQL", 3389: "RDP", 5432: "PostgreSQL", 5601: "Kibana", 5900: "VNC", 5984: "CouchDB", 6379: "Redis",
    6443: "Kubernetes", 8020: "HDFS", 9042: "Cassandra", 9200: "Elasticsearch", 10250: "Kubelet",
    11211: "Memcached", 27017: "MongoDB",
}  # fmt: skip
FLAGGED_UDP = {11211: "Memcached", 161: "SNMP", 389: "LDAP", 1900: "SSDP"}
WORDS = {number: word for word, number in reversed(NUMBERS.items())}
#: Port ranges a line spells out before it counts.
SPELLED = 3
#: From so many addresses on it is the world: a /8 of IPv4, a /16 of IPv6.
WIDE4, WIDE6 = 2**24, 2**112
ALL4 = weights(WORLD4)[0]
ALL6 = 2**125


@dataclass(frozen=True, slots=True)
class Exposure:
    """A state, what is open, from where, and why.

    ``open`` holds protocols and ports, ``sources`` the ranges of a limited thing,
    ``share`` the part of the Internet in front of an exposed one (0 to 1). ``wider``:
    what may pass could be the world.
    """

    state: ExposureState
    open: tuple[Rule, ...] = ()
    flagged: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    share: float = 0.0
    reason: str = ""
    doubts: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    wider: bool = False

    @property
    def why(self) -> str:
        """Why nothing can be said."""
        return "; ".join(self.doubts[:2]) or self.reason

    @property
    def text(self) -> str:
        """The state in words, with ports and the reason."""
        return self.words(SPELLED)

    def words(self, most: int) -> str:
        """The state in words; ``most`` spans of ports are spelled out."""
        ports = ports_in_words(self.open, most)
        more = f"; more may be open ({'; '.join(self.doubts[:2])})" if self.doubts else ""
        match self.state:
            case "exposed":
                whom = "the world" if self.share >= 0.99 else f"{100 * self.share:.2g} % of the Internet"
                return f"exposed, open to {whom}: {ports}{more}"
            case "limited":
                others = f" and {len(self.sources) - 1} more" if len(self.sources) > 1 else ""
                return f"open to {self.sources[0]}{others}: {ports}{more}"
            case "unknown":
                return f"unknown: {self.why}"
            case "ping only":
                return "answers ping, no port open"
            case "no way in":
                return f"public address, no way in: {self.reason or 'no rule'}"
        return f"private, {self.reason}" if self.reason else "private address only"

    @property
    def badge(self) -> Badge:
        """The state with a glyph of its own, so that colour is not alone."""
        glyph, tone = GLYPHS[self.state]
        return Badge(glyph, self.text, "bad" if self.wider else tone, MEANINGS[self.state])


def exposure_of(reach: Reach, documented: bool = True) -> Exposure:
    """The first state whose condition holds; without any network document nothing is known."""
    if not documented:
        return Exposure(UNKNOWN, reason="no network documents")
    passes, may = less(reach.sure, PINGS), less(reach.may, PINGS)
    beyond = less(may, passes)
    doubts = reach.doubts if beyond else ()
    if passes:
        state, share = standing(passes)
        wider = bool(beyond) and standing(may)[0] == EXPOSED
        rules = rules_of(passes)
        sources = () if state == EXPOSED else tuple(spelled_sources(passes))
        return Exposure(
            state, rules, flagged_ports(rules), sources, share, doubts=doubts, opened=reach.opened, wider=wider
        )
    if may:
        return Exposure(UNKNOWN, doubts=doubts, reason="something is not told")
    if reach.sure:
        return Exposure(PINGED, opened=reach.opened)
    if reach.address == 0:
        return Exposure(PRIVATE)
    if reach.address == YES:
        return Exposure(CLOSED, reason=reach.closes)
    if reach.may:
        return Exposure(UNKNOWN, doubts=reach.doubts, reason="whether it answers ping is not told")
    return Exposure(CLOSED, reason=f"{reach.closes} (whether it has a public address is not told)")


def exposure_stated(access: Access) -> Exposure:
    """What files state that publish, balance or permit: there are no packets to evaluate.

    >>> from ...documents.ways import Way
    >>> exposure_stated(Access((Way("published", port="8080"),))).text
    'exposed, open to the world: tcp 8080'
    >>> exposure_stated(Access(told=True)).text
    'private, nothing in these files opens it'
    """
    outer = [way for way in access.ways if not way.internal]
    everybody = [way for way in outer if not way.ranges]
    rules = tuple(dict.fromkeys(rule_of(way) for way in everybody or outer))
    opened = tuple(way.words for way in outer)
    if everybody:
        return Exposure(EXPOSED, rules, flagged_ports(rules), share=1.0, opened=opened)
    if outer:
        ranges = tuple(sorted({text for way in outer for text in way.ranges}))
        return Exposure(LIMITED, rules, flagged_ports(rules), ranges, opened=opened)
    reason = "reached from inside only" if access.ways else "nothing in these files opens it"
    return Exposure(PRIVATE, reason=reason)


def rule_of(way: Way) -> Rule:
    """The ports of a way; one that is not a number may be any."""
    low, _, high = way.port.partition("-")
    if low.isdigit() and int(low) <= LAST_PORT:
        return Rule(way.protocol, int(low), int(high) if high.isdigit() else int(low))
    named = {"http": 80, "https": 443}.get(way.port.lower())
    return Rule(way.protocol, named, named) if named else Rule(way.protocol, 0, LAST_PORT)


def standing(packets: Packets) -> tuple[ExposureState, float]:
    """Whether sources are the world or named ranges, and which part of the Internet they are."""
    four, six = weights(packets)
    share = max(four / ALL4, six / ALL6)
    return (EXPOSED if four >= WIDE4 or six >= WIDE6 else LIMITED), share


def rules_of(packets: Packets) -> tuple[Rule, ...]:
    """What is open, as protocols and ports."""
    spans = services_of(packets)
    pings = [(number * BLOCK, number * BLOCK + LAST_PORT) for number in (ICMP, ICMP6)]
    if len(spans) <= len(pings) + 1 and spans[0][0] == 0 and spans[-1][1] == LAST_SERVICE:
        return (Rule("all", 0, LAST_PORT),)
    found = []
    for low, high in spans:
        for number in range(low // BLOCK, high // BLOCK + 1):
            base = number * BLOCK
            first, last = max(low - base, 0), min(high - base, LAST_PORT)
            found.append(Rule(WORDS.get(number, f"protocol {number}"), first, last))
    return tuple(found)


def flagged_in(rule: Rule) -> Iterable[int]:
    """The flagged ports of one rule."""
    ports = FLAGGED_UDP if rule.protocol == "udp" else FLAGGED
    return (port for port in ports if rule.low <= port <= rule.high)


def flagged_ports(rules: Iterable[Rule]) -> tuple[int, ...]:
    """The flagged ports that rules open, by number."""
    return tuple(sorted({port for rule in rules for port in flagged_in(rule)}))


def ports_in_words(rules: Iterable[Rule], most: int = SPELLED) -> str:
    """Protocols and ports, the flagged first and never counted away, the many counted.

    >>> ports_in_words([Rule("tcp", 443, 443), Rule("tcp", 22, 22), Rule("tcp", 8000, 8010), Rule("tcp", 80, 80)])
    'tcp 22, 80, 443 (+1)'
    >>> ports_in_words([Rule("all", 0, 65535)]), ports_in_words([Rule("udp", 53, 53), Rule("tcp", 53, 53)])
    ('all traffic', 'tcp 53; udp 53')
    """
    by_protocol: dict[str, set[tuple[int, int]]] = {}
    for rule in rules:
        by_protocol.setdefault(rule.protocol, set()).add((rule.low, rule.high))
    if "all" in by_protocol:
        return "all traffic"
    words = []
    for protocol in sorted(by_protocol):
        flagged = {span for span in by_protocol[protocol] if any(flagged_in(Rule(protocol, *span)))}
        spans: Sequence[tuple[int, int]] = sorted(by_protocol[protocol], key=lambda span: (span not in flagged, span))
        if (0, LAST_PORT) in spans or protocol == "icmp":
            with_ports = protocol in ("tcp", "udp", "sctp", "dccp", "udplite")
            words.append(f"{protocol} all ports" if with_ports else protocol)
            continue
        shown = max(most, len(flagged))
        spelled = [str(low) if low == high else f"{low}-{high}" for low, high in spans[:shown]]
        more = f" (+{len(spans) - shown})" if len(spans) > shown else ""
        words.append(f"{protocol} {', '.join(spelled)}{more}")
    return "; ".join(words)
