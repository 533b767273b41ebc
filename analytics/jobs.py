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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis, RedisError
from redis.client import Pipeline
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from .errors import AnalyticsError, DeliveryError, EmptyGraph, InventoryError, StageError, StageTimeout, Superseded
from .plugin import Stage
from .ports import Context
from .registry import Registry
from .runs import RUN_LEASE, Claim, RunStore

log = logging.getLogger(__name__)

RUN_STAGE = "analytics.jobs.run_stage"
#: The only callables a job may name.
ALLOWED = frozenset({RUN_STAGE})
#: Seconds a failed job stays to be looked at.
FAILURE_TTL = 3600
#: Seconds a job may wait, or run, before Redis forgets it; the run's state outlives it.
JOB_TTL = 86_400
#: Waits before a stage is tried again, in seconds; jittered by a third.
BACKOFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
#: A stage that passes its time limit this often will not do better.
TIMEOUT_ATTEMPTS = 2


class NotAllowed(AnalyticsError):
    """A job on the queue names a callable that is none of ours."""


class StageFailed(AnalyticsError):
    """What RQ is shown of a failed stage; the sentence holds nothing foreign."""


class StageJob(Job):
    """A job that runs nothing but what is allowed, whoever put it on the queue."""

    @property
    def func(self) -> Callable[..., Any]:
        """The job's callable. Raises :class:`NotAllowed`."""
        if self.func_name not in ALLOWED or self.instance is not None:
            raise NotAllowed("a job names a callable that is not on the list of allowed ones")
        return run_stage

    # Callbacks and webhooks are further callables and addresses a job could name: ours have none.

    @property
    def success_callback(self) -> None:
        """None: a job names one callable."""
        return

    @property
    def failure_callback(self) -> None:
        """None: a job names one callable."""
        return

    @property
    def stopped_callback(self) -> None:
        """None: a job names one callable."""
        return

    def send_webhooks(self, *_args: object, **_kwargs: object) -> None:
        """Nothing is sent anywhere."""

    def cleanup(self, ttl: int | None = None, pipeline: Pipeline | None = None, remove_from_queue: bool = True) -> None:
        """Forget a job that succeeded at once: RQ looks through registries our jobs are never in."""
        if ttl == 0 and pipeline is not None:
            pipeline.delete(self.key, self.execution_registry.key)
        else:
            super().cleanup(ttl, pipeline, remove_from_queue)


class StageQueue(Queue):
    """The one queue. Its jobs depend on nothing: what follows a stage, the run's state decides."""

    job_class = StageJob

    def move_dependents_to_ready(self, *_args: Any, **_kwargs: Any) -> dict[str, list[str]]:
        """There are none."""
        return {}

    def enqueue_dependents(self, *_args: Any, **_kwargs: Any) -> dict[str, list[str]]:
        """There are none."""
        return {}


class StageDeathPenalty(UnixSignalDeathPenalty):
    """RQ's alarm, raising something that no ``except Exception`` in a stage swallows."""

    def handle_death_penalty(self, signum: int, frame: object) -> None:
        """Raise :class:`StageTimeout` in the stage; RQ's other uses of the alarm keep their own exception."""
        if self._exception is JobTimeoutException:
            raise StageTimeout(f"{self._timeout} s")
        super().handle_death_penalty(signum, frame)  # type: ignore[no-untyped-call]


def queue_of(redis: Redis, name: str) -> Queue:
    """The one queue, with JSON jobs."""
    return StageQueue(name, connection=redis, serializer=JSONSerializer)


def job_id(run_id: str, stage: str, attempt: int) -> str:
    """A job's deterministic id: the same attempt enqueued twice is the same job.

    >>> job_id("5f", "entry", 1)
    '5f-entry-1'
    """
    return f"{run_id}-{stage}-{attempt}"


