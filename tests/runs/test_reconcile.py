"""Graphs the Data App shows as ``process`` and nobody works on, and writes that come too late."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from redis import Redis

from analytics import settings
from analytics.errors import Superseded
from analytics.inventory.dataapp import DataApp as Source
from analytics.model.artifacts import Drawing, GraphKey, GraphRequest, Outcome
from analytics.model.graph import Graph, Node
from analytics.model.grid import Grid, Place
from analytics.outbound.data_app import DataAppStatus
from analytics.pipeline.progress import ENDED
from analytics.pipeline.registry import load
from analytics.runs import outbox, reconcile
from analytics.runs.admission import Limits
from analytics.runs.delivery import SerialFront
from analytics.runs.fenced import FencedStatus, StoreGuard
from analytics.runs.outbox import OutboxStatus
from analytics.runs.queries import key
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.workers import reaper
from devtool.testkit.deployment import NOAUTH, SECRET
from devtool.testkit.neighbours.dataapp import DataApp

GRID = Grid(Graph("business", "Business graph", (Node("a", "A"),), found=1), (Place("a", 0, 0, 0.0, 0.0),))
OWNER, OTHER, GRAPH = "1" * 24, "2" * 24, "3" * 24
REGISTRY = load(settings.ROOT / "plugins")
#: Seconds between two looks, in these tests.
INTERVAL = 0.2


def graph(graph_id: str = GRAPH, owner: str = OWNER, status: str = "process") -> dict[str, Any]:
    return {"_id": graph_id, "roles": [{"_id": owner}], "active": True, "status": status}


@pytest.fixture
def store(redis: Redis) -> RunStore:
    queue = queue_of(redis, "test")
    return RunStore(redis, REGISTRY.plans, enqueuer(queue, REGISTRY, 60), Limits())


@pytest.fixture
def app() -> DataApp:
    return DataApp({"graphs": [graph()]}, secret=SECRET, noauth=NOAUTH)


@pytest.fixture
def reconciling(redis: Redis, store: RunStore, app: DataApp) -> Iterator[reaper.Reaper]:
    """The elected reaper with its reconciler, against a Data App over HTTP."""
    with app.serve() as server:
        source, status = Source(server.url, SECRET, NOAUTH), DataAppStatus(server.url, SECRET, NOAUTH)
        reconciler = reconcile.Reconciler(redis, store, source, interval=INTERVAL)
        elected = reaper.Reaper(redis, store, queue_of(redis, "test"), status, 5, reconciler)
        reaper.tick(elected)
        yield elected
        source.close()
        status.close()


def settle(reconciling: reaper.Reaper, times: int = 4) -> None:
    for _ in range(times):
        reaper.tell_neighbours(reconciling)
        time.sleep(INTERVAL * 1.2)


def request(graph_id: str = GRAPH) -> GraphRequest:
    return GraphRequest(graph_id, OWNER, "business")


def test_a_graph_of_an_emptied_redis_is_ended_with_a_sentence(
    reconciling: reaper.Reaper, store: RunStore, redis: Redis, app: DataApp
) -> None:
    store.submit(request())
    reaper.tell_neighbours(reconciling)
    redis.flushall()
    reaper.tick(reconciling)
    settle(reconciling)
    assert app.written == [{"_id": GRAPH, "status": "error", "msg": reconcile.LOST}]
    assert OWNER in store.owners(), "the owner is remembered for the next reaper"


def test_a_graph_that_is_worked_on_is_left_alone(reconciling: reaper.Reaper, store: RunStore, app: DataApp) -> None:
    store.submit(request())
    settle(reconciling)
    assert app.written == []


def test_one_sighting_is_not_enough(reconciling: reaper.Reaper, store: RunStore, redis: Redis, app: DataApp) -> None:
    """The caller sets the graph to process before it calls: the request may be on its way."""
    store.submit(request())
    settle(reconciling, 1)
    redis.delete(key("graph", GRAPH))
    settle(reconciling, 1)
    assert redis.zscore(reconcile.MISSING, GRAPH) is not None, "it was seen"
    assert not redis.exists(key("debt", GRAPH)), "and nothing more"
    store.submit(request())
    settle(reconciling)
    assert app.written == []


def test_a_run_that_ended_unseen_is_told_again(reconciling: reaper.Reaper, store: RunStore, app: DataApp) -> None:
    run_id = store.submit(request())
    for step in REGISTRY.plans["business"]:
        artifact = Drawing("<svg/>", GRID) if step.name == "draw_business" else None
        store.commit(store.begin(run_id, step.name, 1), artifact)
    assert store.newest(GRAPH).phase == ENDED
    settle(reconciling)
    assert app.written == [{"_id": GRAPH, "status": "finished", "msg": "Finish"}]


def test_graphs_of_other_owners_are_neither_read_nor_ended(
    reconciling: reaper.Reaper, store: RunStore, redis: Redis, app: DataApp
) -> None:
    app.documents["graphs"].append(graph("4" * 24, OTHER))
    store.submit(request())
    reaper.tell_neighbours(reconciling)
    redis.delete(key("graph", GRAPH))
    settle(reconciling)
    assert {one["_id"] for one in app.written} == {GRAPH}
    assert {query["roles._id"] for query in app.queries} == {OWNER}


def test_a_run_that_fell_out_of_every_list_is_put_back(
    reconciling: reaper.Reaper, store: RunStore, redis: Redis
) -> None:
    """A Redis that evicts keys may lose the waiting line, or the leases."""
    run_id = store.submit(request())
    redis.delete("am:active", "am:leases", "rq:queue:test")
    settle(reconciling, 1)
    assert redis.zscore("am:active", run_id) is not None
    reaper.tick(reconciling, mend=True)
    assert store.newest(GRAPH).stage("entry").attempt == 2


# --- writes that come too late ---------------------------------------------------------------


class Slow:
    """A front and a graph status whose answers take until the test lets them, as a process that sleeps sees it."""

    def __init__(self, meanwhile: Any) -> None:
        self.meanwhile = meanwhile
        self.sent: list[str] = []
        self.written: list[object] = []

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        self._sleep()
        self.sent.append(svg)
        return "front"

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        self._sleep()
        self.written.append(fields["status"])

    def _sleep(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()


def drawn(store: RunStore, svg: str, last: str) -> Any:
    """A run of the graph that has worked up to the stage ``last``, which it holds."""
    run_id = store.submit(request())
    for step in REGISTRY.plans["business"]:
        claim = store.begin(run_id, step.name, 1)
        if step.name == last:
            return claim
        store.commit(claim, Drawing(svg, GRID) if step.name == "draw_business" else None)
    return None


def test_a_sender_that_slept_longer_than_its_lock_sends_the_newest_again(store: RunStore, redis: Redis) -> None:
    older = drawn(store, "<svg>old</svg>", "send_front_app")

    def meanwhile() -> None:
        redis.delete(key("send", GRAPH))  # it ran out
        newer = drawn(store, "<svg>new</svg>", "send_front_app")
        SerialFront(front, store, StoreGuard(store, newer), newer.run.run_id).send(request().key, "<svg>new</svg>", 1)

    front = Slow(meanwhile)
    SerialFront(front, store, StoreGuard(store, older), older.run.run_id).send(request().key, "<svg>old</svg>", 1)
    assert front.sent == ["<svg>new</svg>", "<svg>old</svg>", "<svg>new</svg>"]
    assert not redis.exists(key("send", GRAPH))


def test_a_send_that_another_run_has_begun_is_waited_for(store: RunStore, redis: Redis) -> None:
    claim = drawn(store, "<svg/>", "send_front_app")
    redis.set(key("send", GRAPH), "another run", px=400)
    front = Slow(None)
    began = time.monotonic()
    SerialFront(front, store, StoreGuard(store, claim), claim.run.run_id).send(request().key, "<svg/>", 1)
    assert time.monotonic() - began > 0.3


def test_an_older_run_does_not_send_once_a_newer_one_is_there(store: RunStore) -> None:
    older = drawn(store, "<svg>old</svg>", "send_front_app")
    store.submit(request())
    front = Slow(None)
    with pytest.raises(Superseded):
        SerialFront(front, store, StoreGuard(store, older), older.run.run_id).send(request().key, "<svg/>", 1)
    assert front.sent == []


def test_a_status_that_came_too_late_is_followed_by_the_newest(store: RunStore, redis: Redis) -> None:
    older = drawn(store, "<svg/>", "notification")
    status = Slow(lambda: drawn(store, "<svg/>", ""))
    guarded = FencedStatus(OutboxStatus(status, redis, older.run.run_id), StoreGuard(store, older), store)
    with pytest.raises(Superseded):
        guarded.write(request().key, {"status": "error"})
    assert outbox.deliver(redis, status) == 1
    assert status.written == ["error", "finished"]
    assert store.newest(GRAPH).outcome == Outcome("finished", "Finish")
