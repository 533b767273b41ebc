"""Stages as jobs, on a real Redis and without workers: what is allowed, what is told, and what replies are lost."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from redis import Redis
from redis.client import Pipeline
from redis.commands.core import Script
from redis.exceptions import WatchError
from rq.timeouts import HorseMonitorTimeoutException, JobTimeoutException

from analytics.errors import DeliveryError, StageTimeout, Superseded
from analytics.model.artifacts import Entries, GraphRequest
from analytics.pipeline.plan import plan
from analytics.pipeline.progress import DONE, PAUSED, QUEUED, RUNNING
from analytics.pipeline.registry import Registry
from analytics.pipeline.stage import GraphType, Stage
from analytics.runs import compared, rescue
from analytics.runs.admission import Limits
from analytics.runs.queries import Lease
from analytics.runs.queue import RUN_STAGE, NotAllowed, enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.workers import jobs
from analytics.workers.jobs import LeaseKeeper, Runtime, StageDeathPenalty, StageFailed, execute
from devtool.testkit.deployment import until
from tests.sure import nowhere, sure


class Upset(Exception):
    """An error with a text that must go nowhere."""


def runtime_with(redis: Redis, run: Any, times: LeaseTimes | None = None) -> Runtime:
    """A runtime whose one graph type has one stage, ``run``."""
    stage = Stage("only", run)
    graph = GraphType("one", {"only": ()})
    registry = Registry(stages={"only": stage}, graph_types={"one": graph}, plans={"one": plan(graph, {"only": stage})})
    queue = queue_of(redis, "test")
    store = RunStore(redis, registry.plans, enqueuer(queue, registry, 60), Limits(), times)
    return Runtime(registry, store, nowhere, redis, queue, 60, 300, LeaseKeeper(store))


def submitted(runtime: Runtime) -> str:
    return runtime.store.submit(GraphRequest("g", "o", "one"))


def test_a_job_may_name_nothing_but_our_callable(redis: Redis) -> None:
    queue = queue_of(redis, "test")
    job = queue.enqueue_call("os.system", args=("true",))
    with pytest.raises(NotAllowed):
        job.func  # noqa: B018 - asking is the test
    jobs.install(runtime_with(redis, nothing))
    assert queue.enqueue_call(RUN_STAGE).func is jobs.run_stage


def test_a_stage_that_gives_something_else_fails(redis: Redis) -> None:
    def gives_wrong() -> Entries:
        return 5  # type: ignore[return-value]

    runtime = runtime_with(redis, gives_wrong)
    run_id = submitted(runtime)
    with pytest.raises(StageFailed, match="gave a int, not a Entries"):
        execute(runtime, run_id, "only", 1)
    assert sure(runtime.store.newest("g").outcome).level == "error"


def test_the_text_of_a_foreign_error_goes_nowhere(redis: Redis) -> None:
    def upset() -> Entries:
        raise Upset("canary")

    runtime = runtime_with(redis, upset)
    run_id = submitted(runtime)
    with pytest.raises(StageFailed) as caught:
        execute(runtime, run_id, "only", 1)
    assert "canary" not in f"{caught.value} {runtime.store.newest('g')}"


def test_a_neighbour_that_may_come_back_is_waited_for(redis: Redis) -> None:
    def refused() -> Entries:
        raise DeliveryError("down", transient=True)

    runtime = runtime_with(redis, refused)
    run_id = submitted(runtime)
    with pytest.raises(StageFailed, match="tried again"):
        execute(runtime, run_id, "only", 1)
    assert runtime.store.newest("g").stage("only").status == PAUSED


def test_two_workers_with_the_same_job_make_one_attempt(redis: Redis) -> None:
    made = []
    both = threading.Barrier(2)

    def count() -> Entries:
        made.append(1)
        time.sleep(0.05)
        return Entries()

    runtime = runtime_with(redis, count)
    run_id = submitted(runtime)

    def work() -> None:
        both.wait(5)
        execute(runtime, run_id, "only", 1)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert made == [1]
    assert runtime.store.newest("g").stage("only").status == DONE


def test_a_lease_is_renewed_while_its_stage_runs_and_not_beyond_its_limit(redis: Redis) -> None:
    runtime = runtime_with(redis, nothing, LeaseTimes(running=0.8))
    run_id = submitted(runtime)
    claim = runtime.store.begin(run_id, "only", 1)
    began = time.monotonic()
    with runtime.leases.kept(claim, limit=1.6):
        while time.monotonic() - began < 1.5:
            time.sleep(0.1)
            assert rescue.overdue(runtime.store) == []
        until(lambda: rescue.overdue(runtime.store) == [Lease(run_id, "only", 1)], 10, "the end of the lease")


def death_penalty(*arguments: object) -> Any:
    """RQ's class has no types."""
    made: Any = StageDeathPenalty
    return made(*arguments)


