"""The supervisor of a pool: starts its processes, restarts them, ends the ones that hang or grow.

It is the parent of every worker and of the pool's reaper, and does nothing
else, so that nothing keeps it from looking. A worker writes what it is running,
and until when it may, into a few bytes shared with the supervisor; SIGALRM
cannot interrupt C code, SIGKILL can.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redis import RedisError

from .memory import resident_mb
from .printing import cap_output
from .processes import adopt_orphans, die_with_parent, end_group

log = logging.getLogger(__name__)

#: Seconds between two looks at the processes.
LOOK = 0.1
#: Seconds a stopping process may take; Heroku kills after 30.
STOP = 25.0
#: A process that lives shorter than this has crashed at start.
SHORT_LIFE = 2.0
#: Seconds before one that crashes at every start is started again: they double up to this.
LONGEST_PAUSE = 5.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_SLOT = struct.Struct("dq240s")
Stage = tuple[str, str, int]
"""A run's id, a stage and the attempt at it."""
Release = Callable[[str, str, int, bool], None]
"""Give back a stage (run, stage, attempt) whose process is dead; the last says that it was killed past its limit."""


@dataclass(frozen=True)
class Slot:
    """What a process is running, shared between it and the supervisor.

    A stage may pass its limit by ``grace`` seconds before its worker is killed: the alarm comes first.
    """

    grace: float = 5.0
    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _SLOT.size))

    def write(self, run_id: str, stage: str, attempt: int, limit: float) -> None:
        """The worker begins a stage that may take ``limit`` seconds; all empty: it has ended it."""
        until = time.monotonic() + limit + self.grace if run_id else 0.0
        self.memory[:] = _SLOT.pack(until, os.getpid(), f"{run_id} {stage} {attempt}".encode() if run_id else b"")

    def clear(self) -> None:
        """Nothing is running."""
        self.write("", "", 0, 0.0)

    def read(self) -> tuple[float, int, Stage | None]:
        """Until when (monotonic clock), in which process, and what."""
        until, pid, raw = _SLOT.unpack(self.memory[:])
        words = raw.rstrip(b"\0").split(b" ")
        try:
            return until, pid, (words[0].decode(), words[1].decode(), int(words[2]))
        except (IndexError, ValueError):  # empty, or read while it was being written
            return until, pid, None


@dataclass
class Place:
    """One place in the pool: what a process in it does, and the process that fills it."""

    name: str
    work: Callable[[Slot], None]
    slot: Slot = field(default_factory=Slot)
    pid: int = 0
    born: float = 0.0
    pause: float = 0.0
    due: float = 0.0
    hung: bool = False


def supervise(places: Sequence[Place], release: Release, memory_limit: int) -> int:
    """Keep every place filled until SIGTERM or SIGINT; returns the exit status.

    A place's ``work`` runs in a fork of this process. ``release`` gives back the
    stage a dead process held. ``memory_limit`` is in MB.
    """
    stopping: list[int] = []
    for sig in STOP_SIGNALS:
        signal.signal(sig, lambda number, _frame: stopping.append(number))
    while not stopping:
        now = time.monotonic()
        for place in places:
            look_after(place, release, memory_limit, now)
        time.sleep(LOOK)
    return stop(places)


def look_after(place: Place, release: Release, memory_limit: int, now: float) -> None:
    """Start, bury or kill one process."""
    if place.pid == 0:
        if now >= place.due:
            start(place, now)
        return
    pid, status = os.waitpid(place.pid, os.WNOHANG)
    if pid:
        bury(place, status, release, now)
        return
    until, runner, running = place.slot.read()
    if until and now > until:
        log.error("stage hangs, its worker is killed", extra={"running": str(running)})
        place.hung = True
        os.kill(place.pid, signal.SIGKILL)
    elif resident_mb(runner if running else place.pid) > memory_limit:
        log.error("worker holds too much memory and is replaced", extra={"worker": place.pid, "running": str(running)})
        os.kill(place.pid, signal.SIGKILL if running else signal.SIGTERM)


def start(place: Place, now: float) -> None:
    """Fork a process into its place. Signals wait until each side knows what to do with them."""
    place.slot.clear()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        pid = os.fork()
    except OSError as exc:
        log.error("no process could be started", extra={"why": type(exc).__name__})
        place.due = now + LONGEST_PAUSE
        pid = -1
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if pid > 0:
            place.pid, place.born = pid, now
        return
    live(place)


def live(place: Place) -> None:
    """A child's whole life, in a process group of its own so that nothing it starts outlives it. Never returns."""
    status = 1
    try:
        os.setpgid(0, 0)
        show_name(place.name)
        for sig in STOP_SIGNALS:
            signal.signal(sig, signal.SIG_DFL)
        die_with_parent()
        adopt_orphans()
        cap_output()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        place.work(place.slot)
        status = 0
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 1
    except BaseException:
        log.exception("process failed", extra={"place": place.name})
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def show_name(name: str) -> None:
    """Let ``ps`` and ``top`` tell workers from the reaper, where the system allows."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def bury(place: Place, status: int, release: Release, now: float) -> None:
    """A process is gone: end what it started, give back what it was running, and plan its successor."""
    _, runner, running = place.slot.read()
    log.warning("process ended", extra={"place": place.name, "status": status, "running": str(running)})
    end_group(place.pid)
    if running is not None:
        end_group(runner if runner != place.pid else 0)
        give_back(running, release, hung=place.hung)
    place.hung = False
    crashed = now - place.born < SHORT_LIFE and running is None
    place.pause = min(LONGEST_PAUSE, max(0.5, place.pause * 2)) if crashed else 0.0
    place.pid, place.due = 0, now + place.pause


def give_back(running: Stage, release: Release, *, hung: bool = False) -> None:
    """Let the lease of a stage whose process is dead run out now; ``hung``: it was killed, past its time limit."""
    try:
        release(*running, hung)
    except RedisError as exc:
        log.warning("lease not released: Redis does not answer", extra={"why": type(exc).__name__})


def stop(places: Sequence[Place]) -> int:
    """Let every process end what it has in hand, then end it; returns 0."""
    alive = [place.pid for place in places if place.pid]
    for pid in alive:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOP
    while alive and time.monotonic() < end:
        alive = [pid for pid in alive if os.waitpid(pid, os.WNOHANG)[0] == 0]
        time.sleep(0.02)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for place in places:
        end_group(place.pid)
    return 0
