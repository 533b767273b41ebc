"""Twelve runs in flight, some of which nobody can read: the others are rescued, and the odd ones are answered for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from redis import Redis

from analytics.errors import Overloaded, Unreadable
from analytics.model.artifacts import Entries, GraphKey, GraphRequest
from analytics.pipeline import codec
from analytics.pipeline.progress import QUEUED, Run
from analytics.pipeline.registry import load
from analytics.runs import figures, outbox, pools, quarantine, rescue
from analytics.runs.abandon import UNREADABLE
from analytics.runs.admission import Limits
from analytics.runs.pools import pool_of
from analytics.runs.queries import DRAWN, key
from analytics.runs.queue import enqueuer, job_id, queue_of
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.settings import ROOT
from analytics.workers import reaper
from tests.sure import nowhere, sure

REGISTRY = load(ROOT / "plugins")
OWNER = "o" * 24
#: Every lease runs out at once, and a parked run waits no longer than the test.
TIMES = LeaseTimes(queued=0.05, running=0.05, starting=0.05)


class Recorder:
    """The Data App: what it was told, by graph."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    def write(self, graph: GraphKey, fields: Any) -> None:
        self.told[graph.graph_id] = dict(fields)


class World:
    """A store, an elected reaper with a pool that knows the core's plugins, and the Data App."""

    def __init__(self, redis: Redis, **limits: int) -> None:
        self.redis = redis
        self.queue = queue_of(redis, "test")
        self.store = RunStore(redis, REGISTRY.plans, enqueuer(self.queue, REGISTRY, 60), Limits(**limits), TIMES)
        self.data_app = Recorder()
        pool = pool_of("here", REGISTRY)
        self.reaper = reaper.Reaper(redis, self.store, self.queue, self.data_app, 5, pool=pool)
        pools.publish(redis, pool, 60)

    def submit(self, graph: str, graph_type: str = "business") -> str:
        return self.store.submit(GraphRequest(graph, OWNER, graph_type))

    def tick(self, times: int = 1) -> list[dict[str, int]]:
        """Ticks after the leases have run out; a tick that raises is the test's failure."""
        done = []
        for _ in range(times):
            time.sleep(0.06)
            done.append(dict(reaper.tick(self.reaper, mend=True)))
            reaper.tell_neighbours(self.reaper)
        return done


# --- what may be wrong with a run: each takes a run in work and spoils it -----------------------


def a_field_more(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "run"))
    world.redis.hset(key("run", run_id), "run", raw[:-1] + b',"of a later version"]')
    raw = cast(bytes, world.redis.hget(key("run", run_id), "entry"))
    world.redis.hset(key("run", run_id), "entry", raw[:-1] + b",[1,2]]")


def a_field_less(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "run"))
    world.redis.hset(key("run", run_id), "run", raw.rpartition(b",")[0] + b"]")


def torn(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "run"))
    world.redis.hset(key("run", run_id), "run", raw[: len(raw) - 9])


def torn_stage(world: World, run_id: str) -> None:
    world.redis.hset(key("run", run_id), "entry", b'["runn')


def torn_name(world: World, run_id: str) -> None:
    world.redis.hset(key("run", run_id), b"\xff\xfe", b'["queued"]')


def another_type(world: World, run_id: str) -> None:
    world.redis.delete(key("run", run_id))
    world.redis.lpush(key("run", run_id), "x")


def artifacts_of_another_type(world: World, run_id: str) -> None:
    world.redis.set(key("art", run_id), "x")
    with pytest.raises(Unreadable):
        world.store.take(world.store.begin(run_id, "entry", 1), REGISTRY.plans["business"][0].inputs)
    another_type(world, run_id)


def unknown_phase(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "run"))
    world.redis.hset(key("run", run_id), "run", raw.replace(b'"working"', b'"dreaming"'))


def unknown_status(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "entry"))
    world.redis.hset(key("run", run_id), "entry", raw.replace(b'"queued"', b'"dreaming"'))


