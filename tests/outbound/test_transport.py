"""What a neighbour can do wrong must end in time, with a sentence, and without its words in it."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from analytics import transport
from analytics.errors import SettingsError
from analytics.transport import Deadline, Neighbour, TransportError
from devtool.testkit.faults.modes import packed_blanks
from devtool.testkit.faults.server import Request, Response, Server

SECRET = "a secret of more than thirty-two bytes"


@pytest.fixture
def server() -> Iterator[Any]:
    with Server() as running:
        yield running


@pytest.fixture
def neighbour(server: Server) -> Iterator[Any]:
    link = Neighbour("The Data App", server.url, seconds=1.0, try_seconds=0.5, attempts=1)
    yield link
    link.close()


def failure(link: Neighbour, **options: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        link.post_json("/systems", {"query": "{}"}, **options)
    assert "canary" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("mode", "argument", "reason"),
    [
        ("hang", 0, "timeout"),
        ("drip", 0.02, "timeout"),
        ("drip_head", 0.02, "timeout"),
        ("drip_chunks", 0.02, "timeout"),
        ("reset", 0, "broken"),
        ("half", 0, "broken"),
        ("close", 0, "broken"),
        ("bad_json", 0, "json"),
        ("html", 0, "json"),
        ("deep_json", 0, "json"),
        ("body", "[1, 2]", "object"),
        ("huge", 0, "large"),
        ("gzip_bomb", 0, "large"),
        ("redirect", "http://example.invalid/", "redirect"),
        ("status", 401, "denied"),
        ("status", 403, "denied"),
        ("status", 500, "status"),
    ],
)
def test_every_fault_ends_within_the_deadline_and_has_a_reason(
    server: Server, neighbour: Neighbour, mode: str, argument: Any, reason: str
) -> None:
    packed_blanks(1 << 28)
    server.arm("/systems", mode, argument=argument)
    started = time.monotonic()
    assert failure(neighbour).reason == reason
    assert time.monotonic() - started < 1.5


BOMB = (("Content-Encoding", "gzip"), ("Location", "/elsewhere"))


@pytest.mark.parametrize(("status", "reason"), [(200, "large"), (302, "redirect"), (500, "status")])
def test_a_gzip_bomb_is_stopped_before_it_fills_the_memory(status: Any, reason: str) -> None:
    body = packed_blanks(1 << 28)
    with Server(lambda _: Response(status, body, BOMB)) as server:
        link = Neighbour("The Data App", server.url, seconds=10, attempts=1)
        tracemalloc.start()
        try:
            assert failure(link).reason == reason
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            link.close()
    assert peak < 100 * 1024 * 1024


@pytest.mark.parametrize("mode", ["hang", "drip", "drip_head"])
def test_tries_share_one_deadline(server: Server, mode: str) -> None:
    link = Neighbour("The Data App", server.url, seconds=0.8, try_seconds=0.3, attempts=50)
    server.arm("*", mode, argument=0.02)
    started = time.monotonic()
    assert failure(link).reason == "timeout"
    assert time.monotonic() - started < 1.2
    assert len(server.requests) >= 2
    link.close()


def test_a_caller_can_shorten_the_deadline(server: Server, neighbour: Neighbour) -> None:
    server.arm("*", "hang")
    started = time.monotonic()
    assert failure(neighbour, deadline=Deadline.after(0.1)).reason == "timeout"
    assert time.monotonic() - started < 0.4


def test_a_deadline_in_the_past_asks_nobody(server: Server, neighbour: Neighbour) -> None:
    assert failure(neighbour, deadline=Deadline.after(-1)).reason == "timeout"
    assert server.requests == []


def test_a_connection_that_is_never_accepted_ends_too() -> None:
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    crowd = []
    for _ in range(4):  # fill the queue of connections nobody takes
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(full.getsockname())
        crowd.append(sock)
    link = Neighbour("The Data App", f"http://127.0.0.1:{full.getsockname()[1]}", seconds=0.4, attempts=1)
    started = time.monotonic()
    assert failure(link).reason == "timeout"
    assert time.monotonic() - started < 0.8
    for sock in [*crowd, full]:
        sock.close()
    link.close()


def test_a_name_server_that_hangs_does_not_hold_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    link = Neighbour("The Data App", "http://data.example.invalid", seconds=0.2, attempts=1)
    started = time.monotonic()
    assert failure(link).reason == "timeout"
    assert time.monotonic() - started < 0.6
    link.close()


def test_nobody_listening_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    link = Neighbour("The Data App", f"http://user:canary@127.0.0.1:{port}", seconds=1, attempts=2)
    error = failure(link)
    assert (error.reason, error.transient) == ("unreachable", True)
    assert str(error) == "The Data App cannot be reached"
    link.close()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_trouble_is_tried_again(server: Server, status: Any) -> None:
    link = Neighbour("The Data App", server.url, seconds=5, attempts=3)
    server.arm("/systems", "status", times=2, argument=status)
    assert link.post_json("/systems", {}) == {"items": [], "found": 0}
    assert len(server.requests) == 3
    link.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_is_not_tried_again(server: Server, status: Any) -> None:
    link = Neighbour("The Data App", server.url, seconds=5, attempts=3)
    server.arm("/systems", "status", argument=status)
    error = failure(link)
    assert (error.status, error.transient, len(server.requests)) == (status, False, 1)
    link.close()


@pytest.mark.parametrize("asked", ["86400", "Fri, 31 Dec 2199 23:59:59 GMT", "-5", "a moment", "9" * 300])
def test_an_absurd_retry_after_cannot_hold_a_call(server: Server, monkeypatch: pytest.MonkeyPatch, asked: Any) -> None:
    monkeypatch.setattr(transport.neighbour, "LONGEST_WAIT", 0.1)
    link = Neighbour("The Data App", server.url, seconds=2, attempts=3)
    server.arm("*", "status", times=2, argument=503, headers={"Retry-After": asked})
    started = time.monotonic()
    assert link.post_json("/systems", {})["found"] == 0
    assert time.monotonic() - started < 1
    link.close()


def test_a_sane_retry_after_is_honoured(server: Server) -> None:
    link = Neighbour("The Data App", server.url, seconds=5, attempts=2)
    server.arm("*", "status", times=1, argument=429, headers={"Retry-After": "1"})
    started = time.monotonic()
    link.post_json("/systems", {})
    assert 1.0 <= time.monotonic() - started < 2
    link.close()


def test_a_wait_longer_than_what_is_left_is_not_begun(server: Server) -> None:
    link = Neighbour("The Data App", server.url, seconds=1, attempts=5)
    server.arm("*", "status", argument=503, headers={"Retry-After": "4"})
    started = time.monotonic()
    assert failure(link).status == 503
    assert time.monotonic() - started < 0.5
    link.close()


@pytest.mark.parametrize(
    ("mode", "argument", "tries"), [("close", 0, 1), ("half", 0, 1), ("status", 502, 1), ("status", 503, 3)]
)
def test_what_is_not_safe_to_repeat_is_repeated_only_when_it_was_not_read(
    server: Server, mode: str, argument: Any, tries: int
) -> None:
    link = Neighbour("The Front", server.url, seconds=5, attempts=3)
    server.arm("*", mode, argument=argument)
    failure(link, safe=False)
    assert len(server.requests) == tries
    link.close()


def test_connections_are_used_again(server: Server, neighbour: Neighbour) -> None:
    for _ in range(20):
        neighbour.post_json("/systems", {})
    assert server.connections == 1


def test_the_environment_adds_no_proxy_no_netrc_and_no_second_authorization(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login canary password canary")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Server() as server:
        base = server.url.replace("http://", "http://name:canary@")
        link = Neighbour("The Data App", base, headers=lambda: {"Authorization": "JWT ours"}, attempts=1)
        link.post_json("/systems", {})
        link.close()
    assert server.requests[0].headers["authorization"] == "JWT ours"


def test_cookies_are_not_carried() -> None:
    with Server(lambda _: Response(headers=(("Set-Cookie", "a=1; Path=/"),))) as server:
        link = Neighbour("The Data App", server.url, attempts=1)
        link.post_json("/systems", {})
        link.post_json("/systems", {})
        link.close()
    assert "cookie" not in server.requests[1].headers


def test_a_compressed_answer_is_read() -> None:
    def compressed(request: Request) -> Response:
        assert request.headers["accept-encoding"] == "gzip"
        return Response(body=gzip.compress(b'{"found": 7}'), headers=(("Content-Encoding", "gzip"),))

    with Server(compressed) as server:
        link = Neighbour("The Data App", server.url, attempts=1)
        assert link.post_json("/systems", {}) == {"found": 7}
        link.close()


@pytest.mark.parametrize(("coding", "reason"), [("gzip", "encoding"), ("br", "encoding")])
def test_an_encoding_that_cannot_be_read_is_refused(
    server: Server, neighbour: Neighbour, coding: Any, reason: str
) -> None:
    server.arm("*", "body", argument='{"a": 1}', headers={"Content-Encoding": coding})
    assert failure(neighbour).reason == reason


def test_half_a_compressed_answer_is_not_taken_for_a_whole_one(server: Server, neighbour: Neighbour) -> None:
    whole = gzip.compress(b'{"found": 7}' + b" " * 5000)
    server.arm("*", "body", argument=whole[:-12], headers={"Content-Encoding": "gzip"})
    assert failure(neighbour).reason == "broken"


@pytest.mark.parametrize("base", ["ftp://host", "http://", "localhost:5010", "http://host:port", ""])
def test_an_address_that_cannot_be_called_stops_the_start(base: str) -> None:
    with pytest.raises(SettingsError, match="not an http:// or https:// URL"):
        Neighbour("The Data App", base)


def test_tokens_carry_what_the_contract_says_and_hold_five_minutes() -> None:
    claims = jwt.decode(transport.data_app_token(SECRET, "word"), SECRET, algorithms=["HS256"])
    assert set(claims) == {"name", "description", "version", "license", "noauth", "exp"}
    assert claims["noauth"] == "word"
    assert 298 <= claims["exp"] - time.time() <= 300
    claims = jwt.decode(transport.front_token(SECRET, "word", "g", "o"), SECRET, algorithms=["HS256"])
    assert set(claims) == {"token", "graph_id", "owner_id", "exp"}
    assert (claims["token"], claims["graph_id"], claims["owner_id"]) == ("word", "g", "o")


def test_a_short_secret_signs_without_a_warning() -> None:
    assert transport.neighbour_token("short", noauth="x").count(".") == 2


@pytest.mark.parametrize("body", [b"", b"nope", b"\xff", b"[" * 100_000, b'{"a": 1} trailing'])
def test_what_is_not_json_is_a_value_error(body: Any) -> None:
    with pytest.raises(ValueError):
        transport.parse_json(body)


def test_half_characters_become_question_marks() -> None:
    assert transport.parse_json(b'{"name": "a\\ud800b", "cpu": Infinity}') == {"name": "a?b", "cpu": None}
