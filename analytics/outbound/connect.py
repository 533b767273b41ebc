"""The neighbours we tell: the Front takes drawings, the Data App status, the websocket server a word for the browser.

Each has a stand-in for the deployment that does without it. What is tried, for
how long and how often is decided here and in :mod:`analytics.transport`;
fences, order and keeping what could not be written belong to the run store.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..pipeline.context import Front, GraphStatus, Notifier
from ..settings import Settings
from .data_app import DataAppStatus, NoStatus
from .front import HttpFront, KeptFront
from .websocket import CentrifugoNotifier, NoNotifier


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everybody this service tells something."""

    front: Front
    status: GraphStatus
    notifier: Notifier


def connect(settings: Settings) -> Neighbours:
    """The neighbours that are configured, and stand-ins for the others. Nothing is connected yet.

    A Data App has graph documents; an inventory of another kind has none.
    Raises :class:`~analytics.errors.SettingsError` for an address that cannot be called.
    """
    return Neighbours(
        front=HttpFront(settings.front_uri, settings.secret, settings.noauth) if settings.front_uri else KeptFront(),
        status=DataAppStatus(settings.data_uri, settings.secret, settings.noauth) if settings.data_app else NoStatus(),
        notifier=CentrifugoNotifier(settings.websocket_uri, settings.websocket_secret)
        if settings.websocket_uri
        else NoNotifier(),
    )
