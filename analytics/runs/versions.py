"""Versions of graphs: what was drawn of each, kept to compare with and to keep places by.

So many of a graph, and so many bytes of an owner; the oldest go first. What is
drawn again and is the same is no further version.
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

# A drawn graph is its newest version, unless it is as the last one. KEYS versions list sizes
# ARGV run graph now version said most bytes ttl prefix
KEEP = """
for at, wanted in ipairs({'hash', 'zset', 'hash'}) do
  local kind = redis.call('TYPE', KEYS[at]).ok
  if kind ~= 'none' and kind ~= wanted then redis.call('DEL', KEYS[at]) end
end
local last = redis.call('HGET', KEYS[1], 'last')
if not (last and redis.call('HGET', KEYS[1], last) == ARGV[4]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[4], 'last', ARGV[1])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2] .. ' ' .. ARGV[1])
  redis.call('HSET', KEYS[3], ARGV[2] .. ' ' .. ARGV[1], ARGV[5])
end
local total, held = 0, {}
for _, member in ipairs(redis.call('ZREVRANGE', KEYS[2], 0, -1)) do
  local graph, run = string.match(member, '^(%S+) (%S+)$')
  local size = tonumber(string.match(redis.call('HGET', KEYS[3], member) or '', '^%d+') or '0')
  if graph then
    held[graph] = (held[graph] or 0) + 1
    total = total + size
  end
  if not graph or held[graph] > tonumber(ARGV[6]) or total > tonumber(ARGV[7]) then
    redis.call('ZREM', KEYS[2], member)
    redis.call('HDEL', KEYS[3], member)
    if graph then
      total = total - size
      redis.pcall('HDEL', ARGV[9] .. graph, run)
      if redis.pcall('HGET', ARGV[9] .. graph, 'last') == run then redis.call('DEL', ARGV[9] .. graph) end
    end
  end
end
for at = 1, 3 do redis.call('EXPIRE', KEYS[at], ARGV[8]) end
"""

# All versions of a graph go. KEYS versions list sizes; ARGV graph
FORGET = """
for _, run in ipairs(redis.call('HKEYS', KEYS[1])) do
  redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. run)
  redis.call('HDEL', KEYS[3], ARGV[1] .. ' ' .. run)
end
redis.call('DEL', KEYS[1])
"""


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


def keep(pipe: Pipeline, run: Run, grid: Grid, now: float, limits: Limits) -> None:
    """Keep what a run has drawn, in its transaction."""
    if not limits.versions:
        return
    stored = codec.dumps(grid)
    keys = keys_of(run.owner_id, run.graph_id)
    said = f"{len(stored)} {len(grid.graph.nodes)} {len(grid.graph.edges)}"
    arguments: list[Any] = [run.run_id, run.graph_id, str(now), stored, said]
    arguments += [limits.versions, limits.version_bytes, limits.version_ttl, key("versions", f"{run.owner_id}:")]
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
    keys = keys_of(owner_id, graph_id)
    redis.eval(FORGET, len(keys), *keys, graph_id)
