"""Fair by cost, on a real Redis: whose graphs are admitted, what long stages leave free, what follows a time-out."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest
from redis import Redis

from analytics.errors import StageTimeout
from analytics.model.artifacts import Entries, GraphRequest
from analytics.pipeline.plan import plan
from analytics.pipeline.progress import DONE, PAUSED, QUEUED
from analytics.pipeline.registry import Registry
from analytics.pipeline.stage import GraphType, Stage
from analytics.runs import rescue
from analytics.runs.admission import Limits
from analytics.runs.long_stages import AT_WORK, HELD, LARGE, TOOK, named
from analytics.runs.queries import Lease
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.workers.jobs import LeaseKeeper, Runtime, StageFailed, execute
from tests.sure import nowhere, sure


def runtime_with(redis: Redis, run: Any, **limits: int) -> Runtime:
    """A runtime whose one graph type has one stage, ``run``."""
    stage = Stage("only", run)
    graph = GraphType("one", {"only": ()})
    registry = Registry(stages={"only": stage}, graph_types={"one": graph}, plans={"one": plan(graph, {"only": stage})})
    queue = queue_of(redis, "test")
    store = RunStore(redis, registry.plans, enqueuer(queue, registry, 60), Limits(**limits))
    return Runtime(registry, store, nowhere, redis, queue, 60, 300, LeaseKeeper(store))


def quick(_request: GraphRequest) -> Entries:
    return Entries()


def ask(runtime: Runtime, graph: str, owner: str = "o") -> str:
    return runtime.store.submit(GraphRequest(graph, owner, "one"))


def owners(runtime: Runtime, name: str) -> list[str]:
    """Whose the runs of a list are, in its order."""
    runs = [runtime.store.find(raw.decode()) for raw in cast(list[bytes], runtime.redis.zrange(name, 0, -1))]
    return [sure(run).owner_id for run in runs]


def owners_at_work(runtime: Runtime) -> list[str]:
    return sorted(owners(runtime, "am:active"))


def cost(redis: Redis, owner: str) -> float:
    return float(cast(bytes, redis.hget("am:cost", owner)))


# --- admission --------------------------------------------------------------------------------


def test_no_owner_has_the_whole_window_and_anothers_graph_is_in_work_at_once(redis: Redis) -> None:
    runtime = runtime_with(redis, quick, window=8)
    for number in range(20):
        ask(runtime, f"a{number}", "crowd")
    assert owners_at_work(runtime) == ["crowd"] * 6
    ask(runtime, "b", "lone")
    assert owners_at_work(runtime) == ["crowd"] * 6 + ["lone"]


def test_a_window_of_one_admits_one(redis: Redis) -> None:
    runtime = runtime_with(redis, quick, window=1)
    for number in range(3):
        ask(runtime, f"a{number}")
    assert owners_at_work(runtime) == ["o"]


def test_a_run_whose_record_can_not_be_read_is_admitted_all_the_same_so_that_it_is_set_aside(redis: Redis) -> None:
    runtime = runtime_with(redis, quick, window=4)
    redis.zadd("am:waiting", {"torn": 0.5, "gone": 0.6})
    redis.set("am:run:torn", "x")
    ask(runtime, "a")
    assert redis.zcard("am:waiting") == 0
    assert b"torn" not in redis.zrange("am:active", 0, -1)
    assert redis.exists("am:aside:run:torn")


def test_an_owner_whose_graphs_take_long_waits_behind_one_whose_graphs_do_not(redis: Redis) -> None:
    """Both ask for eight at once; what they took before decides how they take turns."""
    runtime = runtime_with(redis, quick, window=1)
    runtime.store.admission.charge("slow", 8.0, redis)
    runtime.store.admission.charge("light", 1.0, redis)
    ask(runtime, "first", "somebody")
    for number in range(8):
        ask(runtime, f"s{number}", "slow")
    for number in range(8):
        ask(runtime, f"l{number}", "light")
    order = owners(runtime, "am:waiting")
    assert order[:9].count("light") >= 7, order


def test_an_owner_is_charged_what_its_graph_took(redis: Redis) -> None:
    def long(_request: GraphRequest) -> Entries:
        time.sleep(0.2)
        return Entries()

    runtime = runtime_with(redis, long)
    execute(runtime, ask(runtime, "g"), "only", 1)
    assert 0.2 <= cost(redis, "o") < 2


def test_a_superseded_run_is_charged_too(redis: Redis) -> None:
    """An owner that asks again and again would else have workers for nothing."""
    runtime = runtime_with(redis, quick)
    runtime.store.begin(ask(runtime, "g"), "only", 1)
    time.sleep(0.1)
    ask(runtime, "g")
    assert cost(redis, "o") >= 0.1


def test_the_stages_of_an_owner_with_few_graphs_go_before_those_of_one_with_many(redis: Redis) -> None:
    runtime = runtime_with(redis, quick, window=8)
    for number in range(6):
        ask(runtime, f"a{number}", "crowd")
    lone = ask(runtime, "b", "lone")
    queued = [raw.decode() for raw in cast(list[bytes], redis.lrange("rq:queue:test", 0, -1))]
    assert queued[0] == f"{lone}-only-1"
    assert queued[-1] == f"{runtime.store.newest('a5').run_id}-only-1"


def test_a_stage_that_was_lost_goes_before_those_that_are_tried_for_the_first_time(redis: Redis) -> None:
    runtime = runtime_with(redis, quick, window=8)
    *_others, lost = [ask(runtime, f"a{number}", "crowd") for number in range(6)]
    runtime.store.begin(lost, "only", 1)
    lease = Lease(lost, "only", 1)
    rescue.release(runtime.store, lost, "only", 1)
    assert rescue.rescue(runtime.store, lease, frozenset, f"{lost}-only-1", attempts=5) == "queued again"
    queued = [raw.decode() for raw in cast(list[bytes], redis.lrange("rq:queue:test", 0, -1))]
    assert queued[0] == f"{lost}-only-2"


# --- long stages ------------------------------------------------------------------------------


@pytest.fixture
def crowded(redis: Redis) -> Runtime:
    """Two workers; the one stage takes long, and two runs of one owner are at it, or would be."""
    runtime = runtime_with(redis, quick)
    redis.sadd("rq:workers", "one", "two")
    bits = [named("only", 1 << power) for power in range(15)]
    redis.hset(TOOK, mapping=dict.fromkeys(bits, "5"))
    return runtime


def test_a_long_stage_is_held_while_it_would_take_the_last_worker(crowded: Runtime, redis: Redis) -> None:
    first, second = ask(crowded, "a"), ask(crowded, "b")
    crowded.store.begin(first, "only", 1)
    assert crowded.store.long.take(Lease(first, "only", 1))
    execute(crowded, second, "only", 1)
    assert crowded.store.newest("b").stage("only").status == PAUSED
    assert redis.zrange(HELD, 0, -1) == [f"{second} only 1".encode()]


def test_a_held_stage_goes_on_when_a_long_one_ends_and_has_lost_no_attempt(crowded: Runtime, redis: Redis) -> None:
    first, second = ask(crowded, "a"), ask(crowded, "b")
    claim = crowded.store.begin(first, "only", 1)
    assert crowded.store.long.take(Lease(first, "only", 1))
    execute(crowded, second, "only", 1)
    crowded.store.commit(claim, Entries())
    third = ask(crowded, "c")
    execute(crowded, third, "only", 1)  # the first one's lease is gone, and with it its place
    assert crowded.store.newest("c").stage("only").status == DONE
    state = crowded.store.newest("b").stage("only")
    assert (state.status, state.attempt, state.tries) == (QUEUED, 2, 1)
    execute(crowded, second, "only", 2)
    assert crowded.store.newest("b").stage("only").status == DONE
    assert redis.zcard(AT_WORK) == 0


def test_of_held_stages_that_of_the_owner_who_has_used_least_goes_on(crowded: Runtime, redis: Redis) -> None:
    redis.hset("am:fair", mapping={"*": 0, "heavy": 50, "light": 2})
    crowded.store.long.hold(Lease("h", "only", 1), "heavy")
    crowded.store.long.hold(Lease("l", "only", 1), "light")
    assert sure(crowded.store.long.next_held()).run_id == "l"


def test_a_held_stage_that_nobody_woke_is_queued_by_the_reaper(crowded: Runtime) -> None:
    first, second = ask(crowded, "a"), ask(crowded, "b")
    crowded.store.begin(first, "only", 1)
    crowded.store.long.take(Lease(first, "only", 1))
    execute(crowded, second, "only", 1)
    lease = Lease(second, "only", 1)
    rescue.release(crowded.store, second, "only", 1)
    assert rescue.rescue(crowded.store, lease, frozenset, "x", 5) == "resumed"


def test_one_worker_has_nothing_to_keep_free(crowded: Runtime, redis: Redis) -> None:
    redis.srem("rq:workers", "two")
    first, second = ask(crowded, "a"), ask(crowded, "b")
    crowded.store.begin(first, "only", 1)
    crowded.store.long.take(Lease(first, "only", 1))
    execute(crowded, second, "only", 1)
    assert crowded.store.newest("b").stage("only").status == DONE


def test_what_is_large_counts_as_long_until_it_was_measured(redis: Redis) -> None:
    long = runtime_with(redis, quick).store.long
    assert not long.is_long("draw", LARGE - 1)
    assert long.is_long("draw", LARGE)
    long.measured("draw", LARGE, 0.01)
    long._until = 0.0
    assert not long.is_long("draw", LARGE)


# --- time limits ------------------------------------------------------------------------------


def test_what_passed_its_time_limit_once_is_tried_at_the_lowest_effort_and_then_given_up(redis: Redis) -> None:
    efforts = []

    def slow(request: GraphRequest) -> Entries:
        efforts.append(request.effort)
        raise StageTimeout("1 s")

    runtime = runtime_with(redis, slow)
    run_id = ask(runtime, "g")
    with pytest.raises(StageFailed, match="tried again"):
        execute(runtime, run_id, "only", 1)
    assert runtime.store.resume(Lease(run_id, "only", 1))
    with pytest.raises(StageFailed):
        execute(runtime, run_id, "only", 2)
    assert efforts == ["standard", "fast"]
    assert sure(runtime.store.newest("g").outcome).level == "error"


def test_a_stage_killed_past_its_limit_is_tried_at_the_lowest_effort(redis: Redis) -> None:
    """SIGALRM waits for C code; the supervisor's SIGKILL does not."""
    efforts = []

    def noted(request: GraphRequest) -> Entries:
        efforts.append(request.effort)
        return Entries()

    runtime = runtime_with(redis, noted)
    run_id = ask(runtime, "g")
    runtime.store.begin(run_id, "only", 1)
    runtime.store.timed_out(Lease(run_id, "only", 1))
    assert rescue.rescue(runtime.store, Lease(run_id, "only", 1), frozenset, "x", 5) == "queued again"
    execute(runtime, run_id, "only", 2)
    assert efforts == ["fast"]


