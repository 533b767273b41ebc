"""The one queue: how a stage gets on it, and what a job may name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from ..errors import AnalyticsError
from ..pipeline.registry import Registry
from ..pipeline.stage import Stage
from .changes import Enqueue

#: How a job names the one thing it may ask for. RQ never imports it: it is looked up in :data:`CALLABLES`.
RUN_STAGE = "analytics.jobs.run_stage"
#: What a job may name, and what a worker then calls; a process that runs no jobs leaves it empty.
CALLABLES: dict[str, Callable[[str, str, int], None]] = {}
#: Seconds a failed job stays to be looked at.
FAILURE_TTL = 3600
#: Seconds a finished job stays to be looked at, and how many of the newest do.
FINISHED_TTL, MOST_FINISHED = 600, 500
#: Seconds a job may wait, or run, before Redis forgets it; the run's state outlives it.
JOB_TTL = 86_400


# A finished job stays for a while; the oldest go as further ones come. It is in the worker's own transaction.
# KEYS registry; ARGV job ended most prefix ttl
KEEP_FINISHED = """
local job = ARGV[4] .. ARGV[1]
redis.call('HSET', job, 'status', 'finished', 'ended_at', ARGV[2])
redis.call('EXPIRE', job, ARGV[5])
redis.call('ZADD', KEYS[1], redis.call('TIME')[1] + ARGV[5], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[5])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do redis.call('DEL', ARGV[4] .. old) end
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1)
end
"""


class NotAllowed(AnalyticsError):
    """A job on the queue names a callable that is none of ours."""


class StageJob(Job):
    """A job that runs nothing but what is allowed, whoever put it on the queue."""

    @property
    def func(self) -> Callable[..., Any]:
        """The job's callable. Raises :class:`NotAllowed`."""
        allowed = CALLABLES.get(self.func_name or "")
        if allowed is None or self.instance is not None:
            raise NotAllowed("a job names a callable that is not on the list of allowed ones")
        return allowed

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
        """Keep a job that succeeded for a while: RQ writes a result beside each, ours have none."""
        if ttl == 0 and pipeline is not None:
            pipeline.delete(self.execution_registry.key)
            pipeline.eval(
                KEEP_FINISHED,
                1,
                self.finished_job_registry.key,
                self.id,
                utcformat(self.ended_at) if self.ended_at else "",
                str(MOST_FINISHED),
                self.redis_job_namespace_prefix,
                str(FINISHED_TTL),
            )
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


def queue_of(redis: Redis, name: str) -> Queue:
    """The one queue, with JSON jobs."""
    return StageQueue(name, connection=redis, serializer=JSONSerializer)


def job_id(run_id: str, stage: str, attempt: int) -> str:
    """A job's deterministic id: the same attempt enqueued twice is the same job.

    >>> job_id("5f", "entry", 1)
    '5f-entry-1'
    """
    return f"{run_id}-{stage}-{attempt}"


def enqueuer(queue: Queue, registry: Registry, default_timeout: int) -> Enqueue:
    """How to put a stage on ``queue`` inside a transaction. Another pool may know stages that this one does not."""

    def enqueue(pipe: Pipeline, run_id: str, stage: str, attempt: int, ahead: bool) -> None:
        queue.enqueue_call(
            RUN_STAGE,
            args=(run_id, stage, attempt),
            job_id=job_id(run_id, stage, attempt),
            timeout=limit_of(registry.stages.get(stage), default_timeout),
            result_ttl=0,
            failure_ttl=FAILURE_TTL,
            ttl=None,
            description=stage,
            at_front=ahead,
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


def limit_of(stage: Stage | None, default_timeout: int) -> int:
    """Seconds the stage may take; of one whose plugin is only in another pool, the most."""
    return default_timeout if stage is None else stage.timeout or default_timeout
