"""The graph that every type builds: nodes, containers and edges, with what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..catalog.families import APPLICATION
from .kinds import ContainerKind, Crossing, EdgeKind, NodeKind, OmissionKind, Provenance, Tone


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row of a tooltip: ``name`` is the label, ``value`` the text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A small mark on a node: ``glyph`` a character or two, ``text`` what it says.

    ``meaning`` is what the glyph says wherever it stands, for the legend; empty
    where that is the text itself. On a fold ``borne`` of its ``among`` members
    bear the mark; both are 0 where that is no question.
    """

    glyph: str
    text: str
    tone: Tone = "info"
    meaning: str = ""
    borne: int = 0
    among: int = 0

    @property
    def words(self) -> str:
        """What the mark says, and how many of a fold's members bear it where not all do."""
        return f"{self.text} ({self.borne} of {self.among})" if self.borne < self.among else self.text


@dataclass(frozen=True, slots=True)
class Link:
    """A page about a thing, ``http`` or ``https``; what is neither is shown as text."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that things have, and where a reader meets it.

    ``key`` names it, ``title`` is what people call it, ``unit`` follows the
    number (``€``, ``req/s``). ``row``: it stands among a thing's details.
    ``label``: on its tile too. ``sums``: added up on the boxes around
    (``container``) or for each system of the applications (``system``).
    ``scale``: things are coloured by it, light to dark.
    """

    key: str
    title: str
    unit: str = ""
    row: bool = True
    label: bool = False
    sums: tuple[Literal["container", "system"], ...] = ()
    scale: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """The value of one :class:`Quantity` on a thing; ``quantity`` is its key."""

    quantity: str
    value: float


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of one :class:`Quantity` (its key) over ``things`` things of a system, or of the whole graph: no system."""

    quantity: str
    system: str
    value: float
    things: int


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the picture.

    ``count`` is how many things of the inventory the node stands for (a fold
    stands for several); ``quantity`` how many servers, or replicas, it shows
    (0: not a matter of either). ``size`` is a size class (``nano`` … ``8xlarge``) or empty.
    ``provider`` is a provider's name, several joined by `` + ``, ``premise``, ``unknown`` or empty.
    ``source`` is the collection and id it came from. Nodes of one parent that say
    the same word in ``alike`` are equal to a reader and may be folded; a fold
    lists those it stands for in ``members``. ``systems`` and ``datacenters`` are
    the names of those it belongs to and runs in. ``notes`` are short facts that
    stand beside its name.
    """

    id: str
    name: str
    kind: NodeKind = "application"
    family: str = APPLICATION
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
    systems: tuple[str, ...] = ()
    datacenters: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    measures: tuple[Measure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """A box around nodes and other boxes; ``rollups`` are the figures of its header."""

    id: str
    name: str
    kind: ContainerKind
    parent: str = ""
    provider: str = ""
    attributes: tuple[Attribute, ...] = ()
    rollups: tuple[Attribute, ...] = ()
    badges: tuple[Badge, ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One line from ``source`` to ``target`` (ids of nodes or containers).

    ``label`` says how (``rest``, ``tcp 443``), ``count`` how many relations the
    line stands for, ``provenance`` how it is known, ``crossing`` which border it
    crosses, ``back`` whether it closes a cycle (set by the layout). ``measures``
    are what somebody measured of it (:data:`~analytics.model.details.TRAFFIC`),
    ``attributes`` what else is said of it.
    """

    source: str
    target: str
    kind: EdgeKind = "dep"
    label: str = ""
    provenance: Provenance = "stated"
    count: int = 1
    crossing: Crossing = ""
    back: bool = False
    measures: tuple[Measure, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """What is not drawn as itself, how many, and why.

    ``kind`` is ``folded`` (into nodes that count them), ``counted`` (they are
    figures and names on other nodes: the applications on a server), ``omitted``
    or ``hidden`` (somebody else's). ``empty`` (boxes with nothing in them) and
    ``unresolved`` (relations without a line) are said beside the sum: what they
    count was not among the things found. ``ids`` and ``names`` are those of the
    things, in one order, where nothing else in the graph says them: a fold lists
    its members itself, and somebody else's things have no names here.
    """

    kind: OmissionKind
    what: str
    count: int
    reason: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should know: ``nodes`` are the ids it is about."""

    code: str
    text: str
    tone: Tone = "warn"
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, containers and edges, with what was left out and why.

    ``found`` is the number of things of the inventory this graph is about, each
    document once, whatever the detail: found = drawn + folded + omitted (see
    :func:`tally`). Containers and edges are not things, they are where and how.
    ``as_of`` is when the thing seen last was seen, ``oldest`` when the one was
    that nobody has seen for longest.
    ``summary`` are sentences that the frame says of the whole.
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
    quantities: tuple[Quantity, ...] = ()
    totals: tuple[Total, ...] = ()
    oldest: str = ""
    summary: tuple[str, ...] = ()


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
UNCOUNTED: frozenset[NodeKind] = frozenset({"ghost", "external", "hidden", "internet", "outside"})


def tally(graph: Graph) -> Tally:
    """Count what ``graph`` shows against what was found.

    >>> tally(Graph("business", "", nodes=(Node("a", "A"), Node("b", "4 of B", count=4)), found=5))
    Tally(found=5, drawn=1, folded=4, omitted=0, hidden=0, ghosts=0)
    """
    counted = [node for node in graph.nodes if node.kind not in UNCOUNTED]

    def left_out(kind: OmissionKind) -> int:
        return sum(omission.count for omission in graph.omissions if omission.kind == kind)

    return Tally(
        found=graph.found,
        drawn=sum(1 for node in counted if node.count == 1),
        folded=sum(node.count for node in counted if node.count != 1) + left_out("counted"),
        omitted=left_out("omitted"),
        hidden=left_out("hidden"),
        ghosts=sum(node.count for node in graph.nodes if node.kind == "ghost"),
    )
