"""Versions of graphs: so many of a graph, so many bytes of an owner, and the last one is what a redraw keeps to."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import cast

import pytest
from redis import Redis

from analytics.errors import NotFound
from analytics.layout import lay_out
from analytics.model.anchor import Anchor, anchor_of
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Attribute, Graph, Node
from analytics.model.grid import Grid
from analytics.pipeline.plan import Input, artifact_field
from analytics.pipeline.progress import Run
from analytics.runs import versions
from analytics.runs.admission import Limits
from analytics.runs.store import RunStore
from tests.runs.test_store import STEPS, store_on


def picture(size: int, note: str = "") -> Grid:
    rows = (Attribute("note", note),) if note else ()
    nodes = tuple(Node(f"n{number}", f"App {number}", attributes=rows) for number in range(size))
    return lay_out(Graph("business", "", nodes, found=size), "fast")


def draw(store: RunStore, graph: str, grid: Grid, owner: str = "o") -> str:
    """Draw a graph to its end; returns the run."""
    run_id = store.submit(GraphRequest(graph, owner, "business"))
    for step in STEPS:
        store.commit(
            store.begin(run_id, step.name, 1), Drawing("<svg/>", grid) if step.name == "draw_business" else None
        )
    return run_id


def held(redis: Redis, graph: str = "g", owner: str = "o") -> list[tuple[str, int]]:
    return [(one.run_id, one.nodes) for one in versions.versions_of(redis, owner, graph)]


def test_every_other_drawing_is_a_version_and_the_newest_comes_first(redis: Redis) -> None:
    store = store_on(redis)
    first = draw(store, "g", picture(1))
    draw(store, "g", picture(1))
    second = draw(store, "g", picture(2))
    assert held(redis) == [(second, 2), (first, 1)]
    assert versions.version(redis, "o", "g", first) == picture(1)
    assert versions.last_version(redis, "o", "g") == picture(2)
    assert all(redis.ttl(key) > 0 for key in versions.keys_of("o", "g"))
    with pytest.raises(NotFound, match="kept"):
        versions.version(redis, "o", "g", "nothing")
    with pytest.raises(NotFound):
        versions.version(redis, "o", "g", versions.LAST)


def test_the_oldest_go_beyond_so_many_of_a_graph(redis: Redis) -> None:
    store = store_on(redis, versions=2)
    runs = [draw(store, "g", picture(size)) for size in (1, 2, 3)]
    other = draw(store, "h", picture(1))
    assert held(redis) == [(runs[2], 3), (runs[1], 2)]
    assert held(redis, "h") == [(other, 1)]
    assert len(cast(list[bytes], redis.hkeys(versions.keys_of("o", "g")[0]))) == 3


def test_the_oldest_go_beyond_so_many_bytes_of_an_owner_and_no_other_owners(redis: Redis) -> None:
    noise = "".join(chr(33 + number * number % 90) for number in range(400))
    one = versions_size(redis, store_on(redis), picture(3, noise)) + versions.BESIDE
    store = store_on(redis, version_bytes=2 * one + one // 2)
    stranger = draw(store, "g", picture(3, noise), "somebody")
    runs = [draw(store, graph, picture(3, noise)) for graph in ("a", "b", "c")]
    assert [bool(held(redis, graph)) for graph in ("a", "b", "c")] == [False, True, True]
    assert held(redis, "c") == [(runs[2], 3)]
    assert held(redis, "g", "somebody") == [(stranger, 3)]
    assert versions.last_version(redis, "o", "a") is None


def test_the_owner_who_had_nothing_drawn_for_longest_gives_way_beyond_so_many_bytes_of_all(redis: Redis) -> None:
    one = versions_size(redis, store_on(redis), picture(3)) + versions.BESIDE
    redis.flushall()
    store = store_on(redis, all_version_bytes=3 * one + one // 2)
    for owner in ("first", "second", "third"):
        draw(store, f"{owner}-graph", picture(3), owner)
    draw(store, "first-graph", picture(3), "first")  # the same picture: no version, and heard of again
    draw(store, "newest", picture(3), "fourth")
    shown = {owner: bool(held(redis, f"{owner}-graph", owner)) for owner in ("first", "second", "third")}
    assert shown == {"first": True, "second": False, "third": True}
    assert held(redis, "newest", "fourth")
    assert counted(redis) == {b"*": 3 * one, **dict.fromkeys((b"first", b"third", b"fourth"), one)}


def test_what_a_version_costs_does_not_grow_with_the_versions_that_are_kept(redis: Redis) -> None:
    def asked(graph: str) -> int:
        redis.config_resetstat()
        with redis.pipeline() as pipe:
            versions.keep(pipe, Run(f"run-{graph}", graph, "o", "business", 1, 0.0), grid, 1.0, limits)
            pipe.execute()
        return sum(int(said["calls"]) for said in redis.info("commandstats").values())

    grid, limits = picture(1), Limits()
    few = [asked(f"few{number}") for number in range(3)][-1]
    many = [asked(f"many{number}") for number in range(300)][-1]
    assert many <= few + 2


def test_bytes_are_counted_as_they_are_whatever_is_drawn_forgotten_and_lost(redis: Redis) -> None:
    luck = random.Random(12)
    limits = Limits(versions=2, version_bytes=9_000, all_version_bytes=20_000)
    for number in range(300):
        owner, graph = luck.choice("pqrs"), luck.choice("abcdef")
        if luck.random() < 0.1:
            versions.forget(redis, owner, graph)
        elif luck.random() < 0.05:
            redis.delete(luck.choice(versions.keys_of(owner, graph)[1:]))
        elif luck.random() < 0.02:
            redis.delete(versions.BYTES)
        else:
            run = Run(f"run{number}", graph, owner, "business", 1, 0.0)
            with redis.pipeline() as pipe:
                versions.keep(pipe, run, picture(luck.randrange(1, 9), luck.choice("xyz")), float(number), limits)
                pipe.execute()
            mine = cast(dict[bytes, bytes], redis.hgetall(versions.keys_of(owner, "")[2])).values()
            said = counted(redis)
            assert said.get(owner.encode(), 0) == sum(int(one.split()[0]) + versions.BESIDE for one in mine)
            assert said.get(b"*", 0) == sum(amount for name, amount in said.items() if name != b"*")
            assert said.get(owner.encode(), 0) <= 9_000
            assert said.get(b"*", 0) <= 20_000


def counted(redis: Redis) -> dict[bytes, int]:
    said = cast(dict[bytes, bytes], redis.hgetall(versions.BYTES))
    return {owner: int(amount) for owner, amount in said.items() if int(amount)}


def versions_size(redis: Redis, store: RunStore, grid: Grid) -> int:
    draw(store, "measured", grid, "measurer")
    return versions.versions_of(redis, "measurer", "measured")[0].size


def test_a_stage_that_wants_an_anchor_gets_the_last_version_of_its_owners_graph(redis: Redis) -> None:
    store = store_on(redis)
    wanted = [Input(Anchor, (artifact_field(Anchor),), optional=True)]
    draw(store, "g", picture(2))
    draw(store, "g", picture(3))
    claim = store.begin(store.submit(GraphRequest("g", "o", "business")), "entry", 1)
    assert store.take(claim, wanted) == (anchor_of(picture(3)),)
    claim = store.begin(store.submit(GraphRequest("new", "o", "business")), "entry", 1)
    assert store.take(claim, wanted) == (None,)
    claim = store.begin(store.submit(GraphRequest("g", "thief", "business"), proven=True), "entry", 1)
    assert store.take(claim, wanted) == (None,)
    off = store_on(redis, versions=0)
    claim = off.begin(off.submit(GraphRequest("g", "o", "business"), proven=True), "entry", 1)
    assert off.take(claim, wanted) == (None,)


def test_without_versions_none_is_kept(redis: Redis) -> None:
    draw(store_on(redis, versions=0), "g", picture(1))
    assert held(redis) == []


def test_a_forgotten_graph_has_no_versions(redis: Redis) -> None:
    store = store_on(redis)
    draw(store, "g", picture(1))
    kept = draw(store, "h", picture(1))
    versions.forget(redis, "o", "g")
    assert (held(redis), held(redis, "h")) == ([], [(kept, 1)])
    assert cast(list[bytes], redis.hkeys(versions.keys_of("o", "g")[2])) == [f"h {kept}".encode()]


def test_what_cannot_be_read_is_no_version_and_makes_way(redis: Redis) -> None:
    store = store_on(redis)
    first = draw(store, "g", picture(1))
    redis.hset(versions.keys_of("o", "g")[0], first, b"not a grid")
    assert versions.last_version(redis, "o", "g") is None
    redis.delete(versions.keys_of("o", "g")[0])
    redis.set(versions.keys_of("o", "g")[0], "a text")
    assert versions.last_version(redis, "o", "g") is None
    second = draw(store, "g", replace(picture(2)))
    assert held(redis) == [(second, 2)]
