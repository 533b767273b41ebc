"""How long each kind of silence is waited for, in seconds: leases, the reaper, heartbeats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """The waits that add up to a rescue; what a process is started with, and nothing changes while it runs."""

    queued: float = 8.0
    """A queued job may stay unseen before the reaper looks at it."""
    running: float = 9.0
    """A running stage may stay unrenewed."""
    starting: float = 4.0
    """An admitted run may take to be started by the process that admitted it."""
    handed_back: float = 1.0
    """A job that a worker could not run waits for another worker."""
    held: float = 5.0
    """A stage that waits for a place for long stages is looked at, should nobody have woken it."""
    election: float = 4.0
    """The elected reaper may be silent before another takes over."""
    tick: float = 1.0
    """Between two ticks of a reaper."""
    mend: int = 15
    """Ticks (not seconds) between two looks for work that has no lease."""
    grace: float = 5.0
    """A stage may pass its limit before its worker is killed: the alarm comes first."""
    pool: float = 10.0
    """A pool may be silent before it counts as gone."""
