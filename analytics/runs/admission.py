"""Who may start when: an owner's rate, the cap on what waits, and the order in which waiting runs are admitted.

Fair order is start-time fair queueing (Goyal, Vin, Cheng 1996) with one graph
as one unit: an owner with thousands of graphs waits behind its own, and a lone
graph of another owner comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from redis import Redis, ResponseError
from redis.client import Pipeline

from ..errors import Overloaded
from .quarantine import set_aside
from .queries import is_wrong_type, key

# Place a run in the waiting order of its owner. KEYS waiting fair; ARGV run owner ttl
QUEUE_UP = """
local virtual = tonumber(redis.call('HGET', KEYS[2], '*') or '0')
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '0')
local place = math.max(virtual, last) + 1
redis.call('HSET', KEYS[2], ARGV[2], place)
redis.call('ZADD', KEYS[1], place, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
"""

# Move waiting runs into work while there is room; a lease covers each until it is started.
# KEYS waiting fair active leases; ARGV window starting-lease ttl. Returns the runs.
ADMIT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local admitted = {}
while redis.call('ZCARD', KEYS[3]) < tonumber(ARGV[1]) do
  local first = redis.call('ZPOPMIN', KEYS[1])
  if #first == 0 then
    if redis.call('ZCARD', KEYS[3]) == 0 then redis.call('DEL', KEYS[2]) end
    break
  end
  redis.call('HSET', KEYS[2], '*', first[2])
  redis.call('ZADD', KEYS[3], now, first[1])
  redis.call('ZADD', KEYS[4], now + tonumber(ARGV[2]), first[1] .. ' * 0')
  redis.call('EXPIRE', KEYS[3], ARGV[3])
  redis.call('EXPIRE', KEYS[4], ARGV[3])
  admitted[#admitted + 1] = first[1]
end
return admitted
"""

# Count one request of an owner in this minute. KEYS counter waiting; ARGV limit.
# Returns seconds to wait, 0 when within, and how many runs wait.
RATE = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], 60) end
local wait = 0
if count > tonumber(ARGV[1]) then wait = math.max(1, redis.call('TTL', KEYS[1])) end
return {wait, redis.call('ZCARD', KEYS[2])}
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """The named limits of the run store; seconds and counts (see :mod:`analytics.settings`)."""

    ttl: int = 86_400
    window: int = 16
    backlog: int = 20_000
    owner_rate: int = 6_000
    kept: int = 500
    parked: int = 300


class Admission:
    """The waiting order in Redis."""

    def __init__(self, redis: Redis, limits: Limits) -> None:
        self.limits = limits
        self._redis = redis
        self._admit = redis.register_script(ADMIT)
        self._rate = redis.register_script(RATE)

    def refuse_flood(self, owner: str) -> None:
        """Raise :class:`Overloaded` when the owner asks too often (429) or too much is waiting (503)."""
        wait, waiting = self._counted(owner)
        if wait:
            raise Overloaded(
                {"owner_id": f"More than {self.limits.owner_rate} graphs a minute; try again in {wait} s."},
                retry_after=wait,
                status=429,
                code="too_many_requests",
            )
        if waiting >= self.limits.backlog:
            raise Overloaded(
                {"graph": "Too many graphs are waiting; try again in a minute."}, retry_after=60, code="backlog_full"
            )

    def _counted(self, owner: str) -> tuple[int, int]:
        """Count one request; seconds to wait, and how many runs wait. A counter that is none is set aside."""
        keys = [key("rate", owner), "am:waiting"]
        try:
            counted = self._rate(keys=keys, args=[self.limits.owner_rate])
        except ResponseError as exc:
            wrong = "a value of another type stands under its key"
            if not is_wrong_type(exc) or not set_aside(self._redis, f"rate:{owner}", wrong):
                raise
            counted = self._rate(keys=keys, args=[self.limits.owner_rate])
        return cast(tuple[int, int], counted)

    def queue_up(self, run_id: str, owner: str, client: Redis | Pipeline) -> None:
        """Place a run in the waiting order of its owner, within a transaction where ``client`` is one.

        The script's text travels along: asking first whether a transaction's scripts are known costs a round trip.
        """
        client.eval(QUEUE_UP, 2, "am:waiting", "am:fair", run_id, owner, str(self.limits.ttl))

    def admit(self, lease: float) -> list[str]:
        """Move waiting runs into work while there is room; each has ``lease`` seconds to be started. Returns them."""
        keys = ["am:waiting", "am:fair", "am:active", "am:leases"]
        admitted = self._admit(keys=keys, args=[self.limits.window, lease, self.limits.ttl])
        return [run_id.decode(errors="replace") for run_id in cast(list[bytes], admitted)]
