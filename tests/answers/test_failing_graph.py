"""What falls within a drawn graph is what falls in the whole inventory, as far as it is drawn."""

from __future__ import annotations

import random

from analytics.answers.failing_graph import calls_of, falling, weak_of
from analytics.answers.failure import failure
from analytics.answers.needs import needs_of
from analytics.answers.whole import from_documents
from analytics.documents.entities import Application
from analytics.model.artifacts import Lookup
from tests.estates import application, oid, server


def lookup(*apps: dict[str, object]) -> Lookup:
    found = [one for one in map(Application.read, apps) if one is not None]
    return Lookup(tuple(sorted(found, key=lambda app: app.id)))


def key(number: int) -> str:
    return f"applications/{oid(number)}"


def test_what_needs_it_falls_and_says_through_what() -> None:
    held = calls_of(lookup(application(1, 2), application(2, 3), application(3), application(4)))
    rows = falling(held, [key(3)])
    assert [(one.name, one.state, one.chain) for one in rows] == [
        ("App 2", "down", ("App 2", "App 3")),
        ("App 1", "down", ("App 1", "App 2", "App 3")),
    ]
    assert falling(held, [key(1)]) == ()
    assert weak_of(held) == [(key(3), (key(1), key(2))), (key(2), (key(1),))]


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
    assert weak_of(held) == [(key(2), (key(1),))]


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
