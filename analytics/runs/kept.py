"""Kept drawings: one a graph, so many in all and of an owner, and no more than so many bytes.

The oldest go first. What went is told: :func:`~analytics.web.graph.show` does not
call a graph finished whose drawing nobody can have any more.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from redis import Redis

from .admission import Limits
from .quarantine import set_aside
from .queries import DRAWN, is_wrong_type

#: The bytes and the owner of each kept drawing, by its run.
SIZES = "am:kept-sizes"

# A run's drawing is its graph's from now on. KEYS shown kept sizes; ARGV run owner now ttl art-prefix fields
SHOW = """
local old = redis.pcall('GET', KEYS[1])
if type(old) == 'string' and old ~= ARGV[1] then
  redis.pcall('HDEL', ARGV[5] .. old, unpack(ARGV, 6))
  redis.call('ZREM', KEYS[2], old)
  redis.call('HDEL', KEYS[3], old)
end
local bytes = 0
for at = 6, #ARGV do bytes = bytes + redis.call('HSTRLEN', ARGV[5] .. ARGV[1], ARGV[at]) end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], bytes .. ' ' .. ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('EXPIRE', KEYS[3], ARGV[4])
"""


def trim(redis: Redis, limits: Limits) -> int:
    """Drop the oldest drawings beyond what is kept; returns how many."""
    with redis.pipeline(transaction=False) as pipe:
        pipe.zrevrange("am:kept", 0, -1)
        pipe.hgetall(SIZES)
        newest_first, sizes = cast(tuple[list[bytes], dict[bytes, bytes]], tuple(pipe.execute()))
    count, volume = 0, 0
    of_owner: Counter[bytes] = Counter()
    gone: list[bytes] = []
    for run_id in newest_first:
        size, _, owner = sizes.get(run_id, b"0 ").partition(b" ")
        amount = int(size) if size.isdigit() else 0
        full = count >= limits.kept or (count and volume + amount > limits.kept_bytes)
        if full or (owner and of_owner[owner] >= limits.kept_of_owner):
            gone.append(run_id)
            continue
        count, volume = count + 1, volume + amount
        of_owner[owner] += 1
    stray = sizes.keys() - set(newest_first)
    if gone or stray:
        drop(redis, gone, [*gone, *stray])
    return len(gone)


def drop(redis: Redis, gone: list[bytes], sizes: list[bytes]) -> None:
    """Drop the drawings of some runs; what stands there and is none is set aside."""
    with redis.pipeline() as pipe:
        for run_id in gone:
            pipe.hdel(b"am:art:" + run_id, *cast(Any, DRAWN))
        if gone:
            pipe.zrem("am:kept", *gone)
        pipe.hdel(SIZES, *cast(Any, sizes))
        answers = pipe.execute(raise_on_error=False)
    for run_id, answer in zip(gone, answers, strict=False):
        if isinstance(answer, Exception):
            if not is_wrong_type(answer):
                raise answer
            name = f"art:{run_id.decode(errors='replace')}"
            set_aside(redis, name, "a value of another type stands under its key")