def enqueuer(queue: Queue, registry: Registry, default_timeout: int) -> Callable[[Pipeline, str, str, int], None]:
    """How to put a stage on ``queue`` inside a transaction."""

    def enqueue(pipe: Pipeline, run_id: str, stage: str, attempt: int) -> None:
        queue.enqueue_call(
            RUN_STAGE,
            args=(run_id, stage, attempt),
            job_id=job_id(run_id, stage, attempt),
            timeout=limit_of(registry.stages[stage], default_timeout),
            result_ttl=0,
            failure_ttl=FAILURE_TTL,
            ttl=None,
            description=stage,
            pipeline=pipe,
        )
        pipe.expire(Job.key_for(job_id(run_id, stage, attempt)), JOB_TTL)

    return enqueue


def forget(queue: Queue, job: str) -> None:
    """Remove what RQ noted of a job whose worker is gone: its own clearing up comes many minutes later."""
    redis, started = queue.connection, queue.started_job_registry.key
    executions = cast(list[bytes], redis.zrange(f"rq:executions:{job}", 0, -1))
    with redis.pipeline() as pipe:
        for execution in executions:
            name = f"{job}:{execution.decode().rpartition(':')[2]}"
            pipe.zrem(started, name)
            pipe.delete(f"rq:execution:{name}")
        pipe.lrem(queue.intermediate_queue_key, 0, job)
        pipe.delete(f"rq:executions:{job}", Job.key_for(job))
        pipe.execute()


def forget_popped(queue: Queue) -> int:
    """Remove what RQ notes of popped jobs that are gone, as of one that was queued twice; returns how many."""
    redis, popped = queue.connection, queue.intermediate_queue_key
    names = list(dict.fromkeys(cast(list[bytes], redis.lrange(popped, 0, -1))))
    with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.exists(Job.key_for(name.decode()))
        gone = [name for name, exists in zip(names, pipe.execute(), strict=True) if not exists]
        for name in gone:
            pipe.lrem(popped, 0, cast(Any, name))
        pipe.execute()
    return len(gone)


def limit_of(stage: Stage, default_timeout: int) -> int:
    """Seconds the stage may take."""
    return stage.timeout or default_timeout


@dataclass(frozen=True)
class Runtime:
    """What a worker process needs to run stages; built once by :mod:`analytics.wiring`."""

    registry: Registry
    store: RunStore
    context: Callable[[Claim], Context]
    redis: Redis
    queue: Queue
    default_timeout: int
    patience: int
    leases: LeaseKeeper
    watch: Callable[[str, str, int, float], None] = lambda run, stage, attempt, limit: None
    reached: Callable[[str, str], None] = lambda stage, point: None


_runtime: list[Runtime] = []


def install(runtime: Runtime) -> None:
    """Make ``runtime`` this process's; RQ names a job's callable, it cannot hand it anything."""
    _runtime[:] = [runtime]


def run_stage(run_id: str, stage: str, attempt: int) -> None:
    """The one callable of all jobs."""
    execute(_runtime[0], run_id, stage, attempt)


def execute(runtime: Runtime, run_id: str, name: str, attempt: int) -> None:
    """Make one attempt at a stage: claim it, run it, commit what it gives.

    Raises :class:`StageFailed` for RQ's eyes when the attempt did not succeed;
    the run's state holds what follows from it by then.
    """
    stage = runtime.registry.stages.get(name)
    if stage is None:
        raise StageFailed(f"{name}: this worker knows no such stage")
    try:
        claim = runtime.store.begin(run_id, name, attempt)
    except Superseded:
        return
    except RedisError:
        raise StageFailed(silent_redis(name)) from None
    process = os.getpid()
    limit = limit_of(stage, runtime.default_timeout)
    runtime.watch(run_id, name, attempt, limit)
    runtime.reached(name, "start")
    try:
        with runtime.leases.kept(claim, limit):
            given = runtime.store.take(claim, stage.takes)
            try:
                artifact = stage.run(*given, *([runtime.context(claim)] if stage.wants_context else []))
            finally:
                if os.getpid() != process:
                    os._exit(0)  # a stage has forked: its child must not go on as a worker
            check_gives(stage, artifact)
            runtime.reached(name, "before_commit")
            runtime.store.commit(claim, artifact)
            runtime.reached(name, "after_commit")
    except Superseded as exc:
        log.info("stage superseded", extra={"run": run_id, "stage": name, "why": str(exc)})
    except RedisError:
        raise StageFailed(silent_redis(name)) from None
    except BaseException as exc:  # whatever a plugin raises, exits included: it must not end the worker
        raise StageFailed(settle_failure(runtime, claim, stage, exc)) from None
    finally:
        runtime.watch("", "", 0, 0.0)


