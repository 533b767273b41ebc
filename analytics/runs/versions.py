"""Versions of graphs: what was drawn of each, kept to compare with and to keep places by.

So many of a graph, and so many bytes of an owner and of all; the oldest go first, of all
those of the owner who had nothing drawn for the longest time. What is drawn again and is
the same is no further version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from redis import Redis, ResponseError
from redis.client import Pipeline

from ..errors import CodecError, NotFound
from ..model.grid import Grid
from ..pipeline import codec
from ..pipeline.progress import Run
from .admission import Limits
from .queries import is_wrong_type, key, text_of

#: Which of a graph's versions is the newest, beside them.
LAST = "last"
#: Bytes that a version takes in Redis beside its own: names, and places in lists.
BESIDE = 600
#: When each owner had a graph drawn, and the bytes of each owner's versions and of all.
OWNERS, BYTES = "am:version-owners", "am:version-bytes"

# What both scripts say: how many bytes stand with a version, and that an owner, and all of them, hold so many more.
# In KEYS[5] the bytes of each owner are counted, and under '*' those of all: nobody adds them up again.
COUNTING = (
    f"local BESIDE = {BESIDE}"
    + """
local function bytes_of(list_of_sizes, member)
  local said = redis.pcall('HGET', list_of_sizes, member)
  return type(said) == 'string' and tonumber(string.match(said, '^%d+') or '0') + BESIDE or 0
end
local function count(owner, bytes)
  redis.call('HINCRBY', KEYS[5], owner, bytes)
  return redis.call('HINCRBY', KEYS[5], '*', bytes)
end
"""
)

# A drawn graph is its newest version, unless it is as the last one. What it costs does not grow with what is held:
# of the graph its few versions are looked at, of its owner and of all the oldest ones.
# KEYS versions list sizes owners bytes
# ARGV owner run graph now version said most of-owner-bytes ttl all-bytes versions-prefix list-prefix sizes-prefix
KEEP = (
    COUNTING
    + """
local owner, run, graph, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local most, own_bytes, ttl, all_bytes = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local function forget_owner(who)
  count(who, -tonumber(redis.call('HGET', KEYS[5], who) or '0'))
  redis.call('HDEL', KEYS[5], who)
  redis.call('ZREM', KEYS[4], who)
end
local function drop(who, member)
  local name, its = string.match(member, '^(%S+) (%S+)$')
  count(who, -bytes_of(ARGV[13] .. who, member))
  redis.pcall('ZREM', ARGV[12] .. who, member)
  redis.pcall('HDEL', ARGV[13] .. who, member)
  if name then
    local held = ARGV[11] .. who .. ':' .. name
    redis.pcall('HDEL', held, its)
    if redis.pcall('HGET', held, 'last') == its then redis.call('DEL', held) end
  end
end
local function oldest(who)
  local found = redis.pcall('ZRANGE', ARGV[12] .. who, 0, 0)
  return not found.err and found[1] or nil
end
for at, wanted in ipairs({'hash', 'zset', 'hash', 'zset', 'hash'}) do
  local kind = redis.call('TYPE', KEYS[at]).ok
  if kind ~= 'none' and kind ~= wanted then redis.call('DEL', KEYS[at]) end
end
if not (redis.call('HGET', KEYS[5], owner) and redis.call('EXISTS', KEYS[2], KEYS[3]) == 2) then
  forget_owner(owner)  -- nothing is held, or it was kept by a release that did not count
  for _, member in ipairs(redis.call('HKEYS', KEYS[3])) do count(owner, bytes_of(KEYS[3], member)) end
end
local member = graph .. ' ' .. run
local last = redis.call('HGET', KEYS[1], 'last')
if not (last and redis.call('HGET', KEYS[1], last) == ARGV[5]) then
  redis.call('HSET', KEYS[1], run, ARGV[5], 'last', run)
  redis.call('ZADD', KEYS[2], now, member)
  count(owner, -bytes_of(KEYS[3], member))
  redis.call('HSET', KEYS[3], member, ARGV[6])
  count(owner, bytes_of(KEYS[3], member))
end
redis.call('ZADD', KEYS[4], now, owner)
for _ = most + 1, redis.call('HLEN', KEYS[1]) - 1 do
  local first, at = nil, nil
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    local drawn = name ~= 'last' and tonumber(redis.call('ZSCORE', KEYS[2], graph .. ' ' .. name) or '0')
    if drawn and (not at or drawn < at or (drawn == at and name < first)) then first, at = name, drawn end
  end
  if not first or redis.call('HGET', KEYS[1], 'last') == first then break end
  drop(owner, graph .. ' ' .. first)
  redis.call('HDEL', KEYS[1], first)
