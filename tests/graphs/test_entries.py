"""Where a graph starts, against the definition itself, and for large graphs of cycles."""

from __future__ import annotations

import random
import time

from analytics.catalog.families import FRONT
from analytics.documents.entities import Application, Dependency
from analytics.documents.ports import E, Where
from analytics.graphs.business.lookup import CalledSystems
from analytics.graphs.entries import front, starts_of
from analytics.inventory import OwnedInventory
from tests.estate_runs import kept
from tests.estates import OWNER, application, oid, system


def app(key: str, *deps: str, family: str = "Application") -> Application:
    """An application that calls others."""
    return Application(key, key, family, deps=tuple(Dependency(dep, "", "", "") for dep in deps))


def starts_by_definition(applications: list[Application]) -> list[str]:
    """What nobody calls, and the foremost of each cycle that nothing outside of it leads to."""
    calls = {one.id: {dep.id for dep in one.deps} - {one.id} for one in applications}
    reach = {key: {key} for key in calls}
    for _ in calls:
        for key in calls:
            for dep in calls[key] & calls.keys():
                reach[key] |= reach[dep]
    family = {one.id: one.family for one in applications}
    starts = set()
    for key in calls:
        cycle = {other for other in reach[key] if key in reach[other]}
        if all(other in cycle for other in calls if key in reach[other]):
            starts.add(min(cycle, key=lambda other: (front(family[other]), other)))
    return sorted(starts)


def test_starts_are_those_of_the_definition() -> None:
    chance = random.Random(3)
    families = ["Application", *(names[0] for names in map(sorted, FRONT) if names)]
    for _ in range(300):
        count = chance.randint(1, 12)
        keys = [f"a{number:02}" for number in range(count + 1)]  # the last one is not held
        applications = [
            app(key, *chance.choices(keys, k=chance.choice((0, 1, 1, 2))), family=chance.choice(families))
            for key in keys[:-1]
        ]
        assert starts_of(applications) == starts_by_definition(applications)


def test_thousands_of_cycles_in_a_row_take_no_longer_than_as_many_applications() -> None:
    """Each cycle of four calls the next one: asked for each cycle anew, that took minutes."""
    count = 20_000
    applications = []
    for number in range(count):
        around = f"a{number - number % 4 + (number + 1) % 4:05}"
        onwards = [f"a{number + 4:05}"] if number % 4 == 0 and number + 4 < count else []
        applications.append(app(f"a{number:05}", around, *onwards))
    began = time.process_time()
    assert starts_of(applications) == ["a00000"]
    assert time.process_time() - began < 3


class Asked(OwnedInventory):
    """An inventory that counts questions."""

    asked = 0

    def find(self, entity: type[E], where: Where | None = None) -> tuple[E, ...]:
        """The records of one kind that match."""
        Asked.asked += 1
        return super().find(entity, where)


def test_systems_that_are_called_are_asked_for_together() -> None:
    """Each has its own doors all the same: of several in which an application stands, those it is an entry of."""
    documents = {
        "applications": [
            *(application(number, system=[{"_id": oid(50 + number)}, {"_id": oid(60)}]) for number in range(1, 9)),
            application(9),
        ],
        "systems": [*(system(50 + number, number) for number in range(1, 9)), system(60, 3, 9), system(61)],
    }
    known = CalledSystems(Asked(kept(documents), OWNER))
    Asked.asked = 0
    known.learn({oid(number) for number in (*range(51, 59), 60, 61)})
    assert Asked.asked <= 4
    assert known._doors == {**{oid(50 + n): (oid(n),) for n in range(1, 9)}, oid(60): (oid(3), oid(9))}
    assert set(known.bare) == {oid(61)}
