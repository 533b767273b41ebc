"""The same stages with nothing of ours around them: one after the other in a process, and as plain RQ jobs.

``python -m devtool.bench._bare work OWNER REQUEST COUNT`` prints the CPU and wall seconds a graph of the stages alone;
``python -m devtool.bench._bare worker`` is a worker of RQ's own on the queue :data:`QUEUE`. Both ask the neighbours
that the environment names, as the service does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from analytics import settings, sources
from analytics.documents.entities import Ref
from analytics.inventory.owned import OwnedInventory
from analytics.model.artifacts import GraphRequest, Outcome
from analytics.outbound.connect import connect
from analytics.pipeline import codec, registry
from analytics.pipeline.attempt import attempt
from analytics.pipeline.context import Context, NoGuard
from analytics.pipeline.local import run_steps
from analytics.pipeline.plan import Step, artifact_field

QUEUE = "bare"


def ask(graph_id: str, owner: str, entries: Mapping[str, Any]) -> GraphRequest:
    """A business graph of some applications, or of everything."""
    refs = tuple(Ref(one["_id"] if isinstance(one, dict) else one) for one in entries.get("apps", ()))
    return GraphRequest(graph_id, owner, "business", "apps" if refs else "all", refs)


@cache
def world() -> tuple[tuple[Step, ...], Any, Any]:
    """The business graph's steps, the inventory and the neighbours, by the environment's settings."""
    config = settings.read()
    loaded = registry.load_configured(config)
    return loaded.plans["business"], sources.open_source(config, loaded.inventories, loaded.readers), connect(config)


def context(graph_id: str, owner: str) -> Context:
    """The world of one graph, without a fence."""
    _steps, source, told = world()
    return Context(graph_id, OwnedInventory(source, owner), told.front, told.status, told.notifier, NoGuard())


def work(owner: str, entries: Mapping[str, Any], count: int) -> tuple[float, float]:
    """CPU and wall seconds a graph of the stages alone, the first two left out."""
    ids = [f"{0xE000 + number:024x}" for number in range(count + 2)]

    def draw(graph_ids: Iterable[str]) -> None:
        for graph_id in graph_ids:
            run_steps(world()[0], ask(graph_id, owner, entries), context(graph_id, owner), lambda *_said: None)

    draw(ids[:2])
    cpu, wall = time.process_time(), time.perf_counter()
    draw(ids[2:])
    return (time.process_time() - cpu) / count, (time.perf_counter() - wall) / count


def queue_of(redis: Redis) -> Queue:
    """The queue of plain jobs; as JSON, which is what is cheapest here."""
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def put(queue: Queue, graph_id: str, owner: str, place: int) -> None:
    """Put the graph's step at ``place`` on the queue."""
    queue.enqueue_call("devtool.bench._bare.step", args=(graph_id, owner, place), result_ttl=0)


def begin(redis: Redis, request: GraphRequest) -> None:
    """Ask for a graph."""
    redis.hset(f"bare:{request.graph_id}", artifact_field(GraphRequest), cast(Any, codec.dumps(request)))
    put(queue_of(redis), request.graph_id, request.owner_id, 0)


def step(graph_id: str, owner: str, place: int) -> None:
    """One job: what the step takes is read, what it gives is written, and the next one is put on the queue."""
    steps = world()[0]
    now, redis = steps[place], connection()
    fields = [field for one in now.inputs for field in one.fields]
    raw = dict(zip(fields, cast(list[Any], redis.hmget(f"bare:{graph_id}", fields)), strict=True)) if fields else {}
    if raw.get(artifact_field(Outcome), b"") is None:
        raw[artifact_field(Outcome)] = codec.dumps(Outcome("finished", "Finish"))
    given = []
    for one in now.inputs:
        found: list[Any] = [codec.loads(one.kind, data) for field in one.fields if (data := raw[field]) is not None]
        given.append(tuple(found) if one.many else found[0] if found else None)
    gave = attempt(now.stage, given, context(graph_id, owner))
    if gave is not None:
        redis.hset(f"bare:{graph_id}", now.field, cast(Any, codec.dumps(gave)))
    if place + 1 < len(steps):
        put(queue_of(redis), graph_id, owner, place + 1)


@cache
def connection() -> Redis:
    """The deployment's Redis."""
    return Redis.from_url(os.environ["REDIS_URL"])


def main(words: list[str]) -> int:
    """Be a worker, or print what the stages alone cost."""
    if words[0] == "worker":
        world()
        SimpleWorker([queue_of(connection())], connection=connection(), serializer=JSONSerializer).work(
            logging_level="WARNING"
        )
        return 0
    cpu, wall = work(words[1], json.loads(words[2]), int(words[3]))
    print(json.dumps({"cpu": cpu, "wall": wall}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
