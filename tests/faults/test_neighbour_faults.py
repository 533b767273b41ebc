"""The Data App, the Front and the websocket server, each wrong in every way."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest

from devtool.testkit.deployment import Deployment, deployed, until
from devtool.testkit.faults.invariants import assert_invariants, document
from devtool.testkit.faults.server import Server

#: What a business graph asks of the Data App.
QUESTIONS = ("/systems", "/aggregate", "/servers", "/clients", "/graphs")
#: Faults that pass at the next try, and are over at once.
QUICK: list[dict[str, Any]] = [
    *({"mode": "status", "argument": code} for code in (500, 502, 503, 429)),
    {"mode": "status", "argument": 503, "headers": {"Retry-After": "1"}},
    {"mode": "status", "argument": 503, "headers": {"Retry-After": "999999999"}},
    {"mode": "status", "argument": 429, "headers": {"Retry-After": "-5"}},
    *({"mode": mode} for mode in ("reset", "half", "close", "bad_json", "html")),
    {"mode": "deep_json"},
    {"mode": "body", "argument": '{"items": [1, "two", null], "found": 3}'},
    {"mode": "body", "argument": '{"items": {}, "found": "many"}'},
]
#: Faults that only a deadline or a limit ends.
SLOW: list[dict[str, Any]] = [
    *({"mode": mode, "argument": 1.0} for mode in ("hang", "drip", "drip_head", "drip_chunks")),
    {"mode": "huge", "argument": 1 << 30},
    {"mode": "gzip_bomb"},
]


@pytest.fixture(scope="module")
def running(documents: dict[str, Any]) -> Iterator[Deployment]:
    """A deployment with little patience: what does not pass within five seconds is given up."""
    with deployed(documents, haste=True, MAESTRO_PATIENCE="5") as deployment:
        deployment.start_workers(3)
        deployment.start_web()
        until(lambda: len(deployment.worker_pids()) == 3, 20, "workers")
        yield deployment


@pytest.fixture
def calm(running: Deployment) -> Iterator[Deployment]:
    """The deployment; what a test armed is disarmed after it."""
    yield running
    for server in running.servers.values():
        for path in (*QUESTIONS, "/api", "/api/publish", "/graphs", "*"):
            server.arm(path, "close", times=0)


def graph_id(kind: int, number: int = 0) -> str:
    return f"{0x300 + kind:08x}{number:016x}"


def said(fault: dict[str, Any]) -> str:
    return f"{fault['mode']} {fault.get('argument', '')}"


def test_every_quick_fault_of_the_data_app_is_survived(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """Each kind of question goes wrong in turn; a false 200 on a status write is the reconciler's business."""
    ids = []
    questions = itertools.cycle(QUESTIONS[:4])
    for number, fault in enumerate(QUICK):
        calm.servers["data"].arm(next(questions), times=1, **fault)
        calm.post(graph_id(1, number), sample_owner, systems=[systems[0]])
        ids.append(graph_id(1, number))
        time.sleep(0.1)
    assert_invariants(calm, ids, seconds=90)
    ended = {graph: (document(calm, graph)["status"], document(calm, graph)["msg"]) for graph in ids}
    assert {status for status, _ in ended.values()} == {"finished"}, ended


#: A status write that is answered 200 counts as written; ``tests/runs/test_sweep.py`` tells of it again.
WRITTEN = ("html", "bad_json", "body", "deep_json")
CASES = [
    pytest.param(fault, question, id=f"{said(fault)}-{question}")
    for fault in QUICK + SLOW
    for question in QUESTIONS
    if question != "/graphs" or fault["mode"] not in WRITTEN
]


@pytest.mark.long
@pytest.mark.parametrize(("fault", "question"), CASES)
def test_every_fault_on_every_question_is_survived(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str, fault: dict[str, Any], question: str
) -> None:
    graph = graph_id(2 + QUESTIONS.index(question), (QUICK + SLOW).index(fault))
    calm.servers["data"].arm(question, times=1, **fault)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph], seconds=120)
    assert document(calm, graph)["status"] in ("finished", "error")
    if fault in QUICK:
        assert document(calm, graph)["status"] == "finished"


