"""A run nobody can go on with is given up, and its graph answered for: the owner is told where that can be seen."""

from __future__ import annotations

import re
from typing import cast

from redis import Redis, ResponseError

from ..model.artifacts import GraphKey, GraphRequest
from ..pipeline.plan import artifact_field
from . import outbox, quarantine
from .queries import FIRST_RELEASE, is_wrong_type, key

#: Where the request of a run is kept.
REQUEST = (artifact_field(GraphRequest), FIRST_RELEASE[artifact_field(GraphRequest)])
#: What the owner of the graph is told.
UNREADABLE = "What the service had stored of this request cannot be read any more; please ask for the graph again."
# The ids at the beginning of a run's record and of a request's, however it is torn after them.
_RUN = re.compile(rb'\["[^"\\]+","(?P<graph>[^"\\]+)","(?P<owner>[^"\\]+)"')
_REQUEST = re.compile(rb'\["(?P<graph>[^"\\]+)","(?P<owner>[^"\\]+)"')


def abandon(redis: Redis, run_id: str, reason: str) -> None:
    """Set a run aside with its artifacts, take it out of every list, and tell its owner if it is the newest."""
    graph = graph_of(redis, run_id)
    moved = quarantine.set_aside(redis, f"run:{run_id}", reason)
    with redis.pipeline(transaction=False) as pipe:
        for name in ("am:waiting", "am:active", "am:parked"):
            pipe.zrem(name, run_id)
        pipe.type(key("art", run_id))
        kind = pipe.execute()[-1]
    if kind not in (b"hash", b"none"):
        quarantine.set_aside(redis, f"art:{run_id}", "a value of another type stands under its key")
    if moved and graph is not None and is_newest(redis, graph.graph_id, run_id):
        outbox.enqueue(redis, graph, {"status": "error", "msg": UNREADABLE})


def is_newest(redis: Redis, graph_id: str, run_id: str) -> bool:
    """Whether the run is its graph's newest."""
    try:
        return cast(bytes | None, redis.get(key("graph", graph_id))) == run_id.encode()
    except ResponseError as exc:
        if not is_wrong_type(exc):
            raise
        return False


def graph_of(redis: Redis, run_id: str) -> GraphKey | None:
    """The graph of a run that cannot be read: from the beginning of its record, else from that of its request."""
    for kind, field, pattern in (("run", "run", _RUN), *(("art", field, _REQUEST) for field in REQUEST)):
        try:
            raw = cast(bytes | None, redis.hget(key(kind, run_id), field))
        except ResponseError as exc:
            if not is_wrong_type(exc):
                raise
            continue
        found = pattern.match(raw or b"")
        if found is not None:
            return GraphKey(found["graph"].decode(errors="replace"), found["owner"].decode(errors="replace"))
    return None
