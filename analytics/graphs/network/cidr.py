"""Address ranges: which is inside which, and which subnet an address belongs to. Pure."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

Range = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: The whole world, in both families.
WORLD = frozenset({"0.0.0.0/0", "::/0"})


@lru_cache(maxsize=50_000)
def as_range(text: str) -> Range | None:
    """A range as it is written, host bits and all; nothing for what is none.

    >>> str(as_range("10.1.2.3/16")), as_range("10.0.0.0/16/32"), as_range("")
    ('10.1.0.0/16', None, None)
    """
    try:
        return ipaddress.ip_network(text.strip(), strict=False) if text.strip() else None
    except ValueError:
        return None


@lru_cache(maxsize=50_000)
def as_address(text: str) -> Address | None:
    """An address; nothing for what is none."""
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def is_world(text: str) -> bool:
    """Whether a rule's range is everybody."""
    found = None if text in WORLD else as_range(text)
    return text in WORLD or (found is not None and found.prefixlen == 0)


@dataclass
class RangeIndex:
    """Ranges by prefix length, so that the longest that holds an address is found without looking at all.

    ``place`` keeps the address spaces of different datacenters apart: private
    ranges are used again and again.
    """

    _by_prefix: dict[tuple[str, int, int], dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, place: str, text: str, owner: str) -> None:
        """Let ``owner`` have a range; what is none is passed over, and the first owner of a range keeps it."""
        found = as_range(text)
        if found is not None:
            held = self._by_prefix[place, found.version, found.prefixlen]
            held.setdefault(int(found.network_address), owner)

    def find(self, place: str, text: str) -> str:
        """The owner of the longest range that holds an address, or nothing.

        >>> index = RangeIndex()
        >>> index.add("dc", "10.0.0.0/8", "wide"); index.add("dc", "10.1.0.0/16", "narrow")
        >>> index.find("dc", "10.1.2.3"), index.find("dc", "10.2.2.3"), index.find("elsewhere", "10.1.2.3")
        ('narrow', 'wide', '')
        """
        address = as_address(text)
        if address is None:
            return ""
        bits = address.max_prefixlen
        for length in self._lengths(place, address.version):
            start = int(address) >> (bits - length) << (bits - length)
            if owner := self._by_prefix[place, address.version, length].get(start):
                return owner
        return ""

    def _lengths(self, place: str, version: int) -> Iterable[int]:
        return sorted(
            (length for where, kind, length in self._by_prefix if (where, kind) == (place, version)), reverse=True
        )