def test_a_data_app_that_hangs_drips_or_bombs_ends_within_its_deadline(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """Three at once, each on its own question."""
    for question, fault in zip(QUESTIONS, (SLOW[1], SLOW[0], SLOW[5]), strict=False):
        calm.servers["data"].arm(question, times=1, **fault)
    began = time.monotonic()
    ids = [graph_id(10, number) for number in range(3)]
    for graph in ids:
        calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, ids, seconds=60)
    assert time.monotonic() - began < 45


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted_is_not_tried_again(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str, status: int
) -> None:
    graph, server = graph_id(11, status), calm.servers["data"]
    before = server.paths().count("/systems")
    server.arm("/systems", "status", times=-1, argument=status)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph])
    assert document(calm, graph)["msg"] == f"entry: The Data App does not accept our token (status {status})"
    assert server.paths().count("/systems") == before + 1
    state = calm.state(graph)
    assert state["ended"] - state["created"] < 5


def test_a_redirect_is_not_followed(calm: Deployment, systems: list[dict[str, Any]], sample_owner: str) -> None:
    with Server() as elsewhere:
        calm.servers["data"].arm("/systems", "redirect", times=-1, argument=f"{elsewhere.url}/systems")
        graph = graph_id(12)
        calm.post(graph, sample_owner, systems=[systems[0]])
        assert_invariants(calm, [graph])
        assert document(calm, graph)["status"] == "error"
        assert elsewhere.requests == []


def test_an_inventory_that_stays_down_ends_the_graph_and_says_so(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """Down for the inventory; the status of the graph is kept until it is accepted."""
    calm.servers["data"].arm("/aggregate", "status", times=-1, argument=503)
    calm.servers["data"].arm("/graphs", "status", times=3, argument=503)
    graph = graph_id(13)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph], seconds=60)
    assert document(calm, graph)["status"] == "error"
    assert "The Data App answered with status 503" in document(calm, graph)["msg"]
    assert calm.state(graph)["stages"][1]["attempts"] > 1


def test_an_answer_of_the_front_that_is_lost_leaves_one_drawing_shown(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    calm.servers["front"].arm("/graphs", "lost_answer", times=1)
    graph = graph_id(14)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph])
    drawings = [one.svg for one in calm.front.stored if one.graph_id == graph]
    assert len(drawings) == 2
    assert len(set(drawings)) == 1, "what is sent again is the same to the byte"
    assert document(calm, graph)["status"] == "finished"


def test_a_drawing_the_front_finds_too_large_is_an_error_with_a_reason(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    calm.servers["front"].arm("/graphs", "status", times=-1, argument=413)
    graph = graph_id(15)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph])
    assert document(calm, graph)["status"] == "error"
    assert "413" in document(calm, graph)["msg"]


@pytest.mark.parametrize("seconds", [1.0, pytest.param(60.0, marks=pytest.mark.long)])
def test_a_front_that_is_down_for_a_while_receives_its_drawings(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str, seconds: float
) -> None:
    with deployed(documents) as deployment:
        deployment.start_workers(1)
        deployment.start_web()
        port = deployment.servers["front"].port
        deployment.servers["front"].stop()
        ids = [graph_id(16, number) for number in range(3)]
        for graph in ids:
            deployment.post(graph, sample_owner, systems=[systems[0]])
        until(lambda: "cannot be reached" in deployment.state(ids[0])["message"], 30, "a reason for waiting")
        time.sleep(seconds)
        assert not [one for one in deployment.bell.published if one["data"]["notify"]["type"] == "success"]
        deployment.servers["front"] = deployment.front.serve(port)
        assert_invariants(deployment, ids, seconds=60)
        assert {document(deployment, graph)["status"] for graph in ids} == {"finished"}


@pytest.mark.parametrize(
    "fault",
    [{"mode": "hang"}, {"mode": "drip", "argument": 0.5}, {"mode": "close"}, {"mode": "status", "argument": 500}],
    ids=said,
)
def test_a_websocket_server_never_delays_a_graph_by_more_than_two_seconds(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str, fault: dict[str, Any]
) -> None:
    calm.servers["bell"].arm("*", times=-1, **fault)
    graph = graph_id(17, len(said(fault)))
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph])
    websocket = next(stage for stage in calm.state(graph)["stages"] if stage["name"] == "websocket")
    assert websocket["seconds"] < 2.5
    assert document(calm, graph)["status"] == "finished"


def test_a_websocket_server_that_says_200_and_means_no_changes_nothing(
    calm: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    calm.servers["bell"].arm("*", "body", times=-1, argument='{"error": {"code": 103, "message": "canary"}}')
    graph = graph_id(18)
    calm.post(graph, sample_owner, systems=[systems[0]])
    assert_invariants(calm, [graph])
    assert document(calm, graph)["status"] == "finished"
