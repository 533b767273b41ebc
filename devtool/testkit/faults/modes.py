"""The ways an answer can go wrong, each as it looks on the socket.

A :class:`Fault` is armed for a path and a number of requests; :data:`MODES`
maps its ``mode`` to the function that misbehaves. Each returns whether the
connection may be used for another request.
"""

from __future__ import annotations

import functools
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave.

    ``argument`` is the mode's own: the status of ``status``, seconds between
    bytes of ``drip`` and before the answer of ``late``, bytes of ``huge`` and
    ``gzip_bomb``, the target of ``redirect``, the body of ``body``. ``headers`` go out with ``status`` and ``body``.
    """

    mode: str
    argument: float | str | bytes = 0
    headers: tuple[tuple[str, str], ...] = field(default=())


def head(status: int, length: int | None, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A response's head; without a length the body is chunked."""
    size = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    lines = [f"HTTP/1.1 {status} Answer", "Content-Type: application/json", size]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(sock: socket.socket, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> bool:
    """A whole response in one write."""
    sock.sendall(head(status, len(body), headers) + body)
    return True


def status(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """An error status with a body nobody should repeat to a person."""
    return answer(sock, int(fault.argument), b"Traceback: canary-upstream-body", fault.headers)


def body(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """200 with any body."""
    given = fault.argument
    return answer(sock, 200, given if isinstance(given, bytes) else str(given).encode(), fault.headers)


def hang(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """Nothing at all."""
    stop.wait()
    return False


def _trickle(sock: socket.socket, data: bytes, seconds: float, stop: threading.Event) -> bool:
    for place in range(len(data)):
        sock.sendall(data[place : place + 1])
        if stop.wait(seconds):
            break
    return False


def drip(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """A body of one byte at a time: no single read ever times out."""
    sock.sendall(head(200, 100_000) + b'{"items":')
    return _trickle(sock, b" " * 99_000, float(fault.argument) or 1.0, stop)


def drip_head(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """Headers of one byte at a time."""
    return _trickle(sock, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 60_000, float(fault.argument) or 1.0, stop)


def drip_chunks(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """A chunk size of one digit at a time."""
    sock.sendall(head(200, None))
    return _trickle(sock, b"0" * 60_000, float(fault.argument) or 1.0, stop)


def reset(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """A TCP reset in place of an answer."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def half(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """The first bytes of a body that was announced to be longer."""
    sock.sendall(head(200, 5000) + b'{"items": [1,')
    return False


def bad_json(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """200 with broken JSON."""
    return answer(sock, 200, b'{"items": [canary')


def deep_json(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """200 with JSON nested 10,000 deep."""
    return answer(sock, 200, b'{"items": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")


def html(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """200 with a login page."""
    return answer(sock, 200, b"<html>canary: please log in</html>")


def huge(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """A chunked body without end, or of ``argument`` bytes."""
    sock.sendall(head(200, None))
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    for _ in range(int(fault.argument or 1 << 40) // 65536):
        if stop.is_set():
            return False
        sock.sendall(chunk)
    sock.sendall(b"0\r\n\r\n")
    return True


def gzip_bomb(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """A small gzip body that unpacks to ``argument`` bytes (256 MB)."""
    return answer(sock, 200, packed_blanks(int(fault.argument or 1 << 28)), (("Content-Encoding", "gzip"),))


@functools.cache
def packed_blanks(size: int) -> bytes:
    """``size`` bytes of blanks as gzip, packed once: at 256 MB that takes longer than the deadlines under test."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    return b"".join([*[packer.compress(block) for _ in range(size >> 20)], packer.flush()])


def redirect(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """302 to ``argument``."""
    return answer(sock, 302, b"", (("Location", str(fault.argument)),))


def close(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """The connection closed without a word."""
    return False


def late(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """The right answer after ``argument`` seconds: :meth:`Server._handle` gives it when this has waited."""
    stop.wait(float(fault.argument) or 1.0)
    return True


def lost_answer(sock: socket.socket, fault: Fault, stop: threading.Event) -> bool:
    """The request is carried out (see :meth:`Server._handle`), and the connection closed in place of the answer."""
    return False


Mode = Callable[[socket.socket, Fault, threading.Event], bool]
MODES: dict[str, Mode] = {
    mode.__name__: mode
    for mode in (
        status,
        body,
        hang,
        drip,
        drip_head,
        drip_chunks,
        reset,
        half,
        bad_json,
        deep_json,
        html,
        huge,
        gzip_bomb,
        redirect,
        close,
        late,
        lost_answer,
    )
}
"""Every mode by its name."""
