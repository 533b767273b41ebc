"""Clients that send a part of a request and then nothing, or a byte now and then, from many addresses."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections import Counter

from devtool.testkit.deployment import Deployment

#: How often each of them is looked at, in seconds, and the share of them that then send a byte.
ROUND, DRIPPING = 0.25, 0.2


def beginnings(token: str) -> tuple[bytes, ...]:
    """What a slow client has sent: a part of a head, a head with a good token and a part of its body, a letter."""
    return (
        b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        f"POST /graph HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\nContent-Length: 500\r\n\r\n{{".encode(),
        b"P",
    )


def drip(deployment: Deployment, count: int, luck: random.Random, stop: threading.Event, seen: Counter[str]) -> None:
    """Hold ``count`` connections until told to stop; one that the service gives up is opened anew."""
    parts = beginnings(deployment.token())
    held: dict[int, socket.socket] = {}
    while not stop.wait(ROUND):
        for number in range(count):
            with contextlib.suppress(OSError):
                if number not in held:
                    held[number] = opened(deployment.port, number, parts[number % len(parts)])
                    seen["opened"] += 1
                elif given_up(held[number]):
                    held.pop(number).close()
                    seen["given up by the service"] += 1
                elif luck.random() < DRIPPING:
                    held[number].send(b"x")
    for one in held.values():
        one.close()


def opened(port: int, number: int, beginning: bytes) -> socket.socket:
    """A connection from one of two hundred addresses of this machine, with the beginning of a request sent."""
    client = socket.create_connection(("127.0.0.1", port), 2, source_address=(f"127.0.2.{number % 200 + 1}", 0))
    client.sendall(beginning)
    client.setblocking(False)
    return client


def given_up(client: socket.socket) -> bool:
    """Whether the other side has closed it, with an answer or without."""
    try:
        return client.recv(1000) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