def a_newer_version(world: World, run_id: str) -> None:
    raw = cast(bytes, world.redis.hget(key("run", run_id), "run"))
    world.redis.hset(key("run", run_id), "run", raw.rpartition(b",")[0] + b",2]")


def headless(world: World, run_id: str) -> None:
    world.redis.hdel(key("run", run_id), "run")


def malformed_lease(world: World, run_id: str) -> None:
    world.redis.zrem("am:leases", f"{run_id} entry 1")
    world.redis.zadd("am:leases", {f"{run_id} entry".encode(): 0, b"\xff\xfe": 0, b"a b c": 0})


def nothing(world: World, run_id: str) -> None:
    """An ordinary run whose job was lost."""


READABLE: tuple[Callable[[World, str], None], ...] = (nothing, a_field_more, a_field_less, malformed_lease)
ODD: tuple[Callable[[World, str], None], ...] = (
    torn,
    torn_stage,
    torn_name,
    another_type,
    unknown_phase,
    unknown_status,
    a_newer_version,
    headless,
)


def rescued(world: World, run_id: str) -> bool:
    """Whether the run's first stage has got another attempt, and is on the queue."""
    run = sure(world.store.find(run_id))
    job = job_id(run_id, "entry", run.stage("entry").attempt).encode()
    return run.stage("entry").attempt >= 2 and job in world.redis.lrange("rq:queue:test", 0, -1)


@pytest.mark.parametrize("seed", range(12))
def test_twelve_runs_of_which_eight_cannot_be_read_in_any_order(redis: Redis, seed: int) -> None:
    """Each odd one stands first, last and between the others in some order."""
    world = World(redis)
    kinds = [*READABLE, *ODD]
    kinds = kinds[seed:] + kinds[:seed]
    if seed % 2:
        random.Random(seed).shuffle(kinds)
    runs = {}
    for number, spoil in enumerate(kinds):
        runs[world.submit(f"{number:024x}")] = spoil
    redis.delete("rq:queue:test")  # every job is lost
    for place, (run_id, spoil) in enumerate(runs.items()):
        spoil(world, run_id)
        redis.zadd("am:leases", {f"{run_id} entry 1": float(place)}, xx=True)
    done = world.tick(3)
    assert all("failed" not in one for one in done), done
    for run_id, spoil in runs.items():
        if spoil in READABLE:
            assert rescued(world, run_id), spoil.__name__
    told = world.data_app.told
    odd = {f"{number:024x}" for number, spoil in enumerate(kinds) if spoil in ODD}
    assert told == {graph: {"status": "error", "msg": UNREADABLE} for graph in odd}
    assert redis.zcard("am:active") == len(READABLE)
    assert figures.read(redis, world.queue).unreadable == {"run": len(ODD), "leases": 3}
    assert world.tick() == [{"renewed": len(READABLE)}], "and nothing is set aside twice"


@pytest.mark.parametrize("spoil", ODD, ids=lambda spoil: spoil.__name__)
def test_the_graph_of_a_run_that_cannot_be_read_says_so_before_and_after_it_is_set_aside_and_is_drawn_anew(
    redis: Redis, spoil: Callable[[World, str], None]
) -> None:
    world = World(redis)
    older = world.submit("g")
    spoil(world, older)
    with pytest.raises(Unreadable):
        world.store.newest("g")
    redis.zadd("am:leases", {f"{older} entry 1": 0})
    world.tick()
    with pytest.raises(Unreadable):
        world.store.newest("g")
    newer = world.submit("g")
    assert world.store.newest("g").run_id == newer
    claim = world.store.begin(newer, "entry", 1)
    assert world.store.commit(claim, Entries()).stage("graphlookup").status == QUEUED


@pytest.mark.parametrize("spoil", ODD, ids=lambda spoil: spoil.__name__)
def test_a_request_takes_the_graph_from_a_run_that_cannot_be_read_at_once(
    redis: Redis, spoil: Callable[[World, str], None]
) -> None:
    world = World(redis)
    older = world.submit("g")
    spoil(world, older)
    newer = world.submit("g")
    assert world.store.newest("g").run_id == newer
    assert redis.zrange("am:active", 0, -1) == [newer.encode()]
    world.tick(2)
    assert world.data_app.told == {}, "the newer run will say how it ends"


