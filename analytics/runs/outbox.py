"""Status writes the Data App still owes us an answer to.

A graph whose last status never arrives stays in ``process`` for everybody who
looks at it. A write that fails is kept here and tried again until it is
accepted, or until a newer run of the graph makes it meaningless.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from redis import Redis

from ..errors import DeliveryError, ForeignGraph
from ..model.artifacts import GraphRequest
from ..pipeline.context import Board
from .queries import key

log = logging.getLogger(__name__)
DUE = "am:owed"
#: Seconds between tries: they grow to a minute, so that a long outage costs little.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
KEEP = 7 * 86_400
#: Statuses owed at once beyond which refusals of requests are not told any more: a flood must not fill Redis.
MOST = 20_000


# Forget a debt, unless another one has taken its place since. KEYS due debt; ARGV graph, the debt as it was seen
SETTLE = """
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('DEL', KEYS[2])
"""

# Try a debt again later, on the same condition. KEYS due debt; ARGV graph, as seen, as it is now, when, ttl
POSTPONE = """
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[5])
return redis.call('ZADD', KEYS[1], 'XX', ARGV[4], ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class PatientBoard:
    """A board that keeps what cannot be written now."""

    board: Board
    redis: Redis
    run_id: str

    def write(self, request: GraphRequest, fields: Mapping[str, object]) -> None:
        """Write ``fields``, or keep them for :func:`pay`."""
        try:
            self.board.write(request, fields)
        except ForeignGraph:
            log.error("status refused: the graph document is not this owner's", extra={"graph": request.graph_id})
        except DeliveryError as exc:
            log.warning("status kept for later", extra={"graph": request.graph_id, "why": str(exc)})
            _keep(self.redis, request, self.run_id, fields, wait=FIRST_WAIT)


def pay(redis: Redis, board: Board, most: int = 50) -> int:
    """Try the writes that are due; returns how many were accepted or have become meaningless."""
    now = float(redis.time()[0])
    paid = 0
    for raw in cast(list[bytes], redis.zrangebyscore(DUE, "-inf", now, start=0, num=most)):
        graph_id = raw.decode()
        stored = cast(bytes | None, redis.get(key("debt", graph_id)))
        newest = cast(bytes | None, redis.get(key("graph", graph_id)))
        entry: dict[str, Any] | None = orjson.loads(stored) if stored else None
        if entry is None or (newest is not None and newest.decode() != entry["run"]):
            _settle(redis, graph_id, stored)
            paid += 1
            continue
        try:
            board.write(GraphRequest(graph_id, entry["owner"], entry["type"]), entry["fields"])
        except ForeignGraph:
            log.error("status refused: the graph document is not this owner's", extra={"graph": graph_id})
            _settle(redis, graph_id, stored)
            paid += 1
        except DeliveryError:
            entry["tries"] += 1
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** entry["tries"]) * random.uniform(0.75, 1.0)
            later: Any = (graph_id, stored, orjson.dumps(entry), now + wait, KEEP)
            redis.eval(POSTPONE, 2, DUE, key("debt", graph_id), *later)
        else:
            _settle(redis, graph_id, stored)
            paid += 1
    return paid


def _settle(redis: Redis, graph_id: str, seen: bytes | None) -> None:
    """The write took its time: what a newer run has come to owe meanwhile stays."""
    settled: Any = (graph_id, seen or b"")
    redis.eval(SETTLE, 2, DUE, key("debt", graph_id), *settled)


def promise(redis: Redis, request: GraphRequest, fields: Mapping[str, object]) -> None:
    """Have ``fields`` written to a graph document by the reaper, at once; a newer run makes it meaningless.

    Nothing is promised while :data:`MOST` are owed: the sweep ends what is left in ``process``.
    """
    if redis.zcard(DUE) >= MOST:
        log.warning("status not promised: too many are owed", extra={"graph": request.graph_id})
        return
    newest = cast(bytes | None, redis.get(key("graph", request.graph_id)))
    _keep(redis, request, newest.decode() if newest else "", fields, wait=0.0)


def _keep(redis: Redis, request: GraphRequest, run_id: str, fields: Mapping[str, object], wait: float) -> None:
    entry = {"run": run_id, "owner": request.owner_id, "type": request.graph_type, "fields": fields, "tries": 1}
    due = redis.time()[0] + wait
    with redis.pipeline() as pipe:
        pipe.set(key("debt", request.graph_id), orjson.dumps(entry), ex=KEEP)
        pipe.zadd(DUE, {request.graph_id: due})
        pipe.expire(DUE, KEEP)
        pipe.execute()
