"""A request as far as it has come: when it is whole, and when it is longer than anybody here reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gunicorn.http.unreader import Unreader

#: Bytes of a head; of a body no more is read than the application takes, and of one in chunks twice that.
LARGEST_HEAD, LARGEST_BODY = 16 * 1024, 64 * 1024 + 1
#: Bytes of the line before a chunk.
LARGEST_LINE = 256
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*(?=\r\n|\Z)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;|\Z)")


@dataclass
class Reading:
    """Its bytes, when it must be whole, and where it ends once its head tells.

    ``chunk`` is where the next chunk begins. ``cut``: it goes on, and what has come is all that is looked at.
    """

    until: float
    data: bytearray = field(default_factory=bytearray)
    body: int = 0
    end: int = 0
    chunk: int = 0
    cut: bool = False

    def take(self, came: bytes) -> bool:
        r"""Add what has come; whether the request, or as much of it as the application will read, is there.

        A head that is too long is handed over as it is: the parser refuses it.

        >>> one = Reading(until=0.0)
        >>> one.take(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n1234"), one.take(b"5")
        (False, True)
        """
        seen = max(0, len(self.data) - 3)
        self.data += came
        if not self.body:
            end = self.data.find(b"\r\n\r\n", seen)
            if end < 0:
                self.cut = len(self.data) > LARGEST_HEAD
                return self.cut
            self._see_head(self.data[: end + 2])
        if self.chunk:
            return self._at_last_chunk()
        return len(self.data) >= self.end

    def _see_head(self, head: bytearray) -> None:
        """Note what a head says of the body behind it."""
        self.body = self.end = len(head) + 2
        if is_chunked(head):
            self.chunk = self.body
            return
        stated = body_length(head)
        self.cut = stated > LARGEST_BODY
        self.end += min(stated, LARGEST_BODY)

    def _at_last_chunk(self) -> bool:
        r"""Whether the last chunk is there, with the trailers and the empty line behind it.

        >>> one = Reading(until=0.0)
        >>> one.take(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n10\r\n\r\n")
        False
        >>> one.take(b"0\r\n"), one.take(b"Trailer: x\r\n\r\n"), one.cut
        (False, True, False)
        """
        while (line := self.data.find(b"\r\n", self.chunk)) >= 0:
            stated = CHUNK.match(self.data[self.chunk : line])
            if stated is None:
                self.cut = True  # the parser refuses it
                return True
            if not int(stated[1], 16):
                return self.data.startswith(b"\r\n", line + 2) or self.data.find(b"\r\n\r\n", line + 2) >= 0
            self.chunk = line + 2 + int(stated[1], 16) + 2
        self.cut = len(self.data) >= self.body + 2 * LARGEST_BODY or len(self.data) - self.chunk > LARGEST_LINE
        return self.cut


def body_length(head: bytes | bytearray) -> int:
    r"""How long a body is said to be.

    >>> body_length(b"POST / HTTP/1.1\r\ncontent-length: 7"), body_length(b"GET / HTTP/1.1")
    (7, 0)
    """
    stated = CONTENT_LENGTH.search(head)
    return int(stated[1]) if stated else 0


def is_chunked(head: bytes | bytearray) -> bool:
    """Whether the length of the body is said as it comes."""
    return CHUNKED.search(head) is not None


class Given(Unreader):  # type: ignore[misc]  # gunicorn ships no types
    """What the parser reads from: the bytes that have come. It never waits for others; they are read by the loop."""

    def chunk(self, size_hint: Any = None) -> bytes:
        """Nothing: what there is was put in front."""
        return b""
