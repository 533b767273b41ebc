"""All a stage may do to the world, as protocols.

A stage that needs the world takes a :class:`Context` as its last parameter;
whatever it can reach stands here. The real things are built in one place
(:mod:`analytics.service`); tests hand in small classes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..documents.ports import Inventory
from ..errors import DeliveryError
from ..model.artifacts import GraphKey


class Front(Protocol):
    """Where drawings go."""

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Hand over a drawing; answer ``front`` or ``kept``. Raises :class:`~analytics.errors.DeliveryError`."""


class GraphStatus(Protocol):
    """The graph documents of the Data App."""

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Set fields of the graph document; kept and retried when it cannot be written now."""


@runtime_checkable
class ManyStatuses(Protocol):
    """Graph documents of which many can be written at once; a :class:`GraphStatus` need not be one."""

    def write_all(self, changes: Sequence[tuple[GraphKey, Mapping[str, object]]]) -> list[DeliveryError | None]:
        """Set fields of each graph document; what failed of each, in their order. Raises nothing of that kind."""


class Notifier(Protocol):
    """The websocket server."""

    def notify(self, graph: GraphKey, title: str, level: str) -> str:
        """Tell the owner's browsers; answer what came of it. Never raises for a server that is down."""


@runtime_checkable
class Guard(Protocol):
    """Whether this attempt may still write outside."""

    def check(self) -> None:
        """Raise :class:`~analytics.errors.Superseded` when a newer request or attempt has taken over."""


@dataclass(frozen=True, slots=True)
class NoGuard:
    """A run that nobody can take over: it is the only one there is."""

    def check(self) -> None:
        """It holds."""


@dataclass(frozen=True, slots=True)
class Context:
    """The outside world as one run sees it. Stages without one are pure."""

    run_id: str
    inventory: Inventory
    front: Front
    status: GraphStatus
    notifier: Notifier
    guard: Guard
