"""Who may start when: an owner's rate, the cap on what waits, and the order in which waiting runs are admitted.

Fair order is start-time fair queueing (Goyal, Vin, Cheng 1996). A graph counts
for the worker-seconds that graphs of its owner have taken lately: an owner
with thousands of graphs, or with slow ones, waits behind its own, and a lone
graph of another owner comes next. No owner has the whole window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from redis import Redis, ResponseError
from redis.client import Pipeline

from ..errors import Overloaded
from .quarantine import set_aside
from .queries import is_wrong_type, key

# Place a run in the waiting order of its owner. KEYS waiting fair cost; ARGV run owner ttl first
QUEUE_UP = """
local virtual = tonumber(redis.call('HGET', KEYS[2], '*') or '0')
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '0')
local cost = tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or ARGV[4])
local place = math.max(virtual, last) + cost
redis.call('HSET', KEYS[2], ARGV[2], place)
redis.call('ZADD', KEYS[1], place, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
"""

# A graph of an owner has taken so many seconds of workers. KEYS cost; ARGV owner seconds weight least ttl
CHARGE = """
local seconds = math.max(tonumber(ARGV[4]), tonumber(ARGV[2]))
local before = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or seconds)
redis.call('HSET', KEYS[1], ARGV[1], before + (seconds - before) * tonumber(ARGV[3]))
redis.call('EXPIRE', KEYS[1], ARGV[5])
"""

# Move waiting runs into work while there is room; a lease covers each until it is started.
# An owner has at most a share of the window. A run's owner stands in its record, wherever that can be read.
# KEYS waiting fair active leases; ARGV window starting-lease ttl share looked-at run-prefix.
# Returns each run, and how many of its owner's are in work with it.
ADMIT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local admitted = {}
local function owner_of(run)
  local head = redis.pcall('HGET', ARGV[6] .. run, 'run')
  if type(head) ~= 'string' then return '' end
  return string.match(head, '^%["[^"]*","[^"]*","([^"]*)"') or ''
end
local room = tonumber(ARGV[1]) - redis.call('ZCARD', KEYS[3])
if room <= 0 then return admitted end
local held = {}
for _, run in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  local owner = owner_of(run)
  held[owner] = (held[owner] or 0) + 1
end
local waiting = redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[5]) - 1, 'WITHSCORES')
if #waiting == 0 then
  if redis.call('ZCARD', KEYS[3]) == 0 then redis.call('DEL', KEYS[2]) end
  return admitted
end
for at = 1, #waiting, 2 do
  if room == 0 then break end
  local run, place = waiting[at], waiting[at + 1]
  local owner = owner_of(run)
  if owner == '' or (held[owner] or 0) < tonumber(ARGV[4]) then
    held[owner] = (held[owner] or 0) + 1
    room = room - 1
    redis.call('ZREM', KEYS[1], run)
    if tonumber(place) > tonumber(redis.call('HGET', KEYS[2], '*') or '0') then
      redis.call('HSET', KEYS[2], '*', place)
      redis.call('EXPIRE', KEYS[2], ARGV[3])
    end
    redis.call('ZADD', KEYS[3], now, run)
    redis.call('ZADD', KEYS[4], now + tonumber(ARGV[2]), run .. ' * 0')
    redis.call('EXPIRE', KEYS[3], ARGV[3])
    redis.call('EXPIRE', KEYS[4], ARGV[3])
    admitted[#admitted + 1] = run
    admitted[#admitted + 1] = held[owner]
  end
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


#: Seconds a graph counts for while none of its owner was measured, and at least.
FIRST_COST, LEAST_COST = 1.0, 0.02
#: What the newest measure counts for.
WEIGHT = 0.3
#: So many runs of an owner in work: their stages go before those of owners who have more of them there.
FEW = 1
#: Waiting runs that are looked at for one whose owner has room: the fair order puts others' near the front.
LOOKED_AT = 50
#: What each owner's graphs have taken lately, in worker-seconds.
COST = "am:cost"


@dataclass(frozen=True, slots=True)
class Limits:
    """The named limits of the run store; seconds and counts (see :mod:`analytics.settings`)."""

    ttl: int = 86_400
    window: int = 16
    backlog: int = 20_000
    owner_rate: int = 6_000
    kept: int = 500
    kept_of_owner: int = 250
    kept_bytes: int = 256_000_000
    parked: int = 300
    versions: int = 5
    version_bytes: int = 32_000_000
    all_version_bytes: int = 256_000_000
    version_ttl: int = 2_592_000

    @property
    def share(self) -> int:
        """Runs of one owner in work at once: three quarters of the window."""
        return max(1, self.window - max(1, self.window // 4))


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
        first, ttl = str(FIRST_COST), str(self.limits.ttl)
        client.eval(QUEUE_UP, 3, "am:waiting", "am:fair", COST, run_id, owner, ttl, first)

    def charge(self, owner: str, seconds: float, client: Redis | Pipeline) -> None:
        """A graph of the owner has taken so many worker-seconds: the next ones count for about as much."""
        client.eval(CHARGE, 1, COST, owner, str(seconds), str(WEIGHT), str(LEAST_COST), str(self.limits.ttl))

    def admit(self, lease: float) -> list[tuple[str, int]]:
        """Move waiting runs into work while there is room; each has ``lease`` seconds to be started.

        Returns them, with how many runs of the owner are in work then.
        """
        keys = ["am:waiting", "am:fair", "am:active", "am:leases"]
        admitted = self._admit(
            keys=keys, args=[self.limits.window, lease, self.limits.ttl, self.limits.share, LOOKED_AT, key("run", "")]
        )
        flat = cast(list[Any], admitted)
        return [(run.decode(errors="replace"), int(held)) for run, held in zip(flat[::2], flat[1::2], strict=True)]
