"""Start of the worker pool: settings, plugins, heavy imports, then the supervisor.

Everything heavy is imported and compiled before the first worker is forked, so
that a worker is ready at once, and again within milliseconds after a crash.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import replace

from redis import Redis, RedisError

from .. import drawing, logs, settings
from ..errors import AnalyticsError, Unreadable
from ..redis_client import connect_redis, refuse_untrusted
from ..runs import pools, readiness, rescue
from ..runs.queries import Lease
from ..runs.times import LeaseTimes
from ..service import Service, build_service
from ..settings import Settings
from . import reaper, worker
from .assembly import build_reaper, build_runtime
from .jobs import install
from .supervisor import Place, Release, Slot, give_back, supervise

log = logging.getLogger(__name__)


def run(name: str, times: LeaseTimes, ready: Callable[[], None]) -> int:
    """Run the pool ``name`` until it is told to stop; call ``ready`` once all is loaded. Returns the status."""
    try:
        config = settings.read()
        logs.configure(config.log_level)
        for warning in settings.require_safe(config):
            log.warning(warning)
    except AnalyticsError as exc:
        return cannot_start(str(exc))
    try:
        # The supervisor looks after processes; it must not wait long for Redis.
        service = build_service(config, patient=False, times=times)
        refuse_untrusted(service.redis)
        build_runtime(service)
    except AnalyticsError as exc:
        say_problem(config, name, str(exc))
        return cannot_start(str(exc))
    warn_of_eviction(service.redis)
    drawing.warm_up()
    gc.collect()
    gc.freeze()  # what is loaded now stays shared between the forks
    say_problem(config, name, "")
    ready()
    log.info("pool starts", extra={"workers": config.workers, "mode": config.worker_mode, "pool": name})
    status = supervise(places(config, service, name), release_with(service), config.worker_memory)
    forget(service.redis, name)
    return status


def places(config: Settings, service: Service, name: str) -> list[Place]:
    """The pool's processes: a reaper, and the workers."""
    times, pool = service.store.times, pools.pool_of(name, service.registry)

    def work(slot: Slot) -> None:
        mine = build_service(config, patient=True, times=times)

        def bury() -> None:
            running = slot.read()[2]
            slot.clear()
            if running is not None:
                give_back(running, release_with(mine))

        made = worker.make(mine.redis, config.queue, config.worker_mode, bury)
        runtime = replace(build_runtime(mine), watch=slot.write)
        if isinstance(made, worker.InProcessWorker):
            runtime = replace(runtime, notes=made)
        install(runtime)
        made.work(logging_level="WARNING")

    def look_after(_slot: Slot) -> None:
        reaper.live(build_reaper(build_service(config, patient=True, times=times), pool))

    workers = [Place(f"worker {number}", work, Slot(times.grace)) for number in range(1, config.workers + 1)]
    return [Place("reaper", look_after), *workers]


def warn_of_eviction(redis: Redis) -> None:
    """Say where Redis may take graphs away; one that does not answer yet is no reason not to start."""
    try:
        if warning := readiness.eviction_warning(redis):
            log.warning(warning)
    except RedisError as exc:
        log.warning("eviction policy not read: Redis does not answer", extra={"why": type(exc).__name__})


def release_with(service: Service) -> Release:
    """How to let the lease of a stage run out."""

    def release(run_id: str, stage: str, attempt: int, hung: bool) -> None:
        if hung:
            try:
                service.store.timed_out(Lease(run_id, stage, attempt))
            except Unreadable as exc:
                log.warning("time limit not noted", extra={"run": run_id, "why": exc.reason})
        rescue.release(service.store, run_id, stage, attempt)

    return release


def cannot_start(reason: str) -> int:
    """Say why, where there may be no log yet; returns the exit status."""
    print(f"cannot start: {reason}", file=sys.stderr)  # noqa: T201 - before there is a log
    return 2


def say_problem(config: Settings, name: str, problem: str) -> None:
    """Have an older supervisor of this pool, if there is one, tell why it stays; empty: there is no reason any more."""
    try:
        pools.report_problem(connect_redis(config, patient=False), name, problem)
    except (RedisError, AnalyticsError) as exc:
        log.warning("pool not reported: Redis does not answer", extra={"why": type(exc).__name__})


def forget(redis: Redis, name: str) -> None:
    """The pool gives no further sign of life; a successor of the same name gives its next one at once."""
    try:
        pools.withdraw(redis, name)
    except RedisError as exc:
        log.warning("pool not withdrawn: Redis does not answer", extra={"why": type(exc).__name__})
