"""Sets of packets as rectangles: source addresses × protocol and port. Exact, by sorting and sweeping. Pure.

Both axes are whole numbers. IPv4 addresses come first, IPv6 behind them, so that the
families cannot mix; a protocol is a block of 65,536 services, its ports.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...documents.clauses import ICMP, ICMP6, LAST_PORT, LAST_PROTOCOL
from ...documents.packets import GLOBAL6, SPECIAL

#: Where IPv6 begins on the axis of addresses.
SIX = 1 << 33
BLOCK = LAST_PORT + 1
LAST_SERVICE = (LAST_PROTOCOL + 1) * BLOCK - 1
#: First and last source, first and last service.
Rect = tuple[int, int, int, int]
Packets = tuple[Rect, ...]
NOTHING: Packets = ()
Span = tuple[int, int]


@lru_cache(maxsize=50_000)
def sources(word: str) -> Span:
    """The addresses of a range on their axis; raises :class:`ValueError` for what is none.

    >>> sources("0.0.0.0/0"), sources("::1")[0] - SIX
    ((0, 4294967295), 1)
    """
    found = ipaddress.ip_network(word.strip(), strict=False)
    base = SIX if found.version == 6 else 0
    return base + int(found.network_address), base + int(found.broadcast_address)


@lru_cache(maxsize=20_000)
def meet(one: Packets, other: Packets) -> Packets:
    """What is in both; kept, since machines behind the same rules ask the same again and again."""
    found = []
    for a, b, c, d in one:
        for e, f, g, h in other:
            low, high, first, last = max(a, e), min(b, f), max(c, g), min(d, h)
            if low <= high and first <= last:
                found.append((low, high, first, last))
    return tuple(dict.fromkeys(found))


def less(one: Packets, cut: Packets) -> Packets:
    """What is in ``one`` and not in ``cut``.

    >>> less(((0, 9, 0, 9),), ((3, 4, 5, 6),))
    ((0, 2, 0, 9), (5, 9, 0, 9), (3, 4, 0, 4), (3, 4, 7, 9))
    """
    left = list(one)
    for e, f, g, h in cut:
        kept: list[Rect] = []
        for a, b, c, d in left:
            low, high, first, last = max(a, e), min(b, f), max(c, g), min(d, h)
            if low > high or first > last:
                kept.append((a, b, c, d))
                continue
            if a < low:
                kept.append((a, low - 1, c, d))
            if high < b:
                kept.append((high + 1, b, c, d))
            if c < first:
                kept.append((low, high, c, first - 1))
            if last < d:
                kept.append((low, high, last + 1, d))
        left = kept
    return tuple(left)


def join(*sets: Packets) -> Packets:
    """What is in any of them."""
    return tuple(dict.fromkeys(rect for one in sets for rect in one))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def every(spans: Iterable[Span]) -> Packets:
    """All services of some sources."""
    return tuple((low, high, 0, LAST_SERVICE) for low, high in spans)


def services_of(packets: Packets) -> list[Span]:
    """The services that anybody reaches."""
    return merged((first, last) for _, _, first, last in packets)


def sources_of(packets: Packets) -> list[Span]:
    """The addresses that reach anything."""
    return merged((low, high) for low, high, _, _ in packets)


def without_ports(packets: Packets) -> Packets:
    """The same with whole protocols: for what a sender may choose the port of."""
    return tuple((a, b, c // BLOCK * BLOCK, d // BLOCK * BLOCK + LAST_PORT) for a, b, c, d in packets)


def weights(packets: Packets) -> tuple[int, int]:
    """How many IPv4 and how many IPv6 addresses reach anything."""
    spans = sources_of(packets)
    return (
        sum(high - low + 1 for low, high in spans if high < SIX),
        sum(high - low + 1 for low, high in spans if low >= SIX),
    )


#: Everything, and what may come from the Internet by family: private and special ranges taken out.
ALL: Packets = every([(0, 2**32 - 1), (SIX, SIX + 2**128 - 1)])
WORLD4: Packets = less(every([(0, 2**32 - 1)]), every(sources(str(one)) for one in SPECIAL))
WORLD6: Packets = every([sources(str(GLOBAL6))])
PINGS: Packets = tuple((0, SIX + 2**128 - 1, number * BLOCK, number * BLOCK + LAST_PORT) for number in (ICMP, ICMP6))


def spelled_sources(packets: Packets) -> Sequence[str]:
    """The ranges that reach anything, as they would be written.

    >>> spelled_sources(every([sources("203.0.113.0/25"), sources("203.0.113.128/25")]))
    ['203.0.113.0/24']
    """
    words: list[str] = []
    for low, high in sources_of(packets):
        make = ipaddress.IPv6Address if low >= SIX else ipaddress.IPv4Address
        base = SIX if low >= SIX else 0
        ends = make(low - base), make(high - base)
        words += [str(one) for one in ipaddress.summarize_address_range(*ends)]
    return words
