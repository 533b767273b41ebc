"""Rescue: what has lost its worker, its lease or its place gets another one.

Every lease, run and list fails by itself: what cannot be read is set aside
(:mod:`analytics.runs.quarantine`), and the others are looked at all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import cast

from redis import ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from ..errors import Overloaded, Unreadable
from ..pipeline import progress
from ..pipeline.progress import Run
from .abandon import abandon
from .changes import STARTING, Change
from .quarantine import set_member_aside
from .queries import Lease, clock, is_wrong_type
from .store import RunStore

log = logging.getLogger(__name__)

#: Redis does not answer: no fault of what was asked for.
AWAY = (RedisConnectionError, RedisTimeoutError)
#: Seconds no lease is longer than: the longest pause between two attempts, and as much again.
LONGEST_LEASE = 60.0
#: Times a stage is queued, however its attempts ended: beyond it nothing will help.
MOST_ATTEMPTS = 60
#: Times a stage is left to a worker that knows it: beyond it there is a pool that does, and none of its workers works.
MOST_HANDED_BACK = 300


def by_itself(store: RunStore, run_id: str, work: Callable[[], object]) -> bool:
    """Do ``work`` on one run; false where it failed, which ends that run and nothing else: it is abandoned.

    A Redis that is away, full or read-only fails for all of them: that is raised.
    """
    try:
        work()
    except AWAY:
        raise
    except Overloaded as exc:  # it changes faster than it can be looked at: others work on it
        log.info("run left for the next time", extra={"run": run_id, "why": str(exc)})
        return True
    except Unreadable as exc:
        abandon(store.redis, run_id, exc.reason)
    except Exception as exc:
        if isinstance(exc, ResponseError) and not is_wrong_type(exc):
            raise
        log.exception("run abandoned", extra={"run": run_id})
        abandon(store.redis, run_id, f"it could not be handled ({type(exc).__name__})")
    else:
        return True
    return False


def has_run_out(due: float, now: float) -> bool:
    """Whether a lease is overdue. One due later than any can be was set before Redis' clock went back.

    >>> has_run_out(99.0, 100.0), has_run_out(110.0, 100.0), has_run_out(3700.0, 100.0)
    (True, False, True)
    """
    return due <= now or due > now + LONGEST_LEASE


def overdue(store: RunStore, most: int = 500) -> list[Lease]:
    """The leases that have run out, oldest first; those whose name cannot be read are set aside."""
    now = clock(store.redis)
    members = cast(list[bytes], store.redis.zrangebyscore("am:leases", "-inf", now, start=0, num=most))
    late = cast(list[bytes], store.redis.zrangebyscore("am:leases", now + LONGEST_LEASE, "+inf", start=0, num=most))
    found = []
    for member in [*members, *late]:
        try:
            found.append(Lease.of(member))
        except Unreadable as exc:
            set_member_aside(store.redis, "leases", member, exc.reason)
    return found


def rescue(store: RunStore, lease: Lease, queued: Callable[[], frozenset[str]], job_id: str, attempts: int) -> str:
    """Act on an overdue lease; returns what was done.

    ``queued`` tells which job ids are still on the queue (asked only for stages
    that wait there). After ``attempts`` losses, or :data:`MOST_ATTEMPTS` attempts
    of any end, the stage fails for good. Raises :class:`Unreadable`.
    """
    if lease.stage == STARTING:
        store.start(lease.run_id)
        store.redis.zrem("am:leases", lease.member)
        return "started"
    done = "dropped"

    def decide(run: Run, now: float) -> Change | None:
        nonlocal done
        score = store.redis.zscore("am:leases", lease.member)
        if score is not None and not has_run_out(score, now):
            done = "renewed"  # by whoever has claimed it since it was listed
            return None
        done = "dropped"
        state = run.stage(lease.stage)
        if state.attempt != lease.attempt or state.status not in progress.HELD:
            return None
        if state.status == progress.QUEUED and job_id in queued():
            done = "renewed"
            return Change(run, renew=(lease, now + store.times.queued))
        if state.handed_back >= MOST_HANDED_BACK:
            done = "given up"
            reason = f"No worker took the stage {lease.stage}: of those that asked for it none has its plugin."
            return give_up(store, run, lease.stage, now, reason)
        losses = state.losses + (state.status == progress.RUNNING)
        run = progress.changed(progress.charged(run, lease.stage, now), lease.stage, losses=losses)
        if losses >= attempts or state.tries >= MOST_ATTEMPTS:
            done = "given up"
            reason = f"The stage {lease.stage} was lost {losses} times: its worker died or hung in it."
            if losses < attempts:
                reason = f"The stage {lease.stage} was tried {state.tries} times without success."
            return give_up(store, run, lease.stage, now, reason)
        done = "resumed" if state.status == progress.PAUSED else "queued again"
        return Change(progress.queued(run, lease.stage), (lease.stage,))

    changed = store.change_run(lease.run_id, decide)
    if done != "renewed":
        store.redis.zrem("am:leases", lease.member)
    if changed is not None and changed.phase == progress.ENDED:
        store.admit()
    return done


def give_up(store: RunStore, run: Run, stage: str, now: float, reason: str) -> Change:
    """The run without that stage; where this process does not know its plan, the run ended."""
    steps = store.plans.get(run.graph_type, ())
    if all(step.name != stage for step in steps):
        return Change(progress.abort(run, now, reason))
    after, names = progress.fail(run, steps, stage, now, level="error", reason=reason)
    return Change(after, names)


def release(store: RunStore, run_id: str, stage: str, attempt: int) -> None:
    """Let a lease run out now: whoever held it is known to be dead."""
    store.redis.zadd("am:leases", {Lease(run_id, stage, attempt).member: 0}, xx=True)


def mend(store: RunStore) -> int:
    """Give a lease to everything in work that has none; returns how many had none.

    Transactions never leave such a thing. A Redis that evicts keys, or is restored
    from half a copy, does, and without a lease nobody would ever look at it.
    """
    missing = 0

    def look_at(raw: bytes) -> None:
        nonlocal missing
        run = store.find(raw.decode(errors="replace"))
        if run is None or not run.open:
            store.redis.zrem("am:active", raw)
        elif members := wanted_leases(run):
            missing += cast(int, store.redis.zadd("am:leases", dict.fromkeys(members, 0.0), nx=True))

    for raw in cast(list[bytes], store.redis.zrange("am:active", 0, -1)):
        by_itself(store, raw.decode(errors="replace"), partial(look_at, raw))
    store.redis.expire("am:leases", store.limits.ttl)
    return missing


def wanted_leases(run: Run) -> list[str]:
    """The names of the leases a run in work must have."""
    if run.phase == progress.WAITING:
        return [Lease(run.run_id, STARTING, 0).member]
    held = ((name, state) for name, state in run.stages.items() if state.status in progress.HELD)
    return [Lease(run.run_id, name, state.attempt).member for name, state in held]


def restore(store: RunStore, run: Run) -> bool:
    """Put an open run that stands in no list back where it belongs; true when it stood in none."""
    with store.redis.pipeline(transaction=False) as pipe:
        for name in ("am:waiting", "am:active", "am:parked"):
            pipe.zscore(name, run.run_id)
        places = pipe.execute()
    now = store.find(run.run_id)
    if any(place is not None for place in places) or now is None or now.phase != run.phase:
        return False
    put_in_place(store, run)
    return True


def put_in_place(store: RunStore, run: Run) -> None:
    """Let an open run wait, or work, according to its phase."""
    if run.phase == progress.WAITING:
        store.admission.queue_up(run.run_id, run.owner_id, store.redis)
        return
    with store.redis.pipeline() as pipe:
        pipe.zadd("am:active", {run.run_id: run.created})
        pipe.expire("am:active", store.limits.ttl)
        pipe.execute()
