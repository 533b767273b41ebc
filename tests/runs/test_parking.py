"""Graphs of a type whose plugin only web, or only some pools hold: nobody waits for them, and they end in words."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis

from analytics.errors import UnknownStage
from analytics.model.artifacts import Entries, GraphKey, GraphRequest, Outcome
from analytics.pipeline.progress import ENDED, PAUSED, QUEUED
from analytics.pipeline.registry import Registry, load
from analytics.runs import figures, pools, rescue
from analytics.runs.admission import Limits
from analytics.runs.pools import pool_of
from analytics.runs.queue import enqueuer, job_id, queue_of
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.settings import ROOT
from analytics.workers import jobs, reaper
from tests.sure import nowhere, sure

COST = '''
from analytics import GraphType, Stage, hookimpl
from analytics.model import Delivered

def add_up() -> Delivered:
    """A stage of its own."""
    return Delivered("added up")

@hookimpl
def analytics_stages():
    yield Stage("add_up", add_up, timeout=7)

@hookimpl
def analytics_graph_types():
    yield GraphType("cost", {"add_up": ()}, always=("notification",))
'''
CORE = load(ROOT / "plugins", entry_points=False)
TIMES = LeaseTimes(queued=0.05, running=0.05, starting=0.05, handed_back=0.05)


@pytest.fixture(scope="module")
def with_cost(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The core's plugins and one more."""
    folder = tmp_path_factory.mktemp("cost_plugins")
    (folder / "cost.py").write_text(COST)
    return load(ROOT / "plugins", folder, entry_points=False)