end
local size = bytes_of(KEYS[3], member)
if size > math.min(own_bytes, all_bytes) then drop(owner, member) end
while tonumber(redis.call('HGET', KEYS[5], owner) or '0') > own_bytes do
  local away = oldest(owner)
  if not away then break end
  drop(owner, away)
end
for _, who in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - ttl, 'LIMIT', 0, 20)) do forget_owner(who) end
while tonumber(redis.call('HGET', KEYS[5], '*') or '0') > all_bytes do
  local who = redis.call('ZRANGE', KEYS[4], 0, 0)[1]
  if not who then break end
  local away = oldest(who)
  if away then drop(who, away) else forget_owner(who) end
end
for at = 1, 5 do redis.call('EXPIRE', KEYS[at], ttl) end
"""
)

# All versions of a graph go. KEYS versions list sizes owners bytes; ARGV owner graph
FORGET = (
    COUNTING
    + """
for _, run in ipairs(redis.call('HKEYS', KEYS[1])) do
  local member = ARGV[2] .. ' ' .. run
  count(ARGV[1], -bytes_of(KEYS[3], member))
  redis.call('ZREM', KEYS[2], member)
  redis.call('HDEL', KEYS[3], member)
end
redis.call('DEL', KEYS[1])
"""
)


@dataclass(frozen=True, slots=True)
class Version:
    """A kept version: the run that drew it and when, its bytes, and how many nodes and lines it has."""

    run_id: str
    drawn: float
    size: int
    nodes: int
    lines: int


def keys_of(owner_id: str, graph_id: str) -> list[str]:
    """Where a graph's versions stand, and the list and the sizes of its owner's."""
    return [key("versions", f"{owner_id}:{graph_id}"), key("version_list", owner_id), key("version_sizes", owner_id)]


def keys_to_write(owner_id: str, graph_id: str) -> list[str]:
    """The same, and when each owner had something drawn, and the bytes of each."""
    return [*keys_of(owner_id, graph_id), OWNERS, BYTES]


def keep(pipe: Pipeline, run: Run, grid: Grid, now: float, limits: Limits) -> None:
    """Keep what a run has drawn, in its transaction."""
    if not limits.versions:
        return
    stored = codec.dumps(grid)
    keys = keys_to_write(run.owner_id, run.graph_id)
    said = f"{len(stored)} {len(grid.graph.nodes)} {len(grid.graph.edges)}"
    arguments: list[Any] = [run.owner_id, run.run_id, run.graph_id, str(now), stored, said]
    arguments += [limits.versions, limits.version_bytes, limits.version_ttl, limits.all_version_bytes]
    arguments += [key(kind, "") for kind in ("versions", "version_list", "version_sizes")]
    pipe.eval(KEEP, len(keys), *keys, *arguments)


def versions_of(redis: Redis, owner_id: str, graph_id: str) -> list[Version]:
    """The kept versions of an owner's graph, the newest first."""
    held, listed, sizes = keys_of(owner_id, graph_id)
    runs = [text_of(run) for run in cast(list[bytes], redis.hkeys(held)) if run != LAST.encode()]
    if not runs:
        return []
    members = [f"{graph_id} {run}" for run in runs]
    with redis.pipeline(transaction=False) as pipe:
        pipe.zmscore(listed, members)
        pipe.hmget(sizes, members)
        scores, said = cast(tuple[list[float | None], list[bytes | None]], tuple(pipe.execute()))
    found = []
    for run, score, line in zip(runs, scores, said, strict=True):
        numbers = [int(word) for word in text_of(line).split() if word.isdigit()]
        if score is not None and len(numbers) == 3:
            found.append(Version(run, score, *numbers))
    return sorted(found, key=lambda one: (-one.drawn, one.run_id))


def version(redis: Redis, owner_id: str, graph_id: str, run_id: str) -> Grid:
    """What a version shows. Raises :class:`NotFound` for one that is not kept, or cannot be read any more."""
    raw = None if run_id == LAST else redis.hget(keys_of(owner_id, graph_id)[0], run_id)
    try:
        found = codec.loads(Grid, cast(bytes, raw)) if raw is not None else None
    except CodecError:
        found = None
    if found is None:
        raise NotFound({"graph": f"The version {run_id} is not kept (any more)."})
    return found


def last_version(redis: Redis, owner_id: str, graph_id: str) -> Grid | None:
    """What the newest version shows; nothing where none is kept that can be read."""
    try:
        run_id = text_of(redis.hget(keys_of(owner_id, graph_id)[0], LAST))
        return version(redis, owner_id, graph_id, run_id) if run_id else None
    except NotFound:
        return None
    except ResponseError as exc:
        if not is_wrong_type(exc):
            raise
        return None


def forget(redis: Redis, owner_id: str, graph_id: str) -> None:
    """Forget every version of a graph."""
    keys = keys_to_write(owner_id, graph_id)
    redis.eval(FORGET, len(keys), *keys, owner_id, graph_id)