@pytest.mark.parametrize("kind", ["graph", "shown"])
def test_a_request_takes_a_graph_whose_own_keys_are_of_another_type(redis: Redis, kind: str) -> None:
    world = World(redis)
    world.submit("g")
    redis.delete(key(kind, "g"))
    redis.lpush(key(kind, "g"), "x")
    with pytest.raises(Unreadable):
        world.store.newest("g") if kind == "graph" else world.store.last_drawing("g")
    newer = world.submit("g")
    assert world.store.newest("g").run_id == newer
    assert world.store.last_drawing("g") is None


@pytest.mark.parametrize("name", sorted(set(quarantine.TYPES) - {"am:order", "am:reaper"}))
def test_a_list_of_another_type_stops_nothing(redis: Redis, name: str) -> None:
    world = World(redis)
    run_id = world.submit("g")
    redis.delete("rq:queue:test", name)
    redis.set(name, "x")
    world.tick(2)
    if name == "am:active":  # what it held, the reconciler finds again
        assert rescue.restore(world.store, sure(world.store.find(run_id)))
        world.tick(2)
    assert rescued(world, run_id)
    assert "failed" not in world.tick()[0]


def test_a_run_whose_artifacts_are_of_another_type_is_answered_for_in_the_stage_that_wants_them(redis: Redis) -> None:
    from analytics.workers.jobs import LeaseKeeper, Runtime, StageFailed, execute

    world = World(redis)
    run_id = world.submit("g")
    redis.delete(key("art", run_id))
    redis.set(key("art", run_id), "x")
    runtime = Runtime(REGISTRY, world.store, nowhere, redis, world.queue, 60, 300, LeaseKeeper(world.store))
    with pytest.raises(StageFailed, match="set aside"):
        execute(runtime, run_id, "entry", 1)
    world.tick()
    assert world.data_app.told == {"g": {"status": "error", "msg": UNREADABLE}}


def test_a_status_that_cannot_be_read_stops_no_other(redis: Redis) -> None:
    world = World(redis)
    outbox.enqueue(redis, GraphKey("g1", OWNER), {"status": "error", "msg": "one"})
    outbox.enqueue(redis, GraphKey("g5", OWNER), {"status": "error", "msg": "five"})
    redis.set(key("debt", "g2"), b'{"run":"x"')
    redis.lpush(key("debt", "g3"), "x")
    redis.set(key("debt", "g4"), b'{"run":"","owner":"o","type":"t","fields":{"status":"error"},"tries":1,"more":[]}')
    redis.zadd(outbox.DUE, {b"g2": 0, b"g3": 0, b"g4": 0, b"\xff\xfe": 0})
    world.tick()
    assert world.data_app.told.keys() == {"g1", "g4", "g5"}
    assert redis.zcard(outbox.DUE) == 0
    assert figures.read(redis, world.queue).unreadable == {"debt": 2}


def test_a_status_whose_delivery_fails_in_an_unforeseen_way_stops_no_other(redis: Redis) -> None:
    world = World(redis)
    for graph in ("g1", "g2"):
        outbox.enqueue(redis, GraphKey(graph, OWNER), {"status": "error"})
    write = world.data_app.write

    def failing(graph: GraphKey, fields: Any) -> None:
        if graph.graph_id == "g1":
            raise KeyError("unforeseen")
        write(graph, fields)

    world.data_app.write = failing  # type: ignore[method-assign]
    world.tick()
    assert world.data_app.told.keys() == {"g2"}
    assert redis.zcard(outbox.DUE) == 1


def test_a_kept_drawing_of_another_type_stops_no_trimming(redis: Redis) -> None:
    world = World(redis, kept=1)
    for number in range(3):
        redis.hset(key("art", f"r{number}"), DRAWN[0], "x")
        redis.zadd("am:kept", {f"r{number}": number})
    redis.delete(key("art", "r0"))
    redis.set(key("art", "r0"), "x")
    assert "failed" not in world.tick()[0]
    assert redis.zrange("am:kept", 0, -1) == [b"r2"]
    assert not redis.hexists(key("art", "r1"), DRAWN[0])


