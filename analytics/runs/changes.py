"""What is done to a run in one transaction, as records: a claim to a stage, and a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.client import Pipeline

from ..pipeline.progress import Run
from .queries import Lease

#: Lease name of a run that was admitted and not yet started.
STARTING = "*"


@dataclass(frozen=True, slots=True)
class Claim:
    """One execution's hold on a stage: the run as it was then, the stage, and the name it holds it by."""

    run: Run
    name: str
    token: str


Enqueue = Callable[[Pipeline, str, str, int, bool], None]
"""Put the job of (run, stage, attempt) on the queue, inside the given transaction; where true, before the others."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction writes: the run after it, stages to queue, artifacts by their field, and a lease to set.

    With ``park`` the run leaves its place and its leases, until a pool can go on with it.
    """

    run: Run
    queue: tuple[str, ...] = ()
    artifacts: tuple[tuple[str, Any], ...] = ()
    renew: tuple[Lease, float] | None = None
    park: bool = False


Decide = Callable[[Run, float], Change | None]


def leases_of(run: Run) -> list[str]:
    """The names of the leases that the run's stages may have."""
    return [Lease(run.run_id, name, state.attempt).member for name, state in run.stages.items()]
