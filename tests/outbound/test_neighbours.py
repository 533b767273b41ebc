"""What the Front, the Data App and the websocket server are sent, and what becomes of their failures."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import settings
from analytics.errors import DeliveryError, ForeignGraph, SettingsError
from analytics.model.artifacts import GraphKey, GraphRequest
from analytics.outbound import front as drawings
from analytics.outbound import websocket
from analytics.outbound.connect import Neighbours, OwnedFront, connect
from analytics.outbound.data_app import DataAppStatus
from analytics.outbound.front import HttpFront, form
from analytics.outbound.nobody import KeptFront, NoNotifier, NoStatus
from analytics.outbound.websocket import CentrifugoNotifier
from devtool.testkit.faults.server import Response, Server
from devtool.testkit.neighbours import centrifugo, dataapp, front

GRAPH, OWNER = "96000000000000000000000a", "5e8f00000000000000000001"
REQUEST = GraphKey(GRAPH, OWNER)


@pytest.fixture
def a_front() -> Iterator[Any]:
    app = front.Front()
    with app.serve() as server:
        ours = HttpFront(server.url, dataapp.SECRET, dataapp.NOAUTH, seconds=0.6)
        yield app, server, ours
        ours.close()


@pytest.fixture
def a_status() -> Iterator[Any]:
    app = dataapp.DataApp({"graphs": [{"_id": GRAPH, "roles": [{"_id": OWNER}], "active": True}]})
    with app.serve() as server:
        ours = DataAppStatus(server.url, dataapp.SECRET, dataapp.NOAUTH, seconds=0.8)
        yield app, server, ours
        ours.close()


def notifier(server: Server, secret: str = centrifugo.SECRET, **options: Any) -> CentrifugoNotifier:
    return CentrifugoNotifier(server.url, secret, **options)


# --- the Front --------------------------------------------------------------------------


def test_the_front_gets_the_drawing_as_it_is_with_its_graph_and_owner(a_front: Any) -> None:
    app, server, ours = a_front
    svg = '<svg id="graph"><title>100% Ümläut + & = \' 日本 \n\t\u00a0🙂</title></svg>'
    assert ours.send(REQUEST, svg, 16) == "front"
    stored = app.shown(GRAPH)
    assert (stored.svg, stored.total, stored.owner_id) == (svg, 16, OWNER)
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/graphs")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("<>%+& =\"'äab~", max_size=30))
def test_a_form_says_what_the_standard_library_reads(first: Any, second: Any) -> None:
    encoded = form(payload=first, total=second)
    assert parse_qs(encoded.decode("ascii"), keep_blank_values=True) == {"payload": [first], "total": [second]}


def test_a_form_of_a_megabyte_takes_a_moment() -> None:
    svg = '<path class="conector" d="M 10.5 20 L 30 40"/>' * 25_000
    started = time.process_time()
    ours = form(payload=svg)
    took = time.process_time() - started
    started = time.process_time()
    theirs = urlencode({"payload": svg})
    assert took < (time.process_time() - started) / 2
    assert ours.decode().replace("%20", "+") == theirs


@pytest.mark.parametrize("request_", [GraphRequest("", OWNER, "business"), GraphRequest(GRAPH, "", "business")])
def test_a_drawing_without_ids_is_not_sent_since_it_is_never_answered(a_front: Any, request_: Any) -> None:
    _, server, ours = a_front
    with pytest.raises(DeliveryError, match="without the ids") as caught:
        ours.send(request_, "<svg/>", 1)
    assert not caught.value.transient
    assert server.requests == []


def test_a_drawing_the_front_would_refuse_is_not_sent(a_front: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, server, ours = a_front
    monkeypatch.setattr(drawings, "FRONT_LIMIT", 1000)
    with pytest.raises(DeliveryError, match="larger than") as caught:
        ours.send(REQUEST, "<" * 500, 1)
    assert not caught.value.transient
    assert server.requests == []


@pytest.mark.parametrize(
    ("mode", "argument", "transient", "tries"),
    [
        ("status", 413, False, 1),
        ("status", 401, False, 1),
        ("status", 500, True, 1),
        ("status", 502, True, 1),
        ("close", 0, True, 1),
        ("reset", 0, True, 1),
        ("half", 0, True, 1),
        ("hang", 0, True, 1),
        ("drip_head", 0.02, True, 1),
        ("redirect", "http://example.invalid/", False, 1),
    ],
)
def test_a_drawing_that_may_have_arrived_is_not_sent_again_here(
    a_front: Any, mode: str, argument: Any, transient: bool, tries: int
) -> None:
    _, server, ours = a_front
    server.arm("*", mode, argument=argument)
    started = time.monotonic()
    with pytest.raises(DeliveryError) as caught:
        ours.send(REQUEST, "<svg/>", 1)
    assert time.monotonic() - started < 1.5
    assert "canary" not in str(caught.value)
    assert (caught.value.transient, len(server.requests)) == (transient, tries)


@pytest.mark.parametrize(
    ("mode", "argument"),
    [("html", 0), ("bad_json", 0), ("deep_json", 0), ("body", b'{"error": {"msg": "canary"}}'), ("body", b"canary")],
)
def test_an_answer_of_200_that_is_not_the_fronts_own_is_no_delivery(a_front: Any, mode: str, argument: Any) -> None:
    _, server, ours = a_front
    server.arm("*", mode, argument=argument)
    with pytest.raises(DeliveryError, match="not that it took the drawing") as caught:
        ours.send(REQUEST, "<svg/>", 1)
    assert caught.value.transient
    assert "canary" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"", b" ", b'{"_id": "x"}', b'{"error": null}', b"[]", b'"stored"'])
def test_an_answer_of_json_or_of_nothing_is_a_delivery(a_front: Any, body: bytes) -> None:
    _, server, ours = a_front
    server.arm("*", "body", argument=body)
    assert ours.send(REQUEST, "<svg/>", 1) == "front"


def test_a_front_that_turned_the_drawing_away_gets_it_again(a_front: Any) -> None:
    app, server, ours = a_front
    server.arm("*", "status", times=1, argument=503)
    assert ours.send(REQUEST, "<svg/>", 1) == "front"
    assert len(app.stored) == 1


def test_a_token_the_front_does_not_know_is_a_lasting_failure() -> None:
    with front.Front(secret="another secret").serve() as server:
        ours = HttpFront(server.url, dataapp.SECRET, dataapp.NOAUTH)
        with pytest.raises(DeliveryError, match="does not accept our token") as caught:
            ours.send(REQUEST, "<svg/>", 1)
        assert not caught.value.transient
        ours.close()


# --- the Data App's graph documents -----------------------------------------------------


def test_a_status_is_written_to_its_graph(a_status: Any) -> None:
    app, server, ours = a_status
    ours.write(REQUEST, {"status": "process", "msg": "Drawing", "info": None})
    assert app.written == [{"_id": GRAPH, "status": "process", "msg": "Drawing"}]
    request = server.requests[-1]
    assert (request.method, request.path) == ("PUT", "/graphs")
    assert json.loads(request.body).keys() == {"body"}


@pytest.mark.parametrize("owner", ["7" * 24, "5e8f00000000000000000002"])
def test_the_graph_of_somebody_else_is_not_written_to(a_status: Any, owner: str) -> None:
    """The Data App itself would take the write: it asks for no owner."""
    app, _, ours = a_status
    with pytest.raises(ForeignGraph):
        ours.write(replace(REQUEST, owner_id=owner), {"status": "finished"})
    with pytest.raises(ForeignGraph):
        ours.write(replace(REQUEST, graph_id="8" * 24), {"status": "finished"})
    assert app.written == []


def test_a_status_names_no_other_graph(a_status: Any) -> None:
    app, _, ours = a_status
    ours.write(REQUEST, {"_id": "another", "status": "error"})
    assert app.written[0]["_id"] == GRAPH


def test_a_status_is_tried_again_since_that_does_no_harm(a_status: Any) -> None:
    app, server, ours = a_status
    server.arm("/graphs", "half", times=1)
    ours.write(REQUEST, {"status": "finished"})
    assert app.statuses(GRAPH) == ["finished"]


@pytest.mark.parametrize(
    ("mode", "argument", "transient"),
    [("status", 500, True), ("hang", 0, True), ("drip_head", 0.02, True), ("status", 401, False), ("close", 0, True)],
)
def test_a_status_that_cannot_be_written_is_an_error_in_time(
    a_status: Any, mode: str, argument: Any, transient: bool
) -> None:
    _, server, ours = a_status
    server.arm("*", mode, argument=argument)
    started = time.monotonic()
    with pytest.raises(DeliveryError) as caught:
        ours.write(REQUEST, {"status": "finished"})
    assert time.monotonic() - started < 2
    assert caught.value.transient is transient


# --- the websocket server ---------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), [(True, True), (True, False), (False, True)])
def test_every_version_of_the_server_is_rung(old: Any, new: Any) -> None:
    app = centrifugo.Centrifugo(old=old, new=new)
    with app.serve() as server:
        ours = notifier(server)
        assert ours.notify(REQUEST, "Finish Graph", "finished") == "sent"
        assert ours.notify(REQUEST, "Finish Graph", "finished") == "sent"
        ours.close()
        assert server.paths() == (["/api", "/api"] if old else ["/api", "/api/publish", "/api/publish"])
    assert app.published[0] == {
        "channel": f"maestro-{OWNER}",
        "data": {
            "notify": {"title": "Finish Graph", "msg": f"({GRAPH})", "type": "success"},
            "event": {"caller": ["analytics-update", f"analytics-{GRAPH}"]},
        },
    }


@pytest.mark.parametrize(
    ("level", "toast"),
    [
        ("finished", "success"),
        ("error", "danger"),
        ("warning", "warning"),
        ("info", "info"),
        ("success", "success"),
        ("danger", "danger"),
        ("else", "info"),
    ],
)
def test_a_level_becomes_a_toast_the_browser_knows(level: Any, toast: Any) -> None:
    message: Any = websocket.message(REQUEST, "t", level)
    assert message["data"]["notify"]["type"] == toast


def test_a_wrong_key_is_tried_in_both_forms_and_then_said() -> None:
    with centrifugo.Centrifugo().serve() as server:
        ours = notifier(server, "another key")
        assert ours.notify(REQUEST, "t", "info") == "The websocket server does not accept our token (status 401)"
        assert server.paths() == ["/api", "/api/publish"]
        ours.close()


def test_an_error_inside_an_answer_is_noticed_and_not_repeated() -> None:
    answer = {"error": {"code": 102, "message": "canary"}}
    with Server(lambda _: Response(body=answer)) as server:
        ours = notifier(server)
        assert ours.notify(REQUEST, "t", "info") == "The websocket server refused (code 102)"
        ours.close()


@pytest.mark.parametrize(
    ("mode", "argument"),
    [("hang", 0), ("drip", 0.05), ("drip_head", 0.05), ("reset", 0), ("html", 0), ("status", 500), ("huge", 0)],
)
def test_a_server_that_fails_costs_its_deadline_at_most_and_nothing_else(mode: str, argument: Any) -> None:
    with Server() as server:
        server.arm("*", mode, argument=argument)
        ours = notifier(server, seconds=0.5)
        started = time.monotonic()
        assert ours.notify(REQUEST, "t", "info").startswith("The websocket server ")
        assert time.monotonic() - started < 0.8
        ours.close()


def test_a_word_to_the_browser_takes_two_seconds_at_most() -> None:
    with Server() as server:
        server.arm("*", "drip", argument=0.05)
        ours = notifier(server)
        started = time.monotonic()
        assert ours.notify(REQUEST, "t", "info") == "The websocket server did not answer in time"
        assert time.monotonic() - started < 2.3
        ours.close()


def test_both_forms_share_one_deadline() -> None:
    with Server() as server:
        server.arm("/api", "status", argument=404)
        server.arm("/api/publish", "hang")
        ours = notifier(server, seconds=0.5)
        started = time.monotonic()
        assert ours.notify(REQUEST, "t", "info") == "The websocket server did not answer in time"
        assert time.monotonic() - started < 0.8
        ours.close()


# --- who is configured ------------------------------------------------------------------


def connected(**environ: str) -> Neighbours:
    return connect(settings.read({"MAESTRO_ENV": "development", **environ}))


def test_beside_a_data_app_all_neighbours_are_told() -> None:
    told = connected(MAESTRO_DATA_URI="http://data:5010")
    assert isinstance(told.front, OwnedFront)
    ours: tuple[Any, ...] = (told.front.front, told.status, told.notifier)
    assert [type(one) for one in ours] == [HttpFront, DataAppStatus, CentrifugoNotifier]
    for one in ours:
        one.close()


def test_with_a_file_nobody_is_told_and_the_drawing_is_kept() -> None:
    told = connected(MAESTRO_DATA_URI="/srv/inventory.json")
    assert [type(one) for one in (told.front, told.status, told.notifier)] == [KeptFront, NoStatus, NoNotifier]
    assert told.front.send(REQUEST, "<svg/>", 1) == "kept"
    told.status.write(REQUEST, {"status": "finished"})
    assert told.notifier.notify(REQUEST, "t", "info") == "no websocket server is configured"


def test_an_address_without_a_host_stops_the_start() -> None:
    with pytest.raises(SettingsError):
        connected(MAESTRO_DATA_URI="/srv/inventory.json", MAESTRO_ANALYTICS_FRONT_URI="http:///")
