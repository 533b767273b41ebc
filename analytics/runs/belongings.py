"""The graphs of an owner: listed as they are asked for, newest first, and forgotten when somebody wants them gone."""

from __future__ import annotations

from typing import Any, cast

from redis import Redis
from redis.client import Pipeline

from .kept import SIZES
from .queries import key, text_of
from .revocations import LONGEST

#: Graphs of an owner that are listed; older ones are still drawn, shown and linked to.
MOST_LISTED = 500

# A graph is gone, unless another run took it meanwhile. KEYS pointer shown own kept sizes links; ARGV graph newest
FORGET = """
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
local shown = redis.call('GET', KEYS[2])
for _, run in ipairs({ARGV[2], shown or ARGV[2]}) do
  redis.call('DEL', ARGV[3] .. run, ARGV[4] .. run)
  redis.call('ZREM', KEYS[4], run)
  redis.call('HDEL', KEYS[5], run)
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SET', KEYS[6], ARGV[2], 'EX', ARGV[5])
return 1
"""


def note(pipe: Pipeline, owner_id: str, graph_id: str, now: float, ttl: int) -> None:
    """Put a graph first among its owner's, in a transaction."""
    own = key("own", owner_id)
    pipe.zadd(own, {graph_id: now})
    pipe.zremrangebyrank(own, 0, -MOST_LISTED - 1)
    pipe.expire(own, ttl)


def graphs_of(redis: Redis, owner_id: str) -> list[str]:
    """The owner's graphs, the one asked for last first."""
    return [text_of(name) for name in cast(list[bytes], redis.zrevrange(key("own", owner_id), 0, -1))]


def unlist(redis: Redis, owner_id: str, graphs: list[str]) -> None:
    """Take graphs off the list that are another's by now, or no longer kept."""
    if graphs:
        redis.zrem(key("own", owner_id), *graphs)


def forget(redis: Redis, owner_id: str, graph_id: str, run_id: str) -> bool:
    """Forget a graph whose newest run is ``run_id``, its drawing and its links; false where a newer one came.

    Links and shares that were signed for it end too: a graph of the same id later is another.
    """
    keys = [
        key("graph", graph_id),
        key("shown", graph_id),
        key("own", owner_id),
        "am:kept",
        SIZES,
        key("links", graph_id),
    ]
    arguments: list[Any] = [graph_id, run_id, key("run", ""), key("art", ""), LONGEST]
    return bool(cast(int, redis.eval(FORGET, len(keys), *keys, *arguments)))


def clear(redis: Redis, owner_id: str) -> None:
    """Make way for the list where something else stands under its key."""
    if text_of(cast(bytes, redis.type(key("own", owner_id)))) not in ("zset", "none"):
        redis.delete(key("own", owner_id))
