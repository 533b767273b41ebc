"""Many owners and long debts: few questions to the Data App, and still nobody's write spoils or reaches another's."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from redis import Redis

from analytics import settings
from analytics.inventory.dataapp import DataApp as Source
from analytics.model.artifacts import GraphKey
from analytics.outbound.data_app import DataAppStatus
from analytics.pipeline.registry import load
from analytics.runs import outbox, reconcile
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.reconcile import Reconciler
from analytics.runs.store import RunStore
from devtool.testkit.deployment import NOAUTH, SECRET
from devtool.testkit.faults.server import Request, Server
from devtool.testkit.neighbours.dataapp import DataApp, Refused

REGISTRY = load(settings.ROOT / "plugins")
OWNERS = [f"{number:024x}" for number in range(1, 121)]
SAID = {"status": "error", "msg": "lost"}
INTERVAL = 0.2


def graph_of(owner: str) -> str:
    return f"a{owner[1:]}"


class Choosy(DataApp):
    """A Data App that refuses a write, or a question about many owners, that names ``poison``."""

    poison = ""

    def _answer(self, request: Request) -> dict[str, Any]:
        if self.poison and self.poison in request.body.decode():
            raise Refused(422, "not that one")
        return super()._answer(request)


@dataclass
class World:
    redis: Redis
    app: Choosy
    http: Server
    status: DataAppStatus
    reconciler: Reconciler

    def status_of(self, owner: str) -> str:
        return str(next(one["status"] for one in self.app.documents["graphs"] if one["_id"] == graph_of(owner)))


@pytest.fixture
def world(redis: Redis) -> Iterator[World]:
    graphs = [{"_id": graph_of(one), "roles": [{"_id": one}], "active": True, "status": "process"} for one in OWNERS]
    app = Choosy({"graphs": graphs}, secret=SECRET, noauth=NOAUTH)
    store = RunStore(redis, REGISTRY.plans, enqueuer(queue_of(redis, "test"), REGISTRY, 60))
    with app.serve() as http:
        source, status = Source(http.url, SECRET, NOAUTH), DataAppStatus(http.url, SECRET, NOAUTH)
        yield World(redis, app, http, status, Reconciler(redis, store, source, interval=INTERVAL))
        source.close()
        status.close()


def owe_all(world: World) -> None:
    for owner in OWNERS:
        outbox.enqueue(world.redis, GraphKey(graph_of(owner), owner), SAID)


def test_many_statuses_are_written_in_few_requests(world: World) -> None:
    owe_all(world)
    assert outbox.deliver(world.redis, world.status) == len(OWNERS)
    assert {world.status_of(owner) for owner in OWNERS} == {"error"}
    assert len(world.http.paths()) == 6, "two for fifty"
    assert world.redis.zcard(outbox.DUE) == 0


def test_in_a_batch_nothing_is_written_to_another_owners_graph(world: World) -> None:
    """Both owners are in the batch: it is not enough that the graph is of one of them."""
    mine, theirs = OWNERS[:2]
    outbox.enqueue(world.redis, GraphKey(graph_of(mine), mine), SAID)
    outbox.enqueue(world.redis, GraphKey(graph_of(theirs), mine), SAID)
    outbox.enqueue(world.redis, GraphKey(graph_of(OWNERS[2]), theirs), SAID)
    outbox.deliver(world.redis, world.status)
    assert [world.status_of(owner) for owner in OWNERS[:3]] == ["error", "process", "process"]


def test_one_status_that_is_refused_keeps_no_other_from_being_written(world: World) -> None:
    owe_all(world)
    world.app.poison = graph_of(OWNERS[7])
    outbox.deliver(world.redis, world.status)
    states = {owner: world.status_of(owner) for owner in OWNERS}
    assert [owner for owner, state in states.items() if state == "process"] == [OWNERS[7]]
    assert world.redis.zcard(outbox.DUE) == 1


def test_a_data_app_that_is_down_is_asked_once_a_batch_and_nothing_is_forgotten(world: World) -> None:
    owe_all(world)
    world.http.arm("/graphs", "status", argument=503, times=1000)
    assert outbox.deliver(world.redis, world.status, most=50) == 0
    assert world.redis.zcard(outbox.DUE) == len(OWNERS)
    assert len(world.http.paths()) < 10


def reconciled(world: World) -> None:
    world.reconciler.owners = dict.fromkeys(OWNERS, 1.0)
    reconcile.reconcile(world.reconciler)
    time.sleep(INTERVAL * 1.2)
    reconcile.reconcile(world.reconciler)


def test_all_owners_are_reconciled_in_few_questions(world: World) -> None:
    reconciled(world)
    assert world.redis.zcard(outbox.DUE) == len(OWNERS)
    assert len(world.http.paths()) == 6, "three for 120 owners, twice"
    owed = {raw.decode() for raw in cast(list[bytes], world.redis.zrange(outbox.DUE, 0, -1))}
    for owner in OWNERS:
        assert json.loads(cast(bytes, world.redis.get(f"am:debt:{graph_of(owner)}")))["owner"] == owner
    assert owed == {graph_of(owner) for owner in OWNERS}


def test_an_owner_whose_question_is_refused_keeps_no_other_from_being_reconciled(world: World) -> None:
    world.app.poison = OWNERS[3]
    reconciled(world)
    # A busy machine may leave a question unasked until the next look.
    for _ in range(5):
        if world.redis.zcard(outbox.DUE) < len(OWNERS) - 1:
            time.sleep(INTERVAL * 1.2)
            reconcile.reconcile(world.reconciler)
    assert world.redis.zcard(outbox.DUE) == len(OWNERS) - 1


def test_a_graph_that_others_hold_too_is_each_owners(world: World) -> None:
    """What is answered for many owners is told apart by the document, and another's is nobody's here."""
    world.app.documents["graphs"].append(
        {"_id": "b" * 24, "roles": [{"_id": "c" * 24}], "active": True, "status": "process"}
    )
    found = world.reconciler.source.documents_of("graphs", OWNERS[:2], {"status": ("process",)})  # type: ignore[attr-defined]
    assert {owner: [one["_id"] for one in some] for owner, some in found.items()} == {
        owner: [graph_of(owner)] for owner in OWNERS[:2]
    }
