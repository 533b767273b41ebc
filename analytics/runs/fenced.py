"""The outside world behind the fence: an execution that lost its stage writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import CodecError, NotFound, Superseded
from ..model.artifacts import GraphKey
from ..pipeline.context import Guard, Notifier
from ..pipeline.progress import Run
from . import outbox
from .changes import Claim
from .outbox import OutboxStatus
from .store import RunStore


@dataclass(frozen=True, slots=True)
class StoreGuard:
    """The fence, asked of the run store."""

    store: RunStore
    claim: Claim

    def check(self) -> None:
        """Raise :class:`~analytics.errors.Superseded` when this execution lost its stage."""
        self.store.check(self.claim)


@dataclass(frozen=True, slots=True)
class FencedStatus:
    """A graph's status that checks the fence before it is written."""

    status: OutboxStatus
    guard: Guard
    store: RunStore

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Write, if this execution still may; a write that came too late is followed by the newest run's."""
        self.guard.check()
        self.status.write(graph, fields)
        try:
            self.guard.check()
        except Superseded:
            newest = self._newest(graph)
            if newest is not None and newest.run_id != self.status.run_id and newest.outcome is not None:
                said = {"status": newest.outcome.level, "msg": newest.outcome.message}
                outbox.enqueue(self.store.redis, graph, said)
            raise

    def _newest(self, graph: GraphKey) -> Run | None:
        """The run that has taken over; nothing where it is not kept or cannot be read."""
        try:
            return self.store.newest(graph.graph_id)
        except (CodecError, NotFound):
            return None


@dataclass(frozen=True, slots=True)
class FencedNotifier:
    """A notifier that checks the fence before it tells anybody."""

    notifier: Notifier
    guard: Guard

    def notify(self, graph: GraphKey, title: str, level: str) -> str:
        """Notify, if this execution still may."""
        self.guard.check()
        return self.notifier.notify(graph, title, level)
