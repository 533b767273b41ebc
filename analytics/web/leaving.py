"""An answer on its way: a thread gives away what the client takes at once, and the worker's loop sends the rest."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

#: Bytes given to the system at once.
PIECE = 1 << 20


@dataclass
class Answering:
    """A socket as gunicorn writes an answer to it: nothing waits, and ``rest`` is what the client has not taken yet."""

    sock: socket.socket
    rest: bytearray = field(default_factory=bytearray)

    def sendall(self, data: bytes) -> None:
        """Send what can be sent now, and keep the rest. Raises :class:`OSError` where the client is gone."""
        self.rest += data
        self.push()

    def push(self) -> bool:
        """Send what the client takes of the rest now; whether nothing is left. Raises :class:`OSError`."""
        self.sock.setblocking(False)
        while self.rest:
            try:
                with memoryview(self.rest) as view, view[:PIECE] as piece:
                    sent = self.sock.send(piece)
            except BlockingIOError:
                return False
            del self.rest[:sent]
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


@dataclass
class Leaving:
    """An answer that the loop sends: until when it must be gone, and whether the connection stays open after it."""

    answer: Answering
    until: float
    keep: bool
