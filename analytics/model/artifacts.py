"""The artifacts that stages hand to each other, beside the graph and the grid.

All records are frozen and made of text, numbers, booleans, tuples of those and
other records, so that :mod:`analytics.pipeline.codec` can store each by its annotations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..documents.entities import Application, Datacenter, Ref, Server, Volume
from ..documents.networks import NetworkItem
from .graph import Omission, Tally

# --- from the request to the entries ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class GraphKey:
    """Which graph, and whose: all that a neighbour needs to know to be told something about it."""

    graph_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What the caller asked for; the first artifact of every run.

    ``entry`` is the field that counts: ``clients``, ``systems``, ``apps``,
    ``datacenters``, ``servers`` or ``all``. ``refs`` are the things it named.
    ``detail`` is ``overview``, ``standard`` or ``full``; ``effort`` what the layout
    may spend: ``fast``, ``standard`` or ``best``.
    """

    graph_id: str
    owner_id: str
    graph_type: str
    entry: str = "all"
    refs: tuple[Ref, ...] = ()
    detail: str = "standard"
    effort: str = "standard"

    @property
    def key(self) -> GraphKey:
        """Which graph, and whose."""
        return GraphKey(self.graph_id, self.owner_id)


@dataclass(frozen=True, slots=True)
class Entries:
    """Where the graph starts. ``scope`` says it in words for the drawing's frame."""

    applications: tuple[str, ...] = ()
    systems: tuple[Ref, ...] = ()
    servers: tuple[str, ...] = ()
    datacenters: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The ids ``application`` refers to that this owner may not see; they are counted, never shown."""

    application: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything reached from the entries, sorted by id, and what could not be shown."""

    applications: tuple[Application, ...]
    hidden: tuple[Hidden, ...] = ()
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Estate:
    """The servers a graph is about, the applications on them or managed beside them, and the datacenters; by id.

    ``beyond`` are the owner's servers outside this part that its applications
    run on or balance to, ``others`` the owner's applications outside it that its
    things refer to: both are known and not drawn. The ids that are hidden belong
    to somebody else. ``missing`` are entries that nobody holds.
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
    """Counts shown beside the graph; ``density`` is text with two decimals, as its readers expect."""

    histogram: tuple[Count, ...]
    density: str
    connections: int
    families: tuple[Count, ...]
    applications: int
    systems: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of the systems in the graph."""

    items: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The finished picture: an SVG document, the number of nodes it shows, and its completeness."""

    svg: str
    nodes: int
    tally: Tally
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivered:
    """The drawing reached the Front (``front``) or stays with the service itself (``kept``)."""

    where: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run ended; the last artifact of every run.

    ``level`` is ``finished``, ``warning`` or ``error``; ``message`` a sentence for
    a person; ``failed`` the optional stages that did not succeed.
    """

    level: str
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
