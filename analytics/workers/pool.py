"""Start of the worker pool: settings, plugins, heavy imports, then the supervisor.

Everything heavy is imported and compiled before the first worker is forked, so
that a worker is ready at once, and again within milliseconds after a crash.
"""

from __future__ import annotations

import gc
import logging
import sys
from dataclasses import replace

from .. import drawing, logs, settings
from ..errors import AnalyticsError
from ..service import build_service
from . import reaper, worker
from .assembly import build_reaper, build_runtime
from .jobs import install
from .supervisor import Place, Slot, give_back, supervise

log = logging.getLogger(__name__)


def main() -> int:
    """Run the pool until it is told to stop; returns the exit status."""
    try:
        config = settings.read()
        logs.configure(config.log_level)
        for warning in settings.require_safe(config):
            log.warning(warning)
        # The supervisor looks after processes; it must not wait long for Redis.
        service = build_service(config, patient=False)
        build_runtime(service)
    except AnalyticsError as exc:
        print(f"cannot start: {exc}", file=sys.stderr)  # noqa: T201 - before there is a log
        return 2
    drawing.warm_up()
    gc.collect()
    gc.freeze()  # what is loaded now stays shared between the forks

    def work(slot: Slot) -> None:
        mine = build_service(config, patient=True)
        install(replace(build_runtime(mine), watch=slot.write))

        def bury() -> None:
            running = slot.read()[2]
            slot.clear()
            if running is not None:
                give_back(running, mine.store.release)

        worker.make(mine.redis, config.queue, config.worker_mode, bury).work(logging_level="WARNING")

    def rescue(_slot: Slot) -> None:
        reaper.live(build_reaper(build_service(config, patient=True)))

    log.info("pool starts", extra={"workers": config.workers, "mode": config.worker_mode})
    workers = [Place(f"worker {number}", work) for number in range(1, config.workers + 1)]
    return supervise([Place("reaper", rescue), *workers], service.store.release, config.worker_memory)
