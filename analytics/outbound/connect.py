"""The neighbours we tell: the Front takes drawings, the Data App status, the websocket server a word for the browser.

Each has a stand-in for the deployment that does without it. What is tried, for
how long and how often is decided here and in :mod:`analytics.transport`;
fences, order and keeping what could not be written belong to the run store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ForeignGraph
from ..model.artifacts import GraphKey
from ..pipeline.context import Front, GraphStatus, Notifier
from ..settings import Settings
from .data_app import DataAppStatus
from .front import HttpFront
from .nobody import KeptFront, NoNotifier, NoStatus
from .websocket import CentrifugoNotifier


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everybody this service tells something.

    ``require_owned`` raises :class:`~analytics.errors.ForeignGraph` unless somebody says that a graph is its owner's.
    """

    front: Front
    status: GraphStatus
    notifier: Notifier
    require_owned: Callable[[GraphKey], None]


def connect(settings: Settings) -> Neighbours:
    """The neighbours that are configured, and stand-ins for the others. Nothing is connected yet.

    A Data App has graph documents; an inventory of another kind has none.
    Raises :class:`~analytics.errors.SettingsError` for an address that cannot be called.
    """
    notifier: Notifier = NoNotifier()
    if settings.websocket_uri:
        notifier = CentrifugoNotifier(settings.websocket_uri, settings.websocket_secret)
    front: Front = KeptFront()
    if settings.front_uri:
        front = HttpFront(settings.front_uri, settings.secret, settings.noauth)
    if not settings.data_app:
        return Neighbours(front, NoStatus(), notifier, unasked)
    status = DataAppStatus(settings.data_uri, settings.secret, settings.noauth)
    if settings.front_uri:
        front = OwnedFront(front, status.require_owned)
    return Neighbours(front, status, notifier, status.require_owned)


def unasked(_graph: GraphKey) -> None:
    """There is nobody to ask whose graph it is."""
    raise ForeignGraph("No Data App tells whose graph it is.")


@dataclass(frozen=True, slots=True)
class OwnedFront:
    """A Front that is sent a drawing only where the graph document is its owner's: it takes whatever comes."""

    front: Front
    require_owned: Callable[[GraphKey], None]

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Send, once ownership is seen. Raises :class:`~analytics.errors.DeliveryError`."""
        self.require_owned(graph)
        return self.front.send(graph, svg, nodes)
