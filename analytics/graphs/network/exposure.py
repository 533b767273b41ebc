"""Who can reach what: rules, ports in words, and whether a thing stands open to the world. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...documents.networks import LAST_PORT, Rule
from ...model.graph import Badge
from ...model.kinds import Tone
from .cidr import is_world

EXPOSED, CLOSED, PRIVATE, UNKNOWN = "exposed", "public address, closed", "private", "unknown"
MEANINGS = {EXPOSED: "exposed: a public address, and a rule that lets the internet in", UNKNOWN: "exposure unknown"}
#: Told apart without colour, and in every font that has Arial's characters.
GLYPHS: dict[str, tuple[str, Tone]] = {
    EXPOSED: ("E", "bad"),
    CLOSED: ("C", "warn"),
    PRIVATE: ("P", "good"),
    UNKNOWN: ("?", "info"),
}
#: Ports that nobody should find open to the world, and what answers there.
FLAGGED = {
    22: "SSH",
    3389: "RDP",
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    9042: "Cassandra",
    9200: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
}
#: Port ranges a line spells out before it counts.
SPELLED = 3


@dataclass(frozen=True, slots=True)
class Exposure:
    """One of four states, and the open ports in words where it is exposed."""

    state: str
    ports: str = ""
    flagged: tuple[int, ...] = ()

    @property
    def badge(self) -> Badge:
        """The state with a glyph of its own, so that colour is not alone."""
        glyph, tone = GLYPHS[self.state]
        words = f"{self.state}: {self.ports}" if self.ports else self.state
        return Badge(glyph, words, tone, MEANINGS.get(self.state, self.state))


def exposure_of(
    *, public: bool | None, rules: Sequence[Rule] | None, documented: bool, complete: bool = True
) -> Exposure:
    """How a thing stands to the world.

    ``public``: it has a public address; ``None`` where nobody says. ``rules``: what
    its groups let in, or ``None`` when no rule of its is known; ``complete`` is false
    when a group of its is not in the inventory, so that nothing can be called closed.
    ``documented``: the inventory holds network documents at all; without any, nothing
    can be said of anything.

    >>> exposure_of(public=True, rules=[Rule("tcp", 22, 22, ("0.0.0.0/0",))], documented=True)
    Exposure(state='exposed', ports='tcp 22', flagged=(22,))
    >>> exposure_of(public=True, rules=[], documented=True).state
    'public address, closed'
    >>> exposure_of(public=True, rules=None, documented=True).state
    'unknown'
    >>> exposure_of(public=False, rules=None, documented=True).state
    'private'
    >>> exposure_of(public=False, rules=[], documented=False).state
    'unknown'
    >>> exposure_of(public=True, rules=[], documented=True, complete=False).state
    'unknown'
    """
    if not documented or public is None:
        return Exposure(UNKNOWN)
    if not public:
        return Exposure(PRIVATE)
    if rules is None:
        return Exposure(UNKNOWN)
    open_rules = [rule for rule in rules if any(is_world(one) for one in rule.ranges)]
    if not open_rules:
        return Exposure(CLOSED if complete else UNKNOWN)
    return Exposure(EXPOSED, ports_in_words(open_rules), flagged_ports(open_rules))


def flagged_ports(rules: Iterable[Rule]) -> tuple[int, ...]:
    """The flagged ports that rules open, by number."""
    open_ports = {
        port for rule in rules for port in FLAGGED if rule.low <= port <= rule.high and rule.protocol != "udp"
    }
    return tuple(sorted(open_ports))


def ports_in_words(rules: Iterable[Rule]) -> str:
    """Protocols and ports, the flagged first, the many counted.

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
        spans = sorted(
            by_protocol[protocol], key=lambda span: (not any(span[0] <= p <= span[1] for p in FLAGGED), span)
        )
        if (0, LAST_PORT) in spans or protocol == "icmp":
            words.append(f"{protocol}" if protocol == "icmp" else f"{protocol} all ports")
            continue
        spelled = [str(low) if low == high else f"{low}-{high}" for low, high in spans[:SPELLED]]
        more = f" (+{len(spans) - SPELLED})" if len(spans) > SPELLED else ""
        words.append(f"{protocol} {', '.join(spelled)}{more}")
    return "; ".join(words)
