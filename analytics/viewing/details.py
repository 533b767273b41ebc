"""What the viewer knows of a drawing beside its picture: things, boxes and lines in words, by the ids of the picture.

The picture is looked at; these records are searched, filtered, followed and read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from ..catalog.providers import providers_of
from ..drawing import symbol_of
from ..model.artifacts import Clients
from ..model.details import container_rows, edge_rows, node_rows
from ..model.graph import Attribute, Badge, Container, Edge, Graph, Node, Quantity
from ..model.grid import Grid
from ..text import clean_text, safe_id, safe_word

#: Longest text of a row; longer ones are shortened in the middle.
LIMIT = 2_000
#: Names and ids that are listed of what is not drawn as itself.
MOST_NAMES = 1_000
#: Rows by the words that people use for them.
PEOPLE_SAY = {
    "dc": "datacenter",
    "env": "environment",
    "as-of": "as of",
    "source": "known from",
    "notes": "marks",
    "things": "stands for",
}
#: Attributes that say where a thing stands towards the internet, and in which environment it is.
EXPOSURE, ENVIRONMENTS = "internet exposure", ("env", "environment")
#: How a line is known, as people say it.
KNOWN = {"stated": "stated", "inferred": "inferred", "indirect": "indirect: through something that is not drawn"}

#: Label and value.
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a badge says, and how grave that is."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page about a thing."""

    text: str
    url: Annotated[str, Meta(description="http or https")]


@dataclass(frozen=True, slots=True)
class NodeDetails:
    """A node of the drawing."""

    id: Annotated[str, Meta(description="its id in the drawing")]
    name: str
    kind: str
    family: Annotated[str, Meta(description="as the legend names it")]
    symbol: Annotated[str, Meta(description="the symbol that stands for it, as the id of its definition ends")]
    providers: tuple[str, ...]
    parent: Annotated[str, Meta(description="the box it stands in; empty: none")]
    count: Annotated[int, Meta(description="how many things it stands for")]
    systems: tuple[str, ...]
    environments: tuple[str, ...]
    exposure: Annotated[str, Meta(description="towards the internet; empty: not known or not asked for")]
    rows: Annotated[tuple[Row, ...], Meta(description="label and value")]
    marks: tuple[Mark, ...]
    links: tuple[PageLink, ...]
    members: Annotated[tuple[str, ...], Meta(description="ids of what a fold stands for")]
    source: Annotated[str, Meta(description="collection and id in the inventory")]


@dataclass(frozen=True, slots=True)
class BoxDetails:
    """A box around nodes and other boxes."""

    id: Annotated[str, Meta(description="its id in the drawing")]
    name: str
    kind: str
    parent: Annotated[str, Meta(description="the box it stands in; empty: none")]
    figures: Annotated[tuple[Row, ...], Meta(description="what its header counts")]
    rows: Annotated[tuple[Row, ...], Meta(description="label and value")]
    marks: tuple[Mark, ...]
    shares: Annotated[str, Meta(description="the box whose ground it is drawn on; empty: its own")]


@dataclass(frozen=True, slots=True)
class LineDetails:
    """A line; its place in the list is its number in the drawing."""

    source: str
    target: str
    kind: str
    words: Annotated[str, Meta(description="how the one calls the other; empty: nothing is said")]
    count: Annotated[int, Meta(description="how many relations it stands for")]
    known: Annotated[str, Meta(description="stated, inferred or indirect")]
    crossing: Annotated[str, Meta(description="the border it crosses; empty: none")]
    back: Annotated[bool, Meta(description="whether it closes a cycle")]
    trunk: Annotated[str, Meta(description="lines of one trunk run together; empty: it runs alone")]
    rows: Annotated[tuple[Row, ...], Meta(description="label and value")]


@dataclass(frozen=True, slots=True)
class FindingDetails:
    """A finding and the nodes it is about."""

    code: str
    text: str
    tone: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OmissionDetails:
    """What is not drawn as itself, with names as far as they are known."""

    kind: str
    what: str
    count: int
    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """Somebody whom systems of the graph serve."""

    id: str
    name: str
    systems: Annotated[tuple[str, ...], Meta(description="names of the systems that serve it")]
    contacts: Annotated[tuple[Row, ...], Meta(description="channel and value")]


@dataclass(frozen=True, slots=True)
class GraphDetails:
    """All that is said of what the newest drawing shows."""

    type: str
    title: str
    scope: str
    as_of: Annotated[str, Meta(description="when the thing seen last was seen")]
    oldest: str
    summary: tuple[str, ...]
    nodes: tuple[NodeDetails, ...]
    boxes: tuple[BoxDetails, ...]
    lines: tuple[LineDetails, ...]
    findings: tuple[FindingDetails, ...]
    omissions: tuple[OmissionDetails, ...]
    clients: Annotated[tuple[ClientDetails, ...], Meta(description="as far as they are still kept")]