def nothing() -> Entries:
    """A stage that gives an empty artifact."""
    return Entries()


def test_the_alarm_of_a_stage_is_no_exception_and_that_of_its_parent_is_rqs_own() -> None:
    with pytest.raises(StageTimeout):
        death_penalty(1, JobTimeoutException).handle_death_penalty(0, None)
    with pytest.raises(HorseMonitorTimeoutException):
        death_penalty(1, HorseMonitorTimeoutException).handle_death_penalty(0, None)


@pytest.fixture
def reply_lost(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first transaction is carried out, and its reply is lost: redis-py reports that as a change under WATCH."""
    lost: list[int] = []
    original = Pipeline.execute

    def execute(self: Pipeline, raise_on_error: bool = True) -> Any:
        answer = original(self, raise_on_error)
        if self.explicit_transaction or not lost:
            lost.append(1)
            if len(lost) == 1:
                raise WatchError
        return answer

    monkeypatch.setattr(Pipeline, "execute", execute)
    return lost


@pytest.fixture
def sent_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every transaction on a run is carried out, its reply is lost, and redis-py sends it again."""
    sent: list[int] = []
    original = Script.__call__

    def call(self: Script, *args: Any, **kwargs: Any) -> Any:
        if self.script in (compared.BEGIN, compared.WRITE):
            answer = original(self, *args, **kwargs)
            sent.append(answer[0] if self.script == compared.WRITE else answer[-1])
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Script, "__call__", call)
    return sent


def test_a_claim_whose_reply_was_lost_is_a_claim(redis: Redis, sent_again: list[int]) -> None:
    runtime = runtime_with(redis, nothing)
    run_id = submitted(runtime)
    sent_again.clear()
    claim = runtime.store.begin(run_id, "only", 1)
    assert sent_again == [1]
    state = runtime.store.newest("g").stage("only")
    assert (state.status, state.claim, state.attempt) == (RUNNING, claim.token, 1)


def test_a_request_whose_reply_was_lost_is_one_run(redis: Redis, reply_lost: list[int]) -> None:
    runtime = runtime_with(redis, nothing)
    run_id = submitted(runtime)
    assert runtime.store.newest("g").stage("only").status == QUEUED
    assert redis.get("am:order") == b"1"
    assert redis.zcard("am:active") == 1
    assert redis.hget("am:fair", "o") == b"1", "its owner waits one turn for it, not two"
    execute(runtime, run_id, "only", 1)
    assert runtime.store.newest("g").stage("only").attempt == 1


def test_a_commit_whose_reply_was_lost_is_a_commit(redis: Redis, sent_again: list[int]) -> None:
    runtime = runtime_with(redis, nothing)
    run_id = submitted(runtime)
    claim = runtime.store.begin(run_id, "only", 1)
    sent_again.clear()
    with pytest.raises(Superseded):
        runtime.store.commit(claim, Entries())
    assert sent_again == [1]
    assert runtime.store.newest("g").stage("only").status == DONE
