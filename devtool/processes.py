"""Child processes: started with a log each, stopped in order, and found again after a kill.

Each child leads a session of its own, so that Ctrl-C reaches devtool alone and
stopping one takes its children along. Who runs is written down with the time
it started, so that a process that got the same number later is never touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .places import ROOT
from .signals import deferred
from .terminal import Stop, say

#: Seconds a child may take to end after SIGTERM.
GRACE = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """One running program."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None


class Family:
    """The children of one devtool run; ``record`` is the file that remembers them."""

    def __init__(self, logs: Path, record: Path) -> None:
        self._logs = logs
        self._record = record
        self._children: list[Child] = []

    def start(self, name: str, command: Sequence[str | Path], env: Mapping[str, str]) -> Child:
        """Start a program in the checkout; what it says goes to its log."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with deferred(), open(log, "wb") as file:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            child = Child(name, process, log)
            self._children.append(child)
            self._write_down()
        return child

    def check(self) -> None:
        """Raise :class:`~devtool.terminal.Stop` when a child has ended, naming its log."""
        for child in self._children:
            if not child.running():
                raise gone(child)

    def stop(self) -> None:
        """End every child, the last started first."""
        while self._children:
            child = self._children[-1]
            if not end_group(child.process.pid, child.running):
                say(f"! {child.name} did not stop within {GRACE:.0f} s and was killed")
            child.process.wait()
            self._children.pop()
        self._record.unlink(missing_ok=True)

    def _write_down(self) -> None:
        rows = [
            {"name": child.name, "pid": child.process.pid, "started": started(child.process.pid)}
            for child in self._children
        ]
        draft = self._record.with_suffix(".new")
        draft.write_text(json.dumps(rows))
        draft.replace(self._record)


def gone(child: Child) -> Stop:
    """The error for a child that ended on its own."""
    status = child.process.returncode
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
    return Stop(f"{child.name} {how}; see {child.log}", child.log.read_text(errors="replace"))


def wait_until(ready: Callable[[], bool], child: Child, seconds: float) -> None:
    """Wait for ``ready``; a refused connection counts as not yet. Raises :class:`~devtool.terminal.Stop`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if ready():
                return
        if not child.running():
            raise gone(child)
        time.sleep(0.03)
    raise Stop(
        f"{child.name} was not ready after {seconds:.0f} s; see {child.log}", child.log.read_text(errors="replace")
    )


def clear_away(record: Path) -> None:
    """End what a killed predecessor left running."""
    try:
        rows = [(str(row["name"]), int(row["pid"]), str(row["started"])) for row in json.loads(record.read_text())]
    except (OSError, ValueError, TypeError, KeyError):
        return  # nobody was left behind, or nobody can say who
    for name, pid, since in reversed(rows):
        if since and is_same(pid, since):
            say(f"! ending {name} (process {pid}), left behind by an earlier run")
            end_group(pid, partial(is_same, pid, since))
    record.unlink(missing_ok=True)


def end_group(pid: int, alive: Callable[[], bool]) -> bool:
    """SIGTERM the session's leader, after :data:`GRACE` SIGKILL all of it; true where it went by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + GRACE
    while alive() and time.monotonic() < end:
        time.sleep(0.02)
    willing = not alive()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # also what a willing leader left behind
    return willing


def is_same(pid: int, since: str) -> bool:
    """Whether the process ``pid`` still is the one that began at ``since``."""
    return started(pid) == since


def started(pid: int) -> str:
    """When a process began, in the system's own terms; empty where there is none (or only its corpse)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except OSError:
        if Path("/proc/self/stat").exists():
            return ""
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
