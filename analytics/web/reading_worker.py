"""A gunicorn worker in which no client holds a thread, or the loop, by being slow.

gunicorn's threaded worker gives a connection to a thread as soon as something
of a request arrives: the thread waits for the rest, and for the client to take
the answer; then the one loop waits for the client to close. A few connections
that send, read or close slowly stop everybody. Here the loop reads heads and
bodies of all connections, as far as they have come, hands over what is complete,
sends what a client does not take at once, and waits for no one.
"""

from __future__ import annotations

import contextlib
import resource
import socket
import struct
import time
from collections import Counter
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from .arriving import Given, Reading
from .leaving import Answering, Leaving

#: Seconds a head and its body may take to arrive, and an answer to be taken; a large one has a second more for each
#: 64 kB of it. Seconds that a client is given to close its side.
DEADLINE, A_SECOND, CLOSING = 10.0, 64 * 1024, 2.0
#: Connections of one address that may be in the middle of a request; of more the oldest is given up.
MOST_OF_ONE_ADDRESS = 512
#: Connections of one process; as many of them as the system allows are open at once.
MOST_CONNECTIONS = 4_000
#: Bytes of answers that clients of one process have not taken; of more the oldest is given up.
MOST_UNSENT = 64 * 1024 * 1024
#: Descriptors that are needed for anything else.
SPARE = 100


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A client's connection. ``cut``: its request goes on beyond what is looked at; it is closed after the answer."""

    cut = False
    answer: Answering | None = None


class ReadingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's threaded worker, with a loop that reads requests, sends the ends of answers and closes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = min(hard, MOST_CONNECTIONS + SPARE) if hard != resource.RLIM_INFINITY else MOST_CONNECTIONS + SPARE
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        self.worker_connections = max(1, min(MOST_CONNECTIONS, max(soft, wanted) - SPARE))
        #: Connections whose request is being read, oldest first.
        self.reading: dict[Connection, Reading] = {}
        #: Those whose answer is being sent, and those whose client has to close its side and by when, oldest first.
        self.leaving: dict[Connection, Leaving] = {}
        self.closing: dict[Connection, float] = {}
        self.of_address: Counter[str] = Counter()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and begin to read its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        # For a thread that refuses what it cannot parse.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 1, 0))
        self.nr_conns += 1
        self.read_from(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A connection that was kept alive sends its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.read_from(conn)

    def enqueue_req(self, conn: Connection) -> None:
        """A connection on which the next request has begun to come behind one that was served."""
        self.read_from(conn, conn.parser.unreader.take_buffered())

    def read_from(self, conn: Connection, came: bytes = b"") -> None:
        """Read a request of ``conn`` from now on; the oldest give way where there are too many."""
        who = address_of(conn)
        self.of_address[who] += 1
        self.reading[conn] = Reading(time.monotonic() + DEADLINE)
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_bytes, conn))
        if self.of_address[who] > MOST_OF_ONE_ADDRESS:
            self.give_up(next(other for other in self.reading if address_of(other) == who))
        elif self.nr_conns >= self.worker_connections:
            self.give_up(next(one for held in (self.closing, self.leaving, self.reading) for one in held))
        if conn in self.reading:
            if came and self.reading[conn].take(came):
                self.hand_over(conn)
            else:
                self.on_bytes(conn, conn.sock)

    def on_bytes(self, conn: Connection, client: socket.socket) -> None:
        """Take what has come; hand the request over when it is whole."""
        reading = self.reading.get(conn)
        if reading is None:
            return  # it gave way to another that was looked at just before
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

    def hand_over(self, conn: Connection) -> None:
        """Give a whole request to a thread."""
        reading = self.reading[conn]
        self.let_alone(conn)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = Given()
            conn.initialized = True
        conn.parser.unreader.unread(bytes(reading.data))
        conn.cut = reading.cut
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Answer a request, in a thread; what the client does not take at once is left to the loop."""
        if conn.cut:
            req.force_close()
        sock = conn.sock
        conn.sock = conn.answer = Answering(sock)
        try:
            return super().handle_request(req, conn)
        finally:
            conn.sock = sock

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """A thread is done with a request: send what is left of its answer, then wait for the next one or close."""
        answer, conn.answer = conn.answer, None
        keep = not fs.cancelled() and fs.exception() is None and fs.result() is True
        if answer is None or not answer.rest:
            self.go_on(conn, keep=keep)
            return
        seconds = DEADLINE + len(answer.rest) / A_SECOND
        self.leaving[conn] = Leaving(answer, time.monotonic() + seconds, keep)
        try:
            self.poller.register(conn.sock, EVENT_WRITE, partial(self.on_room, conn))
        except (OSError, ValueError):  # it was closed in the middle of its answer
            self.give_up(conn)
        while sum(len(one.answer.rest) for one in self.leaving.values()) > MOST_UNSENT:
            self.give_up(next(iter(self.leaving)))

    def on_room(self, conn: Connection, client: socket.socket) -> None:
        """The client has taken something: send more."""
        leaving = self.leaving.get(conn)
        if leaving is None:
            return
        try:
            if not leaving.answer.push():
                return
        except OSError:
            self.give_up(conn)
            return
        self.let_alone(conn)
        self.go_on(conn, keep=leaving.keep)

    def go_on(self, conn: Connection, *, keep: bool) -> None:
        """Wait for the next request on a connection that is kept; say that we are done with any other."""
        try:
            if keep and (begun := conn.parser.unreader.take_buffered()):
                self.read_from(conn, begun)
            elif keep:
                conn.sock.setblocking(False)
                conn.set_timeout()
                if not self.alive:
                    conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
                self.keepalived_conns.append(conn)
                self.poller.register(conn.sock, EVENT_READ, partial(self.on_client_socket_readable, conn))
            else:
                # What the client has sent beyond is read away, or the system would tell it that its answer is lost.
                conn.sock.setblocking(False)
                conn.sock.shutdown(socket.SHUT_WR)
                self.closing[conn] = time.monotonic() + CLOSING
                self.poller.register(conn.sock, EVENT_READ, partial(self.on_last_bytes, conn))
        except (OSError, ValueError):
            self.give_up(conn)

    def on_last_bytes(self, conn: Connection, client: socket.socket) -> None:
        """Read away what comes behind the last answer, until the client closes."""
        if conn not in self.closing:
            return
        try:
            if client.recv(65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.give_up(conn)

    def let_alone(self, conn: Connection) -> None:
        """The loop looks at ``conn`` no more."""
        self.leaving.pop(conn, None)
        self.closing.pop(conn, None)
        if self.reading.pop(conn, None) is not None:
            who = address_of(conn)
            self.of_address[who] -= 1
            if not self.of_address[who]:
                del self.of_address[who]
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def give_up(self, conn: Connection) -> None:
        """Close a connection, whatever was being done with it."""
        self.let_alone(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what has not sent, taken or closed in time; a worker that stops waits for no request."""
        super().murder_pending()
        now = time.monotonic()
        late = [conn for conn, reading in self.reading.items() if not self.alive or reading.until <= now]
        late += [conn for conn, leaving in self.leaving.items() if leaving.until <= now]
        late += [conn for conn, until in self.closing.items() if until <= now]
        for conn in late:
            self.give_up(conn)


def address_of(conn: Connection) -> str:
    """Who a connection comes from."""
    return conn.client[0] if isinstance(conn.client, tuple) else str(conn.client)