def details_of(grid: Grid, clients: Clients | None = None) -> GraphDetails:
    """Everything that is said of a graph laid out, in the order of its nodes, containers and edges."""
    graph = grid.graph
    trunks = {route.edge: route.trunk for route in grid.routes}
    shares = {area.container: area.shares for area in grid.areas}
    return GraphDetails(
        type=graph.type,
        title=plain(graph.title),
        scope=plain(graph.scope),
        as_of=plain(graph.as_of),
        oldest=plain(graph.oldest),
        summary=tuple(map(plain, graph.summary)),
        nodes=tuple(_node(node, graph.quantities) for node in graph.nodes),
        boxes=tuple(_box(box, graph.quantities, shares.get(box.id, "")) for box in graph.containers),
        lines=tuple(_line(edge, trunks.get(number, "")) for number, edge in enumerate(graph.edges)),
        findings=_findings(graph),
        omissions=tuple(
            OmissionDetails(one.kind, plain(one.what), one.count, plain(one.reason), _listed(one.names))
            for one in graph.omissions
        ),
        clients=tuple(
            ClientDetails(
                plain(one.client.id),
                plain(one.client.name),
                tuple(map(plain, one.systems)),
                tuple((plain(row.name), plain(row.value)) for row in one.contacts),
            )
            for one in (clients.served if clients is not None else ())
        ),
    )


def plain(text: str) -> str:
    """Text as one line without what would reorder or hide the text around it."""
    return clean_text(text, LIMIT)


def _listed(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(plain, list(names)[:MOST_NAMES]))


def _rows(rows: Iterable[tuple[str, str]], without: frozenset[str] = frozenset()) -> tuple[Row, ...]:
    return tuple((PEOPLE_SAY.get(name, plain(name)), plain(value)) for name, value in rows if name not in without)


def _marks(badges: Iterable[Badge]) -> tuple[Mark, ...]:
    return tuple(Mark(plain(badge.words), badge.tone) for badge in badges if badge.text)


def _said(attributes: Iterable[Attribute], names: tuple[str, ...]) -> str:
    return next((plain(row.value) for row in attributes if row.name.casefold() in names), "")


def _node(node: Node, quantities: tuple[Quantity, ...]) -> NodeDetails:
    apart = frozenset({"name", "notes", *(link.text for link in node.links)})
    environments = _said(node.attributes, ENVIRONMENTS)
    symbol, title = symbol_of(node)
    return NodeDetails(
        id=safe_id(node.id),
        name=plain(node.name),
        kind=node.kind,
        family=title,
        symbol=safe_word(symbol),
        providers=tuple(provider.name for provider in providers_of(node.provider)) if node.provider else (),
        parent=safe_id(node.parent) if node.parent else "",
        count=node.count,
        systems=tuple(map(plain, node.systems)),
        environments=tuple(filter(None, (part.strip() for part in environments.split(",")))),
        exposure=_said(node.attributes, (EXPOSURE,)),
        rows=_rows(node_rows(node, quantities), apart),
        marks=_marks(node.badges),
        links=tuple(PageLink(plain(link.text), plain(link.url)) for link in node.links),
        members=tuple(map(plain, node.members[:MOST_NAMES])),
        source=plain(node.source),
    )


def _box(box: Container, quantities: tuple[Quantity, ...], shares: str) -> BoxDetails:
    return BoxDetails(
        id=safe_id(box.id),
        name=plain(box.name),
        kind=box.kind,
        parent=safe_id(box.parent) if box.parent else "",
        figures=_rows((row.name, row.value) for row in box.rollups if row.value),
        rows=_rows(container_rows(box, quantities), frozenset({"notes"})),
        marks=_marks(box.badges),
        shares=safe_id(shares) if shares else "",
    )


def _line(edge: Edge, trunk: str) -> LineDetails:
    return LineDetails(
        source=safe_id(edge.source),
        target=safe_id(edge.target),
        kind=edge.kind,
        words=plain(edge.label),
        count=edge.count,
        known=KNOWN.get(edge.provenance, edge.provenance),
        crossing=edge.crossing,
        back=edge.back,
        trunk=plain(trunk),
        rows=_rows(edge_rows(edge)),
    )


def _findings(graph: Graph) -> tuple[FindingDetails, ...]:
    return tuple(
        FindingDetails(one.code, plain(one.text), one.tone, tuple(map(safe_id, one.nodes))) for one in graph.findings
    )
