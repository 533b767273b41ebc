"""Stages as RQ jobs: how a stage gets on the queue, and what a worker does with it.

A job carries three texts, the run, the stage and the attempt, and names one
callable; anything else on the queue is refused. What a stage raises is turned
into the run's state here, and RQ sees only that a job failed, with a sentence
that holds nothing foreign.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from redis import Redis, RedisError
from rq import Queue
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from ..errors import (
    AnalyticsError,
    DeliveryError,
    InventoryError,
    StageError,
    StageTimeout,
    Superseded,
    UnknownStage,
    Unreadable,
)
from ..model.anchor import Anchor
from ..model.artifacts import GraphRequest
from ..model.kinds import EFFORTS
from ..pipeline.attempt import attempt as attempt_at
from ..pipeline.attempt import level_of, sentence
from ..pipeline.context import Context
from ..pipeline.plan import Step
from ..pipeline.registry import Registry
from ..pipeline.stage import Stage
from ..runs import parking
from ..runs.abandon import abandon
from ..runs.changes import Claim
from ..runs.queries import Lease
from ..runs.queue import CALLABLES, RUN_STAGE, limit_of
from ..runs.store import RunStore

log = logging.getLogger(__name__)
#: Waits before a stage is tried again, in seconds; jittered by a third.
BACKOFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
#: A stage that passes its time limit this often will not do better.
TIMEOUT_ATTEMPTS = 2


class StageFailed(AnalyticsError):
    """What RQ is shown of a failed stage; the sentence holds nothing foreign."""


class StageDeathPenalty(UnixSignalDeathPenalty):
    """RQ's alarm, raising something that no ``except Exception`` in a stage swallows."""

    def handle_death_penalty(self, signum: int, frame: object) -> None:
        """Raise :class:`StageTimeout` in the stage; RQ's other uses of the alarm keep their own exception."""
        if self._exception is JobTimeoutException:
            raise StageTimeout(f"{self._timeout} s")
        super().handle_death_penalty(signum, frame)  # type: ignore[no-untyped-call]


class Notes(Protocol):
    """What RQ has noted of a job: it goes with the claim to its stage, and with the commit of it."""

    def starts(self) -> Sequence[str]:
        """What :data:`~analytics.runs.queue.STARTED` is told; nothing where it was asked for before."""

    def ends(self) -> Sequence[str]:
        """What :data:`~analytics.runs.queue.ENDED` is told."""

    def ended(self) -> None:
        """It was."""


