"""What a network engineer should know of an estate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ...documents.entities import Application, Server
from ...model.artifacts import Networks
from ...model.graph import Finding
from ...text import many, named
from .cidr import as_range
from .draft import Leaf, Picture
from .exposure import FLAGGED, UNKNOWN


def findings(picture: Picture, networks: Networks) -> Iterable[Finding]:
    """What a network engineer should know."""
    leaves, terrain = picture.leaves.values(), picture.terrain

    def ends(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({picture.stands_for[key] for key in keys}))

    told = bool(leaves) and all(isinstance(leaf.thing, Application) and leaf.thing.access.told for leaf in leaves)
    if not networks.items and not told:
        yield Finding("no-networks", "The inventory holds no network documents: exposure is unknown", "warn")
    risky = [leaf for leaf in leaves if leaf.exposure.flagged]
    if risky:
        open_on: dict[int, list[Leaf]] = defaultdict(list)
        for leaf in risky:
            for port in leaf.exposure.flagged:
                open_on[port].append(leaf)
        words = (
            f"{FLAGGED[port]} ({port}) open to the internet on {counted(open_on[port])}" for port in sorted(open_on)
        )
        yield Finding("open-ports", "; ".join(words), "bad", ends(leaf.id for leaf in risky))
    lost = [leaf for leaf in leaves if leaf.lost_subnet]
    if lost:
        names = named(leaf.thing.name for leaf in lost)
        text = f"{many(len(lost), 'server')} in subnets the inventory does not hold: {names}"
        yield Finding("lost-subnet", text, "warn", ends(leaf.id for leaf in lost))
    unknown = [leaf for leaf in leaves if leaf.exposure.state == UNKNOWN]
    if unknown and networks.items:
        names = named(f"{leaf.thing.name} ({leaf.exposure.why})" for leaf in unknown)
        text = f"{many(len(unknown), 'thing')} of unknown exposure: {names}"
        yield Finding("unknown-exposure", text, "warn", ends(leaf.id for leaf in unknown))
    ghosts = sorted(network.name for network in terrain.networks.values() if not network.known)
    if ghosts:
        text = f"{many(len(ghosts), 'network')} referred to and not in the inventory: {named(ghosts)}"
        yield Finding("lost-network", text, "warn")
    missing = sorted({group for leaf in leaves for group in leaf.groups} - terrain.rules.keys())
    if missing and networks.items:
        text = f"{many(len(missing), 'security group')} referred to and not in the inventory: {named(missing)}"
        yield Finding("lost-group", text, "warn")
    texts = {text for rules in terrain.rules.values() for rule in rules for text in rule.ranges}
    if lists := sorted(text for text in texts if text.startswith("pl-") and text not in terrain.filters.prefixes):
        text = f"{many(len(lists), 'prefix list')} named in rules and not in the inventory: {named(lists)}"
        yield Finding("lost-prefix-list", text, "warn")
    if wrong := sorted(text for text in texts if as_range(text) is None and not text.startswith("pl-")):
        text = f"{many(len(wrong), 'range')} in rules that no address range can be: {named(wrong)}"
        yield Finding("bad-range", text, "warn")


def counted(leaves: Sequence[Leaf]) -> str:
    """How many servers or other things."""
    return many(len(leaves), "server" if all(isinstance(leaf.thing, Server) for leaf in leaves) else "thing")
