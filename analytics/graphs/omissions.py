"""What is left out of a graph, told by name: an omission that lists what it counts; and a graph of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..documents.entities import Application, Server, Volume
from ..errors import EmptyGraph
from ..model.graph import Graph, Omission
from ..model.kinds import OmissionKind
from ..text import many, named

Thing = TypeVar("Thing", Application, Server, Volume)


def omission_of(
    kind: OmissionKind, what: str, things: Iterable[Thing], node: Callable[[Thing], str], reason: str
) -> Omission:
    """The omission of ``things``, in the order of their names; ``node`` gives the id a thing's node would have.

    >>> apps = [Application("2", "Web"), Application("1", "Api")]
    >>> left = omission_of("omitted", "applications", apps, lambda app: app.id, "no place")
    >>> left.count, left.ids, left.names
    (2, ('1', '2'), ('Api', 'Web'))
    """
    listed = sorted((thing.name, node(thing)) for thing in things)
    return Omission(kind, what, len(listed), reason, tuple(key for _, key in listed), tuple(name for name, _ in listed))


def something(graph: Graph) -> Graph:
    """``graph``, unless nothing of it is drawn. Raises :class:`EmptyGraph` with the reasons: no success over nothing.

    >>> something(Graph("infra", "", omissions=(Omission("omitted", "applications", 1, "no place", ("a",), ("A",)),)))
    Traceback (most recent call last):
    analytics.errors.EmptyGraph: Nothing to draw: 1 application, no place: A
    """
    if graph.nodes or graph.containers:
        return graph
    reasons = [
        f"{many(left.count, left.what.removesuffix('s'))}, {left.reason}"
        + (f": {named(left.names)}" if left.names else "")
        for left in graph.omissions
        if left.kind in ("omitted", "hidden")
    ]
    raise EmptyGraph(f"Nothing to draw: {'; '.join(reasons) or 'nothing was found'}")
