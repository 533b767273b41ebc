"""Whether the service can work, from what was done and not from who is there.

A Redis that answers may take no writes, a reaper may be alive and rescue nothing, and
the Data App may be away. Each is seen by what came of the last real thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from redis import Redis

from .queries import clock

#: When a reaper last did all it had to do, and what the Data App last answered.
TICKED, DATA_APP = "am:ticked", "am:data-app"
#: What is written to see that Redis takes writes.
PROBE = "am:probe"
#: Seconds such a note is kept.
KEEP = 3600
#: Seconds without a good tick of any reaper, and that a lease may be overdue, before nobody seems to rescue.
QUIET, LATE = 30.0, 30.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found. Seconds; ``ticked`` is nothing where no reaper has worked within an hour, ``data_app`` where
    nobody has asked it.
    """

    ticked: float | None
    overdue: float
    data_app: bool | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why graphs may not be drawn now, in words."""
        found = []
        if self.ticked is None or self.ticked > QUIET:
            found.append("No reaper has done its work lately: what is lost is not rescued.")
        if self.overdue > LATE:
            found.append(f"A stage is overdue since {self.overdue:.0f} s.")
        if self.data_app is False:
            found.append("The Data App did not answer when it was last asked.")
        return tuple(found)


def note_tick(redis: Redis) -> None:
    """A reaper has done all it had to do."""
    redis.set(TICKED, clock(redis), ex=KEEP)


def note_data_app(redis: Redis, *, answered: bool) -> None:
    """The Data App has answered, or has not."""
    redis.set(DATA_APP, int(answered), ex=KEEP)


def require_writes(redis: Redis) -> None:
    """Write something. Raises what Redis raises where it takes no writes."""
    redis.set(PROBE, 1, ex=KEEP)


def read(redis: Redis) -> Readiness:
    """How it stands; what cannot be read counts as not known."""
    with redis.pipeline(transaction=False) as pipe:
        pipe.time()
        pipe.get(TICKED)
        pipe.get(DATA_APP)
        pipe.zrange("am:leases", 0, 0, withscores=True)
        (seconds, micros), ticked, data_app, oldest = pipe.execute(raise_on_error=False)
    now = seconds + micros / 1e6
    return Readiness(
        ticked=age(ticked, now),
        overdue=max(0.0, now - oldest[0][1]) if isinstance(oldest, list) and oldest and oldest[0][1] else 0.0,
        data_app={b"1": True, b"0": False}.get(data_app) if isinstance(data_app, bytes) else None,
    )


def age(noted: object, now: float) -> float | None:
    """Seconds since a noted time; nothing where there is none."""
    try:
        return max(0.0, now - float(cast(bytes, noted)))
    except (TypeError, ValueError):
        return None


def evicting(redis: Redis) -> str:
    """Redis' eviction policy where it may take keys of ours away; empty where it does not, or does not tell."""
    memory = cast(Mapping[str, object], redis.info("memory"))
    policy = str(memory.get("maxmemory_policy", "noeviction"))
    return "" if policy == "noeviction" else policy


def eviction_warning(redis: Redis) -> str:
    """A sentence about the eviction policy where it loses data; empty otherwise."""
    policy = evicting(redis)
    if not policy:
        return ""
    return (
        f"Redis evicts keys when its memory is full (maxmemory-policy {policy}), and graphs with them: set noeviction."
    )