def test_what_is_set_aside_is_capped_expires_and_says_why(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST", 3)
    for number in range(5):
        redis.set(f"am:run:{number}", "x")
        assert quarantine.set_aside(redis, f"run:{number}", "a reason")
        assert not quarantine.set_aside(redis, f"run:{number}", "a reason"), "once"
    assert sorted(redis.keys("am:aside:*")) == [b"am:aside:run:2", b"am:aside:run:3", b"am:aside:run:4"]
    assert all(0 < redis.ttl(name) <= quarantine.KEEP for name in redis.keys("am:*"))
    assert redis.zrange("am:quarantine", 0, 0) == [b"run:2 a reason"]


def test_a_run_whose_handling_fails_in_an_unforeseen_way_ends_and_stops_no_other(redis: Redis) -> None:
    world = World(redis)
    odd, fine = world.submit("g1"), world.submit("g2")
    redis.delete("rq:queue:test")
    enqueue = world.store.enqueue

    def failing(pipe: Any, run_id: str, stage: str, attempt: int, ahead: bool, at: float) -> None:
        if run_id == odd:
            raise ZeroDivisionError
        enqueue(pipe, run_id, stage, attempt, ahead, at)

    world.store.enqueue = failing
    world.tick(2)
    assert rescued(world, fine)
    assert world.data_app.told == {"g1": {"status": "error", "msg": UNREADABLE}}


def test_a_redis_that_takes_no_writes_is_no_fault_of_a_run(redis: Redis) -> None:
    world = World(redis)
    run_id = world.submit("g")
    redis.config_set("maxmemory", "1")
    try:
        world.tick()
    finally:
        redis.config_set("maxmemory", "0")
    assert sure(world.store.find(run_id)).stage("entry").status == QUEUED
    assert world.data_app.told == {}


def test_a_run_record_holds_every_field_once(redis: Redis) -> None:
    world = World(redis)
    run = sure(world.store.find(world.submit("g")))
    assert codec.loads(Run, codec.dumps(run)).key == GraphKey("g", OWNER)
    assert run.stage("entry").status == QUEUED


def test_the_keys_of_one_owner_and_one_send_of_another_type_stop_nobody(redis: Redis) -> None:
    from analytics.runs.delivery import SerialFront

    class Front:
        def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
            return "front"

    class Guard:
        def check(self) -> None:
            """Nobody has taken over."""

    world = World(redis)
    redis.lpush(key("rate", OWNER), "x")
    redis.lpush(key("send", "g"), "x")
    run_id = world.submit("g")
    assert SerialFront(Front(), world.store, Guard(), run_id).send(GraphKey("g", OWNER), "<svg/>", 1) == "front"
    assert figures.read(redis, world.queue).unreadable == {"rate": 1, "send": 1}


def test_a_status_for_a_graph_whose_newest_run_cannot_be_told_is_delivered(redis: Redis) -> None:
    world = World(redis)
    redis.lpush(key("graph", "g"), "x")
    outbox.enqueue(redis, GraphKey("g", OWNER), {"status": "error", "msg": "refused"})
    world.tick()
    assert world.data_app.told == {"g": {"status": "error", "msg": "refused"}}


def test_a_run_that_changes_too_fast_to_be_looked_at_is_left_alone(redis: Redis) -> None:
    world = World(redis)
    run_id = world.submit("g")

    def busy(*_: object) -> None:
        raise Overloaded({"graph": "The run changes too fast; try again."}, retry_after=1)

    world.store.change_run = busy  # type: ignore[method-assign, assignment]
    world.tick()
    assert sure(world.store.find(run_id)).stage("entry").status == QUEUED
    assert redis.zscore("am:leases", f"{run_id} entry 1") is not None
    assert world.data_app.told == {}
