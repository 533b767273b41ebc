"""What the first release left in Redis: its runs go on or end with a sentence, its statuses are delivered.

The bytes are as that release wrote them: the run and each stage as arrays, an
artifact by the bare name of its class, a status as an object.
"""

from __future__ import annotations

import time
from typing import Any, cast

import pytest
from redis import Redis

from analytics.errors import CodecError
from analytics.model.artifacts import Entries, GraphKey, GraphRequest
from analytics.pipeline.progress import QUEUED, RUNNING
from analytics.pipeline.registry import load
from analytics.runs import outbox
from analytics.runs.admission import Limits
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.settings import ROOT
from analytics.workers import jobs, reaper
from tests.sure import nowhere

REGISTRY = load(ROOT / "plugins")
RUN, GRAPH, OWNER = "5c" * 12, "a" * 24, "b" * 24
REQUEST = f'["{GRAPH}","{OWNER}","business","all",[],"standard","standard"]'.encode()


class DataApp:
    """What the Data App was told, by graph."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    def write(self, graph: GraphKey, fields: Any) -> None:
        self.told[graph.graph_id] = dict(fields)


@pytest.fixture
def store(redis: Redis) -> RunStore:
    queue = queue_of(redis, "test")
    times = LeaseTimes(queued=0.05, running=0.05, starting=0.05)
    return RunStore(redis, REGISTRY.plans, enqueuer(queue, REGISTRY, 60), Limits(), times)


def left_behind(redis: Redis, phase: str, stages: dict[str, str], **artifacts: bytes) -> None:
    """A run of the first release, in the middle of its work."""
    head = f'["{RUN}","{GRAPH}","{OWNER}","business",7,1700000000.5,"{phase}",null,0.0]'
    redis.hset(f"am:run:{RUN}", mapping=cast(Any, {"run": head, **stages}))
    redis.hset(f"am:art:{RUN}", mapping=cast(Any, {"GraphRequest": REQUEST, **artifacts}))
    redis.set(f"am:graph:{GRAPH}", RUN)
    redis.zadd("am:active", {RUN: 1.0})
    for name in stages:
        redis.zadd("am:leases", {f"{RUN} {name} 1": 1.0})


def tick(redis: Redis, store: RunStore) -> DataApp:
    time.sleep(0.06)
    told = DataApp()
    one = reaper.Reaper(redis, store, queue_of(redis, "test"), told, 5)
    assert "failed" not in reaper.tick(one, mend=True)
    reaper.tell_neighbours(one)
    return told


def test_a_stage_that_was_running_is_queued_again_and_finds_its_request(redis: Redis, store: RunStore) -> None:
    left_behind(redis, "working", {"entry": '["running",1,"token",1.0,1.0,0.0,"",0]'})
    tick(redis, store)
    run = store.newest(GRAPH)
    assert (run.stage("entry").status, run.stage("entry").attempt, run.stage("entry").losses) == (QUEUED, 2, 1)
    claim = store.begin(RUN, "entry", 2)
    assert store.take(claim, REGISTRY.plans["business"][0].inputs) == (GraphRequest(GRAPH, OWNER, "business"),)
    assert store.commit(claim, Entries()).stage("graphlookup").status == QUEUED


def test_a_run_that_waited_is_started(redis: Redis, store: RunStore) -> None:
    left_behind(redis, "waiting", {})
    redis.zadd("am:leases", {f"{RUN} * 0": 1.0})
    tick(redis, store)
    assert store.newest(GRAPH).stage("entry").status == QUEUED


def test_a_stage_whose_artifacts_this_version_does_not_know_ends_with_a_sentence(redis: Redis, store: RunStore) -> None:
    done = '["done",1,"",1.0,1.0,2.0,"",0]'
    left_behind(
        redis,
        "working",
        {"entry": done, "graphlookup": done, "network_business": '["queued",1,"",0.0,0.0,0.0,"",0]'},
        Lookup=b"[[],[],[]]",
    )
    other = store.submit(GraphRequest("c" * 24, OWNER, "business"))
    runtime = jobs.Runtime(
        REGISTRY,
        store,
        nowhere,
        redis,
        queue_of(redis, "test"),
        60,
        300,
        jobs.LeaseKeeper(store),
    )
    with pytest.raises(jobs.StageFailed):
        jobs.execute(runtime, RUN, "network_business", 1)
    outcome = store.newest(GRAPH).outcome
    assert outcome is not None
    assert outcome.level == "error"
    assert "ask for the graph again" in outcome.message
    claim = store.begin(RUN, "notification", 1)
    inputs = next(step.inputs for step in REGISTRY.plans["business"] if step.name == "notification")
    assert store.take(claim, inputs)[:2] == (GraphRequest(GRAPH, OWNER, "business"), outcome)
    assert store.begin(other, "entry", 1).run.stage("entry").status == RUNNING


def test_a_status_it_could_not_write_is_delivered(redis: Redis, store: RunStore) -> None:
    redis.set(
        f"am:debt:{GRAPH}",
        f'{{"run":"","owner":"{OWNER}","type":"business","fields":{{"status":"finished","msg":"Finish"}},"tries":3}}',
    )
    redis.zadd(outbox.DUE, {GRAPH: 0})
    assert tick(redis, store).told == {GRAPH: {"status": "finished", "msg": "Finish"}}


def test_its_reaper_reads_a_status_of_this_version(redis: Redis) -> None:
    """A rollback: that release needs every one of these names."""
    import json

    outbox.enqueue(redis, GraphKey(GRAPH, OWNER), {"status": "error"})
    assert json.loads(cast(bytes, redis.get(f"am:debt:{GRAPH}"))).keys() == {"run", "owner", "type", "fields", "tries"}


def test_a_record_it_cannot_have_written_is_named(redis: Redis, store: RunStore) -> None:
    left_behind(redis, "working", {"entry": '["running","one"]'})
    with pytest.raises(CodecError, match=f"run:{RUN}"):
        store.newest(GRAPH)
