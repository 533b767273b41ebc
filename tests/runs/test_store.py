"""The run store on a real Redis: fence, leases, supersession, fairness, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from redis import Redis, ResponseError

from analytics.errors import DeliveryError, NotFound, Overloaded, Superseded
from analytics.model.artifacts import Clients, Drawing, Entries, GraphKey, GraphRequest, Lookup, Outcome, Servers
from analytics.model.graph import Graph
from analytics.model.grid import Grid
from analytics.pipeline.plan import Step
from analytics.pipeline.progress import DONE, ENDED, QUEUED, RUNNING, WAITING
from analytics.pipeline.registry import Registry, load
from analytics.runs import kept, outbox, rescue
from analytics.runs.admission import Limits
from analytics.runs.queries import Lease, key
from analytics.runs.queue import FAILURE_TTL, JOB_TTL, RUN_STAGE, enqueuer, job_id, queue_of
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.settings import ROOT
from analytics.workers import reaper
from tests.sure import sure

REGISTRY = load(ROOT / "plugins")
GRID = Grid(Graph("business", "Business graph"))
STEPS: tuple[Step, ...] = REGISTRY.plans["business"]


def store_on(redis: Redis, registry: Registry = REGISTRY, times: LeaseTimes | None = None, **limits: int) -> RunStore:
    queue = queue_of(redis, "test")
    return RunStore(redis, registry.plans, enqueuer(queue, registry, 60), Limits(**limits), times)


@pytest.fixture
def store(redis: Redis) -> RunStore:
    return store_on(redis)


def request(graph: str = "g1", owner: str = "o1") -> GraphRequest:
    return GraphRequest(graph, owner, "business")


def rescue_overdue(
    store: RunStore, lease: Lease, queued: Callable[[], frozenset[str]] = frozenset, job: str = "x", attempts: int = 5
) -> str:
    """Let the lease run out, and act on that."""
    rescue.release(store, lease.run_id, lease.stage, lease.attempt)
    return rescue.rescue(store, lease, queued, job, attempts)


def begin(store: RunStore, run: str, stage: str, attempt: int = 1) -> Any:
    return store.begin(run, stage, attempt)


def queued_jobs(redis: Redis) -> list[str]:
    return [raw.decode() for raw in cast(list[bytes], redis.lrange("rq:queue:test", 0, -1))]


def test_a_request_becomes_a_run_with_its_first_job_queued(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    run = store.newest("g1")
    assert (run.run_id, run.stage("entry").status) == (run_id, QUEUED)
    assert queued_jobs(redis) == [job_id(run_id, "entry", 1)]


def test_a_commit_stores_the_artifact_and_queues_what_follows_together(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    claim = begin(store, run_id, "entry")
    assert store.newest("g1").stage("entry").status == RUNNING
    store.commit(claim, Entries(("a",)))
    run = store.newest("g1")
    assert (run.stage("entry").status, run.stage("graphlookup").status) == (DONE, QUEUED)
    assert store.artifact(run_id, Entries) == Entries(("a",))
    assert queued_jobs(redis)[0] == job_id(run_id, "graphlookup", 1)
    assert redis.zrange("am:leases", 0, -1) == [f"{run_id} graphlookup 1".encode()]


def test_the_same_job_delivered_twice_runs_once(store: RunStore) -> None:
    run_id = store.submit(request())
    claim = begin(store, run_id, "entry")
    with pytest.raises(Superseded):
        begin(store, run_id, "entry")
    store.commit(claim, Entries())
    with pytest.raises(Superseded):
        begin(store, run_id, "entry")
    with pytest.raises(Superseded):
        store.commit(claim, Entries(("again",)))
    assert store.artifact(run_id, Entries) == Entries()


def test_an_execution_that_was_replaced_can_not_commit(store: RunStore) -> None:
    """A worker that slept past its lease comes back: another holds the stage."""
    run_id = store.submit(request())
    slept = begin(store, run_id, "entry")
    assert rescue_overdue(store, Lease(run_id, "entry", 1)) == "queued again"
    with pytest.raises(Superseded):
        store.commit(slept, Entries(("late",)))
    other = begin(store, run_id, "entry", 2)
    with pytest.raises(Superseded):
        store.check(slept)
    store.check(other)
    store.commit(other, Entries(("in time",)))
    assert store.artifact(run_id, Entries) == Entries(("in time",))


def test_a_newer_request_takes_the_graph_and_the_older_run_writes_nothing_more(store: RunStore, redis: Redis) -> None:
    first = store.submit(request())
    claim = begin(store, first, "entry")
    second = store.submit(request())
    for attempt in (store.check, lambda c: store.commit(c, Entries()), lambda c: store.give_up(c, "error", "x")):
        with pytest.raises(Superseded):
            attempt(claim)
    assert store.newest("g1").run_id == second
    assert redis.zrange("am:active", 0, -1) == [second.encode()]
    assert redis.zrange("am:leases", 0, -1) == [f"{second} entry 1".encode()]
    assert store.artifact(first, GraphRequest) is None


def test_a_stage_that_was_queued_when_a_newer_request_came_is_not_begun(store: RunStore) -> None:
    first = store.submit(request())
    store.submit(request())
    with pytest.raises(Superseded):
        begin(store, first, "entry")
    assert sure(store.find(first)).stage("entry").status == QUEUED


def test_what_another_has_written_meanwhile_is_seen_before_a_commit(store: RunStore, redis: Redis) -> None:
    """Two stages that were begun beside each other end beside each other: what follows both is queued once."""
    run_id = store.submit(request())
    store.commit(begin(store, run_id, "entry"), Entries(("a",)))
    store.commit(begin(store, run_id, "graphlookup"), Lookup(()))
    store.commit(begin(store, run_id, "network_business"), GRID)
    one, other = begin(store, run_id, "enrichment"), begin(store, run_id, "network_client")
    store.commit(one, Servers((), 0))
    run = store.commit(other, Clients(()))
    assert (run.stage("enrichment").status, run.stage("network_client").status) == (DONE, DONE)
    assert run == store.find(run_id)
    assert queued_jobs(redis).count(job_id(run_id, "draw_business", 1)) == 1


def test_a_list_of_another_type_costs_a_transaction_nothing_else(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    claim = begin(store, run_id, "entry")
    redis.set("am:leases", "odd")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        store.commit(claim, Entries(("a",)))
    assert sure(store.find(run_id)).stage("entry").status == DONE
    assert store.artifact(run_id, Entries) == Entries(("a",))


def test_a_stage_on_the_queue_is_a_job_as_rq_reads_it(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    queue = queue_of(redis, "test")
    job = sure(queue.fetch_job(job_id(run_id, "entry", 1)))
    assert (job.func_name, tuple(job.args), job.kwargs) == (RUN_STAGE, (run_id, "entry", 1), {})
    assert (job.origin, job.description, job.timeout) == ("test", "entry", 60)
    assert (job.result_ttl, job.failure_ttl, job.get_status()) == (0, FAILURE_TTL, "queued")
    assert job.enqueued_at == job.created_at
    assert 0 < redis.ttl(job.key) <= JOB_TTL


def test_a_job_that_vanished_is_queued_again_and_one_that_waits_is_not(store: RunStore) -> None:
    run_id = store.submit(request())
    lease, job = Lease(run_id, "entry", 1), job_id(run_id, "entry", 1)
    assert rescue_overdue(store, lease, lambda: frozenset({job}), job) == "renewed"
    assert rescue_overdue(store, lease, frozenset, job) == "queued again"
    assert store.newest("g1").stage("entry").attempt == 2
    assert rescue_overdue(store, lease, frozenset, job) == "dropped"


def test_a_stage_that_kills_its_worker_again_and_again_ends_the_graph_and_is_named(store: RunStore) -> None:
    run_id = store.submit(request())
    for attempt in (1, 2, 3):
        begin(store, run_id, "entry", attempt)
        done = rescue_overdue(store, Lease(run_id, "entry", attempt), attempts=3)
    assert done == "given up"
    outcome = store.newest("g1").outcome
    assert outcome is not None
    assert outcome.level == "error"
    assert "entry" in outcome.message
    assert "3 times" in outcome.message


def test_an_admitted_run_that_nobody_started_is_started_by_the_reaper(redis: Redis) -> None:
    store = store_on(redis, times=LeaseTimes(starting=0.3))
    original = store.start
    store.start = lambda run_id, **how: None  # type: ignore[method-assign]  # the process dies between admitting and starting
    run_id = store.submit(request())
    assert store.newest("g1").phase == WAITING
    store.start = original  # type: ignore[method-assign]
    time.sleep(0.4)
    status = Recorder()
    reaper.tick(reaper.Reaper(redis, store, queue_of(redis, "test"), status, 5))
    assert store.newest("g1").stage("entry").status == QUEUED
    assert queued_jobs(redis) == [job_id(run_id, "entry", 1)]


def finish(store: RunStore, run_id: str) -> None:
    """Run every stage of a run, drawing included."""
    for step in STEPS:
        artifact = Drawing("<svg/>", GRID) if step.name == "draw_business" else None
        store.commit(begin(store, run_id, step.name), artifact)


def test_a_finished_run_keeps_its_drawing_and_frees_its_place(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    finish(store, run_id)
    run = store.newest("g1")
    assert (run.phase, run.outcome) == (ENDED, Outcome("finished", "Finish"))
    assert store.drawing("g1").svg == "<svg/>"
    assert redis.zcard("am:active") == 0
    assert redis.zcard("am:leases") == 0
    assert store.artifact(run_id, Entries) is None


def test_while_a_graph_is_drawn_again_its_last_drawing_is_shown(store: RunStore) -> None:
    finish(store, store.submit(request()))
    store.submit(request())
    assert store.drawing("g1").svg == "<svg/>"
    with pytest.raises(NotFound):
        store.drawing("g2")


def test_the_oldest_drawings_go_when_too_many_are_kept(redis: Redis) -> None:
    store = store_on(redis, kept=2)
    for number in range(4):
        finish(store, store.submit(request(f"g{number}")))
    assert kept.trim(redis, store.limits) == 2
    with pytest.raises(NotFound):
        store.drawing("g0")
    assert store.drawing("g3").svg == "<svg/>"
    assert store.drawing("g3").grid == GRID


def test_a_lone_graph_of_another_owner_does_not_wait_behind_a_thousand(redis: Redis) -> None:
    store = store_on(redis, window=2, owner_rate=10_000)
    runs = [store.submit(request(f"big{number}", "big")) for number in range(1000)]
    lone = store.submit(request("lone", "small"))
    ended = 0
    while store.newest("lone").phase == WAITING:
        finish(store, next(run for run in runs if sure(store.find(run)).stage("entry").status == QUEUED))
        ended += 1
    assert ended <= 3
    assert lone


def test_owners_take_turns(redis: Redis) -> None:
    store = store_on(redis, window=1, owner_rate=10_000)
    for number in range(4):
        store.submit(request(f"a{number}", "a"))
    for number in range(4):
        store.submit(request(f"b{number}", "b"))
    order = []
    while active := redis.zrange("am:active", 0, -1):
        run = sure(store.find(cast(list[bytes], active)[0].decode()))
        order.append(run.graph_id)
        finish(store, run.run_id)
    # Before b's first request a alone was served; from then on neither gets ahead by more than one.
    owners = [graph[0] for graph in order[1:7]]
    for served in range(2, len(owners) + 1, 2):
        assert owners[:served].count("a") == owners[:served].count("b"), order


def test_every_key_has_a_time_to_live(store: RunStore, redis: Redis) -> None:
    finish(store, store.submit(request("done")))
    claim = begin(store, store.submit(request("running")), "entry")
    store.pause(claim, 5, "waiting")
    for number in range(30):
        store.submit(request(f"waiting{number}"))
    outbox.enqueue(redis, request().key, {"status": "error"})
    mine = redis.keys("am:*")
    assert mine
    assert {name: redis.ttl(name) for name in mine if redis.ttl(name) < 0} == {}


def test_limits_are_said_with_a_time_to_come_back(redis: Redis) -> None:
    store = store_on(redis, owner_rate=2)
    store.submit(request("g1"))
    store.submit(request("g2"))
    with pytest.raises(Overloaded) as caught:
        store.submit(request("g3"))
    assert caught.value.status == 429
    assert 0 < caught.value.retry_after <= 60


class Recorder:
    """A status writer that fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.written: list[tuple[str, dict[str, object]]] = []

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        if self.failures:
            self.failures -= 1
            raise DeliveryError("down", transient=True)
        self.written.append((graph.graph_id, dict(fields)))


