"""A graph's id belongs to one owner: another's request is refused and touches nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from redis import Redis

from analytics.errors import ForeignId, NotFound
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Graph, Node
from analytics.model.grid import Grid, Place
from analytics.pipeline.registry import load
from analytics.runs.admission import Limits
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.settings import ROOT
from devtool.testkit.deployment import Deployment, deployed, until
from tests.estates import OTHER, OWNER, oid, shop
from tests.sure import sure

REGISTRY = load(ROOT / "plugins")
GRID = Grid(Graph("business", "Business graph", (Node("a", "A"),), found=1), (Place("a", 0, 0, 0.0, 0.0),))
GRAPH = oid(900)


@pytest.fixture
def store(redis: Redis) -> RunStore:
    return RunStore(redis, REGISTRY.plans, enqueuer(queue_of(redis, "test"), REGISTRY, 60), Limits())


def finish(store: RunStore, run_id: str) -> None:
    for step in REGISTRY.plans["business"]:
        store.commit(
            store.begin(run_id, step.name, 1), Drawing("<svg/>", GRID) if step.name == "draw_business" else None
        )


def everything(redis: Redis) -> dict[bytes, bytes | None]:
    """All that stands in Redis, but for counts of requests and the order of all of them."""
    names: list[bytes] = list(redis.scan_iter())
    return {name: cast(bytes, redis.dump(name)) for name in names if not name.startswith((b"am:rate:", b"am:order"))}


def test_another_owners_request_is_refused_and_changes_nothing(redis: Redis, store: RunStore) -> None:
    run_id = store.submit(GraphRequest("g", "a", "business"))
    finish(store, run_id)
    before = everything(redis)
    with pytest.raises(ForeignId):
        store.submit(GraphRequest("g", "b", "business"))
    assert everything(redis) == before
    assert store.newest("g").run_id == run_id


def test_an_owner_who_proves_the_claim_takes_the_graph_and_not_the_others_picture(store: RunStore) -> None:
    finish(store, store.submit(GraphRequest("g", "thief", "business")))
    run_id = store.submit(GraphRequest("g", "a", "business"), proven=True)
    assert store.newest("g").run_id == run_id
    with pytest.raises(NotFound):
        store.drawing("g")


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment with every neighbour; the graph's document is the first owner's."""
    with deployed({**shop(), "graphs": []}, neighbours=True) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def as_other(service: Deployment, **fields: object) -> tuple[int, dict[str, Any]]:
    """A request of the other owner for the first one's graph."""
    body = {"_id": GRAPH, "owner_id": OTHER, "type": "business", **fields}
    status, said, _ = service.call("POST", "/graph", body)
    return status, said


def test_the_picture_the_status_and_the_links_of_a_graph_stay_its_owners(service: Deployment) -> None:
    service.post(GRAPH, OWNER)
    service.wait(GRAPH)
    shown = sure(service.front.shown(GRAPH)).svg
    written = [one for one in service.data.written if one["_id"] == GRAPH]
    link = service.state(GRAPH)["links"]["self"]
    run = service.state(GRAPH)["run"]
    status, said = as_other(service)
    assert (status, said["error"]) == (409, "foreign_graph")
    assert as_other(service, detail="nonsense")[0] == 422
    service.post(oid(901), OWNER)
    service.wait(oid(901))  # whatever was owed meanwhile is written by now
    assert service.state(GRAPH)["run"] == run
    assert sure(service.front.shown(GRAPH)).svg == shown
    assert [one for one in service.data.written if one["_id"] == GRAPH] == written
    assert service.call("GET", link, token="")[0] == 200
    assert OWNER not in json.dumps(said)


def test_who_comes_first_with_anothers_id_is_sent_nowhere_and_the_owner_gets_the_graph(service: Deployment) -> None:
    graph = oid(902)
    service.data.documents["graphs"].append(
        {"_id": graph, "roles": [{"_id": OWNER}], "active": True, "status": "process"}
    )
    stolen = {"_id": graph, "owner_id": OTHER, "type": "business"}
    assert service.call("POST", "/graph", stolen)[0] == 201
    until(lambda: service.state(graph)["state"] != "process", 30, "the end of the stolen graph")
    assert service.front.shown(graph) is None
    assert service.data.statuses(graph) == []
    assert service.post(graph, OWNER)[0] == 201
    assert service.wait(graph)["state"] == "finished"
    assert sure(service.front.shown(graph)).svg
