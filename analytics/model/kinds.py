"""The words for kinds, tones, levels and the like: a misspelt one does not pass the type checker.

A graph type of one's own draws things of the kinds that stand here; what a
thing is called is its family, its name and its attributes, which are free text.
"""

from __future__ import annotations

from typing import Literal, get_args

#: What a node is. A ``group`` stands for several; ``ghost`` is what is referred to and not in the inventory;
#: ``outside`` stands for what the inventory holds beside the part that is shown.
NodeKind = Literal[
    "application",
    "server",
    "server-group",
    "group",
    "volume",
    "gateway",
    "external",
    "internet",
    "ghost",
    "hidden",
    "outside",
]
#: What a box is.
ContainerKind = Literal[
    "provider",
    "datacenter",
    "region",
    "zone",
    "cluster",
    "network",
    "ghost-network",
    "subnet",
    "system",
    "namespace",
    "outside",
    "unplaced",
    "unattached",
    "part",
]
#: What a line says: depends on, balances to, may enter, routes to …; ``built`` is with what a resource was built.
EdgeKind = Literal["dep", "lb", "ingress", "route", "peering", "vpn", "endpoint", "volume", "cable", "built"]
#: How a fact is known: it stands in the inventory, follows from something that does, or from several steps.
Provenance = Literal["stated", "inferred", "indirect"]
#: The border a line crosses.
Crossing = Literal["", "zone", "datacenter", "provider"]
#: How much a mark or a finding matters.
Tone = Literal["info", "good", "warn", "bad"]
#: How a thing stands to the Internet: docs/exposure.md.
ExposureState = Literal["exposed", "limited", "unknown", "ping only", "no way in", "private"]
#: What became of things that are not drawn as themselves; the last two are said beside the sum.
OmissionKind = Literal["folded", "counted", "omitted", "hidden", "empty", "unresolved"]
#: How far equal things fold.
Detail = Literal["overview", "standard", "full"]
#: How long the layout may think.
Effort = Literal["fast", "standard", "best"]
#: Which way calls are followed from what a request names: to what it depends on, to who depends on it, or both;
#: between two of them, only ways from one to the other.
Direction = Literal["down", "up", "both", "between"]
#: How the ground is looked at.
Projection = Literal["flat", "isometric"]
#: Colours of a picture: light, dark, as the reader's screen is, grey for print.
Theme = Literal["light", "dark", "auto", "print"]
#: Where the legend stands.
LegendPlace = Literal["auto", "side", "below", "none"]
#: The field of a request a graph starts from; ``all`` is the owner's whole inventory.
Entry = Literal["clients", "systems", "apps", "datacenters", "servers", "all"]
DETAILS: tuple[Detail, ...] = get_args(Detail)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
PROJECTIONS: tuple[Projection, ...] = get_args(Projection)
THEMES: tuple[Theme, ...] = get_args(Theme)
LEGENDS: tuple[LegendPlace, ...] = get_args(LegendPlace)
#: What a graph may start from; the first field of a request that is not empty counts, in this order.
ENTRIES: tuple[Entry, ...] = ("clients", "systems", "apps", "datacenters", "servers")
#: How far a run is, and how far one of its stages.
RunPhase = Literal["waiting", "working", "closing", "ended", "superseded"]
StageStatus = Literal["pending", "queued", "running", "paused", "done", "failed", "skipped"]
#: How a run ended, in the words of the graph document.
Level = Literal["finished", "warning", "error"]
