"""A Redis proxy on loopback that loses replies: the command is carried out, and nobody hears of it.

with RedisProxy("/tmp/x/r.sock") as proxy:
    proxy.lose(b"EXEC", times=3)
    ...  # talk to proxy.url
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class RedisProxy:
    """Forwards to the server at a unix socket. ``lost`` counts the replies that were lost so far."""

    def __init__(self, target: str) -> None:
        self.lost = 0
        self._target = target
        self._word = b""
        self._times = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        threading.Thread(target=self._accept, name="redis proxy", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def lose(self, word: bytes, *, times: int = 1) -> None:
        """Lose the replies to the next ``times`` requests that hold ``word``, and close their connections."""
        with self._lock:
            self._word, self._times = word, times

    def stop(self) -> None:
        """Take no more connections; those there are end with their clients."""
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
            except OSError:
                continue
            losing = threading.Event()
            for run in (self._ask, self._answer):
                threading.Thread(target=run, args=(client, server, losing), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, losing: threading.Event) -> None:
        """Client to server; a request whose reply is to be lost is announced before it goes out."""
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 20):
                with self._lock:
                    if self._times and self._word in data:
                        self._times -= 1
                        losing.set()
                server.sendall(data)
        end(server)
        client.close()

    def _answer(self, client: socket.socket, server: socket.socket, losing: threading.Event) -> None:
        """Server to client, until a reply is to be lost: then the connection is closed in its place."""
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 20):
                if losing.is_set():
                    self.lost += 1
                    break
                client.sendall(data)
        end(client)
        server.close()


def end(sock: socket.socket) -> None:
    """Wake whoever reads from it."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
