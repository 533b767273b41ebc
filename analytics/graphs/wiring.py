"""Lines that carry no call: cables between machines, and with what a resource was built. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..documents.entities import Application, Server
from ..model.graph import Edge
from ..model.kinds import EdgeKind

Line = tuple[str, str, EdgeKind]
#: Finds the node that a thing is drawn as by its id; empty where it is not drawn.
Finder = Callable[[str], str]


def wires(servers: Iterable[Server], node: Finder) -> Iterator[Line]:
    """Each pair of machines with a cable between them, once, whichever end names it."""
    ends = ((node(server.id), node(other)) for server in servers for other in server.about.cables)
    for one, two in sorted({(min(pair), max(pair)) for pair in ends if all(pair) and pair[0] != pair[1]}):
        yield one, two, "cable"


def builds(things: Iterable[Application | Server], node: Finder, joined: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """From each thing to what it was built with, where no other line joins the two."""
    taken = {frozenset(pair) for pair in joined}
    ends = {(node(thing.id), node(other)) for thing in things for other in thing.about.depends}
    for one, two in sorted(ends):
        if one and two and one != two and frozenset((one, two)) not in taken:
            yield one, two, "built"


def wiring(
    servers: Iterable[Server],
    things: Iterable[Application | Server],
    drawn: Mapping[str, str],
    edges: Iterable[Edge],
    *,
    full: bool,
) -> list[Edge]:
    """The cables of ``servers`` and, in full detail, what ``things`` were built with.

    ``drawn`` gives the node of each thing by its id, ``edges`` are the lines there are already.
    """

    def node(key: str) -> str:
        return drawn.get(key, "")

    lines = [*wires(servers, node)]
    if full:
        pairs = [(edge.source, edge.target) for edge in edges] + [(one, two) for one, two, _ in lines]
        lines += builds(things, node, pairs)
    return [Edge(one, two, kind=kind) for one, two, kind in lines]
