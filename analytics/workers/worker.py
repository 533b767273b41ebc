"""A worker process: an RQ worker that runs stages in its own process, or in a fork of it.

RQ's bookkeeping costs about 2.5 ms a stage in process, 12 ms with a fork. In
process, a stage that crashes takes the worker along; the supervisor starts
another within a second, and the lease brings the stage back.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline
from rq import Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty
from rq.utils import now, utcformat
from rq.worker import SimpleWorker
from rq.worker.base import WorkerStatus

from ..runs.queue import ENDED, FINISHED_TTL, JOB_TTL, ONLY_EXECUTION, STARTED, StageJob, StageQueue, trim_finished
from . import memory
from .jobs import StageDeathPenalty
from .processes import die_with_parent, end_children, end_group

log = logging.getLogger(__name__)

#: Redis being away is waited for in short steps: a graph must not wait a minute for a worker that sleeps.
CONNECTION_WAIT = 2.0
#: RQ waits for a job, and for any answer of Redis, for about as long: a connection that died silently is noticed.
WORKER_TTL = 30
#: Seconds between two signs of life for the dashboard; RQ gives five a job.
HEARTBEAT = 2.0
#: Seconds between two looks whether the workers are suspended.
SUSPENSION = 1.0
#: Seconds without a job after which a worker that keeps memory begins anew.
QUIET = 30.0


class _StageWorker:
    """What both kinds of worker do otherwise than RQ's."""

    death_penalty_class: type[BaseDeathPenalty] = StageDeathPenalty
    job_class = StageJob
    queue_class = StageQueue
    max_connection_wait_time = CONNECTION_WAIT
    connection: Redis
    name: str
    key: str
    worker_ttl: int
    queue_keys: Callable[[], list[str]]

    def register_birth(self) -> None:
        """Note that the worker is there, and which queue it works on: what enqueues does not say so each time."""
        super().register_birth()  # type: ignore[misc]
        with self.connection.pipeline() as pipe:
            for name in self.queue_keys():
                pipe.sadd(StageQueue.redis_queues_keys, name)
            pipe.execute()

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Note what the worker does. A Redis that was emptied meanwhile would keep RQ's note for ever."""
        with self.connection.pipeline() as own:
            pipe = own if pipeline is None else pipeline
            super().set_state(state, pipe)  # type: ignore[misc]
            pipe.expire(self.key, self.worker_ttl + 60)
            own.execute()

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Note that the job runs. RQ would also make it last for ever, which a killed worker's job then does."""
        with self.connection.pipeline() as pipe:
            job.prepare_for_execution(self.name, pipeline=pipe)
            pipe.expire(job.key, JOB_TTL)
            pipe.lrem(StageQueue(job.origin, connection=self.connection).intermediate_queue_key, 1, job.id)
            pipe.execute()

    def request_force_stop(self, _signum: int, _frame: object) -> None:
        """A second signal changes nothing: the stage in hand may end, and the supervisor ends what does not."""


