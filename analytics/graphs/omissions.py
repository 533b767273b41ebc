"""What is left out of a graph, told by name: an omission that lists what it counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..documents.entities import Application, Server, Volume
from ..model.graph import Omission
from ..model.kinds import OmissionKind

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
