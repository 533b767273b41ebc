"""Redis' clock an hour back, and a sender that died with its lock: nothing waits for what will not come."""

from __future__ import annotations

import threading
import time

from redis import Redis

from analytics.model.artifacts import GraphKey
from analytics.pipeline.context import NoGuard
from analytics.runs import delivery, outbox, reconcile, rescue
from analytics.runs.delivery import SerialFront
from analytics.runs.queries import Lease, clock
from tests.runs.test_many_owners import OWNERS, World, graph_of, world
from tests.runs.test_store import request, store_on

__all__ = ["world"]
HOUR = 3600.0


def test_a_lease_due_later_than_it_can_be_is_overdue(redis: Redis) -> None:
    store = store_on(redis)
    run_id = store.submit(request())
    lease = Lease(run_id, "entry", 1)
    assert rescue.overdue(store) == []
    redis.zincrby("am:leases", HOUR, lease.member)
    assert rescue.overdue(store) == [lease]
    assert rescue.rescue(store, lease, frozenset, "x", 5) == "queued again"


def test_a_status_due_later_than_it_can_be_is_delivered(world: World) -> None:
    outbox.enqueue(world.redis, GraphKey(graph_of(OWNERS[0]), OWNERS[0]), {"status": "error", "msg": "lost"})
    world.redis.zincrby(outbox.DUE, HOUR, graph_of(OWNERS[0]))
    assert outbox.deliver(world.redis, world.status) == 1


def test_owners_and_sightings_of_an_hour_that_has_not_come_are_looked_at_again(world: World) -> None:
    graph, owner = graph_of(OWNERS[0]), OWNERS[0]
    world.reconciler.owners = {owner: 1.0}
    world.reconciler.due = {owner: clock(world.redis) + HOUR}
    world.redis.zadd(reconcile.MISSING, {graph: clock(world.redis) + HOUR})
    for _ in range(2):
        reconcile.reconcile(world.reconciler)
        time.sleep(world.reconciler.interval * 1.2)
    assert world.redis.zscore(outbox.DUE, graph) is not None


class SlowFront:
    """A Front that takes its time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def send(self, _graph: GraphKey, _svg: str, _nodes: int) -> str:
        time.sleep(self.seconds)
        return "front"


def test_the_lock_of_a_dead_sender_is_gone_within_ten_seconds(redis: Redis) -> None:
    store = store_on(redis)
    sending = threading.Thread(
        target=SerialFront(SlowFront(0.3), store, NoGuard(), "r").send, args=(GraphKey("g", "o"), "<svg/>", 1)
    )
    sending.start()
    time.sleep(0.1)
    assert 0 < redis.pttl("am:send:g") <= 10_000
    sending.join()
    assert not redis.exists("am:send:g")


def test_a_send_that_lasts_longer_than_a_lock_keeps_it(redis: Redis) -> None:
    held = delivery.HOLD
    delivery.HOLD = 1
    try:
        store, seen = store_on(redis), []
        sender = SerialFront(SlowFront(1.6), store, NoGuard(), "r")
        sending = threading.Thread(target=sender.send, args=(GraphKey("g", "o"), "<svg/>", 1))
        sending.start()
        time.sleep(1.3)
        seen.append(redis.get("am:send:g"))
        sending.join()
    finally:
        delivery.HOLD = held
    assert seen == [b"r"]
