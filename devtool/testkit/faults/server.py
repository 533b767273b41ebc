"""A loopback HTTP server that can misbehave: started on a free port, stopped without a trace.

    with Server(respond) as server:
        server.arm("/servers", "drip", times=3, argument=0.1)
        ...  # ask server.url

``respond`` is a function from :class:`Request` to :class:`Response`; without
one every request is answered ``{"items": [], "found": 0}``. Sockets are driven
by hand, since most faults cannot be said in the terms of an HTTP library.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Self
from urllib.parse import urlsplit

from devtool.testkit.faults import modes
from devtool.testkit.faults.modes import Fault

#: The path under which a server in a process of its own is armed: PUT {"path", "mode", "times", "argument"}.
CONTROL = "/__fault"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in, and when it was all there (monotonic clock).

    Header names are in lower case, the path is without its query.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out: ``body`` is text, bytes, or anything JSON can say."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> bytes:
        """The body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


Respond = Callable[[Request], Response | None]
"""How a server answers; ``None`` is never."""


def nothing_found(request: Request) -> Response:
    """The answer of an empty inventory."""
    return Response(body={"items": [], "found": 0})


class Server:
    """One server; a thread for each connection, all of them gone after :meth:`stop`.

    ``requests`` lists what came in, in order. ``connections`` counts the
    connections taken, so that a test can tell whether they are used again.
    ``tls`` makes it speak HTTPS.
    """

    def __init__(self, respond: Respond = nothing_found, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._respond = respond
        self._tls = tls
        self._faults: dict[str, tuple[Fault, int]] = {}
        self._haunted: tuple[float, tuple[Fault, ...], random.Random] = (0.0, (), random.Random(0))
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, name=f"accept {self.port}", daemon=True)
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def arm(
        self,
        path: str,
        mode: str,
        *,
        times: int = -1,
        argument: float | str | bytes = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the next ``times`` requests for ``path`` (``*``: any) go wrong; -1 is for ever, 0 disarms."""
        if mode not in modes.MODES:
            raise ValueError(f"no fault mode {mode!r}; there are {', '.join(modes.MODES)}")
        with self._lock:
            self._faults[path] = (Fault(mode, argument, tuple((headers or {}).items())), times)

    def haunt(self, share: float, faults: Sequence[Fault], seed: int) -> None:
        """Let a share of all answers go wrong, each in one of the ways of ``faults``; 0 ends it."""
        with self._lock:
            self._haunted = (share, tuple(faults), random.Random(seed))

    def paths(self) -> list[str]:
        """The paths asked so far, in order."""
        with self._lock:
            return [request.path for request in self.requests]

    def stop(self) -> None:
        """Close the listener and every connection, and wait for their threads."""
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(5)
        with self._lock:
            still = dict(self._open)
        for sock in still:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in still.values():
            thread.join(5)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(sock,), name=f"serve {self.port}", daemon=True)
            with self._lock:
                self.connections += 1
                self._open[sock] = thread
            thread.start()

    def _serve(self, taken: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), self._spoken(taken) as sock, sock.makefile("rb") as stream:
            while (
                not self._stop.is_set()
                and (request := read_request(stream)) is not None
                and self._handle(sock, request)
            ):
                pass
        with self._lock:
            self._open.pop(taken, None)

    def _spoken(self, taken: socket.socket) -> socket.socket:
        """The connection, after the handshake where there is one."""
        if self._tls is None:
            return taken
        try:
            return self._tls.wrap_socket(taken, server_side=True)
        except OSError:
            taken.close()
            raise

    def _handle(self, sock: socket.socket, request: Request) -> bool:
        """Answer one request, well or badly; true where the connection stays open."""
        if request.path == CONTROL:
            self.arm(**json.loads(request.body))
            return modes.answer(sock, 200, b"{}")
        fault = self._due(request)
        if fault is not None:
            if fault.mode == "lost_answer":
                self._respond(request)
            alive = modes.MODES[fault.mode](sock, fault, self._stop)
            if fault.mode != "late":
                return alive
        response = self._respond(request)
        if response is None:
            return modes.hang(sock, Fault("hang"), self._stop)
        modes.answer(sock, response.status, response.encoded(), response.headers)
        return request.headers.get("connection", "").lower() != "close"

    def _due(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            for path in (request.path, "*"):
                fault, times = self._faults.get(path, (None, 0))
                if fault is not None and times != 0:
                    self._faults[path] = (fault, times - 1 if times > 0 else times)
                    return fault
            share, faults, luck = self._haunted
            if luck.random() < share:
                return luck.choice(faults)
        return None


def read_request(stream: BinaryIO) -> Request | None:
    """The next request of a connection, or nothing where it ended. Bodies need a ``Content-Length``."""
    line = stream.readline(65536)
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while text := stream.readline(65536).decode("latin-1").strip():
        name, _, value = text.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = stream.read(int(headers.get("content-length") or 0))
    return Request(method, urlsplit(target).path, headers, body, time.monotonic())
