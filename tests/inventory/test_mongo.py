"""MongoDB directly, against a server of our own that speaks its wire protocol (mongomock behind it; no MongoDB)."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Binary, Decimal128, Int64, ObjectId

from analytics.documents.entities import Application
from analytics.errors import InventoryError, SettingsError
from analytics.inventory import OwnedInventory, open_source
from analytics.inventory.mongo import MongoDB, open_database
from analytics.settings import read
from devtool.testkit.neighbours.mongo import DATABASE, MongoServer
from tests.estates import OTHER, OWNER, application, document, oid
from tests.own_plugins import INVENTORIES

READS = {"find", "aggregate", "getmore"}


@pytest.fixture
def opened() -> Iterator[Any]:
    """Serve documents; gives the server and a source over it."""
    kept = []

    def opener(documents: Any, **settings: Any) -> Any:
        server = MongoServer(documents, **settings)
        context = server.serve()
        uri = context.__enter__()
        source = open_database(uri)
        kept.append((context, source))
        return server, source

    yield opener
    for context, source in kept:
        source.close()
        context.__exit__(None, None, None)


def ids(found: Any) -> Any:
    return [one["_id"] for one in found]


def test_the_setting_opens_a_database_and_connects_nothing() -> None:
    uri = "mongodb://127.0.0.1:1/estate"
    source = open_source(read({"MAESTRO_ENV": "development", "MAESTRO_DATA_URI": uri}), INVENTORIES)
    assert isinstance(source, MongoDB)
    source.close()


@pytest.mark.parametrize("uri", ["mongodb://user:hush@h", "mongodb://user:hush@h:70000/x", "mongodb://u:p:hush@h/x"])
def test_a_string_that_cannot_be_used_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_database(uri)
    assert str(caught.value).startswith("MAESTRO_DATA_URI: ")
    assert "hush" not in str(caught.value)


def test_nothing_but_reading_is_ever_sent(opened: Callable[..., Any]) -> None:
    server, source = opened({"applications": [application(1, 2), application(2)], "servers": [document(3)]})
    source.documents("servers", OWNER, {})
    source.reachable(OWNER, [oid(1)])
    assert {name for name, _ in server.commands} <= READS
    stages = {key for _, body in server.commands for step in body.get("pipeline", ()) for key in step}
    assert stages.isdisjoint({"$out", "$merge"})


def test_the_owner_and_active_are_in_every_question_whatever_was_asked(opened: Callable[..., Any]) -> None:
    server, source = opened({"applications": [application(1, 2, owner=OTHER)]})
    assert source.documents("applications", OWNER, {"roles._id": [OTHER], "active": ["x"]}) == []
    source.reachable(OWNER, [oid(1)])
    for name, body in server.commands:
        clauses = [body["filter"]] if name == "find" else [body["pipeline"][0]["$match"]]
        clauses += [
            step["$graphLookup"]["restrictSearchWithMatch"]
            for step in body.get("pipeline", ())
            if "$graphLookup" in step
        ]
        for clause in clauses:
            assert clause["roles._id"] == ObjectId(OWNER)
            assert clause["active"] is True


def test_ids_and_dates_come_out_as_texts_and_what_json_cannot_hold_is_left_empty(opened: Callable[..., Any]) -> None:
    held = document(
        1, name="a", seen=datetime(2026, 1, 2, tzinfo=UTC), price=Decimal128("1.5"), big=Int64(7), raw=Binary(b"x")
    )
    _, source = opened({"applications": [held]})
    found = source.documents("applications", OWNER, {})[0]
    assert (found["_id"], found["roles"][0]["_id"]) == (oid(1), OWNER)
    assert (found["seen"], found["price"], found["big"], found["raw"]) == ("2026-01-02T00:00:00", "1.5", 7, None)


def test_a_lookup_is_one_aggregation(opened: Callable[..., Any]) -> None:
    server, source = opened({"applications": [application(n, n + 1) for n in range(1, 40)]})
    assert len(source.reachable(OWNER, [oid(1)])) == 39
    assert [name for name, _ in server.commands].count("aggregate") == 1
    assert [name for name, _ in server.commands].count("find") == 1  # the last one's dependency, which nobody holds


def test_a_lookup_that_would_pass_the_documents_limit_goes_level_by_level(opened: Callable[..., Any]) -> None:
    chain = [application(n, n + 1, filler="x" * 4_000) for n in range(1, 12)] + [application(12, owner=OTHER)]
    server, source = opened({"applications": chain}, answer_limit=20_000)
    assert ids(source.reachable(OWNER, [oid(1)])) == [oid(n) for n in range(1, 12)]
    assert [name for name, _ in server.commands].count("find") > 10


@pytest.mark.parametrize("code", [304, 40324, 238, 115, 59, 9, 168, 5107200])
def test_a_server_without_the_stages_is_asked_level_by_level(opened: Callable[..., Any], code: int) -> None:
    server, source = opened({"applications": [application(n, n + 1) for n in range(1, 6)] + [application(9)]})
    server.without = {"$graphLookup": code, "$lookup": code}
    assert ids(source.reachable(OWNER, [oid(1)])) == [oid(n) for n in range(1, 6)]


@pytest.mark.parametrize("code", [13, 18])
def test_a_refusal_that_is_none_of_a_stage_is_not_hidden(opened: Callable[..., Any], code: int) -> None:
    server, source = opened({"applications": [application(1, 2), application(2)]})
    server.without = {"$graphLookup": code}
    with pytest.raises(InventoryError):
        source.reachable(OWNER, [oid(1)])


def test_an_answer_in_many_batches_is_read_whole(opened: Callable[..., Any]) -> None:
    server, source = opened({"servers": [document(n) for n in range(1, 501)]})
    assert len(source.documents("servers", OWNER, {})) == 500
    assert "getmore" in {name.lower() for name, _ in server.commands}


@pytest.mark.parametrize(("code", "transient"), [(13, False), (18, False), (9, False)])
def test_a_refusal_says_its_code_and_nothing_of_the_servers_words(
    opened: Callable[..., Any], code: Any, transient: bool
) -> None:
    server, source = opened({"servers": [document(1)]})
    server.refuse_with = code
    with pytest.raises(InventoryError, match=f"code {code}") as caught:
        source.documents("servers", OWNER, {})
    assert caught.value.transient is transient
    assert "db-host" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_election_is_waited_for_until_the_deadline(opened: Callable[..., Any]) -> None:
    server, _ = opened({"servers": [document(1)]})
    server.refuse_with = 189
    with server.serve() as uri:
        source = MongoDB(uri, DATABASE, seconds=0.6)
        with pytest.raises(InventoryError) as caught:
            source.documents("servers", OWNER, {})
        source.close()
    assert caught.value.transient


def test_a_server_that_does_not_answer_costs_the_deadline_and_no_more(opened: Callable[..., Any]) -> None:
    server, _ = opened({"servers": [document(1)]})
    server.delay = 5
    with server.serve() as uri:
        source = MongoDB(uri, DATABASE, seconds=0.6)
        began = time.monotonic()
        with pytest.raises(InventoryError, match="did not answer in time") as caught:
            source.documents("servers", OWNER, {})
        source.close()
    assert caught.value.transient
    assert time.monotonic() - began < 3


def test_nobody_listening_is_said_without_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = MongoDB(f"mongodb://user:hush@127.0.0.1:{port}/estate", "estate", seconds=0.5)
    with pytest.raises(InventoryError) as caught:
        source.documents("servers", OWNER, {})
    source.close()
    assert caught.value.transient
    assert not any(word in str(caught.value) for word in ("hush", "127.0.0.1", str(port)))


def test_a_child_process_has_connections_of_its_own(opened: Callable[..., Any]) -> None:
    _, source = opened({"servers": [document(1)]})
    source.documents("servers", OWNER, {})
    mine = source._connected
    source._connected = (os.getpid() + 1, mine[1])  # as it would be found after a fork
    assert ids(source.documents("servers", OWNER, {})) == [oid(1)]
    assert source._connected[1] is not mine[1]
    mine[1].close()


def test_records_come_out_of_a_database_as_out_of_a_file(opened: Callable[..., Any]) -> None:
    _, source = opened({"applications": [application(1, 2, updated_at=datetime(2026, 5, 1)), application(2)]})
    reached = OwnedInventory(source, OWNER).reach([oid(1)])
    assert [(app.id, app.name) for app in reached] == [(oid(1), "App 1"), (oid(2), "App 2")]
    assert reached[0].updated_at.startswith("2026-05-01")
    assert isinstance(reached[0], Application)
