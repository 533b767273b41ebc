"""Graphs the Data App shows as ``process`` and Redis does not know.

A Redis that lost its last second, or everything, forgets requests it had
accepted. Their graphs would stay in ``process`` for everybody who looks at them.
For every owner who asked for something lately, the graph documents in ``process``
are read; one that Redis does not work on, seen twice a minute apart, is ended.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis import Redis, ResponseError

from ..documents.ports import SharedSource, Source
from ..documents.values import Document, text
from ..errors import InventoryError, NotFound, Unreadable
from ..model.artifacts import GraphKey
from ..pipeline import progress
from . import outbox
from .abandon import UNREADABLE, abandon
from .queries import clock, key, text_of
from .readiness import note_data_app
from .rescue import AWAY, restore
from .store import RunStore

log = logging.getLogger(__name__)

#: Seconds between two looks at an owner's graphs, and at least between the two sightings that end one.
INTERVAL = 60.0
#: Questions to the Data App in one go, once a second, and owners that one of them asks about: 10,000 in 40 s.
QUESTIONS, ASKED_TOGETHER = 5, 50
#: Graphs seen in ``process`` that Redis does not work on, by the time of the first sighting.
MISSING = "am:missing"
LOST = "The service lost this request; please ask for the graph again."


@dataclass
class Reconciler:
    """What is reconciled, and the owners this process knows of: it remembers them for a Redis that was emptied."""

    redis: Redis
    store: RunStore
    source: Source
    interval: float = INTERVAL
    owners: dict[str, float] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    read_until: float = 0.0


def remember(reconciler: Reconciler) -> None:
    """Learn who asked for graphs since the last time."""
    found = reconciler.store.owners(reconciler.read_until)
    reconciler.owners |= found
    # A Redis that was emptied may have gone back in its own history; times in it never repeat.
    reconciler.read_until = max(reconciler.read_until, *found.values()) if found else reconciler.read_until


def reconcile(reconciler: Reconciler) -> int:
    """Look at the graphs of the owners that are due; returns how many graphs were ended."""
    now = clock(reconciler.redis)
    # What is due later than it can be was noted before Redis' clock went back.
    due = sorted(
        (at, owner)
        for owner in reconciler.owners
        if not now < (at := reconciler.due.get(owner, 0.0)) <= now + reconciler.interval
    )
    ended, asked = 0, [owner for _, owner in due[: QUESTIONS * ASKED_TOGETHER]]
    together = ASKED_TOGETHER if isinstance(reconciler.source, SharedSource) else 1
    for start in range(0, min(len(asked), QUESTIONS * together), together):
        owners = asked[start : start + together]
        reconciler.due.update(dict.fromkeys(owners, now + reconciler.interval))
        found = in_process(reconciler.source, owners)
        note_data_app(reconciler.redis, answered=bool(found))
        for owner, shown in found.items():
            ended += sum(examined(reconciler, owner, document, now) for document in shown)
        reconciler.store.keep_owners({owner: reconciler.owners[owner] for owner in owners})
    return ended


def in_process(source: Source, owners: Sequence[str]) -> dict[str, list[Document]]:
    """The graph documents in ``process`` of each owner, as far as they can be read; others are read all the same.

    What is refused for all of them together is asked for one by one.
    """
    where = {"status": ("process",)}
    try:
        if isinstance(source, SharedSource):
            return source.documents_of("graphs", owners, where)
        return {owner: source.documents("graphs", owner, where) for owner in owners}
    except InventoryError as exc:
        log.warning("graphs in process not read", extra={"owners": len(owners), "why": str(exc)})
        if exc.transient or len(owners) == 1:
            return {}
    except Exception:  # of a source that does not keep to its contract
        log.exception("graphs in process not read", extra={"owners": len(owners)})
        if len(owners) == 1:
            return {}
    found: dict[str, list[Document]] = {}
    for owner in owners:
        found |= in_process(source, [owner])
    return found


def examined(reconciler: Reconciler, owner: str, document: Mapping[str, Any], now: float) -> bool:
    """:func:`examine`, for one that fails by itself."""
    try:
        return examine(reconciler, owner, document, now)
    except AWAY:
        raise
    except Exception:
        log.exception("graph not reconciled", extra={"owner": owner, "graph": text(document.get("_id"))})
        return False


def examine(reconciler: Reconciler, owner: str, document: Mapping[str, Any], now: float) -> bool:
    """End one graph in ``process`` that nobody works on, at its second sighting; true when it was ended."""
    graph_id = text(document.get("_id"))
    fields = ending(reconciler, graph_id)
    if fields is None or document.get("status") != "process":
        reconciler.redis.zrem(MISSING, graph_id)
        return False
    first = reconciler.redis.zscore(MISSING, graph_id)
    if first is None or not 0 <= now - first <= 5 * reconciler.interval:  # such a sighting is of another time
        reconciler.redis.zadd(MISSING, {graph_id: now})
        reconciler.redis.expire(MISSING, int(10 * reconciler.interval) + 1)
        return False
    if now - first < reconciler.interval:
        return False
    log.warning("graph ended that nobody worked on", extra={"graph": graph_id, "status": str(fields["status"])})
    outbox.enqueue(reconciler.redis, GraphKey(graph_id, owner), fields)
    reconciler.redis.zrem(MISSING, graph_id)
    return True


def ending(reconciler: Reconciler, graph_id: str) -> dict[str, object] | None:
    """What the graph document should say in place of ``process``; nothing while somebody works on the graph."""
    try:
        run = reconciler.store.newest(graph_id)
    except Unreadable:
        run_id = pointer(reconciler.redis, graph_id)
        if run_id:
            abandon(reconciler.redis, run_id, "the reconciler came upon it")
        return None if reconciler.redis.exists(key("debt", graph_id)) else {"status": "error", "msg": UNREADABLE}
    except NotFound:
        return None if reconciler.redis.exists(key("debt", graph_id)) else {"status": "error", "msg": LOST}
    if run.open:
        if restore(reconciler.store, run):
            log.warning("run put back in its place", extra={"run": run.run_id})
        return None
    if run.phase != progress.ENDED or run.outcome is None or reconciler.redis.exists(key("debt", graph_id)):
        return None
    return {"status": run.outcome.level, "msg": run.outcome.message}


def pointer(redis: Redis, graph_id: str) -> str:
    """The graph's newest run; empty where that cannot be read."""
    try:
        return text_of(redis.get(key("graph", graph_id)))
    except ResponseError:
        return ""
