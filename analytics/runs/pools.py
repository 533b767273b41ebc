"""The pools of workers there are, and what the plugins of each hold.

Web and every pool load the plugins of their own machine. What they hold is
published by each pool with a time to live, so that nobody queues what no pool
can run, and so that the difference can be seen.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from redis import Redis

from ..errors import CodecError
from ..pipeline import codec
from ..pipeline.registry import Registry
from ..settings import ROOT
from .queries import clock, key

#: The pools by their last sign of life.
POOLS = "am:pools"
#: Seconds the list of them is kept.
KEEP = 3600
#: Seconds a process goes by what it has read of the pools.
FRESH = 1.0


@dataclass(frozen=True, slots=True)
class PluginFile:
    """A plugin and the SHA-256 of its file, in hex; empty where it has no file."""

    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class Pool:
    """What one pool holds. ``digest`` is equal where all plugins are; ``problem`` why it keeps an earlier set."""

    name: str
    digest: str
    graph_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    plugins: tuple[PluginFile, ...] = ()
    problem: str = ""

    def knows(self, graph_type: str, stages: Iterable[str]) -> bool:
        """Whether it can run these stages of the graph type."""
        return graph_type in self.graph_types and set(stages) <= set(self.stages)


def pool_of(name: str, registry: Registry) -> Pool:
    """What a process that loaded ``registry`` holds."""
    plugins = tuple(PluginFile(source, file_digest(source)) for source in sorted(set(registry.sources.values())))
    whole = hashlib.sha256("\n".join(f"{one.source} {one.digest}" for one in plugins).encode()).hexdigest()[:16]
    stages = {step.name for steps in registry.plans.values() for step in steps}
    return Pool(name, whole, tuple(sorted(registry.plans)), tuple(sorted(stages)), plugins)


def file_digest(source: str) -> str:
    """The SHA-256 of a plugin's file, in hex; empty where it has none (any more)."""
    try:
        return hashlib.sha256((ROOT / Path(source)).read_bytes()).hexdigest()
    except OSError:
        return ""


def publish(redis: Redis, pool: Pool, seconds: float) -> None:
    """Say that ``pool`` lives, for so many seconds. A problem that was told of it is part of that."""
    problem = cast(bytes | None, redis.get(key("pool-problem", pool.name)))
    told = codec.dumps(replace(pool, problem=problem.decode(errors="replace")) if problem else pool)
    now, name, lasts = clock(redis), key("pool", pool.name), int(seconds * 1000)
    with redis.pipeline(transaction=False) as pipe:
        pipe.getex(name, px=lasts)  # it is the same nearly always, and each write of it goes to the disk
        pipe.zadd(POOLS, {pool.name: now})
        pipe.zremrangebyscore(POOLS, "-inf", now - KEEP)
        pipe.expire(POOLS, KEEP)
        held, *answers = pipe.execute(raise_on_error=False)
        if held != told:
            pipe.set(name, told, px=lasts)
            answers += pipe.execute()
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


def withdraw(redis: Redis, name: str) -> None:
    """The pool ends."""
    with redis.pipeline() as pipe:
        pipe.delete(key("pool", name), key("pool-problem", name))
        pipe.zrem(POOLS, name)
        pipe.execute()


def report_problem(redis: Redis, name: str, problem: str) -> None:
    """Tell, with the pool's next signs of life, why it keeps its plugins; empty: it does not."""
    if problem:
        redis.set(key("pool-problem", name), problem[:500], ex=86_400)
    else:
        redis.delete(key("pool-problem", name))


def live(redis: Redis) -> tuple[Pool, ...]:
    """The pools that have given a sign of life lately, by name. One whose record cannot be read is left out."""
    names = sorted(cast(list[bytes], redis.zrange(POOLS, 0, -1)))
    if not names:
        return ()
    found = cast(list[bytes | None], redis.mget([b"am:pool:" + name for name in names]))
    pools = []
    for raw in found:
        try:
            pools += [codec.loads(Pool, raw)] if raw is not None else []
        except CodecError:
            continue  # of another version: it is alive, and nobody knows what it holds
    return tuple(pools)


def any_knows(pools: Sequence[Pool], graph_type: str, stages: Iterable[str]) -> bool:
    """Whether one of the pools can run these stages of the graph type."""
    wanted = tuple(stages)
    return any(pool.knows(graph_type, wanted) for pool in pools)


@dataclass
class PoolWatch:
    """The live pools as this process last read them, at most :data:`FRESH` seconds ago."""

    redis: Redis
    _pools: tuple[Pool, ...] = ()
    _until: float = field(default=float("-inf"))

    def pools(self) -> tuple[Pool, ...]:
        """The live pools."""
        now = time.monotonic()
        if now > self._until:
            self._pools = live(self.redis)
            self._until = now + FRESH
        return self._pools


@dataclass(frozen=True, slots=True)
class Difference:
    """What one set of plugins lacks, has beyond, or holds in another form than another set: their files."""

    missing: tuple[str, ...]
    further: tuple[str, ...]
    changed: tuple[str, ...]


def difference(mine: Pool, other: Pool) -> Difference:
    """In what the plugins of ``other`` differ from ``mine``."""
    ours = {one.source: one.digest for one in mine.plugins}
    theirs = {one.source: one.digest for one in other.plugins}
    return Difference(
        missing=tuple(sorted(ours.keys() - theirs.keys())),
        further=tuple(sorted(theirs.keys() - ours.keys())),
        changed=tuple(sorted(source for source in ours.keys() & theirs.keys() if ours[source] != theirs[source])),
    )