class DataApp:
    """What the Data App was told, by graph."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    def write(self, graph: GraphKey, fields: Any) -> None:
        self.told[graph.graph_id] = dict(fields)


class Process:
    """A web process or a worker pool with the plugins of ``registry``."""

    def __init__(self, redis: Redis, registry: Registry, **limits: int) -> None:
        self.redis, self.registry = redis, registry
        self.queue = queue_of(redis, "test")
        options = Limits(owner_rate=1000, **limits)
        self.store = RunStore(redis, registry.plans, enqueuer(self.queue, registry, 60), options, TIMES)
        self.data_app = DataApp()
        self.pool = pool_of(f"pool of {len(registry.stages)}", registry)
        self.reaper = reaper.Reaper(redis, self.store, self.queue, self.data_app, 5, pool=self.pool)
        self.runtime = jobs.Runtime(
            registry,
            self.store,
            nowhere,
            redis,
            self.queue,
            60,
            300,
            jobs.LeaseKeeper(self.store),
        )

    def work(self) -> None:
        """Do every job on the queue, as a worker does."""
        while (raw := self.redis.lpop("rq:queue:test")) is not None:
            run_id, stage, attempt = cast(bytes, raw).decode().split("-")
            try:
                if stage in ("notification", "add_up") or stage not in self.registry.stages:
                    jobs.execute(self.runtime, run_id, stage, int(attempt))
                else:
                    self._pretend(run_id, stage, int(attempt))
            except jobs.StageFailed:
                continue

    def _pretend(self, run_id: str, stage: str, attempt: int) -> None:
        claim = self.store.begin(run_id, stage, attempt)
        self.store.commit(claim, Entries() if stage == "entry" else None)

    def beat(self, seconds: float = 60) -> None:
        pools.publish(self.redis, self.pool, seconds)

    def tick(self) -> None:
        time.sleep(0.06)
        self.beat()
        assert "failed" not in reaper.tick(self.reaper, mend=True)
        reaper.tell_neighbours(self.reaper)


def ask(process: Process, graph: str, graph_type: str = "cost", owner: str = "a") -> str:
    return process.store.submit(GraphRequest(graph, owner, graph_type))


def test_seventeen_graphs_that_no_worker_knows_stop_nobody(redis: Redis, with_cost: Registry) -> None:
    """Web accepted them while no pool was alive to say so."""
    web, workers = Process(redis, with_cost), Process(redis, CORE)
    odd = [ask(web, f"odd{number}") for number in range(17)]
    fine = ask(web, "fine", "business", owner="b")
    for _ in range(3):
        workers.tick()
        workers.work()
    assert sure(workers.store.find(fine)).phase == ENDED
    assert sure(sure(workers.store.find(fine)).outcome).level == "finished"
    assert redis.zcard("am:parked") == 17
    assert not {raw.decode() for raw in cast(list[bytes], redis.zrange("am:active", 0, -1))} & set(odd)
    assert figures.read(redis, workers.queue).parked == 17


def test_a_graph_that_no_worker_knows_ends_with_a_sentence_that_names_its_type(
    redis: Redis, with_cost: Registry
) -> None:
    web, workers = Process(redis, with_cost), Process(redis, CORE, parked=0)
    run_id = ask(web, "g")
    for _ in range(3):
        workers.tick()
        workers.work()
    run = sure(workers.store.find(run_id))
    assert run.phase == ENDED
    assert run.outcome == Outcome("error", sure(run.outcome).message)
    assert "graph type cost" in sure(run.outcome).message
    assert workers.data_app.told == {"g": {"status": "error", "msg": sure(run.outcome).message}}
    assert redis.zcard("am:parked") == 0
    assert redis.zcard("am:active") == 0
    workers.tick()
    assert redis.zcard("am:leases") == 0


def test_a_graph_goes_on_when_a_pool_comes_that_knows_it(redis: Redis, with_cost: Registry) -> None:
    web, workers = Process(redis, with_cost), Process(redis, CORE)
    run_id = ask(web, "g")
    for _ in range(3):
        workers.tick()
        workers.work()
    assert redis.zscore("am:parked", run_id) is not None
    newer = Process(redis, with_cost)
    newer.beat()
    workers.tick()  # whoever is elected, and it does not know the type itself
    workers.tick()
    newer.work()
    assert sure(newer.store.find(run_id)).stage("add_up").status == "done"
    assert redis.zscore("am:parked", run_id) is None


def test_a_worker_leaves_a_stage_it_does_not_know_to_a_pool_that_does(redis: Redis, with_cost: Registry) -> None:
    web, old, new = Process(redis, with_cost), Process(redis, CORE), Process(redis, with_cost)
    old.beat()
    new.beat()
    run_id = ask(web, "g")
    old.work()
    state = sure(old.store.find(run_id)).stage("add_up")
    assert (state.status, state.handed_back) == (PAUSED, 1)
    assert redis.zcard("am:parked") == 0
    for _ in range(70):  # more often than a stage is tried: to be handed back is no attempt
        old.tick()
        old.work()
    assert sure(old.store.find(run_id)).open
    old.tick()
    new.work()
    state = sure(new.store.find(run_id)).stage("add_up")
    assert state.status == "done"
    assert state.handed_back > 60


def test_a_stage_that_no_knowing_worker_ever_takes_ends_with_a_sentence(
    redis: Redis, with_cost: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescue, "MOST_HANDED_BACK", 5)
    web, old = Process(redis, with_cost), Process(redis, CORE)
    Process(redis, with_cost).beat()  # alive, and all its workers hang
    run_id = ask(web, "g")
    for _ in range(7):
        old.work()
        old.tick()
    run = old.store.find(run_id)
    assert run is not None
    assert run.phase == ENDED
    assert run.outcome is not None
    assert "add_up" in run.outcome.message


def test_an_elected_reaper_queues_stages_it_does_not_know_with_the_longest_limit(
    redis: Redis, with_cost: Registry
) -> None:
    web, old = Process(redis, with_cost), Process(redis, CORE)
    Process(redis, with_cost).beat()
    run_id = ask(web, "g")
    redis.delete("rq:queue:test")
    old.tick()
    assert redis.lrange("rq:queue:test", 0, -1) == [job_id(run_id, "add_up", 2).encode()]
    assert redis.hget(f"rq:job:{job_id(run_id, 'add_up', 2)}", "timeout") == b"60"


def test_a_stage_that_a_type_does_not_have_here_is_not_begun(redis: Redis, with_cost: Registry) -> None:
    web, old = Process(redis, with_cost), Process(redis, CORE)
    run_id = ask(web, "g")
    with pytest.raises(UnknownStage, match="cost"):
        old.store.begin(run_id, "add_up", 1)
    assert sure(old.store.find(run_id)).stage("add_up").status == QUEUED


def test_a_waiting_graph_that_the_admitting_process_does_not_know_is_parked(redis: Redis, with_cost: Registry) -> None:
    web, workers = Process(redis, with_cost, window=1), Process(redis, CORE, window=1)
    first, second = ask(web, "g1", "business"), ask(web, "g2")
    workers.beat()
    workers.store.end(first, "made room")
    workers.store.admit()
    assert redis.zscore("am:parked", second) is not None
    assert redis.zscore("am:leases", f"{second} * 0") is None


def test_a_newer_request_takes_the_graph_from_a_parked_run(redis: Redis, with_cost: Registry) -> None:
    web, workers = Process(redis, with_cost), Process(redis, CORE, parked=0)
    older = ask(web, "g")
    workers.beat()
    workers.work()
    newer = ask(web, "g", "business")
    workers.tick()
    assert redis.zscore("am:parked", older) is None
    assert workers.store.newest("g").run_id == newer
    assert workers.data_app.told == {}


def test_a_parked_run_that_cannot_be_read_stops_no_other(redis: Redis, with_cost: Registry) -> None:
    web, workers = Process(redis, with_cost), Process(redis, CORE, parked=0)
    one, other = ask(web, "g1"), ask(web, "g2")
    workers.beat()
    workers.work()
    assert redis.zcard("am:parked") == 2
    redis.hset(f"am:run:{one}", "run", b"[")
    redis.zadd("am:parked", {b"\xff": 1})
    workers.tick()
    workers.tick()
    assert redis.zcard("am:parked") == 0
    assert sure(workers.store.find(other)).phase == ENDED
    assert workers.data_app.told.keys() == {"g1", "g2"}


# --- pools ------------------------------------------------------------------------------------


def test_a_pool_publishes_names_and_contents_of_its_plugins(redis: Redis, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(COST)
    source = str(tmp_path / "one.py")
    first = pools.file_digest(source)
    (tmp_path / "one.py").write_text(COST + "\n")
    assert first != pools.file_digest(source)
    assert pools.file_digest("a plugin without a file") == ""
    assert len(first) == 64


def test_pools_are_live_until_they_fall_silent_and_differ_by_what_they_hold(redis: Redis, with_cost: Registry) -> None:
    mine, theirs = pool_of("mine", CORE), pool_of("theirs", with_cost)
    assert pool_of("again", CORE).digest == mine.digest != theirs.digest
    pools.publish(redis, mine, 60)
    pools.publish(redis, theirs, 0.2)
    assert [pool.name for pool in pools.live(redis)] == ["mine", "theirs"]
    difference = pools.difference(mine, theirs)
    assert [Path(source).name for source in difference.further] == ["cost.py"]
    assert (difference.missing, difference.changed) == ((), ())
    time.sleep(0.25)
    assert [pool.name for pool in pools.live(redis)] == ["mine"]
    pools.withdraw(redis, "mine")
    assert pools.live(redis) == ()


def test_a_pool_whose_record_cannot_be_read_is_left_out(redis: Redis) -> None:
    pools.publish(redis, pool_of("mine", CORE), 60)
    redis.zadd(pools.POOLS, {"odd": 1})
    redis.set("am:pool:odd", "[")
    assert [pool.name for pool in pools.live(redis)] == ["mine"]


def test_why_a_pool_keeps_its_plugins_is_part_of_its_sign_of_life(redis: Redis) -> None:
    pools.report_problem(redis, "mine", "broken.py: SyntaxError")
    pools.publish(redis, pool_of("mine", CORE), 60)
    assert pools.live(redis)[0].problem == "broken.py: SyntaxError"
    pools.report_problem(redis, "mine", "")
    pools.publish(redis, pool_of("mine", CORE), 60)
    assert pools.live(redis)[0].problem == ""