@dataclass(frozen=True)
class NoNotes:
    """Nobody's: RQ notes it by itself."""

    def starts(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def ends(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def ended(self) -> None:
        """Nothing was."""


@dataclass(frozen=True)
class Runtime:
    """What a worker process needs to run stages; built once by :mod:`analytics.service`.

    ``code`` is the digest of all that makes results, empty where nothing is taken from earlier runs;
    ``notes`` are what the worker has to write of its job.
    """

    registry: Registry
    store: RunStore
    context: Callable[[Claim], Context]
    redis: Redis
    queue: Queue
    default_timeout: int
    patience: int
    leases: LeaseKeeper
    watch: Callable[[str, str, int, float], None] = lambda run, stage, attempt, limit: None
    code: str = ""
    notes: Notes = field(default_factory=lambda: NoNotes())


_runtime: list[Runtime] = []


def install(runtime: Runtime) -> None:
    """Make ``runtime`` this process's; RQ names a job's callable, it cannot hand it anything."""
    _runtime[:] = [runtime]
    CALLABLES[RUN_STAGE] = run_stage


def run_stage(run_id: str, stage: str, attempt: int) -> None:
    """The one callable of all jobs."""
    execute(_runtime[0], run_id, stage, attempt)


def execute(runtime: Runtime, run_id: str, name: str, attempt: int) -> None:
    """Make one attempt at a stage: claim it, run it, commit what it gives.

    Raises :class:`StageFailed` for RQ's eyes when the attempt did not succeed;
    the run's state holds what follows from it by then.
    """
    claim = claimed(runtime, run_id, name, attempt)
    if claim is None:
        return
    try:
        size = runtime.store.size_of(claim, step_of(runtime, claim).inputs)
        long = runtime.store.long.is_long(name, size)
        lease = Lease(run_id, name, attempt)
        if long and not runtime.store.long.take(lease):
            runtime.store.hold(claim)
            runtime.store.long.hold(lease, claim.run.owner_id)
            return
    except Superseded:
        return
    except RedisError:
        raise StageFailed(silent_redis(name)) from None
    began = time.monotonic()
    try:
        make(runtime, claim, attempt)
    finally:
        settle_measures(runtime, lease, size, time.monotonic() - began, long=long)


def settle_measures(runtime: Runtime, lease: Lease, size: int, seconds: float, *, long: bool) -> None:
    """Note how long the stage took; after a long one, another that waits goes on."""
    try:
        runtime.store.long.measured(lease.stage, size, seconds)
        if long:
            runtime.store.long.leave(lease)
            while (held := runtime.store.long.next_held()) is not None and not runtime.store.resume(held):
                pass  # it went on, or was superseded, meanwhile
    except (RedisError, Unreadable) as exc:  # the place and the held stage have leases
        log.warning("no held stage resumed", extra={"why": type(exc).__name__})


def at_effort(claim: Claim, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """What the stage is handed; one that passed its time limit is tried with the least that the layout can spend."""
    if not claim.run.stage(claim.name).timeouts:
        return given
    log.warning("stage is tried at the lowest effort", extra={"run": claim.run.run_id, "stage": claim.name})
    least = (replace(one, effort=EFFORTS[0]) if isinstance(one, GraphRequest) else one for one in given)
    return tuple(None if isinstance(one, Anchor) else one for one in least)  # keeping places costs as much again


def make(runtime: Runtime, claim: Claim, attempt: int) -> None:
    """Make the claimed attempt. Raises :class:`StageFailed`."""
    run_id, name = claim.run.run_id, claim.name
    step = step_of(runtime, claim)
    stage, process = step.stage, os.getpid()
    limit = limit_of(stage, runtime.default_timeout)
    runtime.watch(run_id, name, attempt, limit)
    try:
        with runtime.leases.kept(claim, limit):
            made = runtime.store.made_before(claim, step, runtime.code) if runtime.code else None
            artifact = made.artifact if made is not None else None
            if artifact is None:
                given = at_effort(claim, runtime.store.take(claim, step.inputs))
                try:
                    artifact = attempt_at(stage, given, runtime.context(claim))
                finally:
                    if os.getpid() != process:
                        os._exit(0)  # a stage has forked: its child must not go on as a worker
            runtime.store.commit(claim, artifact, runtime.notes.ends(), made)
            runtime.notes.ended()
    except Superseded as exc:
        log.info("stage superseded", extra={"run": run_id, "stage": name, "why": str(exc)})
    except Unreadable as exc:
        abandon(runtime.store.redis, run_id, exc.reason)
        raise StageFailed(unreadable(name)) from None
    except RedisError:
        raise StageFailed(silent_redis(name)) from None
    except BaseException as exc:  # whatever a plugin raises, exits included: it must not end the worker
        raise StageFailed(settle_failure(runtime, claim, stage, exc)) from None
    finally:
        runtime.watch("", "", 0, 0.0)


def claimed(runtime: Runtime, run_id: str, name: str, attempt: int) -> Claim | None:
    """The claim to one attempt; nothing where it is not to be made. One that only another pool can make is left to it.

    Raises :class:`StageFailed`.
    """
    try:
        try:
            return runtime.store.begin(run_id, name, attempt, runtime.notes.starts())
        except UnknownStage as exc:
            parking.hand_over(runtime.store, run_id, name, attempt)
            raise StageFailed(str(exc)) from None
    except Superseded:
        return None
    except Unreadable as exc:
        abandon(runtime.store.redis, run_id, exc.reason)
        raise StageFailed(unreadable(name)) from None
    except RedisError:
        raise StageFailed(silent_redis(name)) from None


def silent_redis(name: str) -> str:
    """What RQ is shown of a stage whose state could not be read or written."""
    return f"{name}: Redis did not answer; the stage is tried again when its lease runs out"


def unreadable(name: str) -> str:
    """What RQ is shown of a stage whose run cannot be read."""
    return f"{name}: what is stored of its run cannot be read; it was set aside"


def step_of(runtime: Runtime, claim: Claim) -> Step:
    """The claimed stage in its place in its graph type; a stage that has none here cannot be claimed."""
    steps = runtime.registry.plans[claim.run.graph_type]
    return next(step for step in steps if step.name == claim.name)


def settle_failure(runtime: Runtime, claim: Claim, stage: Stage, exc: BaseException) -> str:
    """Decide between another attempt and giving up; returns the sentence for the run and for RQ."""
    state = claim.run.stage(claim.name)
    # What an owner is told names no file of ours, and nothing of another owner's.
    reason = sentence(claim.name, InventoryError(exc.told) if isinstance(exc, InventoryError) else exc)
    if not isinstance(exc, StageError):
        log.error("stage failed", exc_info=exc, extra={"run": claim.run.run_id, "stage": claim.name})
    try:
        if transient(exc) and state.started - state.first < runtime.patience:
            wait = BACKOFF[min(max(1, state.tries), len(BACKOFF)) - 1] * random.uniform(0.67, 1.0)
            runtime.store.pause(claim, wait, reason)
            return f"{reason} It is tried again."
        if isinstance(exc, StageTimeout) and state.timeouts + 1 < TIMEOUT_ATTEMPTS:
            runtime.store.pause(claim, BACKOFF[0], reason, timed_out=True)
            return f"{reason} It is tried again."
        runtime.store.give_up(claim, level_of(exc), reason)
    except Superseded:
        return f"{reason} A newer request has taken over."
    except RedisError:
        return silent_redis(claim.name)
    return reason


def transient(exc: BaseException) -> bool:
    """Whether another try may succeed."""
    return isinstance(exc, (InventoryError, DeliveryError)) and exc.transient


class LeaseKeeper:
    """Renews the lease of the stage that runs, from one thread a process: starting one a stage would cost more.

    A stage is covered up to its time limit: what hangs longer is given to another.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._held: tuple[Claim, float] | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def kept(self, claim: Claim, limit: float) -> Iterator[None]:
        """Keep the claim's lease inside the block, for ``limit`` seconds at most."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
            self._thread.start()
        self._held = (claim, time.monotonic() + limit)
        try:
            yield
        finally:
            self._held = None

    def _renew(self) -> None:
        while True:
            time.sleep(self._store.times.running / 4)
            held = self._held
            if held is None or time.monotonic() > held[1]:
                continue
            try:
                self._store.renew(held[0])
            except RedisError:
                continue  # the next round tries again; until then the lease runs
