"""Long stages leave a worker free: whoever asks for something small meanwhile finds one.

How long a stage takes is measured, by the stage and the size of what it is
handed; what was never measured counts as long when it is large. Of N workers
N - 1 may be at long stages at once; a further one is held, and goes on when
one of them ends, that of the owner who has used the least first. With one
worker there is nothing to keep free.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from redis import Redis

from .queries import Lease

#: Seconds from which on a stage is long.
LONG = 1.0
#: Seconds below which nothing is noted.
SHORT = 0.25
#: Bytes from which on a stage counts as long while nobody has measured one of about its size.
LARGE = 32_768
#: Measured seconds by stage and size; stages at it; stages held, by what their owner has used.
TOOK, AT_WORK, HELD = "am:took", "am:long", "am:held"
#: Seconds a process goes by the measures it has read.
FRESH = 2.0
#: What the newest measure counts for.
WEIGHT = 0.3

# Take one of the places for long stages. KEYS long leases workers; ARGV member ttl. 1 when there was one.
# One whose lease is gone was lost with its worker.
TAKE = """
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not redis.call('ZSCORE', KEYS[2], member) then redis.call('ZREM', KEYS[1], member) end
end
local workers = redis.call('SCARD', KEYS[3])
if workers > 1 and redis.call('ZCARD', KEYS[1]) >= workers - 1 then return 0 end
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""

# Note a measure. KEYS took; ARGV name seconds weight ttl
MEASURE = """
local before = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], before + (tonumber(ARGV[2]) - before) * tonumber(ARGV[3]))
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""

# Hold a stage, in the order of what its owner has used. KEYS held fair; ARGV member owner ttl
HOLD = """
redis.call('ZADD', KEYS[1], tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '0'), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


@dataclass
class LongStages:
    """The places for long stages, and how long stages take, as this process last read it."""

    redis: Redis
    ttl: int
    _took: Mapping[str, float] = field(default_factory=dict)
    _until: float = float("-inf")

    def is_long(self, stage: str, size: int) -> bool:
        """Whether the stage will be long, given ``size`` bytes."""
        if time.monotonic() > self._until:
            raw = cast(dict[bytes, bytes], self.redis.hgetall(TOOK))
            self._took = {name.decode(errors="replace"): float(seconds) for name, seconds in raw.items()}
            self._until = time.monotonic() + FRESH
        return expected(self._took, stage, size) >= LONG

    def take(self, lease: Lease) -> bool:
        """Take a place for a long stage; false where all are taken."""
        return bool(self.redis.eval(TAKE, 3, AT_WORK, "am:leases", "rq:workers", lease.member, str(self.ttl)))

    def leave(self, lease: Lease) -> None:
        """Give the place back."""
        self.redis.zrem(AT_WORK, lease.member)

    def measured(self, stage: str, size: int, seconds: float) -> None:
        """The stage took so long. What is short, and is thought so, needs no note."""
        if max(seconds, expected(self._took, stage, size)) < SHORT:
            return
        self.redis.eval(MEASURE, 1, TOOK, named(stage, size), str(seconds), str(WEIGHT), str(self.ttl))

    def hold(self, lease: Lease, owner: str) -> None:
        """Note that the stage waits for a place."""
        self.redis.eval(HOLD, 2, HELD, "am:fair", lease.member, owner, str(self.ttl))

    def next_held(self) -> Lease | None:
        """The stage that may go on; it is held no more."""
        popped = cast(list[tuple[bytes, float]], self.redis.zpopmin(HELD))
        return Lease.of(popped[0][0]) if popped else None


def named(stage: str, size: int) -> str:
    """Under which name a measure is kept: sizes that differ by less than twice share one.

    >>> named("draw", 5000)
    'draw 13'
    """
    return f"{stage} {size.bit_length()}"


def expected(took: Mapping[str, float], stage: str, size: int) -> float:
    """Seconds the stage will take; where no such size was measured, by the next smaller one, as its square.

    >>> expected({"draw 13": 0.1}, "draw", 5000), expected({"draw 13": 0.1}, "draw", 20_000)
    (0.1, 1.6)
    >>> expected({}, "draw", 100), expected({}, "draw", 100_000)
    (0.0, 1.0)
    """
    bits = size.bit_length()
    for smaller in range(bits, -1, -1):
        if (seconds := took.get(f"{stage} {smaller}")) is not None:
            return seconds * 4.0 ** (bits - smaller)
    return LONG if size >= LARGE else 0.0
