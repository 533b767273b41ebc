"""Outbox of statuses: what the Data App is to be told and has not acknowledged yet.

A graph whose last status never arrives stays in ``process`` for everybody who
looks at it. A write that fails is kept here and delivered again until it is
acknowledged, or until a newer run of the graph makes it meaningless.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec
from redis import Redis, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from ..errors import DeliveryError, ForeignGraph, Unreadable
from ..model.artifacts import GraphKey
from ..pipeline.context import GraphStatus, ManyStatuses
from .quarantine import set_aside
from .queries import is_wrong_type, key, readable, text_of

log = logging.getLogger(__name__)
#: Graphs with a status to deliver, by the time of the next try. The first release gave the keys their names.
DUE = "am:owed"
#: Seconds between tries: they grow to a minute, so that a long outage costs little.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
KEEP = 7 * 86_400
#: Statuses waiting at once beyond which refusals of requests are not told any more: a flood must not fill Redis.
MOST = 20_000
#: Statuses tried in one go, once a second, and those written in one request.
MOST_DUE, TOGETHER = 500, 50


# Forget a status, unless another one has taken its place since. KEYS due status; ARGV graph, the status as it was seen
ACKNOWLEDGE = """
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('DEL', KEYS[2])
"""

# Try a status again later, on the same condition. KEYS due status; ARGV graph, as seen, as it is now, when, ttl
POSTPONE = """
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[5])
return redis.call('ZADD', KEYS[1], 'XX', ARGV[4], ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A status to deliver: whose run said it, the fields of the graph document, and how often it was tried.

    Stored as a JSON object of these names, as the first release did.
    """

    run: str
    owner: str
    fields: Mapping[str, Any]
    tries: int = 1
    type: str = ""  # read by the first release, and needed by nobody


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """A graph's status that keeps in the outbox what cannot be written now."""

    status: GraphStatus
    redis: Redis
    run_id: str

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Write ``fields``, or keep them for :func:`deliver`."""
        try:
            self.status.write(graph, fields)
        except ForeignGraph:
            log.error("status refused: the graph document is not this owner's", extra={"graph": graph.graph_id})
        except DeliveryError as exc:
            log.warning("status kept for later", extra={"graph": graph.graph_id, "why": str(exc)})
            _keep(self.redis, graph, self.run_id, fields, wait=FIRST_WAIT)


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that is due, and the bytes it was read from."""

    graph: GraphKey
    stored: bytes
    message: Message


def deliver(redis: Redis, status: GraphStatus, most: int = MOST_DUE) -> int:
    """Try the writes that are due; returns how many were acknowledged or have become meaningless.

    Each fails by itself; one that cannot be read is set aside.
    """
    now = float(redis.time()[0])
    delivered = 0
    owed: list[Owed] = []
    due = cast(list[bytes], redis.zrangebyscore(DUE, "-inf", now, start=0, num=most))
    # What is due later than it can be was noted before Redis' clock went back.
    due += cast(list[bytes], redis.zrangebyscore(DUE, now + 2 * LONGEST_WAIT, "+inf", start=0, num=most))
    for raw in due:
        found = _looked_at(redis, raw, now)
        owed += [found] if isinstance(found, Owed) else []
        delivered += found is True
    for start in range(0, len(owed), TOGETHER):
        batch = owed[start : start + TOGETHER]
        for one, problem in zip(batch, _written(status, batch), strict=True):
            delivered += _settle(redis, one, problem, now)
    return delivered


def _looked_at(redis: Redis, raw: bytes, now: float) -> Owed | bool:
    """What is owed to one graph; true where there is nothing left to deliver, false where it cannot be told now."""
    try:
        graph_id = raw.decode()
        with readable(f"debt:{graph_id}"):
            stored = cast(bytes | None, redis.get(key("debt", graph_id)))
        if stored is None or _superseded(redis, graph_id, message := _read(graph_id, stored)):
            _acknowledge(redis, graph_id, stored)
            return True
        return Owed(GraphKey(graph_id, message.owner), stored, message)
    except (RedisConnectionError, RedisTimeoutError):
        raise
    except (Unreadable, UnicodeDecodeError) as exc:
        redis.zrem(DUE, raw)
        set_aside(redis, f"debt:{raw.decode(errors='backslashreplace')}", str(exc))
    except Exception:
        log.exception("status not delivered", extra={"graph": repr(raw)})
        redis.zadd(DUE, {raw: now + LONGEST_WAIT}, xx=True)
    return False


def _written(status: GraphStatus, batch: Sequence[Owed]) -> list[Exception | None]:
    """Write a batch; what failed of each."""
    if isinstance(status, ManyStatuses) and len(batch) > 1:
        try:
            return [*status.write_all([(one.graph, one.message.fields) for one in batch])]
        except Exception:
            log.exception("statuses not written together", extra={"count": len(batch)})
    problems: list[Exception | None] = []
    for one in batch:
        try:
            status.write(one.graph, one.message.fields)
            problems.append(None)
        except Exception as exc:  # one that nobody foresaw is told where it is settled
            problems.append(exc)
    return problems


def _settle(redis: Redis, owed: Owed, problem: Exception | None, now: float) -> bool:
    """Note what came of a write; true when there is nothing left to deliver."""
    graph_id = owed.graph.graph_id
    if isinstance(problem, ForeignGraph):
        log.error("status refused: the graph document is not this owner's", extra={"graph": graph_id})
    elif isinstance(problem, DeliveryError):
        message = replace(owed.message, tries=owed.message.tries + 1)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(message.tries, 10)) * random.uniform(0.75, 1.0)
        later: Any = (graph_id, owed.stored, msgspec.json.encode(message), now + wait, KEEP)
        redis.eval(POSTPONE, 2, DUE, key("debt", graph_id), *later)
        return False
    elif problem is not None:
        log.error("status not delivered", exc_info=problem, extra={"graph": graph_id})
        redis.zadd(DUE, {graph_id: now + LONGEST_WAIT}, xx=True)
        return False
    _acknowledge(redis, graph_id, owed.stored)
    return True


