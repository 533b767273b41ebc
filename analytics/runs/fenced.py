"""The outside world behind the fence: an execution that lost its stage writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Superseded
from ..model.artifacts import GraphRequest
from ..pipeline.context import Guard
from . import outbox
from .outbox import PatientBoard
from .store import Claim, RunStore


@dataclass(frozen=True, slots=True)
class StoreGuard:
    """The fence, asked of the run store."""

    store: RunStore
    claim: Claim

    def check(self) -> None:
        """Raise :class:`~analytics.errors.Superseded` when this execution lost its stage."""
        self.store.check(self.claim)


@dataclass(frozen=True, slots=True)
class GuardedBoard:
    """A board that checks the fence before it writes."""

    board: PatientBoard
    guard: Guard
    store: RunStore

    def write(self, request: GraphRequest, fields: Mapping[str, object]) -> None:
        """Write, if this execution still may; a write that came too late is followed by the newest run's."""
        self.guard.check()
        self.board.write(request, fields)
        try:
            self.guard.check()
        except Superseded:
            newest = self.store.newest(request.graph_id)
            if newest.run_id != self.board.run_id and newest.outcome is not None:
                said = {"status": newest.outcome.level, "msg": newest.outcome.message}
                outbox.promise(self.store.redis, request, said)
            raise


@dataclass(frozen=True, slots=True)
class GuardedBell:
    """A bell that checks the fence before it rings."""

    bell: Any
    guard: Guard

    def ring(self, request: GraphRequest, title: str, level: str) -> str:
        """Ring, if this execution still may."""
        self.guard.check()
        return str(self.bell.ring(request, title, level))
