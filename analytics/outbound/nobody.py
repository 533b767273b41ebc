"""In the place of neighbours that there are none of; they speak no HTTP and load nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.artifacts import GraphKey


@dataclass(frozen=True, slots=True)
class NoStatus:
    """No Data App: the run's own state is all there is to know about a graph."""

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Nothing to write to."""


@dataclass(frozen=True, slots=True)
class KeptFront:
    """No Front: the drawing stays with the run store, and the viewer shows it."""

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Answer ``kept``."""
        return "kept"


@dataclass(frozen=True, slots=True)
class NoNotifier:
    """No websocket server: pages ask for themselves."""

    def notify(self, graph: GraphKey, title: str, level: str) -> str:
        """Answer that nothing is sent."""
        return "no websocket server is configured"
