"""What is done to a run in one transaction, as records: how it was seen, a claim to a stage, and a change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from redis.client import Pipeline

from ..pipeline.progress import Run
from .queries import Lease
from .reuse import Made

#: Lease name of a run that was admitted and not yet started.
STARTING = "*"


@dataclass(frozen=True, slots=True)
class Seen:
    """The fields of a run's hash, the clock of Redis when they stood so, and this process's own clock then."""

    fields: Mapping[bytes, bytes]
    at: float
    own: float

    @property
    def now(self) -> float:
        """The clock of Redis, by how long ago it was read."""
        return self.at + time.monotonic() - self.own

    @property
    def digest(self) -> str:
        """What another run's hash, or the same one changed, has not. Redis keeps the order of fields nearly always."""
        words = (word for field in self.fields.items() for word in field)
        return sha1(b"\0".join(words), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """One execution's hold on a stage: the run as it was then, the stage, and the name it holds it by.

    ``seen`` is how the run stood after the claim, ``held`` what stood under the fields of what the stage is handed.
    """

    run: Run
    name: str
    token: str
    seen: Seen | None = None
    held: Mapping[str, bytes | None] = field(default_factory=dict)


Enqueue = Callable[[Pipeline, str, str, int, bool, float], None]
"""Put the job of (run, stage, attempt) on the queue, inside the given transaction; where true, before the others.

The last is the time, by the clock of Redis.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction writes: the run after it, stages to queue, artifacts by their field, and a lease to set.

    With ``park`` the run leaves its place and its leases, until a pool can go on with it. ``noted`` is what is written
    of the job that ends with it (:data:`~.queue.ENDED`), ``made`` what the artifact was made from.
    """

    run: Run
    queue: tuple[str, ...] = ()
    artifacts: tuple[tuple[str, Any], ...] = ()
    renew: tuple[Lease, float] | None = None
    park: bool = False
    noted: tuple[str, ...] = ()
    made: Made | None = None


Decide = Callable[[Run, float], Change | None]


def leases_of(run: Run) -> list[str]:
    """The names of the leases that the run's stages may have."""
    return [Lease(run.run_id, name, state.attempt).member for name, state in run.stages.items()]