def silent_redis(name: str) -> str:
    """What RQ is shown of a stage whose state could not be read or written."""
    return f"{name}: Redis did not answer; the stage is tried again when its lease runs out"


def check_gives(stage: Stage, artifact: object) -> None:
    """A stage gives what its annotation says, or this is its failure."""
    if stage.gives is None:
        return
    if not isinstance(artifact, stage.gives):
        raise StageError(f"The stage {stage.name} gave a {type(artifact).__name__}, not a {stage.gives.__name__}.")


def settle_failure(runtime: Runtime, claim: Claim, stage: Stage, exc: BaseException) -> str:
    """Decide between another attempt and giving up; returns the sentence for the run and for RQ."""
    state = claim.run.stage(claim.name)
    reason = sentence(claim.name, exc)
    if not isinstance(exc, StageError):
        log.error("stage failed", exc_info=exc, extra={"run": claim.run.run_id, "stage": claim.name})
    try:
        if transient(exc) and state.started - state.first < runtime.patience:
            wait = BACKOFF[min(state.attempt, len(BACKOFF)) - 1] * random.uniform(0.67, 1.0)
            runtime.store.pause(claim, wait, reason)
            return f"{reason} It is tried again."
        if isinstance(exc, StageTimeout) and state.attempt < TIMEOUT_ATTEMPTS:
            runtime.store.pause(claim, BACKOFF[0], reason)
            return f"{reason} It is tried again."
        level = exc.level if isinstance(exc, StageError) else "error"
        runtime.store.give_up(claim, level, reason)
    except Superseded:
        return f"{reason} A newer request has taken over."
    except RedisError:
        return silent_redis(claim.name)
    return reason


def transient(exc: BaseException) -> bool:
    """Whether another try may succeed."""
    return isinstance(exc, (InventoryError, DeliveryError)) and exc.transient


def sentence(stage: str, exc: BaseException) -> str:
    """What a person is told. Foreign exceptions are named by their class only: their text may hold anything.

    >>> sentence("draw_business", KeyError("x"))
    'The stage draw_business failed (KeyError).'
    """
    if isinstance(exc, EmptyGraph):
        return str(exc)
    if isinstance(exc, StageTimeout):
        return f"The stage {stage} took longer than its limit of {exc}."
    if isinstance(exc, AnalyticsError):
        return f"{stage}: {exc}"
    return f"The stage {stage} failed ({type(exc).__name__})."


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
            time.sleep(RUN_LEASE / 4)
            held = self._held
            if held is None or time.monotonic() > held[1]:
                continue
            try:
                self._store.renew(held[0])
            except RedisError:
                continue  # the next round tries again; until then the lease runs


def kill_points(spelled: str) -> Callable[[str, str], None]:
    """Test-only: a callable that kills this process at the points named in ``spelled``.

    ``spelled`` is ``stage:point`` pairs, comma separated; ``point`` is ``start``,
    ``before_commit`` or ``after_commit``. A file named after ``@`` makes it happen
    once: ``draw_business:before_commit@/tmp/once``.
    """
    points = [word.partition("@") for word in spelled.split(",") if word]

    def reached(stage: str, point: str) -> None:
        for where, _, once in points:
            if where in (f"{stage}:{point}", f"*:{point}"):
                if once:
                    try:
                        os.close(os.open(f"{once}.{stage}.{point}", os.O_CREAT | os.O_EXCL))
                    except FileExistsError:
                        continue
                os.kill(os.getpid(), 9)

    return reached
