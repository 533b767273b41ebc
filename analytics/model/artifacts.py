"""The artifacts that stages hand to each other, beside the graph and the grid.

All records are frozen and made of text, numbers, booleans, tuples of those and
other records, so that :mod:`analytics.pipeline.codec` can store each by its annotations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..documents.entities import Application, Datacenter, Ref, Server, Volume
from ..documents.networks import NetworkItem
from .graph import Attribute, Badge, Finding, Graph, Link, Measure, Omission, Quantity, Tally, Total, tally
from .grid import Grid
from .kinds import Detail, Direction, Effort, Entry, LegendPlace, Level, Projection, Theme

# --- from the request to the entries ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class GraphKey:
    """Which graph, and whose: all that a neighbour needs to know to be told something about it."""

    graph_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What the caller asked for; the first artifact of every run.

    ``entry`` is the field that counts, ``refs`` are the things it named.
    ``detail`` says how far equal things fold, ``effort`` what the layout may spend.
    ``projection`` is how the ground is looked at, nothing for the graph type's own;
    ``theme``, ``legend`` and ``title`` are the picture's, the last one empty where the graph has no name of its own.
    ``direction`` says which way calls are followed, ``hops`` how many of them, 0 as many as there are.
    ``inside`` is the part of the overview that is opened, by its id, its name or a member's; empty for none.
    ``numbers``: what was measured of calls is written on their lines.
    ``stale_days``: what was not seen for so many days before the newest is marked; 0 marks nothing.
    """

    graph_id: str
    owner_id: str
    graph_type: str
    entry: Entry = "all"
    refs: tuple[Ref, ...] = ()
    detail: Detail = "standard"
    effort: Effort = "standard"
    projection: Projection | None = None
    theme: Theme = "light"
    legend: LegendPlace = "auto"
    title: str = ""
    direction: Direction = "down"
    hops: int = 0
    numbers: bool = False
    stale_days: int = 0
    inside: str = ""

    @property
    def key(self) -> GraphKey:
        """Which graph, and whose."""
        return GraphKey(self.graph_id, self.owner_id)


@dataclass(frozen=True, slots=True)
class Entries:
    """Where the graph starts. ``scope`` says it in words for the drawing's frame.

    ``members`` are all applications the graph is about, those it starts from among them.
    ``remarks`` say what in the inventory could not be read as meant.
    """

    applications: tuple[str, ...] = ()
    systems: tuple[Ref, ...] = ()
    servers: tuple[str, ...] = ()
    datacenters: tuple[str, ...] = ()
    scope: str = ""
    members: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an older version said of things of other owners. Nobody says it any more: they are ghosts."""

    application: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything the request is about and what was reached from it, sorted by id, and what could not be shown.

    A call of a system stands in ``applications`` as calls of its entries;
    ``systems`` are those called that have none. ``beyond`` are the owner's
    applications that are called and were not followed to, ``callers`` those
    outside that call in. ``missing`` are entries that nobody holds. ``hidden`` is empty, as
    the two of :class:`Estate` are: stored records keep their places.
    """

    applications: tuple[Application, ...]
    hidden: tuple[Hidden, ...] = ()
    omissions: tuple[Omission, ...] = ()
    beyond: tuple[str, ...] = ()
    callers: tuple[Ref, ...] = ()
    missing: tuple[Ref, ...] = ()
    systems: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Estate:
    """The servers a graph is about, the applications on them or managed beside them, and the datacenters; by id.

    ``beyond`` are the owner's servers outside this part that its applications
    run on or balance to, ``others`` the owner's applications outside it that its
    things refer to: both are known and not drawn. ``missing`` are entries that nobody holds.
    """

    servers: tuple[Server, ...]
    applications: tuple[Application, ...]
    datacenters: tuple[Datacenter, ...]
    beyond: tuple[Server, ...] = ()
    others: tuple[Ref, ...] = ()
    hidden_applications: tuple[str, ...] = ()
    hidden_servers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Storage:
    """The owner's volumes, sorted by id."""

    volumes: tuple[Volume, ...]


@dataclass(frozen=True, slots=True)
class Networks:
    """The owner's network documents, sorted by id."""

    items: tuple[NetworkItem, ...]


# --- the graph -------------------------------------------------------------------------


# --- the grid --------------------------------------------------------------------------


# --- what enriches and reports it ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hosting:
    """What one application runs on: its servers, the providers of their datacenters, the largest size class."""

    application: str
    servers: int
    providers: tuple[str, ...] = ()
    datacenters: tuple[str, ...] = ()
    size: str = ""


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers behind the graph's applications; ``total`` counts each server once."""

    hosting: tuple[Hosting, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Count:
    """A name and how often."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts shown beside the graph; ``density`` is text with two decimals, as its readers expect.

    ``newest`` and ``oldest`` are when things were last seen, ``stale`` is how many were not seen for long.
    """

    histogram: tuple[Count, ...]
    density: str
    connections: int
    families: tuple[Count, ...]
    applications: int
    systems: tuple[Ref, ...]
    totals: tuple[Total, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    newest: str = ""
    oldest: str = ""
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """A client of the systems with these names, and its contacts by channel."""

    client: Ref
    systems: tuple[str, ...] = ()
    contacts: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of the systems in the graph; ``served`` says of each by which systems."""

    items: tuple[Ref, ...]
    served: tuple[Served, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeAddition:
    """What a stage adds to one node of the graph, beside what it has; ``node`` is its id."""

    node: str
    measures: tuple[Measure, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    badges: tuple[Badge, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Additions:
    """What one inserted stage adds to the graph before it is drawn; it replaces nothing.

    ``quantities`` declares the numbers that its nodes carry. Nodes that are not
    in the graph are passed over; what is added to a member of a fold is added
    up on the fold, its numbers only.
    """

    quantities: tuple[Quantity, ...] = ()
    nodes: tuple[NodeAddition, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The finished picture and the graph that is in it: every format, count and answer is made of ``grid``."""

    svg: str
    grid: Grid

    @property
    def graph(self) -> Graph:
        """What is drawn."""
        return self.grid.graph

    @property
    def nodes(self) -> int:
        """How many nodes it shows."""
        return len(self.grid.graph.nodes)

    @property
    def tally(self) -> Tally:
        """Its completeness in numbers."""
        return tally(self.grid.graph)

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """What it does not show as itself."""
        return self.grid.graph.omissions


@dataclass(frozen=True, slots=True)
class Delivered:
    """The drawing reached the Front (``front``) or stays with the service itself (``kept``)."""

    where: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run ended; the last artifact of every run.

    ``message`` is a sentence for a person; ``failed`` the optional stages that did not succeed.
    """

    level: Level
    message: str
    failed: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Notified:
    """The graph document holds this status now."""

    status: str


@dataclass(frozen=True, slots=True)
class Published:
    """The browser was told, or why not."""

    note: str
