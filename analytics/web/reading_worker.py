"""A gunicorn worker that reads a request before it takes a thread: a client that sends slowly stops nobody.

gunicorn's threaded worker gives a connection to a thread as soon as something
of a request arrives, and the thread waits for the rest. A few half-sent
requests hold all threads. Here the worker's one loop reads heads and bodies of
all connections, as far as they have come, and hands over what is complete.
"""

from __future__ import annotations

import contextlib
import re
import resource
import socket
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

#: Seconds a head and its body may take to arrive, and a thread may wait for a client to take its answer.
DEADLINE = 10.0
#: Bytes of a head; of a body no more is read here than the application takes.
LARGEST_HEAD, LARGEST_BODY = 16 * 1024, 64 * 1024 + 1
#: Connections of one address that may be in the middle of a request; of more the oldest is given up.
MOST_OF_ONE_ADDRESS = 512
#: Connections of one process; as many of them as the system allows are open at once.
MOST_CONNECTIONS = 4_000
#: Descriptors that are needed for anything else.
SPARE = 100
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*(?=\r\n|\Z)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)


@dataclass
class Reading:
    """A request as far as it has come: its bytes, when it must be whole, and how long it is once its head tells.

    ``chunked``: its end is seen only when it is there.
    """

    until: float
    data: bytearray = field(default_factory=bytearray)
    length: int | None = None
    chunked: bool = False

    def take(self, came: bytes) -> bool:
        r"""Add what has come; whether the request, or as much of it as the application will read, is there.

        A head that is too long is handed over as it is: the parser refuses it.

        >>> one = Reading(until=0.0)
        >>> one.take(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n1234"), one.take(b"5")
        (False, True)
        """
        seen = max(0, len(self.data) - 3)
        self.data += came
        if self.length is None:
            end = self.data.find(b"\r\n\r\n", seen)
            if end < 0:
                return len(self.data) > LARGEST_HEAD
            self.length, self.chunked = end + 4 + body_length(self.data[:end]), is_chunked(self.data[:end])
        if self.chunked and len(self.data) < self.length + LARGEST_BODY:
            return self.data.endswith(b"0\r\n\r\n")
        return len(self.data) >= self.length


def body_length(head: bytes | bytearray) -> int:
    r"""How many bytes of a body to wait for.

    >>> body_length(b"POST / HTTP/1.1\r\ncontent-length: 7"), body_length(b"GET / HTTP/1.1")
    (7, 0)
    """
    stated = CONTENT_LENGTH.search(head)
    return min(int(stated[1]), LARGEST_BODY) if stated else 0


def is_chunked(head: bytes | bytearray) -> bool:
    """Whether the length of the body is said as it comes."""
    return CHUNKED.search(head) is not None


class ReadingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's threaded worker, with requests read before a thread is taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = min(hard, MOST_CONNECTIONS + SPARE) if hard != resource.RLIM_INFINITY else MOST_CONNECTIONS + SPARE
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        self.worker_connections = max(1, min(MOST_CONNECTIONS, max(soft, wanted) - SPARE))
        #: Connections whose request is being read, oldest first.
        self.reading: dict[TConn, Reading] = {}
        self.of_address: Counter[str] = Counter()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and begin to read its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        seconds = struct.pack("ll", int(DEADLINE), 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # for the thread that will serve it
            client.setsockopt(socket.SOL_SOCKET, option, seconds)
        self.nr_conns += 1
        self.read_from(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """A connection that was kept alive sends its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.read_from(conn)

    def enqueue_req(self, conn: TConn) -> None:
        """A connection on which the next request has begun to come behind one that was served."""
        self.read_from(conn, conn.parser.unreader.take_buffered())

    def read_from(self, conn: TConn, came: bytes = b"") -> None:
        """Read a request of ``conn`` from now on; the oldest give way where there are too many."""
        who = address_of(conn)
        self.of_address[who] += 1
        self.reading[conn] = Reading(time.monotonic() + DEADLINE)
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_bytes, conn))
        if self.of_address[who] > MOST_OF_ONE_ADDRESS:
            self.give_up(next(other for other in self.reading if address_of(other) == who))
        elif self.nr_conns >= self.worker_connections:
            self.give_up(next(iter(self.reading)))
        if conn in self.reading:
            if came and self.reading[conn].take(came):
                self.hand_over(conn)
            else:
                self.on_bytes(conn, conn.sock)

    def on_bytes(self, conn: TConn, client: socket.socket) -> None:
        """Take what has come; hand the request over when it is whole."""
        reading = self.reading[conn]
        try:
            while came := client.recv(65_536):
                if reading.take(came):
                    self.hand_over(conn)
                    return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.give_up(conn)

    def hand_over(self, conn: TConn) -> None:
        """Give a whole request to a thread."""
        data = self.reading[conn].data
        self.stop_reading(conn)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.initialized = True
        conn.parser.unreader.unread(bytes(data))
        super().enqueue_req(conn)

    def stop_reading(self, conn: TConn) -> None:
        """The loop looks at ``conn`` no more."""
        del self.reading[conn]
        who = address_of(conn)
        self.of_address[who] -= 1
        if not self.of_address[who]:
            del self.of_address[who]
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def give_up(self, conn: TConn) -> None:
        """Close a connection in the middle of its request."""
        self.stop_reading(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what has not sent a whole request in time; a worker that stops waits for none of them."""
        super().murder_pending()
        now = time.monotonic()
        for conn in list(self.reading):
            if self.alive and self.reading[conn].until > now:
                break  # those behind it have more time still
            self.give_up(conn)


def address_of(conn: TConn) -> str:
    """Who a connection comes from."""
    return conn.client[0] if isinstance(conn.client, tuple) else str(conn.client)
