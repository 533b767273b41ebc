"""How the service stands, in numbers read from Redis at once: for monitoring, which asks every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from redis import Redis
from rq import Queue

from .outbox import DUE
from .queries import ENDED


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts: graphs waiting, in work and with a drawing kept; stages with a lease, and those of them overdue.

    ``owed`` are statuses that the Data App has not taken yet, ``queued`` jobs no
    worker has taken, ``workers`` those that RQ knows, ``ended`` graphs by how they
    ended since the service was last idle for a day.
    """

    waiting: int
    active: int
    kept: int
    leases: int
    overdue: int
    owed: int
    queued: int
    workers: int
    ended: Mapping[str, int]


def read(redis: Redis, queue: Queue) -> Figures:
    """All of them in two round trips."""
    with redis.pipeline(transaction=False) as pipe:
        pipe.time()
        for name in ("am:waiting", "am:active", "am:kept", "am:leases", DUE):
            pipe.zcard(name)
        pipe.llen(queue.key)
        pipe.scard("rq:workers")
        pipe.hgetall(ENDED)
        (seconds, micros), waiting, active, kept, leases, owed, queued, workers, ended = pipe.execute()
    overdue = redis.zcount("am:leases", "-inf", seconds + micros / 1e6)
    levels = {level.decode(): int(count) for level, count in ended.items()}
    return Figures(waiting, active, kept, leases, int(overdue), owed, queued, workers, levels)
