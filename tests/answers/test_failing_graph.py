"""What falls within a drawn graph is what falls in the whole inventory, as far as it is drawn."""

from __future__ import annotations

import random
import time

import pytest

from analytics.answers.failing_graph import MOST_CHAINED, MOST_EACH, MOST_ROWS, calls_of, falling, weak_of
from analytics.answers.failure import failure, fallen
from analytics.answers.needs import Need, Needs, needs_of
from analytics.answers.reach import chain_to, reached
from analytics.answers.single import TooMuch
from analytics.answers.whole import from_documents
from analytics.documents.entities import Application
from analytics.model.artifacts import Lookup
from tests.estates import application, oid, server


def lookup(*apps: dict[str, object]) -> Lookup:
    found = [one for one in map(Application.read, apps) if one is not None]
    return Lookup(tuple(sorted(found, key=lambda app: app.id)))


def key(number: int) -> str:
    return f"applications/{oid(number)}"


def weak(held: Needs) -> list[tuple[str, tuple[str, ...]]]:
    found = weak_of(held, held.names)
    assert found.count == len(found.listed)
    assert all(one.count == len(one.brought) for one in found.listed)
    return [(one.thing, one.brought) for one in found.listed]


def test_what_needs_it_falls_and_says_through_what() -> None:
    held = calls_of(lookup(application(1, 2), application(2, 3), application(3), application(4)))
    rows = falling(held, [key(3)])
    assert [(one.name, one.state, one.chain) for one in rows] == [
        ("App 2", "down", ("App 2", "App 3")),
        ("App 1", "down", ("App 1", "App 2", "App 3")),
    ]
    assert falling(held, [key(1)]) == ()
    assert weak(held) == [(key(3), (key(1), key(2))), (key(2), (key(1),))]


def test_alternatives_and_optional_calls_only_degrade() -> None:
    spare = application(1, 2, 3, needs={"any of": ["App 2", "App 3"]})
    soft = application(4, 2)
    soft["deps"][0]["optional"] = True
    held = calls_of(lookup(spare, application(2), application(3), soft))
    assert {(one.name, one.state) for one in falling(held, [key(2)])} == {("App 1", "degraded"), ("App 4", "degraded")}
    assert {(one.name, one.state) for one in falling(held, [key(2), key(3)])} == {
        ("App 1", "down"),
        ("App 4", "degraded"),
    }


def test_what_nobody_holds_decides_nothing() -> None:
    held = calls_of(lookup(application(1, 2, 99), application(2)))
    assert [(one.name, one.state) for one in falling(held, [key(2)])] == [("App 1", "down")]
    assert weak(held) == [(key(2), (key(1),))]


def test_it_is_what_the_whole_inventory_says() -> None:
    for seed in range(30):
        rng = random.Random(seed)
        apps = [
            application(number, *rng.sample(range(1, 13), rng.randint(0, 3)), roles=[{"_id": "o", "role": 7}])
            for number in range(1, 13)
        ]
        machines = [server(100 + number, rng.randint(1, 12)) for number in range(8)]
        documents = {f"applications/{one['_id']}": one for one in apps} | {
            f"servers/{one['_id']}": one for one in machines
        }
        whole = from_documents(documents)
        failed = key(rng.randint(1, 12))
        mine = {one.thing for one in falling(calls_of(Lookup(whole.applications)), [failed]) if one.state == "down"}
        its = {thing for thing, one in failure(needs_of(whole), [failed]).items() if one.state == "down"}
        assert mine == {thing for thing in its if thing.startswith("applications/")} - {failed}


def test_a_circle_of_thousands_is_answered_with_the_first_and_with_counts() -> None:
    size = 3_000
    held = calls_of(lookup(*(application(number, (number + 1) % size) for number in range(size))))
    began = time.process_time()
    found = weak_of(held, held.names)
    assert time.process_time() - began < 2
    assert (len(found.listed), found.count) == (MOST_ROWS, size)
    assert {(one.count, len(one.brought)) for one in found.listed} == {(size - 1, MOST_EACH)}
    chains = [one.chain for one in falling(held, [key(7)])]
    assert len(chains) == size - 1
    assert {len(chain) for chain in chains} == set(range(2, MOST_CHAINED + 2))
    assert {chain[-1] for chain in chains} == {"App 7", "…"}


def test_what_would_take_too_long_is_refused_and_what_rests_on_thousands_is_counted() -> None:
    size = 4_000
    chain = [Need(f"applications/{number}", 1, (f"applications/{number + 1}",), "calls") for number in range(size)]
    began = time.process_time()
    with pytest.raises(TooMuch):
        weak_of(Needs(tuple(chain)), {f"applications/{number}" for number in range(size)})
    spares = [Need("b", 2, ("a", "b", "c"), "calls")]
    spares += [Need(f"s{number}", size // 2, tuple(f"m{one}" for one in range(size)), "calls") for number in range(9)]
    with pytest.raises(TooMuch):
        weak_of(Needs(tuple(spares)), set())
    members = tuple(f"m{number}" for number in range(4 * size))
    one_by_one = [Need("all", 1, members, "calls"), *(Need(member, 1, ("root",), "calls") for member in members)]
    assert len(fallen(one_by_one, ["root"])) == 2 + 4 * size
    assert time.process_time() - began < 3


def test_what_depends_by_a_long_chain_is_told_with_the_end_of_it() -> None:
    held = calls_of(lookup(*(application(number, number + 1) for number in range(300)), application(300)))
    found = {one.thing: one for one in reached(held, [key(300)], "up")}
    assert len(chain_to(found, key(0))) == 301
    assert chain_to(found, key(0), MOST_CHAINED) == tuple(key(number) for number in reversed(range(MOST_CHAINED)))
