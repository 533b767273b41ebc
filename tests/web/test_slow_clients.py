"""Clients that send slowly, or nothing, stop nobody: requests are read before a thread is taken."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import shop

#: What an honest client waits at most, in seconds, while others send slowly; the promise is 1 s for 99 of 100.
PATIENCE = 2.0
HALF_SENT = (
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    b"POST /graph HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{",
    b"G",
)


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """One web process of four threads."""
    with deployed(shop(), neighbours=False) as deployment:
        deployment.start_web(1)
        yield deployment


@contextlib.contextmanager
def held(service: Deployment, count: int, sent: bytes | None = None) -> Iterator[list[socket.socket]]:
    """Connections that have sent a part of a request and then nothing."""
    host, _, port = service.url.removeprefix("http://").partition(":")
    with contextlib.ExitStack() as stack:
        opened = []
        for number in range(count):
            client = stack.enter_context(socket.create_connection((host, int(port)), timeout=5))
            client.sendall(sent if sent is not None else HALF_SENT[number % len(HALF_SENT)])
            opened.append(client)
        yield opened


def waits(service: Deployment, count: int = 20) -> list[float]:
    """How long honest clients wait for an answer, in seconds."""
    found = []
    for _ in range(count):
        began = time.monotonic()
        assert service.call("GET", "/health/live", token="")[0] == 200
        found.append(time.monotonic() - began)
    return found


@pytest.mark.parametrize("sent", HALF_SENT, ids=["head", "body", "a letter"])
def test_half_sent_requests_hold_no_thread(service: Deployment, sent: bytes) -> None:
    with held(service, 24, sent):
        assert max(waits(service)) < PATIENCE


def test_hundreds_of_idle_and_dripping_clients_of_one_address_let_others_through(service: Deployment) -> None:
    stop = threading.Event()
    with held(service, 600) as clients:

        def drip() -> None:
            while not stop.wait(0.02):
                with contextlib.suppress(OSError):
                    random.choice(clients).send(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            assert max(waits(service, 50)) < PATIENCE
        finally:
            stop.set()
            thread.join()


def test_a_request_that_is_not_whole_in_time_is_closed(service: Deployment) -> None:
    with held(service, 1, b"GET / HTTP/1.1\r\n") as clients:
        clients[0].settimeout(15)
        assert clients[0].recv(100) == b""


def test_a_request_that_comes_in_pieces_is_answered(service: Deployment) -> None:
    with held(service, 1, b"GET /health/live HT") as clients:
        for piece in (b"TP/1.1\r\nHost: a", b"\r\nConnection: close\r\n", b"\r\n"):
            time.sleep(0.05)
            clients[0].sendall(piece)
        clients[0].settimeout(5)
        assert clients[0].recv(1000).startswith(b"HTTP/1.1 200")


def answers(client: socket.socket, count: int) -> bytes:
    """What a client is answered, until it has so many answers."""
    client.settimeout(5)
    said = b""
    while said.count(b'{"status":"ok"}') < count:
        came = client.recv(10_000)
        assert came, said
        said += came
    return said


REQUEST = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"


def test_requests_on_one_connection_are_all_answered(service: Deployment) -> None:
    with held(service, 1, REQUEST) as clients:
        answers(clients[0], 1)
        clients[0].sendall(REQUEST)
        answers(clients[0], 1)
        clients[0].sendall(REQUEST * 3)
        answers(clients[0], 3)


def test_half_a_request_behind_a_whole_one_holds_no_thread(service: Deployment) -> None:
    with held(service, 24, REQUEST + b"GET /health/live HT") as clients:
        answers(clients[0], 1)
        assert max(waits(service)) < PATIENCE
        clients[0].sendall(b"TP/1.1\r\nHost: a\r\n\r\n")
        answers(clients[0], 1)