def test_a_stage_whose_worker_was_killed_keeps_its_effort(redis: Redis) -> None:
    """A drawing must not depend on who died while it was made."""
    efforts = []

    def noted(request: GraphRequest) -> Entries:
        efforts.append(request.effort)
        return Entries()

    runtime = runtime_with(redis, noted)
    run_id = ask(runtime, "g")
    runtime.store.begin(run_id, "only", 1)
    rescue.release(runtime.store, run_id, "only", 1)
    rescue.rescue(runtime.store, Lease(run_id, "only", 1), frozenset, "x", 5)
    execute(runtime, run_id, "only", 2)
    assert efforts == ["standard"]


def test_how_large_a_stages_inputs_are_is_told_unpacked(redis: Redis) -> None:
    """A clique of 60 is stored in one kilobyte."""
    runtime = runtime_with(redis, quick)
    step = runtime.registry.plans["one"][0]
    run_id = runtime.store.submit(GraphRequest("g", "o", "one", title="x" * 100_000))
    (field,) = [field for one in step.inputs for field in one.fields]
    assert redis.hstrlen(f"am:art:{run_id}", field) < 2000
    claim = runtime.store.begin(run_id, "only", 1)
    assert runtime.store.size_of(claim, step.inputs) > LARGE


@pytest.mark.parametrize("odd", [False, True], ids=["nothing", "another type"])
def test_what_cannot_be_read_has_no_size(redis: Redis, odd: bool) -> None:
    runtime = runtime_with(redis, quick)
    step = runtime.registry.plans["one"][0]
    run_id = runtime.store.submit(GraphRequest("g", "o", "one"))
    redis.delete(f"am:art:{run_id}")
    if odd:
        redis.set(f"am:art:{run_id}", "odd")
    assert runtime.store.size_of(runtime.store.begin(run_id, "only", 1), step.inputs) == 0
