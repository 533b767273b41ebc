"""The process in front of a pool: it starts the pool's supervisor, and on SIGHUP another with the plugins of that time.

A plugin cannot be taken out of a process that has imported it. So the
supervisor, which loads the plugins and forks the workers, is itself a fork of
this process, which loads none. On SIGHUP a second one is started beside the
first; once it has loaded everything, the first is told to end what it has in
hand and the second takes the jobs from there. One whose plugins do not load
ends, and the first stays.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import logs, settings
from ..errors import SettingsError
from ..runs.times import LeaseTimes
from .pool import cannot_start, run
from .processes import die_with_parent
from .supervisor import show_name

log = logging.getLogger(__name__)

#: Seconds between two looks at the supervisors.
LOOK = 0.05
#: Seconds a supervisor may take to end: what its own workers may take, and a little more.
STOP = 28.0
#: A supervisor with other plugins may take so long to load them.
LOAD = 120.0
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
AGAIN = getattr(signal, "SIGHUP", None)

Supervise = Callable[[str, LeaseTimes, Callable[[], None]], int]
"""A supervisor's whole life, given the pool's name, its times, and what to call once it is ready."""


@dataclass
class Supervisor:
    """A supervisor: its process, and where it says that it is ready."""

    pid: int
    ready: int
    until: float = field(default_factory=lambda: time.monotonic() + LOAD)


def main(times: LeaseTimes | None = None) -> int:
    """Run a pool until it is told to stop; returns the exit status."""
    try:
        logs.configure(settings.read().log_level)
    except SettingsError as exc:
        return cannot_start(str(exc))
    gc.collect()
    gc.freeze()  # what is loaded now stays shared with the supervisor
    return launch(run, times or LeaseTimes())


def machine() -> str:
    """What the names of this machine's pools begin with."""
    return socket.gethostname()[:40]


def launch(supervise: Supervise, times: LeaseTimes) -> int:
    """Keep one supervisor, or its successor; returns its exit status when it ends."""
    told: list[int] = []
    for sig in SIGNALS:
        signal.signal(sig, lambda number, _frame: told.append(number))
    name = f"{machine()}:{os.getpid()}"
    current = start(supervise, name, times)
    following: Supervisor | None = None
    leaving: dict[int, float] = {}
    again = False
    while True:
        while told:
            number = told.pop(0)
            if number != AGAIN:
                return stop([current, *([following] if following else [])], leaving)
            again = True
        if again and following is None:
            again = False
            log.info("plugins are loaded again", extra={"pool": name})
            following = start(supervise, name, times)
        if (status := ended(current.pid)) is not None:
            stop([following] if following else [], leaving)
            return status
        if following is not None and is_ready(following):
            os.kill(current.pid, signal.SIGTERM)  # it ends what it has in hand
            leaving[current.pid] = time.monotonic() + STOP
            log.info("the pool begins anew", extra={"pool": name})
            current, following = following, None
        elif following is not None and gave_up(following):
            log.error("the pool keeps its plugins: those of now do not load", extra={"pool": name})
            following = None
        bury(leaving)
        time.sleep(LOOK)


def start(supervise: Supervise, name: str, times: LeaseTimes) -> Supervisor:
    """Fork a supervisor. Signals wait until it knows what to do with them."""
    ready, say = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    pid = os.fork()
    if pid:
        os.close(say)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return Supervisor(pid, ready)
    status = 1
    try:
        os.close(ready)
        for sig in SIGNALS:
            signal.signal(sig, signal.SIG_IGN if sig == AGAIN else signal.SIG_DFL)
        show_name("supervisor")
        die_with_parent()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

        def tell() -> None:
            os.write(say, b"ready")
            os.close(say)

        status = supervise(name, times, tell)
    except BaseException:
        log.exception("supervisor failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def is_ready(supervisor: Supervisor) -> bool:
    """Whether it has said that it has loaded everything."""
    readable, _, _ = select.select([supervisor.ready], [], [], 0)
    if not readable or not os.read(supervisor.ready, 5):
        return False
    os.close(supervisor.ready)
    return True


def gave_up(supervisor: Supervisor) -> bool:
    """Whether it has ended before it was ready; one that takes too long is ended."""
    if time.monotonic() > supervisor.until:
        os.kill(supervisor.pid, signal.SIGKILL)
        os.waitpid(supervisor.pid, 0)
    elif ended(supervisor.pid) is None:
        return False
    os.close(supervisor.ready)
    return True


def ended(pid: int) -> int | None:
    """The exit status of a process that has ended."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def bury(leaving: dict[int, float]) -> None:
    """Forget the predecessors that have ended; kill those that take too long."""
    for pid, until in list(leaving.items()):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        if ended(pid) is not None:
            del leaving[pid]


def stop(supervisors: list[Supervisor], leaving: dict[int, float]) -> int:
    """Let everybody end what they have in hand, then end them; returns 0."""
    end = time.monotonic() + STOP
    for supervisor in supervisors:
        os.kill(supervisor.pid, signal.SIGTERM)
        leaving[supervisor.pid] = end
    while leaving:
        bury(leaving)
        time.sleep(LOOK)
    return 0