class InProcessWorker(_StageWorker, SimpleWorker):
    """Runs stages one after the other in this process.

    Of RQ's notes it keeps those that somebody reads: that a job runs, and where; that it has ended; how many have.
    They are written in one round trip before a stage and one after it. What RQ notes of
    executions beside that is for workers that run several jobs, and for jobs that are stopped from outside.
    """

    _last_beat = _last_look = 0.0
    _at_start = _held = _ended_at = 0.0
    _noted: tuple[str, ...] = ()
    _running: Job | None = None

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """A sign of life, now and then; always long enough for the longest wait for a job.

        With it go what the worker has done so far, and finished jobs that need not be looked at any more.
        """
        at = time.monotonic()
        if at - self._last_beat >= HEARTBEAT:
            self._last_beat = at
            with self.connection.pipeline(transaction=False) as own:
                own.hset(self.key, mapping=cast(Any, {"state": self._state, **self._counts()}))
                trim_finished(own, self.queues[0].finished_job_registry.key)
                super().heartbeat(max(timeout or 0, self.worker_ttl + 60), own if pipeline is None else pipeline)
                own.execute()
            if self._ended_at and self._state == WorkerStatus.IDLE and at - self._ended_at >= QUIET:
                self._ended_at = 0.0
                self.begin_anew()

    def check_for_suspension(self, burst: bool) -> None:
        """Look now and then whether an operator has suspended the workers (``rq suspend``)."""
        at = time.monotonic()
        if at - self._last_look >= SUSPENSION:
            self._last_look = at
            super().check_for_suspension(burst)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Note what the worker does, where that changes."""
        if state == self._state == WorkerStatus.IDLE:
            return
        super().set_state(state, pipeline)

    def execute_job(self, job: Job, queue: Any) -> None:
        """Run one job. That the worker is idle again, is written with the end of the job."""
        self._at_start = self._at_start or memory.resident_mb()
        if self.perform_job(job, queue, self.prepare_execution(job)):
            self._state = WorkerStatus.IDLE
        end_children()
        self.settle_memory()
        self._ended_at = time.monotonic()

    def prepare_execution(self, job: Job) -> Execution:
        """Name the execution; :meth:`prepare_job_execution` writes of it what is read."""
        execution = Execution(ONLY_EXECUTION, job.id, self.connection, self.name)
        self.executions[execution.id] = execution
        self._state = WorkerStatus.BUSY
        return execution

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Have it noted with the claim to the stage that the job runs, and in which worker (:meth:`starts`)."""
        job.worker_name, job.last_heartbeat = self.name, now()
        until = time.time() + (job.timeout or 0) + 60
        self._noted = (self.name, job.origin, job.id, utcformat(job.last_heartbeat), str(until))
        self._running = job

    def starts(self) -> tuple[str, ...]:
        """What is to be noted of the job that begins; nothing when it was asked for before."""
        said, self._noted = self._noted, ()
        return said

    def ends(self) -> tuple[str, ...]:
        """What is to be noted of the job that ends; nothing when it was."""
        job = self._running
        return () if job is None else (self.name, job.origin, job.id, utcformat(now()), str(time.time() + FINISHED_TTL))

    def ended(self) -> None:
        """It was noted."""
        self._running = None

    def handle_job_success(self, job: Job, queue: Any, started_job_registry: Any, execution: Execution) -> None:
        """Note that the job has ended, and that the worker is idle; it has no result and nothing after it."""
        self._note_start()
        ended, started = job.ended_at or now(), job.started_at or now()
        self.successful_job_count += 1
        self.total_working_time += (ended - started).total_seconds()
        if said := self.ends():  # it was left to others before its commit
            self.connection.eval(ENDED, 0, *said)
        self.executions.pop(execution.id, None)

    def handle_job_failure(self, *args: Any, **kwargs: Any) -> None:
        """As RQ does, after the start was noted; one that raised before its claim has not noted it."""
        self._note_start()
        self.ended()
        super().handle_job_failure(*args, **kwargs)

    def increment_total_working_time(self, job_execution_time: timedelta, pipeline: Pipeline) -> None:
        """Count the time of a job that failed, and note that the worker is idle."""
        self.total_working_time += job_execution_time.total_seconds()
        pipeline.hset(self.key, mapping=cast(Any, {"state": WorkerStatus.IDLE, **self._counts()}))

    def _counts(self) -> dict[str, Any]:
        return {
            "successful_job_count": self.successful_job_count,
            "total_working_time": round(self.total_working_time, 6),
        }

    def _note_start(self) -> None:
        if said := self.starts():
            self.connection.eval(STARTED, 0, *said)

    def settle_memory(self) -> None:
        """Give back what a large stage left behind; a process that keeps it all the same ends, and is replaced."""
        self._held = max(self._held, self._at_start)
        if not memory.too_much(self._held):
            return
        memory.give_back()
        self._held = memory.resident_mb()
        if memory.too_much(self._at_start, 2 * memory.SLACK):
            log.warning("worker keeps too much memory and is replaced", extra={"mb": int(self._held)})
            self._stop_requested = True

    def begin_anew(self) -> None:
        """Nothing has come for a while: a process that still holds much of what a large stage took is replaced.

        While work waits that would cost more than the memory. Raises :class:`StopRequested` to RQ's loop.
        """
        if not memory.too_much(self._at_start):
            return
        memory.give_back()
        if memory.too_much(self._at_start):
            log.info("worker begins anew, since nothing waits", extra={"mb": int(memory.resident_mb())})
            raise StopRequested

    def handle_execution_ended(self, job: Job, _queue: Any, _heartbeat_ttl: int) -> None:
        """Note the time; a sign of life of a job that ends in the next command helps nobody."""
        job.ended_at = now()


class ForkingWorker(_StageWorker, Worker):
    """Runs each stage in a forked child, which dies with this process. ``bury`` is called when it is gone."""

    bury: Callable[[], None]

    def main_work_horse(self, job: Job, queue: Any) -> None:
        """The child's life: bound to its parent's, then RQ's own."""
        die_with_parent()
        super().main_work_horse(job, queue)

    def monitor_work_horse(self, job: Job, queue: Any, execution: Any) -> None:
        """Wait for the child, then see to what it left: processes of its own, and a stage it has not settled.

        RQ tells nobody of a child that leaves by ``os._exit(0)``.
        """
        horse = self.horse_pid
        super().monitor_work_horse(job, queue, execution)
        end_group(horse)
        end_children()
        self.bury()


def make(redis: Redis, queue: str, mode: str, bury: Callable[[], None]) -> SimpleWorker | Worker:
    """A worker on the one queue. ``mode`` is ``inprocess`` or ``fork``; ``bury`` gives back what a dead fork held."""
    # RQ's own log lines repeat what ours say, and colour it.
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    options: dict[str, Any] = {
        "connection": redis,
        "serializer": JSONSerializer,
        "job_class": StageJob,
        "log_job_description": False,
        "worker_ttl": WORKER_TTL,
        "name": name_of_this(),
    }
    if mode != "fork":
        return InProcessWorker([queue], **options)
    worker = ForkingWorker([queue], **options)
    worker.bury = bury
    return worker


def name_of_this() -> str:
    """The worker's name: host, process, and a few letters, since a container starts with the same process again."""
    host = "".join(letter if letter.isalnum() else "-" for letter in socket.gethostname().partition(".")[0])
    return f"{host}.{os.getpid()}.{secrets.token_hex(2)}"
