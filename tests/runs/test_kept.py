"""Kept drawings: one a graph, capped in number, by owner and by bytes."""

from __future__ import annotations

from typing import cast

import pytest
from redis import Redis

from analytics.errors import NotFound
from analytics.model.artifacts import Drawing, Entries, GraphRequest, Lookup
from analytics.runs import kept
from analytics.runs.store import RunStore
from tests.runs.test_store import GRID, STEPS, store_on

NOISE = "".join(chr(33 + number * number % 90) for number in range(400))


def draw(store: RunStore, graph: str, owner: str = "o", svg: str = "<svg/>") -> str:
    """Draw a graph to its end; returns the run."""
    run_id = store.submit(GraphRequest(graph, owner, "business"))
    for step in STEPS:
        store.commit(store.begin(run_id, step.name, 1), Drawing(svg, GRID) if step.name == "draw_business" else None)
    return run_id


def shown(store: RunStore, *graphs: str) -> list[str]:
    """Those of the graphs whose drawing can be had."""
    found = []
    for graph in graphs:
        try:
            store.drawing(graph)
        except NotFound:
            continue
        found.append(graph)
    return found


def sizes(redis: Redis) -> list[bytes]:
    return sorted(cast(dict[bytes, bytes], redis.hgetall(kept.SIZES)))


def test_a_graph_has_one_drawing_however_often_it_is_drawn(redis: Redis) -> None:
    store = store_on(redis)
    older, newer = draw(store, "g"), draw(store, "g", svg="<svg>2</svg>")
    assert store.drawing("g").svg == "<svg>2</svg>"
    assert store.artifact(older, Drawing) is None
    assert cast(list[bytes], redis.zrange("am:kept", 0, -1)) == sizes(redis) == [newer.encode()]


def test_what_a_drawing_was_made_of_is_counted_and_goes_with_it(redis: Redis) -> None:
    store = store_on(redis, kept=1)
    runs = []
    for graph in ("g", "other"):
        run_id = store.submit(GraphRequest(graph, "o", "business"))
        runs.append(run_id)
        made = {"entry": Entries(scope=NOISE), "graphlookup": Lookup(()), "draw_business": Drawing("<svg/>", GRID)}
        for step in STEPS:
            store.commit(store.begin(run_id, step.name, 1), made.get(step.name))
    sizes_said = [int(size.split()[0]) for size in cast(list[bytes], redis.hvals(kept.SIZES))]
    assert all(size > len(NOISE) // 2 for size in sizes_said)
    assert {type(one) for one in store.made_of(runs[0]).values()} == {GraphRequest, Entries, Lookup}
    assert kept.trim(redis, store.limits) == 1
    assert [store.keeps(run_id, Lookup) for run_id in runs] == [False, True]
    assert {type(one) for one in store.made_of(runs[0]).values()} == {GraphRequest}


def test_the_oldest_drawings_of_an_owner_go_beyond_its_share_and_no_other_owners(redis: Redis) -> None:
    store = store_on(redis, kept_of_owner=2)
    draw(store, "other", "somebody")
    for number in range(4):
        draw(store, f"g{number}")
    assert kept.trim(redis, store.limits) == 2
    assert shown(store, "other", "g0", "g1", "g2", "g3") == ["other", "g2", "g3"]


def test_the_oldest_drawings_go_beyond_so_many_bytes_and_the_newest_stays_however_large(redis: Redis) -> None:
    store = store_on(redis, kept_bytes=900)
    for number in range(4):
        draw(store, f"g{number}", svg=NOISE + str(number))
    size = int(cast(bytes, redis.hvals(kept.SIZES)[0]).split()[0])
    assert 300 < size < 900
    kept.trim(redis, store.limits)
    left = shown(store, "g0", "g1", "g2", "g3")
    assert left == [f"g{number}" for number in range(4 - max(1, 900 // size), 4)]
    kept.trim(redis, store_on(redis, kept_bytes=1).limits)
    assert shown(store, "g0", "g1", "g2", "g3") == ["g3"]
    assert len(sizes(redis)) == 1


def test_a_drawing_of_an_earlier_version_has_no_size_and_is_kept_by_number(redis: Redis) -> None:
    store = store_on(redis, kept=1)
    draw(store, "g0")
    redis.delete(kept.SIZES)
    draw(store, "g1")
    assert kept.trim(redis, store.limits) == 1
    assert shown(store, "g0", "g1") == ["g1"]


@pytest.mark.parametrize("size", [b"", b"x", b"-1 o"])
def test_a_size_that_can_not_be_read_stops_nothing(redis: Redis, size: bytes) -> None:
    store = store_on(redis, kept=1)
    first = draw(store, "g0")
    redis.hset(kept.SIZES, first, cast(str, size))
    draw(store, "g1")
    assert kept.trim(redis, store.limits) == 1
