"""Clients that send slowly, or nothing, stop nobody: requests are read before a thread is taken."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from analytics.web.leaving import Answering
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


def answers(client: socket.socket, count: int, one: bytes = b'{"status":"ok"}') -> bytes:
    """What a client is answered, until it has so many answers."""
    client.settimeout(10)
    said = b""
    while said.count(one) < count:
        came = client.recv(1 << 20)
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


#: Requests whose body is longer than anybody reads, on addresses that read it and that do not.
FORM = "Sec-Fetch-Site: same-origin\r\nOrigin: http://a\r\nContent-Type: "
LONG_BODIES = {
    "json": "POST /graph|Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n",
    "a form": f"POST /login|{FORM}application/x-www-form-urlencoded\r\nContent-Length: 10000000\r\n\r\n",
    "a file": f"POST /login|{FORM}multipart/form-data; boundary=b\r\nContent-Length: 10000000\r\n\r\n--b\r\n"
    "Content-Disposition: form-data; name=x; filename=y\r\n\r\n",
    "in chunks": f"POST /login|{FORM}application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nF00000\r\n",
    "a head": "GET /health/live|" + "X: y\r\n" * 3000,
}


@pytest.mark.parametrize("sent", LONG_BODIES.values(), ids=LONG_BODIES)
def test_a_body_that_goes_on_beyond_what_is_read_holds_no_thread(service: Deployment, sent: str) -> None:
    address, _, rest = sent.partition("|")
    request = f"{address} HTTP/1.1\r\nHost: a\r\n{rest}".encode()
    with held(service, 8, request + b"x" * 140_000 if "X: y" not in sent else request) as clients:
        for _ in range(3):
            for client in clients:
                with contextlib.suppress(OSError):  # it may be closed by now
                    client.send(b"x" * 20)
            assert max(waits(service, 5)) < PATIENCE


def test_what_comes_behind_a_body_that_was_cut_is_no_request(service: Deployment) -> None:
    head = b"POST /graph HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
    with held(service, 1, head + b"x" * 70_000) as clients:
        client = clients[0]
        client.settimeout(5)
        said = b""
        with contextlib.suppress(OSError):
            client.sendall(REQUEST * 10)
            while came := client.recv(10_000):
                said += came
        assert said.count(b"HTTP/1.1 ") == 1, said
        assert b"200 OK" not in said
        assert b"\r\nConnection: close\r\n" in said


def test_chunks_are_read_to_their_end_and_no_further(service: Deployment) -> None:
    head = b"POST /graph HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with held(service, 1, head + b"4\r\n10\r\n\r\n") as clients:  # it looks like the end, and is none
        client = clients[0]
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(100)
        client.sendall(b"0\r\nX-Trailer: x\r\n\r\n" + REQUEST)
        client.settimeout(5)
        said = answers(client, 1)
        assert said.startswith(b"HTTP/1.1 401")


def test_a_client_that_does_not_close_holds_nobody_up(service: Deployment) -> None:
    with held(service, 24, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) as clients:
        assert max(waits(service)) < PATIENCE
        assert b'{"status":"ok"}' in clients[0].recv(10_000)


def test_clients_that_do_not_take_their_answers_hold_no_thread(service: Deployment) -> None:
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    with held(service, 8, b"") as clients:
        for client in clients:
            client.setblocking(False)
        began = time.monotonic()
        while time.monotonic() - began < 4:  # until what the system takes for them is full
            for client in clients:
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    client.send(ask * 20)
            assert max(waits(service, 2)) < PATIENCE
    with held(service, 1, ask * 60) as clients:
        answers(clients[0], 60, b"HTTP/1.1 200 OK")


def test_what_a_client_does_not_take_is_kept_and_sent_later() -> None:
    ours, theirs = socket.socketpair()
    answer, text = Answering(ours), random.Random(1).randbytes(8_000_000)
    with ours, theirs:

        def send() -> None:
            with contextlib.suppress(OSError):  # where it waits until the sockets are closed
                answer.sendall(text)

        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        assert answer.rest
        came = b""
        while len(came) < len(text):
            came += theirs.recv(1 << 20)
            answer.push()
        assert came == text
        assert answer.push()


def test_the_oldest_of_one_address_gives_way_and_the_process_lives(service: Deployment) -> None:
    before = service.processes["web"].pid
    with held(service, 700, b"G") as clients:
        for client in clients:
            with contextlib.suppress(OSError):
                client.send(b"E")
        clients[0].settimeout(5)
        assert clients[0].recv(100) == b""
        assert max(waits(service, 5)) < PATIENCE
    assert service.processes["web"].popen.poll() is None
    assert "Exception in worker" not in (service.folder / "web.log").read_text()
    assert before == service.processes["web"].pid
