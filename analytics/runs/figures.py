"""How the service stands, in numbers read from Redis at once: for monitoring, which asks every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from redis import Redis
from rq import Queue

from . import pools
from .copies import UNCOPIED, replicas
from .outbox import DUE
from .quarantine import COUNTS
from .queries import ENDED


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts: graphs waiting, in work and with a drawing kept; stages with a lease, and those of them overdue.

    ``parked`` are graphs whose plugin no live pool holds, ``outbox`` statuses that
    the Data App has not taken yet, ``queued`` jobs no worker has taken, ``workers``
    those that RQ knows, ``pools`` the live ones. ``ended`` are graphs by how they
    ended, ``unreadable`` what was set aside by its kind, ``uncopied`` requests answered
    before a replica of Redis held them, since the service was last idle for a day.
    ``replicas`` are those of Redis.
    """

    waiting: int
    active: int
    parked: int
    kept: int
    leases: int
    overdue: int
    outbox: int
    queued: int
    workers: int
    pools: int
    ended: Mapping[str, int]
    unreadable: Mapping[str, int]
    uncopied: int
    replicas: int


def read(redis: Redis, queue: Queue) -> Figures:
    """All of them in a few round trips; what stands under another type's key counts as nothing."""
    lists = ("am:waiting", "am:active", "am:parked", "am:kept", "am:leases", DUE)
    with redis.pipeline(transaction=False) as pipe:
        pipe.time()
        for name in lists:
            pipe.zcard(name)
        pipe.llen(queue.key)
        pipe.scard("rq:workers")
        pipe.hgetall(ENDED)
        pipe.hgetall(COUNTS)
        pipe.get(UNCOPIED)
        (seconds, micros), *answers = pipe.execute(raise_on_error=False)
        pipe.zcount("am:leases", "-inf", seconds + micros / 1e6)
        answers += pipe.execute(raise_on_error=False)
    *counts, ended, unreadable, uncopied, overdue = [None if isinstance(one, Exception) else one for one in answers]
    waiting, active, parked, kept, leases, outbox, queued, workers = [int(count or 0) for count in counts]
    return Figures(
        waiting=waiting,
        active=active,
        parked=parked,
        kept=kept,
        leases=leases,
        overdue=int(overdue or 0),
        outbox=outbox,
        queued=queued,
        workers=workers,
        pools=len(pools.live(redis)),
        ended=by_name(ended),
        unreadable=by_name(unreadable),
        uncopied=int(uncopied or 0),
        replicas=replicas(redis),
    )


def by_name(fields: Mapping[bytes, bytes] | None) -> dict[str, int]:
    """The counts of a hash."""
    return {name.decode(errors="replace"): int(count) for name, count in (fields or {}).items()}
