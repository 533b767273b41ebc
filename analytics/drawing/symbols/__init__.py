"""The symbols, as data: one for every family and for every other kind of thing.

Units and axes are those of :mod:`..solids`. A symbol stands on the ground with
its front corner at (38, 35); what it may fill is the space whose view stays in
a tile's symbol zone: ``x <= 38``, ``y <= 35``, ``x - z >= -32`` and ``y - z >= -32`` (a test holds every symbol
to it).

Each is told by its silhouette first and by the mark on it second, since colour
says who provides it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...catalog import families
from ...catalog.families import APPLICATION
from ..solids import Symbol
from .connecting import CONNECTING
from .keeping import KEEPING
from .kinds import KINDS
from .working import WORKING

_BY_FAMILY = {symbol.key: symbol for symbol in (*WORKING, *KEEPING, *CONNECTING)}
#: One for every family, in the order in which a reader meets them.
FAMILIES = tuple(_BY_FAMILY[name] for name in families.FAMILIES)
#: The symbols of this service's own; a plugin file yields them, and others may add theirs.
CORE = (*FAMILIES, *KINDS)
#: Every symbol by its key.
SYMBOLS: dict[str, Symbol] = {}

_KIND_NAMES = frozenset(symbol.key for symbol in KINDS)


def adopt(symbols: Iterable[Symbol]) -> None:
    """Make ``symbols`` those of this process. Called once at start, with what the loaded plugins offer."""
    SYMBOLS.clear()
    SYMBOLS.update({symbol.key: symbol for symbol in symbols})
    families.adopt(key for key in SYMBOLS if key not in _KIND_NAMES)


#: Gateways by their family, spelled without gaps.
_GATEWAYS = {
    "natgateway": "nat-gateway",
    "internetgateway": "internet-gateway",
    "vpngateway": "VPN",
    "endpoint": "endpoint",
    "vpcendpoint": "endpoint",
    "serviceendpoint": "endpoint",
    **dict.fromkeys(("transitgateway", "routetable", "gateway", "router"), "gateway"),
}


def symbol_for(kind: str, family: str) -> str:
    """The key of the symbol that stands for a thing; the unknown get a symbol of their own.

    >>> symbol_for("application", "Database"), symbol_for("ghost", "Application")
    ('Database', 'ghost')
    >>> symbol_for("gateway", "NAT gateway"), symbol_for("application", "Quantum")
    ('nat-gateway', 'unknown')
    """
    gateway = _GATEWAYS.get(family.casefold().replace(" ", ""))
    if gateway and kind in ("gateway", "external", "ghost"):
        return gateway
    if kind in _KIND_NAMES and kind != "ghost":
        return kind
    known = families.family_name(family) if family else ""
    known = known if known in SYMBOLS and known not in _KIND_NAMES else ""
    if kind == "ghost":
        return known if known and known != APPLICATION else "ghost"
    if known:
        return known
    return gateway or "unknown"


adopt(CORE)
