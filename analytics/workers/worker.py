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
from typing import Any

from redis import Redis
from redis.client import Pipeline
from rq import Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty
from rq.utils import now
from rq.worker import SimpleWorker

from ..runs.queue import JOB_TTL, StageJob, StageQueue
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
    """Runs stages one after the other in this process."""

    _last_beat = 0.0
    _at_start = _held = 0.0

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """A sign of life, now and then; always long enough for the longest wait for a job."""
        at = time.monotonic()
        if at - self._last_beat >= HEARTBEAT:
            self._last_beat = at
            super().heartbeat(max(timeout or 0, self.worker_ttl + 60), pipeline)

    def execute_job(self, job: Job, queue: Any) -> None:
        """Run one job. That the worker is idle again, it says when it asks for the next."""
        self._at_start = self._at_start or memory.resident_mb()
        self.perform_job(job, queue, self.prepare_execution(job))
        end_children()
        self.settle_memory()

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
