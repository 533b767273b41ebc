"""Ready is told from what was done: a write, a reaper's tick, the oldest lease, the Data App's answer."""

from __future__ import annotations

import pytest
from redis import Redis

from analytics.outbound.nobody import NoStatus
from analytics.runs import readiness, rescue
from analytics.runs.queries import Lease, clock
from analytics.runs.queue import queue_of
from analytics.workers import reaper
from tests.runs.test_store import request, store_on


def tick(redis: Redis) -> None:
    store = store_on(redis)
    reaper.tick(reaper.Reaper(redis, store, queue_of(redis, "test"), NoStatus(), 5))


def test_a_good_tick_is_noted_and_one_that_failed_is_not(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    assert readiness.read(redis).ticked is None
    monkeypatch.setattr(rescue, "overdue", lambda store: 1 / 0)
    tick(redis)
    assert readiness.read(redis).ticked is None
    monkeypatch.undo()
    redis.delete("am:reaper")
    tick(redis)
    ticked = readiness.read(redis).ticked
    assert ticked is not None
    assert ticked < 5
    assert readiness.read(redis).reasons == ()


def test_a_tick_of_long_ago_is_a_reason(redis: Redis) -> None:
    redis.set(readiness.TICKED, clock(redis) - 60)
    assert any("reaper" in reason for reason in readiness.read(redis).reasons)


def test_an_overdue_stage_is_a_reason(redis: Redis) -> None:
    tick(redis)
    redis.zadd("am:leases", {Lease("r", "entry", 1).member: clock(redis) - 100})
    assert readiness.read(redis).overdue == pytest.approx(100, abs=2)
    assert any("overdue" in reason for reason in readiness.read(redis).reasons)
    store_on(redis).submit(request())


@pytest.mark.parametrize(("answered", "reasons"), [(True, 0), (False, 1)])
def test_a_data_app_that_did_not_answer_is_a_reason(redis: Redis, answered: bool, reasons: int) -> None:
    tick(redis)
    readiness.note_data_app(redis, answered=answered)
    assert len(readiness.read(redis).reasons) == reasons


def test_a_note_that_is_none_counts_as_not_known(redis: Redis) -> None:
    redis.lpush(readiness.TICKED, "x")
    redis.set(readiness.DATA_APP, "maybe")
    redis.set("am:leases", "x")
    found = readiness.read(redis)
    assert (found.ticked, found.overdue, found.data_app) == (None, 0.0, None)


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_an_eviction_policy_that_loses_graphs_is_warned_of(redis: Redis, policy: str) -> None:
    assert readiness.eviction_warning(redis) == ""
    redis.config_set("maxmemory-policy", policy)
    try:
        assert policy in readiness.eviction_warning(redis)
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