def _read(graph_id: str, stored: bytes) -> Message:
    try:
        return msgspec.json.decode(stored, type=Message)
    except ValueError as exc:
        raise Unreadable(f"debt:{graph_id}", f"it is no status ({type(exc).__name__})") from None


def _superseded(redis: Redis, graph_id: str, message: Message) -> bool:
    """Whether a newer run of the graph has made the status meaningless."""
    newest = _newest(redis, graph_id)
    return newest != "" and newest != message.run


def _newest(redis: Redis, graph_id: str) -> str:
    """The graph's newest run; empty where nobody knows of one."""
    try:
        return text_of(redis.get(key("graph", graph_id)))
    except ResponseError as exc:
        if not is_wrong_type(exc):
            raise
        return ""


def _acknowledge(redis: Redis, graph_id: str, seen: bytes | None) -> None:
    """The write took its time: what a newer run has put into the outbox meanwhile stays."""
    acknowledged: Any = (graph_id, seen or b"")
    redis.eval(ACKNOWLEDGE, 2, DUE, key("debt", graph_id), *acknowledged)


def enqueue(redis: Redis, graph: GraphKey, fields: Mapping[str, object]) -> None:
    """Have ``fields`` written to a graph document by the reaper, at once; a newer run makes it meaningless.

    Nothing is taken while :data:`MOST` wait: the reconciler ends what is left in ``process``.
    """
    if redis.zcard(DUE) >= MOST:
        log.warning("status not taken: too many wait", extra={"graph": graph.graph_id})
        return
    _keep(redis, graph, _newest(redis, graph.graph_id), fields, wait=0.0)


def _keep(redis: Redis, graph: GraphKey, run_id: str, fields: Mapping[str, object], wait: float) -> None:
    due = redis.time()[0] + wait
    message = Message(run_id, graph.owner_id, fields)
    with redis.pipeline() as pipe:
        pipe.set(key("debt", graph.graph_id), msgspec.json.encode(message), ex=KEEP)
        pipe.zadd(DUE, {graph.graph_id: due})
        pipe.expire(DUE, KEEP)
        pipe.execute()
