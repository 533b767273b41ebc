"""Rescue: whatever stopped moving is moved again.

Every pool has a process for it (:func:`live`). Once a second it says that the
pool lives, and calls :func:`tick`; a lock in Redis elects the reaper that works.
The lock runs out by itself, so a reaper may be killed too. What asks a
neighbour, :func:`tell_neighbours`, runs in a thread of its own: a Data App that
hangs must not delay a rescue.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import cast

from redis import Redis, RedisError, ResponseError
from redis.exceptions import LockError
from redis.lock import Lock
from rq import Queue

from ..pipeline.context import GraphStatus
from ..runs import kept, outbox, parking, pools, quarantine, readiness, reconcile, rescue
from ..runs.pools import Pool
from ..runs.queries import Lease
from ..runs.queue import forget, forget_popped, job_id, name_queue
from ..runs.reconcile import Reconciler
from ..runs.rescue import AWAY, by_itself
from ..runs.store import RunStore

log = logging.getLogger(__name__)
LOCK = "am:reaper"


@dataclass(frozen=True)
class Reaper:
    """What a reaper works on; ``leading`` is set while it is the elected one. It says that ``pool`` lives."""

    redis: Redis
    store: RunStore
    queue: Queue
    status: GraphStatus
    attempts: int
    reconciler: Reconciler | None = None
    pool: Pool | None = None
    leading: threading.Event = field(default_factory=threading.Event)
    lock: Lock = field(init=False)

    def __post_init__(self) -> None:
        times = self.store.times
        lock = Lock(self.redis, LOCK, timeout=times.election, blocking=False, thread_local=False)
        object.__setattr__(self, "lock", lock)


def live(reaper: Reaper) -> None:
    """Rescue until the process is ended."""
    pause = reaper.store.times.tick
    told = threading.Thread(
        target=repeat, args=(lambda: tell_neighbours(reaper), pause), name="neighbours", daemon=True
    )
    told.start()
    ticks = 0

    def work() -> None:
        nonlocal ticks
        if reaper.pool is not None:
            pools.publish(reaper.redis, reaper.pool, reaper.store.times.pool)
        tick(reaper, mend=ticks % reaper.store.times.mend == 0)
        ticks += 1

    repeat(work, pause)


def repeat(work: Callable[[], object], pause: float) -> None:
    """Do ``work`` every ``pause`` seconds for ever; Redis being away is no reason to end."""
    while True:
        try:
            work()
        except RedisError as exc:
            log.warning("nothing rescued: Redis does not answer", extra={"why": type(exc).__name__})
        except Exception:
            log.exception("rescue failed")
        time.sleep(pause)


def tick(reaper: Reaper, *, mend: bool = False) -> Counter[str]:
    """Rescue what is overdue, if this reaper is the elected one; returns what was done, by name.

    Raises nothing but that Redis is away: each step fails by itself, and in it each lease and run.
    """
    done: Counter[str] = Counter()
    step(done, "lists cleared", lambda: quarantine.clear_lists(reaper.redis))
    if not elected(reaper):
        reaper.leading.clear()
        return done
    reaper.leading.set()
    store = reaper.store
    if mend:
        step(done, "forgotten", lambda: forget_popped(reaper.queue))
        step(done, "queue named", lambda: name_queue(reaper.queue))
        step(done, "mended", lambda: mended(store))
    waiting = cache(lambda: queued_ids(reaper.queue))
    step(done, "rescue", lambda: done.update(rescued(reaper, waiting)))
    step(done, "unparked", lambda: parking.look_after_parked(store))
    step(done, "admitted", store.admit)
    step(done, "trimmed", lambda: kept.trim(store.redis, store.limits))
    if not done["failed"]:
        readiness.note_tick(reaper.redis)
    return +done


def step(done: Counter[str], name: str, work: Callable[[], int | None]) -> None:
    """Do one step of a tick and count what it did; one that fails is logged, and the next one is done all the same."""
    try:
        done[name] += work() or 0
    except AWAY:
        raise
    except Exception:
        log.exception("a step of rescue failed", extra={"step": name})
        done["failed"] += 1


def mended(store: RunStore) -> int:
    """Give leases to what has none; returns how many."""
    missing = rescue.mend(store)
    if missing:
        log.warning("leases were missing", extra={"count": missing})
    return missing


def rescued(reaper: Reaper, waiting: Callable[[], frozenset[str]]) -> Counter[str]:
    """Act on every overdue lease, each by itself; returns what was done, by name."""
    done: Counter[str] = Counter()
    before = reaper.redis.zcard("am:quarantine")
    for lease in rescue.overdue(reaper.store):
        if not by_itself(reaper.store, lease.run_id, partial(act, reaper, lease, waiting, done)):
            reaper.redis.zrem("am:leases", lease.member)
            done["abandoned"] += 1
    if reaper.redis.zcard("am:quarantine") != before:
        mended(reaper.store)  # of a lease whose name could not be read only the run is left
    return done


def act(reaper: Reaper, lease: Lease, waiting: Callable[[], frozenset[str]], done: Counter[str]) -> None:
    """Act on one overdue lease, and count what was done."""
    job = job_id(lease.run_id, lease.stage, lease.attempt)
    what = rescue.rescue(reaper.store, lease, waiting, job, reaper.attempts)
    if what in ("queued again", "given up"):
        log.warning("rescued", extra={"run": lease.run_id, "stage": lease.stage, "what": what})
        forget(reaper.queue, job)
    done[what] += 1


def tell_neighbours(reaper: Reaper) -> Counter[str]:
    """Deliver what is in the outbox, and end graphs nobody works on; returns what was done, by name."""
    done: Counter[str] = Counter()
    reconciler = reaper.reconciler
    if reconciler is not None:
        step(done, "remembered", lambda: reconcile.remember(reconciler))
    if reaper.leading.is_set():
        step(done, "delivered", lambda: outbox.deliver(reaper.redis, reaper.status))
        if reconciler is not None:
            step(done, "reconciled", lambda: reconcile.reconcile(reconciler))
    return +done


def elected(reaper: Reaper) -> bool:
    """Take or keep the lock; false also while Redis takes no writes."""
    try:
        if reaper.lock.local.token is not None:
            return bool(reaper.lock.reacquire())
    except LockError:
        reaper.lock.local.token = None  # another one has it, or Redis lost it
    except ResponseError:
        return False
    try:
        return bool(reaper.lock.acquire(blocking=False))
    except ResponseError as exc:
        log.warning("no reaper elected: Redis takes no writes", extra={"why": type(exc).__name__})
        return False


def queued_ids(queue: Queue) -> frozenset[str]:
    """The ids of all jobs that wait on the queue; one popped and not begun is not among them."""
    jobs = cast(list[bytes], queue.connection.lrange(queue.key, 0, -1))
    return frozenset(raw.decode(errors="replace") for raw in jobs)
