"""What was made before of the same is not made again, on a real Redis: and what is not quite the same is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from redis import Redis

from analytics.model.anchor import Anchor
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Graph, Node
from analytics.model.grid import Grid, Place
from analytics.pipeline.context import Context
from analytics.pipeline.plan import artifact_field, plan
from analytics.pipeline.registry import Registry
from analytics.pipeline.stage import GraphType, Stage
from analytics.runs import kept, reuse
from analytics.runs.admission import Limits
from analytics.runs.queries import DRAWN, Lease, key, made_field
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.workers.jobs import LeaseKeeper, Runtime, execute
from tests.sure import nowhere, sure


class World:
    """A graph type that lays out and draws, and how often each was done."""

    def __init__(self, redis: Redis, draw: Callable[..., Drawing] | None = None) -> None:
        self.made: list[str] = []

        def lay(request: GraphRequest, _anchor: Anchor | None) -> Grid:
            self.made.append("lay")
            node = Node(request.title or "a", "A", "application")
            return Grid(Graph("one", "One", (node,)), (Place(node.id, 0, 0, float(len(self.made)), 0.0),))

        def drawn(grid: Grid) -> Drawing:
            self.made.append("draw")
            return Drawing(f"<svg>{len(self.made)}</svg>", grid)

        stages = {"lay": Stage("lay", lay), "draw": Stage("draw", draw or drawn)}
        graph = GraphType("one", {"lay": (), "draw": ("lay",)})
        registry = Registry(stages=stages, graph_types={"one": graph}, plans={"one": plan(graph, stages)})
        queue = queue_of(redis, "test")
        store = RunStore(redis, registry.plans, enqueuer(queue, registry, 60), Limits())
        self.redis = redis
        self.runtime = Runtime(registry, store, nowhere, redis, queue, 60, 300, LeaseKeeper(store), code="1")

    def ask(self, title: str = "", owner: str = "o", graph: str = "g", attempts: int = 1) -> str:
        """Have a graph drawn; returns its run."""
        store = self.runtime.store
        run_id = store.submit(GraphRequest(graph, owner, "one", title=title), proven=True)
        for stage in ("lay", "draw"):
            execute(self.runtime, run_id, stage, attempts)
        assert sure(sure(store.find(run_id)).outcome).level == "finished"
        return run_id

    def drawing(self, graph: str = "g") -> Drawing:
        """The drawing that is shown."""
        return self.runtime.store.drawing(graph)


@pytest.fixture
def world(redis: Redis) -> World:
    return World(redis)


def test_an_unchanged_graph_is_neither_laid_out_nor_drawn_again_and_has_the_same_bytes(world: World) -> None:
    world.ask()
    first = world.drawing()
    runs = {world.ask() for _ in range(3)}
    assert world.made == ["lay", "draw"]
    assert (world.drawing(), len(runs)) == (first, 3)


def test_a_changed_graph_is_made_anew_and_then_no_more(world: World) -> None:
    for title in ("a", "b", "b"):
        world.ask(title)
    assert world.made == ["lay", "draw"] * 2
    assert world.drawing().graph.nodes[0].id == "b"


def test_other_code_or_other_plugins_make_it_anew(world: World) -> None:
    world.ask()
    world.runtime = replace(world.runtime, code="2")
    world.ask()
    assert world.made == ["lay", "draw"] * 2
    assert reuse.code_digest(world.runtime.registry) != reuse.code_digest(
        replace(world.runtime.registry, sources={"stage:lay": "tests/runs/test_reuse.py"})
    )


def test_what_another_owner_or_another_graph_has_is_nobodys(world: World) -> None:
    world.ask()
    world.ask(owner="p")
    world.ask(owner="p", graph="h")
    assert world.made == ["lay", "draw"] * 3
    step = world.runtime.registry.plans["one"][1]
    held = {artifact_field(Grid): b"the same"}
    assert reuse.digest_of("1", "o", step, held) != reuse.digest_of("1", "p", step, held)


def torn(world: World, run_id: str) -> None:
    world.redis.hset(key("art", run_id), artifact_field(Grid), b'[["one","Forged",[],[],[]],[]]')


def exchanged(world: World, run_id: str) -> None:
    """Whole, and another one's."""
    grid = world.redis.hget(key("art", run_id), artifact_field(Drawing))
    world.redis.hset(key("art", run_id), artifact_field(Grid), cast(Any, grid))


def unnoted(world: World, run_id: str) -> None:
    world.redis.hdel(key("art", run_id), made_field(artifact_field(Grid)))


def evicted(world: World, run_id: str) -> None:
    kept.trim(world.redis, Limits(kept=0))
    assert world.redis.hmget(key("art", run_id), list(DRAWN)) == [None] * len(DRAWN)


def gone(world: World, run_id: str) -> None:
    world.redis.delete(key("art", run_id))


def of_another_type(world: World, run_id: str) -> None:
    world.redis.set(key("art", run_id), "odd")


@pytest.mark.parametrize(
    "spoil", [torn, exchanged, unnoted, evicted, gone, of_another_type], ids=lambda one: one.__name__
)
def test_what_is_not_whole_any_more_is_made_anew(world: World, spoil: Callable[[World, str], None]) -> None:
    run_id = world.ask()
    spoil(world, run_id)
    world.ask()
    assert world.made[:3] == ["lay", "draw", "lay"]
    assert world.drawing().svg.startswith("<svg>")


def test_a_stage_that_sees_the_world_is_always_run(redis: Redis) -> None:
    seen: list[str] = []

    def look(grid: Grid, ctx: Context) -> Drawing:
        seen.append("draw")
        return Drawing("<svg/>", grid)

    world = World(redis, look)
    world.ask()
    world.ask()
    assert (world.made, seen) == (["lay"], ["draw", "draw"])


def test_a_stage_that_is_tried_with_less_effort_takes_nothing_and_leaves_nothing(world: World) -> None:
    store = world.runtime.store
    world.ask()
    run_id = store.submit(GraphRequest("g", "o", "one"))
    claim = store.begin(run_id, "lay", 1)
    assert sure(store.made_before(claim, world.runtime.registry.plans["one"][0], "1")).artifact is not None
    store.pause(claim, 0.0, "it took too long", timed_out=True)
    assert store.resume(Lease(run_id, "lay", 1))
    assert store.made_before(store.begin(run_id, "lay", 2), world.runtime.registry.plans["one"][0], "1") is None
