"""What cannot be read is set aside, once.

A record may be torn, of another version, or of another type than stands under
its key. It must not stop the others, and somebody may want to look at it: it
moves to a key of its own with a time to live, and is counted and logged.
"""

from __future__ import annotations

import logging
from typing import Any

from redis import Redis

from .queries import ASIDE, key

log = logging.getLogger(__name__)
#: What was set aside, by when: ``key reason`` each.
ENTRIES = "am:quarantine"
#: How many things of each kind were set aside since the service was last idle for a day.
COUNTS = "am:unreadable"
#: Seconds a thing set aside stays to be looked at.
KEEP = 86_400
#: Things set aside at once; beyond it the oldest go.
MOST = 500
#: Our keys that are not one thing's, and the type of each.
TYPES = {
    "am:waiting": "zset",
    "am:active": "zset",
    "am:parked": "zset",
    "am:leases": "zset",
    "am:kept": "zset",
    "am:owners": "zset",
    "am:missing": "zset",
    "am:pools": "zset",
    "am:owed": "zset",
    ENTRIES: "zset",
    "am:long": "zset",
    "am:held": "zset",
    "am:fair": "hash",
    "am:kept-sizes": "hash",
    "am:cost": "hash",
    "am:took": "hash",
    "am:ended": "hash",
    COUNTS: "hash",
    "am:order": "string",
    "am:reaper": "string",
    "am:ticked": "string",
    "am:data-app": "string",
    "am:probe": "string",
}

# Move a key out of the way and note it. KEYS key aside entries counts; ARGV entry kind keep most prefix what.
# Returns 1 where there was something to move, or nothing had to be.
SET_ASIDE = """
local moved = redis.call('EXISTS', KEYS[1])
if moved == 1 then
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
if moved == 0 and ARGV[6] ~= 'member' then return 0 end
local time = redis.call('TIME')
redis.call('ZADD', KEYS[3], time[1], ARGV[1])
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
redis.call('EXPIRE', KEYS[3], ARGV[3])
redis.call('EXPIRE', KEYS[4], ARGV[3])
local surplus = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[4])
if surplus > 0 then
  for _, old in ipairs(redis.call('ZPOPMIN', KEYS[3], surplus)) do
    local name = string.match(old, '^(%S+) ')
    if name then redis.call('DEL', ARGV[5] .. name) end
  end
end
return 1
"""


def set_aside(redis: Redis, name: str, reason: str) -> bool:
    """Move ``am:<name>`` aside; false when there is none (any more)."""
    return _note(redis, f"am:{name}", name, reason, "key")


def set_member_aside(redis: Redis, name: str, member: bytes, reason: str) -> None:
    """Take one member that cannot be read out of the sorted set ``am:<name>``."""
    if redis.zrem(f"am:{name}", member):
        _note(redis, f"{ASIDE}nothing", name, f"{reason}: {member[:80]!r}", "member")


def _note(redis: Redis, source: str, name: str, reason: str, what: str) -> bool:
    kind = name.partition(":")[0]
    values: Any = (f"{name} {reason[:200]}", kind, KEEP, MOST, ASIDE, what)
    moved = bool(redis.eval(SET_ASIDE, 4, source, f"{ASIDE}{name}", ENTRIES, COUNTS, *values))
    if moved:
        log.error("set aside: it cannot be read", extra={"key": name, "why": reason})
    return moved


def clear_graph(redis: Redis, graph_id: str) -> None:
    """Set aside whatever stands under the graph's own keys and is no text: a newer request takes its place."""
    for kind in ("graph", "shown", "debt"):
        with redis.pipeline(transaction=False) as pipe:
            pipe.type(key(kind, graph_id))
            (found,) = pipe.execute()
        if found not in (b"string", b"none"):
            set_aside(redis, f"{kind}:{graph_id}", "a value of another type stands under its key")


def clear_lists(redis: Redis) -> int:
    """Set aside whatever stands under a key of :data:`TYPES` and is of another type; returns how many."""
    with redis.pipeline(transaction=False) as pipe:
        for name in TYPES:
            pipe.type(name)
        found = pipe.execute()
    odd = [name for name, kind in zip(TYPES, found, strict=True) if kind.decode() not in (TYPES[name], "none")]
    for name in odd:
        # What counts things set aside may itself be odd: it goes without a note.
        if name in (ENTRIES, COUNTS):
            redis.delete(name)
        else:
            set_aside(redis, name.removeprefix("am:"), "a value of another type stands under its key")
    return len(odd)
