"""Runs that no live pool can go on with wait outside of the window, for so long, for a pool that can.

Web may hold a plugin that the workers do not hold yet, or a pool with it may
have gone. Such a run must not keep a place that others need, and must not wait
for ever: after ``limits.parked`` seconds it ends with a sentence that names what
nobody knows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import cast

from ..pipeline import progress
from ..pipeline.progress import Run
from . import outbox, pools
from .pools import Pool
from .queries import clock
from .rescue import by_itself, put_in_place, wanted_leases
from .store import RunStore

log = logging.getLogger(__name__)


def hand_over(store: RunStore, run_id: str, stage: str, attempt: int) -> None:
    """A worker cannot make this attempt: leave it to a pool that can, or park the run until there is one.

    Raises :class:`~analytics.errors.Unreadable`.
    """
    run = store.find(run_id)
    if run is None or not run.open:
        return
    if pools.any_knows(pools.live(store.redis), run.graph_type, (stage,)):
        store.hand_back(run_id, stage, attempt, "It waits for a worker whose plugins hold it.")
    else:
        store.park(run_id)
        log.warning("run parked: no pool knows it", extra={"run": run_id, "stage": stage, "type": run.graph_type})


def look_after_parked(store: RunStore) -> int:
    """Put back the parked runs a pool has come for, end those that waited too long; returns how many were moved."""
    redis = store.redis
    parked = cast(list[tuple[bytes, float]], redis.zrange("am:parked", 0, -1, withscores=True))
    if not parked:
        return 0
    now, alive, moved = clock(redis), pools.live(redis), 0

    def look_at(raw: bytes, since: float) -> None:
        nonlocal moved
        run = store.find(raw.decode(errors="replace"))
        if run is None or not run.open:
            redis.zrem("am:parked", raw)
        elif not (unknown := unknown_in(run, alive)):
            if moved < store.limits.window:  # others must not be crowded out by many that come back at once
                unpark(store, run)
                moved += 1
        elif now - since > store.limits.parked:
            end(store, run, unknown)
            moved += 1

    for raw, since in parked:
        by_itself(store, raw.decode(errors="replace"), partial(look_at, raw, since))
    return moved


def unknown_in(run: Run, alive: Sequence[Pool]) -> str:
    """What no live pool knows of the run, in words; empty where one knows all it is at."""
    at = [name for name, state in run.stages.items() if state.status in progress.HELD]
    if pools.any_knows(alive, run.graph_type, at):
        return ""
    if not pools.any_knows(alive, run.graph_type, ()):
        return f"the graph type {run.graph_type}"
    unknown = [name for name in at if not pools.any_knows(alive, run.graph_type, (name,))]
    return f"the stage {', '.join(unknown or at)} of a graph of the type {run.graph_type}"


def unpark(store: RunStore, run: Run) -> None:
    """Let a run go on where it was; whatever it is at is overdue."""
    put_in_place(store, run)
    if run.phase != progress.WAITING and (members := wanted_leases(run)):
        store.redis.zadd("am:leases", dict.fromkeys(members, 0.0), nx=True)
    store.redis.zrem("am:parked", run.run_id)
    log.info("run goes on: a pool knows it", extra={"run": run.run_id})


def end(store: RunStore, run: Run, unknown: str) -> None:
    """The run has waited long enough: it ends as an error, and the owner is told what nobody knows."""
    waited = f"{store.limits.parked} s"
    reason = f"No worker knows {unknown}, within {waited}: the plugin of it is missing where the workers run."
    ended = store.end(run.run_id, reason)
    if ended is not None:
        log.error("run ended: no pool knows it", extra={"run": run.run_id, "what": unknown})
        outbox.enqueue(store.redis, run.key, {"status": "error", "msg": reason})
