"""Rescue: whatever stopped moving is moved again.

Every pool has a process for it (:func:`live`). Once a second it calls
:func:`tick`; a lock in Redis elects the one that works. The lock runs out by
itself, so a reaper may be killed too. What asks a neighbour, :func:`tell_neighbours`,
runs in a thread of its own: a Data App that hangs must not delay a rescue.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from redis import Redis, RedisError
from rq import Queue

from ..pipeline.context import GraphStatus
from ..runs import outbox, reconcile
from ..runs.queue import forget, forget_popped, job_id
from ..runs.reconcile import Reconciler
from ..runs.store import RunStore

log = logging.getLogger(__name__)
LOCK = "am:reaper"
#: Milliseconds the elected reaper may be silent before another takes over.
LOCK_MS = 4_000
#: Seconds between two ticks.
TICK = 1.0
#: Ticks between two looks for work that has no lease.
MEND = 15


@dataclass(frozen=True)
class Reaper:
    """What a reaper works on; ``name`` is how the lock knows it, ``leading`` is set while it is the elected one."""

    redis: Redis
    store: RunStore
    queue: Queue
    status: GraphStatus
    attempts: int
    reconciler: Reconciler | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    leading: threading.Event = field(default_factory=threading.Event)


def live(reaper: Reaper) -> None:
    """Rescue until the process is ended."""
    threading.Thread(target=repeat, args=(lambda: tell_neighbours(reaper),), name="neighbours", daemon=True).start()
    ticks = 0

    def work() -> None:
        nonlocal ticks
        tick(reaper, mend=ticks % MEND == 0)
        ticks += 1

    repeat(work)


def repeat(work: Callable[[], object]) -> None:
    """Do ``work`` every second for ever; Redis being away is no reason to end."""
    while True:
        try:
            work()
        except RedisError as exc:
            log.warning("nothing rescued: Redis does not answer", extra={"why": type(exc).__name__})
        except Exception:
            log.exception("rescue failed")
        time.sleep(TICK)


def tick(reaper: Reaper, *, mend: bool = False) -> Counter[str]:
    """Rescue what is overdue, if this reaper is the elected one; returns what was done, by name."""
    done: Counter[str] = Counter()
    if not elected(reaper):
        reaper.leading.clear()
        return done
    reaper.leading.set()
    if mend:
        done["forgotten"] = forget_popped(reaper.queue)
        if missing := reaper.store.mend():
            done["mended"] = missing
            log.warning("leases were missing", extra={"count": missing})
    waiting = cache(lambda: queued_ids(reaper.queue))
    for lease in reaper.store.overdue():
        job = job_id(lease.run_id, lease.stage, lease.attempt)
        what = reaper.store.rescue(lease, waiting, job, reaper.attempts)
        done[what] += 1
        if what in ("queued again", "given up"):
            log.warning("rescued", extra={"run": lease.run_id, "stage": lease.stage, "what": what})
            forget(reaper.queue, job)
    done["admitted"] += reaper.store.admit()
    done["trimmed"] += reaper.store.trim_kept()
    return +done


def tell_neighbours(reaper: Reaper) -> Counter[str]:
    """Deliver what is in the outbox, and end graphs nobody works on; returns what was done, by name."""
    done: Counter[str] = Counter()
    if reaper.reconciler is not None:
        reconcile.remember(reaper.reconciler)
    if reaper.leading.is_set():
        done["delivered"] = outbox.deliver(reaper.redis, reaper.status)
        if reaper.reconciler is not None:
            done["reconciled"] = reconcile.reconcile(reaper.reconciler)
    return +done


def elected(reaper: Reaper) -> bool:
    """Take or keep the lock."""
    if reaper.redis.set(LOCK, reaper.name, nx=True, px=LOCK_MS):
        return True
    if cast(bytes | None, reaper.redis.get(LOCK)) != reaper.name.encode():
        return False
    reaper.redis.pexpire(LOCK, LOCK_MS)
    return True


def queued_ids(queue: Queue) -> frozenset[str]:
    """The ids of all jobs that wait on the queue; one popped and not begun is not among them."""
    return frozenset(raw.decode() for raw in cast(list[bytes], queue.connection.lrange(queue.key, 0, -1)))
