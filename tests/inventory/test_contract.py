"""One contract, every source: the same documents give the same answers, wherever they are kept.

A further source joins by a line in ``SOURCES``.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from analytics.documents.entities import Application, Server, System, Volume
from analytics.documents.ports import Source
from analytics.inventory import DataApp, OwnedInventory, open_file
from analytics.inventory.mongo import open_database
from devtool.testkit.neighbours import dataapp, mongo

OURS = "5e8f00000000000000000001"
THEIRS = "5e8f00000000000000000002"
NOBODY = "5e8f00000000000000000003"
Documents = dict[str, list[dict[str, Any]]]


def oid(kind: str, number: int) -> str:
    """A 24-hex id; ``kind`` is a few hex digits."""
    return f"{kind}{number:0{24 - len(kind)}x}"


def document(key: str, owner: str = OURS, **fields: Any) -> dict[str, Any]:
    return {"_id": key, "name": f"thing {key[-4:]}", "roles": [{"_id": owner, "role": 7}], "active": True, **fields}


def application(number: int, *deps: str, owner: str = OURS, **fields: Any) -> dict[str, Any]:
    return document(oid("a", number), owner, deps=[{"_id": dep, "endpoint": "rest"} for dep in deps], **fields)


@contextmanager
def in_a_file(documents: Documents, folder: Path) -> Iterator[Source]:
    path = folder / "inventory.json"
    path.write_text(json.dumps(documents))
    yield open_file(path)


@contextmanager
def in_the_data_app(documents: Documents, folder: Path) -> Iterator[Source]:
    with dataapp.DataApp(copy.deepcopy(documents)).serve() as server:
        source = DataApp(server.url, dataapp.SECRET, dataapp.NOAUTH)
        yield source
        source.close()


@contextmanager
def in_the_database(documents: Documents, folder: Path) -> Iterator[Source]:
    with mongo.MongoServer(documents).serve() as uri:
        source = open_database(uri)
        yield source
        source.close()


#: No MongoDB answers here: the third is a server of our own that speaks its protocol.
SOURCES = {"file": in_a_file, "data app": in_the_data_app, mongo.NAME: in_the_database}


@pytest.fixture(params=SOURCES)
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Documents], Source]]:
    """Keep documents in a source of each kind."""
    opened = []

    def keeper(documents: Documents) -> Source:
        context = SOURCES[request.param](documents, tmp_path)
        opened.append(context)
        return context.__enter__()

    yield keeper
    for context in opened:
        context.__exit__(None, None, None)


def ids(found: Any) -> list[str]:
    return [one["_id"] for one in found]


def test_an_owner_sees_only_what_has_a_role_for_it(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {
            "systems": [
                document(oid("5c", 3)),
                document(oid("5c", 1)),
                document(oid("5c", 2), THEIRS),
                document(oid("5c", 4), THEIRS) | {"roles": [{"_id": THEIRS}, {"_id": OURS}]},
            ]
        }
    )
    assert ids(source.documents("systems", OURS, {})) == [oid("5c", 1), oid("5c", 3), oid("5c", 4)]
    assert ids(source.documents("systems", THEIRS, {})) == [oid("5c", 2), oid("5c", 4)]
    assert source.documents("systems", NOBODY, {}) == []


def test_another_owners_document_is_not_found_by_its_id_either(keep: Callable[[Documents], Source]) -> None:
    source = keep({"systems": [document(oid("5c", 1), THEIRS)], "applications": [application(1, owner=THEIRS)]})
    assert source.documents("systems", OURS, {"_id": [oid("5c", 1)]}) == []
    assert source.documents("systems", OURS, {"roles._id": [THEIRS]}) == []
    assert source.reachable(OURS, [oid("a", 1)]) == []


def test_what_is_archived_is_hidden(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {
            "systems": [document(oid("5c", 1), active=False), document(oid("5c", 2))],
            "applications": [application(1, oid("a", 2)), application(2, oid("a", 3), active=False), application(3)],
        }
    )
    assert ids(source.documents("systems", OURS, {})) == [oid("5c", 2)]
    assert ids(source.reachable(OURS, [oid("a", 1)])) == [oid("a", 1)]


@pytest.mark.parametrize("rows", [0, 1, 199, 200, 201, 400, 2001])
def test_every_page_is_read(keep: Callable[[Documents], Source], rows: Any) -> None:
    servers = [document(oid("5e", number)) for number in range(rows)]
    source = keep({"servers": servers[::-1]})
    assert ids(source.documents("servers", OURS, {})) == [server["_id"] for server in servers]


def test_a_field_is_found_inside_lists_and_objects(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {
            "applications": [
                application(1, system=[{"_id": oid("5c", 1)}, {"_id": oid("5c", 2)}]),
                application(2, system=[{"_id": oid("5c", 2)}]),
                application(3),
            ],
            "systems": [
                document(oid("5c", 1), clients=[{"_id": oid("c1", 1)}]),
                document(oid("5c", 2), clients=[{"_id": oid("c1", 2)}]),
            ],
            "servers": [
                document(oid("5e", 1), applications=[{"_id": oid("a", 1)}], datacenters={"_id": oid("dc", 1)}),
                document(oid("5e", 2), applications=[{"_id": oid("a", 2)}, {"_id": oid("a", 3)}]),
            ],
        }
    )
    find = source.documents
    assert ids(find("applications", OURS, {"system._id": [oid("5c", 1)]})) == [oid("a", 1)]
    assert ids(find("applications", OURS, {"system._id": [oid("5c", 1), oid("5c", 2)]})) == [oid("a", 1), oid("a", 2)]
    assert ids(find("servers", OURS, {"applications._id": [oid("a", 3)]})) == [oid("5e", 2)]
    assert ids(find("servers", OURS, {"datacenters._id": [oid("dc", 1)]})) == [oid("5e", 1)]
    assert ids(find("systems", OURS, {"clients._id": [oid("c1", 2)]})) == [oid("5c", 2)]


def test_all_fields_must_match_and_any_of_their_values(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {
            "networks": [
                document(oid("4e", 1), family="Vpc", datacenters={"_id": oid("dc", 1)}),
                document(oid("4e", 2), family="Subnet", datacenters={"_id": oid("dc", 1)}),
                document(oid("4e", 3), family="Subnet", datacenters={"_id": oid("dc", 2)}),
                document(oid("4e", 4), family="RouteTable", datacenters={"_id": oid("dc", 1)}),
            ]
        }
    )
    where = {"family": ["Vpc", "Subnet"], "datacenters._id": [oid("dc", 1)]}
    assert ids(source.documents("networks", OURS, where)) == [oid("4e", 1), oid("4e", 2)]


def test_any_of_nothing_is_nothing(keep: Callable[[Documents], Source]) -> None:
    source = keep({"systems": [document(oid("5c", 1))]})
    assert source.documents("systems", OURS, {"_id": []}) == []
    assert source.documents("systems", OURS, {"_id": ["no such id"]}) == []
    assert source.documents("systems", OURS, {"entry._id": ["no such id", oid("a", 9)]}) == []
    assert source.documents("clients", OURS, {}) == []


def test_long_lists_of_ids_are_found_whole(keep: Callable[[Documents], Source]) -> None:
    servers = [document(oid("5e", number), applications=[{"_id": oid("a", number)}]) for number in range(1201)]
    source = keep({"servers": servers})
    wanted = [oid("a", number) for number in range(1201)]
    assert len(source.documents("servers", OURS, {"applications._id": wanted})) == 1201
    assert len(source.documents("servers", OURS, {"_id": ids(servers)})) == 1201


def test_cycles_self_calls_and_twofold_calls_are_walked_once(keep: Callable[[Documents], Source]) -> None:
    a, b, c = (oid("a", number) for number in (1, 2, 3))
    source = keep({"applications": [application(1, b, b), application(2, c, b), application(3, a), application(4, a)]})
    assert ids(source.reachable(OURS, [a])) == [a, b, c]
    assert ids(source.reachable(OURS, [c, a, c])) == [a, b, c]


def test_a_hop_over_somebody_elses_application_is_not_taken(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {"applications": [application(1, oid("a", 2)), application(2, oid("a", 3), owner=THEIRS), application(3)]}
    )
    assert ids(source.reachable(OURS, [oid("a", 1)])) == [oid("a", 1)]


def test_a_call_to_nothing_is_no_error(keep: Callable[[Documents], Source]) -> None:
    source = keep({"applications": [application(1, oid("a", 9)), application(2)]})
    assert ids(source.reachable(OURS, [oid("a", 1), oid("a", 8)])) == [oid("a", 1)]
    assert source.reachable(OURS, [oid("a", 8)]) == []
    assert source.reachable(OURS, []) == []


def test_depth_has_no_limit(keep: Callable[[Documents], Source]) -> None:
    chain = [application(number, oid("a", number + 1)) for number in range(1500)]
    source = keep({"applications": chain})
    assert len(source.reachable(OURS, [oid("a", 0)])) == 1500


def test_an_inventory_gives_records_sorted_by_id(keep: Callable[[Documents], Source]) -> None:
    source = keep(
        {
            "applications": [application(2, oid("a", 1), name="web"), application(1, name="db", family="Database")],
            "systems": [document(oid("5c", 1), name="Shop", entry=[{"_id": oid("a", 2), "name": "web"}])],
            "servers": [document(oid("5e", 1), hostname="web-1", cpu=2, memory=4)],
            "volumes": [document(oid("f0", 1), size=8)],
        }
    )
    ours = OwnedInventory(source, OURS)
    assert [one.name for one in ours.find(Application)] == ["db", "web"]
    assert [one.name for one in ours.reach([oid("a", 2)])] == ["db", "web"]
    assert ours.find(System)[0].entry[0].name == "web"
    assert ours.find(Server, {"_id": [oid("5e", 1)]})[0].memory == 4
    assert ours.find(Volume)[0].size == 8


COLLECTIONS = ("networks", "volumes", "images", "snapshots", "datacenters", "flavors", "clients")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_collection_is_there(keep: Callable[[Documents], Source], collection: str) -> None:
    source = keep({collection: [document(oid("c0", 2)), document(oid("c0", 1)), document(oid("c0", 3), THEIRS)]})
    assert ids(source.documents(collection, OURS, {})) == [oid("c0", 1), oid("c0", 2)]


class Careless:
    """A source that answers with everything it has, to whoever asks."""

    def __init__(self, documents: list[dict[str, Any]]) -> None:
        self._documents = documents

    def documents(self, collection: str, owner: str, where: Any) -> Any:
        return list(self._documents)

    def reachable(self, owner: str, roots: Any) -> Any:
        return list(self._documents)

    def owners(self) -> list[str]:
        return [OURS, THEIRS]

    def close(self) -> None:
        """Nothing is open."""


def test_an_inventory_asks_each_document_again_whose_it_is() -> None:
    inventory = OwnedInventory(
        Careless(
            [
                application(3),
                application(1),
                application(1),
                application(2, owner=THEIRS),
                application(4, active=False),
                {"_id": oid("a", 5), "active": True},
                {"roles": [{"_id": OURS}], "name": "no id"},
            ]
        ),
        OURS,
    )
    assert [one.id for one in inventory.find(Application)] == [oid("a", 1), oid("a", 3)]
    assert [one.id for one in inventory.reach([oid("a", 1)])] == [oid("a", 1), oid("a", 3)]
