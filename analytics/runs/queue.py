"""The one queue: how a stage gets on it, and what a job may name."""

from __future__ import annotations

import time
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
#: Seconds until Redis forgets a job, whatever becomes of it; the run's state outlives it, and a stage whose job is gone
#: is queued again when its lease runs out.
JOB_TTL = 3600
#: Where a worker's own record says which job it runs.
EXECUTION = "execution"
#: How RQ's note of a running job ends where its worker has one job at a time: a job of ours is one attempt.
ONLY_EXECUTION = "1"

# A stage gets on the queue, as RQ's own job; its fields are RQ's. KEYS queue; ARGV run stage attempt now timeout push
ENQUEUE = f"""
local id = ARGV[1] .. '-' .. ARGV[2] .. '-' .. ARGV[3]
local job = '{Job.redis_job_namespace_prefix}' .. id
redis.call('HSET', job, 'status', 'queued', 'created_at', ARGV[4], 'enqueued_at', ARGV[4], 'timeout', ARGV[5],
  'origin', string.sub(KEYS[1], {len(Queue.redis_queue_namespace_prefix) + 1}), 'description', ARGV[2],
  'result_ttl', 0, 'failure_ttl', {FAILURE_TTL},
  'data', '["{RUN_STAGE}", null, ["' .. ARGV[1] .. '", "' .. ARGV[2] .. '", ' .. ARGV[3] .. '], {{}}]')
redis.call('EXPIRE', job, {JOB_TTL})
redis.call(ARGV[6], KEYS[1], id)
"""

# A job begins in a worker that has one at a time. ARGV worker queue job now until
# What is gone (Redis was emptied) is not made again, to stay for ever: more fields are new then than ever are.
STARTED = f"""
local job, worker = '{Job.redis_job_namespace_prefix}' .. ARGV[3], 'rq:worker:' .. ARGV[1]
redis.pcall('ZADD', 'rq:wip:' .. ARGV[2], ARGV[5], ARGV[3] .. ':{ONLY_EXECUTION}')
local new = redis.pcall('HSET', worker, 'state', 'busy', '{EXECUTION}', ARGV[3] .. ':{ONLY_EXECUTION}')
if new == 2 then redis.call('DEL', worker) end
new = redis.pcall('HSET', job, 'status', 'started', 'started_at', ARGV[4], 'last_heartbeat', ARGV[4],
  'worker_name', ARGV[1])
if new == 4 then redis.call('DEL', job) end
redis.pcall('LREM', '{Queue.redis_queue_namespace_prefix}' .. ARGV[2] .. ':intermediate', 1, ARGV[3])
"""

# It has ended, and the worker is idle. ARGV worker queue job now until
ENDED = f"""
local job, worker = '{Job.redis_job_namespace_prefix}' .. ARGV[3], 'rq:worker:' .. ARGV[1]
if redis.pcall('HSET', job, 'status', 'finished', 'ended_at', ARGV[4]) == 2 then redis.call('DEL', job) end
redis.pcall('ZADD', 'rq:finished:' .. ARGV[2], ARGV[5], ARGV[3])
redis.pcall('ZREM', 'rq:wip:' .. ARGV[2], ARGV[3] .. ':{ONLY_EXECUTION}')
if redis.pcall('HSET', worker, 'state', 'idle') == 1 then redis.call('DEL', worker) end
"""

# Of the finished jobs the oldest go. KEYS registry; ARGV most prefix ttl
TRIM_FINISHED = """
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do redis.call('DEL', ARGV[2] .. old) end
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1)
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""

# A finished job stays for a while. It is in the worker's own transaction.
# KEYS registry; ARGV job ended prefix ttl
KEEP_FINISHED = """
local job = ARGV[3] .. ARGV[1]
redis.call('HSET', job, 'status', 'finished', 'ended_at', ARGV[2])
redis.call('EXPIRE', job, ARGV[4])
redis.call('ZADD', KEYS[1], redis.call('TIME')[1] + ARGV[4], ARGV[1])
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
            ended = utcformat(self.ended_at) if self.ended_at else ""
            registry = self.finished_job_registry.key
            pipeline.eval(KEEP_FINISHED, 1, registry, self.id, ended, Job.redis_job_namespace_prefix, str(FINISHED_TTL))
            trim_finished(pipeline, registry)
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

    def enqueue(pipe: Pipeline, run_id: str, stage: str, attempt: int, ahead: bool, at: float) -> None:
        timeout = limit_of(registry.stages.get(stage), default_timeout)
        said = (run_id, stage, str(attempt), stamp(at), str(timeout), "LPUSH" if ahead else "RPUSH")
        pipe.eval(ENQUEUE, 1, queue.key, *said)

    return enqueue


def stamp(at: float) -> str:
    """A time as RQ writes it.

    >>> stamp(0.25)
    '1970-01-01T00:00:00.250000Z'
    """
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at))}.{int(at % 1 * 1e6):06d}Z"


def trim_finished(pipe: Pipeline, registry: str) -> None:
    """Forget the oldest of the finished jobs in ``registry``, and let it be forgotten when no more come."""
    said = (str(MOST_FINISHED), Job.redis_job_namespace_prefix, str(FINISHED_TTL))
    pipe.eval(TRIM_FINISHED, 1, registry, *said)


def forget(queue: Queue, job: str) -> None:
    """Remove what RQ noted of a job whose worker is gone: its own clearing up comes many minutes later."""
    redis, started = queue.connection, queue.started_job_registry.key
    executions = cast(list[bytes], redis.zrange(f"rq:executions:{job}", 0, -1))
    with redis.pipeline() as pipe:
        for execution in executions:
            name = f"{job}:{execution.decode().rpartition(':')[2]}"
            pipe.zrem(started, name)
            pipe.delete(f"rq:execution:{name}")
        pipe.zrem(started, f"{job}:{ONLY_EXECUTION}")
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


def name_queue(queue: Queue) -> int:
    """Note that there is the queue, as RQ does for each job; 1 where it was not noted, as after a Redis was emptied."""
    return queue.connection.sadd(queue.redis_queues_keys, queue.key)


def limit_of(stage: Stage | None, default_timeout: int) -> int:
    """Seconds the stage may take; of one whose plugin is only in another pool, the most."""
    return default_timeout if stage is None else stage.timeout or default_timeout