def test_a_status_nobody_took_is_kept_until_it_is_accepted(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    status = Recorder(failures=2)
    outbox.OutboxStatus(status, redis, run_id).write(request().key, {"status": "finished"})
    assert status.written == []
    for _ in range(2):
        redis.zadd(outbox.DUE, {"g1": 0})
        outbox.deliver(redis, status)
    assert status.written == [("g1", {"status": "finished"})]
    assert redis.zcard(outbox.DUE) == 0


def test_a_kept_status_means_nothing_once_a_newer_run_exists(store: RunStore, redis: Redis) -> None:
    older = store.submit(request())
    outbox.OutboxStatus(Recorder(failures=1), redis, older).write(request().key, {"status": "finished"})
    store.submit(request())
    redis.zadd(outbox.DUE, {"g1": 0})
    status = Recorder()
    assert outbox.deliver(redis, status) == 1
    assert status.written == []


def test_a_flood_of_refusals_is_not_kept_without_end(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST", 3)
    for number in range(5):
        outbox.enqueue(redis, request(f"g{number}").key, {"status": "error"})
    assert redis.zcard(outbox.DUE) == 3
    status = Recorder()
    assert outbox.deliver(redis, status) == 3
    outbox.enqueue(redis, request("later").key, {"status": "error"})
    outbox.deliver(redis, status)
    assert [graph for graph, _ in status.written] == ["g0", "g1", "g2", "later"]


def test_one_reaper_is_elected_and_another_takes_over_when_it_dies(store: RunStore, redis: Redis) -> None:
    one, two = (reaper.Reaper(redis, store, queue_of(redis, "test"), Recorder(), 5) for _ in range(2))
    assert (reaper.elected(one), reaper.elected(two), reaper.elected(one)) == (True, False, True)
    redis.delete(reaper.LOCK)
    assert (reaper.elected(two), reaper.elected(one)) == (True, False)


def test_the_keys_of_a_graph_are_named_once() -> None:
    assert key("run", "x") == "am:run:x"


def test_a_stage_claimed_after_its_lease_was_listed_is_not_lost(store: RunStore, redis: Redis) -> None:
    run_id = store.submit(request())
    redis.zadd("am:leases", {Lease(run_id, "entry", 1).member: 1.0})
    overdue = rescue.overdue(store)
    assert overdue == [Lease(run_id, "entry", 1)]
    claim = begin(store, run_id, "entry")  # by a worker that was only late
    assert rescue.rescue(store, overdue[0], frozenset, "", 5) == "renewed"
    assert rescue.overdue(store) == []
    store.commit(claim, Entries())
    assert store.newest("g1").stage("entry").attempt == 1


@pytest.mark.parametrize("accepted", [True, False])
def test_a_status_of_a_newer_run_outlives_the_delivery_of_an_older_one(
    store: RunStore, redis: Redis, accepted: bool
) -> None:
    older = store.submit(request())
    outbox.OutboxStatus(Recorder(failures=1), redis, older).write(request().key, {"status": "error"})

    class Slow:
        """While it writes, a newer run ends and cannot be told of either."""

        def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
            newer = store.submit(request())
            outbox.OutboxStatus(Recorder(failures=1), redis, newer).write(request().key, {"status": "finished"})
            if not accepted:
                raise DeliveryError("no answer")

    redis.zadd(outbox.DUE, {"g1": 0})
    outbox.deliver(redis, Slow())
    status = Recorder()
    redis.zadd(outbox.DUE, {"g1": 0})
    outbox.deliver(redis, status)
    assert status.written == [("g1", {"status": "finished"})]
    assert redis.zcard(outbox.DUE) == 0


def test_what_is_put_back_has_a_time_to_live(store: RunStore, redis: Redis) -> None:
    run = store.find(store.submit(request()))
    redis.delete("am:active", "am:leases")
    assert rescue.restore(store, sure(run))
    assert rescue.mend(store) == 1
    assert redis.ttl("am:active") > 0
    assert redis.ttl("am:leases") > 0
    assert redis.ttl("am:order") > 0
