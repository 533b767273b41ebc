"""The artifacts that stages hand to each other, and the graph model every type fills.

All records are frozen and made of text, numbers, booleans, tuples of those and
other records, so that :mod:`analytics.codec` can store each by its annotations.

A graph type fills a :class:`Graph` (nodes, containers, edges, omissions);
layout turns it into a :class:`Grid`; drawing, exports and statistics know
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .addresses import NetworkItem
from .entities import Application, Datacenter, Ref, Server, Volume

Point = tuple[float, float]
"""A place on the ground, in units of one tile: ``x`` along columns (dependency depth), ``y`` along lines."""


# --- from the request to the entries ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What the caller asked for; the first artifact of every run.

    ``entry`` is the field that counts: ``clients``, ``systems``, ``apps``,
    ``datacenters``, ``servers`` or ``all``. ``refs`` are the things it named.
    ``detail`` is ``overview``, ``standard`` or ``full``; ``effort`` what the layout
    may spend: ``fast``, ``standard`` or ``best``. ``projection`` is ``flat`` or
    ``isometric``, empty for the graph type's own.
    """

    graph_id: str
    owner_id: str
    graph_type: str
    entry: str = "all"
    refs: tuple[Ref, ...] = ()
    detail: str = "standard"
    effort: str = "standard"
    projection: str = ""


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


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row of a tooltip: ``name`` is the label, ``value`` the text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A small mark on a node: ``glyph`` a character or two, ``text`` what it says, ``tone`` info, good, warn, bad.

    ``meaning`` is what the glyph says wherever it stands, for the legend; empty
    where that is the text itself.
    """

    glyph: str
    text: str
    tone: str = "info"
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the picture.

    ``count`` is how many things of the inventory the node stands for (a fold
    stands for several); ``quantity`` how many servers it shows (0: not a matter
    of servers). ``size`` is a size class (``nano`` … ``8xlarge``) or empty.
    ``provider`` is a provider's name, several joined by `` + ``, ``premise`` or empty.
    ``source`` is the collection and id it came from. Nodes of one parent that say
    the same word in ``alike`` are equal to a reader and may be folded; a fold
    lists those it stands for in ``members``.
    """

    id: str
    name: str
    kind: str = "application"
    family: str = "Application"
    provider: str = ""
    parent: str = ""
    count: int = 1
    quantity: int = 0
    size: str = ""
    attributes: tuple[Attribute, ...] = ()
    badges: tuple[Badge, ...] = ()
    root: bool = False
    source: str = ""
    as_of: str = ""
    alike: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """A box around nodes and other boxes; ``rollups`` are the figures of its header."""

    id: str
    name: str
    kind: str
    parent: str = ""
    provider: str = ""
    attributes: tuple[Attribute, ...] = ()
    rollups: tuple[Attribute, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One line from ``source`` to ``target`` (ids of nodes or containers).

    ``label`` says how (``rest``, ``tcp 443``), ``count`` how many relations the
    line stands for, ``provenance`` is ``stated``, ``inferred`` or ``indirect``,
    ``crossing`` the border it crosses (``zone``, ``datacenter``, ``provider``) or
    empty, ``back`` whether it closes a cycle (set by the layout).
    """

    source: str
    target: str
    kind: str = "dep"
    label: str = ""
    provenance: str = "stated"
    count: int = 1
    crossing: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Omission:
    """What is not drawn as itself, how many, and why.

    ``kind`` is ``folded`` (into nodes that count them), ``counted`` (they are
    figures and names on other nodes: the applications on a server), ``omitted``
    or ``hidden`` (somebody else's). Any other word is said beside the sum:
    what it counts was not among the things found.
    """

    kind: str
    what: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should know: ``tone`` warn or bad, ``nodes`` the ids it is about."""

    code: str
    text: str
    tone: str = "warn"
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, containers and edges, with what was left out and why.

    ``found`` is the number of things of the inventory this graph is about, each
    document once, whatever the detail: found = drawn + folded + omitted (see
    :func:`tally`). Containers and edges are not things, they are where and how.
    """

    type: str
    title: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    containers: tuple[Container, ...] = ()
    omissions: tuple[Omission, ...] = ()
    findings: tuple[Finding, ...] = ()
    scope: str = ""
    as_of: str = ""
    found: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Completeness in numbers: found = drawn + folded + omitted.

    ``folded`` are the members of folds and what is ``counted`` on other nodes.
    Ghosts and hidden things are beside the sum: nobody found them.
    """

    found: int
    drawn: int
    folded: int
    omitted: int
    hidden: int
    ghosts: int

    @property
    def complete(self) -> bool:
        """Whether everything found is accounted for."""
        return self.found == self.drawn + self.folded + self.omitted


#: Node kinds that are marks of the drawing, not things found in the inventory.
UNCOUNTED = frozenset({"ghost", "external", "hidden", "internet"})


def tally(graph: Graph) -> Tally:
    """Count what ``graph`` shows against what was found.

    >>> tally(Graph("business", "", nodes=(Node("a", "A"), Node("b", "4 of B", count=4)), found=5))
    Tally(found=5, drawn=1, folded=4, omitted=0, hidden=0, ghosts=0)
    """
    counted = [node for node in graph.nodes if node.kind not in UNCOUNTED]

    def left_out(kind: str) -> int:
        return sum(omission.count for omission in graph.omissions if omission.kind == kind)

    return Tally(
        found=graph.found,
        drawn=sum(1 for node in counted if node.count == 1),
        folded=sum(node.count for node in counted if node.count != 1) + left_out("counted"),
        omitted=left_out("omitted"),
        hidden=left_out("hidden"),
        ghosts=sum(node.count for node in graph.nodes if node.kind == "ghost"),
    )


# --- the grid --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its rank (``column``), its order in it (``line``), and its tile on the ground."""

    node: str
    column: int
    line: int
    x: float
    y: float
    width: float = 1.0
    depth: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """The ground a container covers; ``header`` is the strip (in y) kept free for its title, ``level`` its nesting.

    A container that holds nothing but one other shares one box with it: the inner
    one's area is the outer one's, whose id is in ``shares``.
    """

    container: str
    x: float
    y: float
    width: float
    depth: float
    header: float = 0.0
    level: int = 0
    shares: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The way of ``graph.edges[edge]`` over the ground: axis-parallel points, from the source's border to the target's.

    Empty points: an edge from a node to itself, drawn as a mark on the node.
    Routes with the same ``trunk`` run together where they can: all to one target,
    or all from one source. ``words`` is what stands on the line, the same on all
    lines of a trunk where it stands there once.
    """

    edge: int
    points: tuple[Point, ...] = ()
    trunk: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A graph laid out: every node has a place, every container an area, every edge a route.

    Places, areas and routes stand in the order of nodes, containers and edges.
    The ground reaches from (0, 0) to (``width``, ``depth``). ``columns`` and
    ``lines`` count ranks and the longest rank. ``projection`` is how it is to be
    drawn, ``common_word`` what every line says and none of them shows.
    """

    graph: Graph
    places: tuple[Place, ...] = ()
    areas: tuple[Area, ...] = ()
    routes: tuple[Route, ...] = ()
    columns: int = 0
    lines: int = 0
    width: float = 0.0
    depth: float = 0.0
    projection: str = "isometric"
    common_word: str = ""


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
