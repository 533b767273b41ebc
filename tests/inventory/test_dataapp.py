"""The Data App over the wire: what is asked of it, and what becomes of bad answers."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from analytics.documents.entities import Application
from analytics.errors import InventoryError
from analytics.inventory import DataApp, OwnedInventory
from devtool.testkit.faults.server import Request, Response, Server
from devtool.testkit.neighbours import dataapp

OURS = "5e8f00000000000000000001"
THEIRS = "5e8f00000000000000000002"


def oid(number: int) -> str:
    return f"a{number:023x}"


def application(number: int, *deps: int, owner: str = OURS, **fields: Any) -> dict[str, Any]:
    return {
        "_id": oid(number),
        "name": f"app {number}",
        "roles": [{"_id": owner}],
        "active": True,
        "deps": [{"_id": oid(dep)} for dep in deps],
        **fields,
    }


CHAIN = {"applications": [application(1, 2), application(2, 3), application(3, 1), application(4)]}


class Setting:
    """A Data App with its server, and our side of it with short deadlines."""

    def __init__(self, documents: dict[str, Any], **options: Any) -> None:
        self.app = dataapp.DataApp(copy.deepcopy(documents), **options)
        self.server = self.app.serve()
        self.source = DataApp(self.server.url, dataapp.SECRET, dataapp.NOAUTH, seconds=1.0, try_seconds=0.3, attempts=2)

    def close(self) -> None:
        self.source.close()
        self.server.stop()


@pytest.fixture
def setting() -> Iterator[Any]:
    made = []

    def make(documents: dict[str, Any], **options: Any) -> Setting:
        made.append(Setting(documents, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def answering() -> Iterator[Any]:
    """A Data App that answers every request as a function says."""
    made = []

    def make(respond: Any) -> DataApp:
        server = Server(respond)
        source = DataApp(server.url, "secret", "word", seconds=1.0, try_seconds=0.5, attempts=1)
        made.append((source, server))
        return source

    yield make
    for source, server in made:
        source.close()
        server.stop()


def ids(found: Any) -> list[str]:
    return [one["_id"] for one in found]


def test_every_question_names_the_owner_and_what_is_active(setting: Callable[..., Setting]) -> None:
    held = setting({"systems": [], **CHAIN})
    held.source.documents("systems", OURS, {})
    held.source.documents("systems", OURS, {"roles._id": [THEIRS], "active": ["false"]})
    held.source.reachable(OURS, [oid(1), oid(9)])
    assert len(held.app.queries) >= 3
    for query in held.app.queries:
        assert (query["roles._id"], query["active"]) == (OURS, True)
    for pipeline in held.app.pipelines:
        assert pipeline[0]["$match"]["roles._id"] == OURS
        assert pipeline[0]["$match"]["active"] is True
    lookup = held.app.pipelines[0][2]["$graphLookup"]
    assert lookup["restrictSearchWithMatch"] == {"roles._id": OURS, "active": True}
    assert (lookup["connectFromField"], lookup["connectToField"]) == ("deps._id", "_id")


def test_questions_are_documents_in_a_text_with_a_stated_limit(setting: Callable[..., Setting]) -> None:
    held = setting(CHAIN)
    held.source.documents("applications", OURS, {"_id": [oid(1)]})
    request = held.server.requests[0]
    body = json.loads(request.body)
    assert (request.method, request.path) == ("POST", "/applications")
    assert isinstance(body["query"], str)
    assert (body["limit"], body["page"]) == (200, 1)
    assert request.headers["authorization"].startswith("JWT ")


def test_a_reach_is_one_question(setting: Callable[..., Setting]) -> None:
    held = setting(CHAIN)
    assert ids(held.source.reachable(OURS, [oid(1), oid(4)])) == [oid(1), oid(2), oid(3), oid(4)]
    assert held.server.paths() == ["/aggregate"]


def test_a_reach_that_is_too_large_goes_level_by_level(setting: Callable[..., Setting]) -> None:
    held = setting(CHAIN, document_limit=2)
    assert ids(held.source.reachable(OURS, [oid(1)])) == [oid(1), oid(2), oid(3)]
    assert held.server.paths() == ["/aggregate", *["/applications"] * 3]


@pytest.mark.parametrize(("mode", "argument"), [("status", 400), ("status", 413), ("status", 422), ("huge", 0)])
def test_a_refused_aggregation_goes_level_by_level(setting: Callable[..., Setting], mode: str, argument: Any) -> None:
    held = setting(CHAIN)
    held.server.arm("/aggregate", mode, argument=argument)
    assert ids(held.source.reachable(OURS, [oid(1)])) == [oid(1), oid(2), oid(3)]


def test_an_aggregation_that_was_cut_short_is_completed(setting: Callable[..., Setting]) -> None:
    held = setting(CHAIN)
    held.server.arm("/aggregate", "body", argument=json.dumps({"items": [application(1, 2)]}))
    assert ids(held.source.reachable(OURS, [oid(1)])) == [oid(1), oid(2), oid(3)]


def test_what_comes_back_is_filtered_again(setting: Callable[..., Setting]) -> None:
    held = setting({"applications": [application(1, 2), application(2, 3, owner=THEIRS), application(3)]})
    foreign = [application(1, 2), application(2, 3, owner=THEIRS), application(4, active=False)]
    held.server.arm("/aggregate", "body", argument=json.dumps({"items": foreign}))
    assert ids(held.source.reachable(OURS, [oid(1)])) == [oid(1)]
    held.server.arm("/applications", "body", argument=json.dumps({"items": foreign, "found": 3}))
    assert ids(held.source.documents("applications", OURS, {})) == [oid(1)]


def page_of(request: Request) -> int:
    return int(json.loads(request.body)["page"])


def test_pages_that_slide_are_read_anew(answering: Callable[..., DataApp]) -> None:
    documents = [application(number) for number in range(6)]
    asked = []

    def respond(request: Request) -> Response:
        asked.append(page_of(request))
        slid = asked == [1, 2]  # one document came in between: the last of page 1 is the first of page 2 as well
        pages = {1: documents[:3], 2: documents[2:5] if slid else documents[3:]}
        return Response(body={"found": 6, "items": pages[asked[-1]]})

    assert len(answering(respond).documents("applications", OURS, {})) == 6
    assert asked == [1, 2, 1, 2]


@pytest.mark.parametrize(
    "items",
    [
        lambda page: [application(1)] if page == 1 else [],
        lambda page: [],
        lambda page: [application(1), application(2)],
    ],
    ids=["then empty", "empty", "the same again and again"],
)
def test_an_announcement_that_is_not_kept_is_an_error(answering: Callable[..., DataApp], items: Any) -> None:
    source = answering(lambda request: Response(body={"found": 5, "items": items(page_of(request))}))
    with pytest.raises(InventoryError, match="announced 5 applications and handed over") as caught:
        source.documents("applications", OURS, {})
    assert caught.value.transient


@pytest.mark.parametrize("found", [None, "3", -1, True, 10**12, 1.5])
def test_an_absurd_announcement_is_an_error(answering: Callable[..., DataApp], found: Any) -> None:
    source = answering(lambda request: Response(body={"found": found, "items": []}))
    with pytest.raises(InventoryError, match="did not say how many systems"):
        source.documents("systems", OURS, {})


@pytest.mark.parametrize("items", [None, {}, "text", [1], [None], [[]]])
def test_items_of_a_wrong_type_are_an_error(answering: Callable[..., DataApp], items: Any) -> None:
    source = answering(lambda request: Response(body={"found": 1, "items": items}))
    with pytest.raises(InventoryError, match="unexpected shape"):
        source.documents("systems", OURS, {})
    with pytest.raises(InventoryError, match="unexpected shape"):
        source.reachable(OURS, [oid(1)])


def test_one_bad_document_costs_only_itself(answering: Callable[..., DataApp]) -> None:
    items = [application(1), {"roles": [{"_id": OURS}]}, application(2) | {"deps": "?", "system": 5, "role": []}]
    source = answering(lambda request: Response(body={"found": 3, "items": items}))
    assert [one.id for one in OwnedInventory(source, OURS).find(Application)] == [oid(1), oid(2)]


@pytest.mark.parametrize(
    ("mode", "argument", "transient"),
    [
        ("hang", 0, True),
        ("drip", 0.02, True),
        ("reset", 0, True),
        ("half", 0, True),
        ("close", 0, True),
        ("bad_json", 0, True),
        ("deep_json", 0, True),
        ("html", 0, True),
        ("status", 500, True),
        ("status", 503, True),
        ("status", 401, False),
        ("status", 403, False),
        ("status", 422, False),
        ("redirect", "http://example.invalid", False),
        ("huge", 0, False),
    ],
)
def test_a_fault_is_an_inventory_error_in_time(
    setting: Callable[..., Setting], mode: str, argument: Any, transient: bool
) -> None:
    held = setting(CHAIN)
    held.server.arm("*", mode, argument=argument)
    asks: tuple[Callable[[], Any], ...] = (
        lambda: held.source.documents("applications", OURS, {}),
        lambda: held.source.reachable(OURS, [oid(1)]),
    )
    for ask in asks:
        started = time.monotonic()
        with pytest.raises(InventoryError) as caught:
            ask()
        assert time.monotonic() - started < 1.4
        assert str(caught.value).startswith("The Data App ")
        assert "canary" not in str(caught.value)
        assert caught.value.transient is transient


def test_a_fault_that_passes_is_not_noticed(setting: Callable[..., Setting]) -> None:
    held = setting(CHAIN)
    for path in ("/applications", "/aggregate"):
        held.server.arm(path, "status", times=1, argument=503)
    assert len(held.source.documents("applications", OURS, {})) == 4
    assert len(held.source.reachable(OURS, [oid(1)])) == 3


def test_all_pages_share_one_deadline(answering: Callable[..., DataApp]) -> None:
    def respond(request: Request) -> Response:
        time.sleep(0.15)
        return Response(body={"found": 10_000, "items": [application(page_of(request))]})

    started = time.monotonic()
    with pytest.raises(InventoryError, match="did not answer in time"):
        answering(respond).documents("applications", OURS, {})
    assert time.monotonic() - started < 1.4
