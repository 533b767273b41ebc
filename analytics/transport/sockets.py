"""Sockets that know the deadline of the running call, and connections made of them.

A read time-out does not stop a neighbour that sends one byte a second: it
begins anew with each byte, in headers and chunk sizes as in bodies. Here every
operation on a socket gets what is left of the call's time, so that it ends
wherever it is: resolving, connecting, shaking hands, sending or receiving.
"""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from .deadline import Deadline, current

#: Seconds to connect where no call is running.
FALLBACK_SECONDS = 10.0


def _arm(sock: socket.socket) -> None:
    """Give the next operation on ``sock`` what is left of the running call's time."""
    deadline = current()
    if deadline is not None:
        sock.settimeout(deadline.left())


class _Socket(socket.socket):
    """A TCP socket whose every receive and send ends at the running call's deadline."""

    def recv_into(self, *args: Any, **options: Any) -> int:
        _arm(self)
        return super().recv_into(*args, **options)

    def sendall(self, *args: Any, **options: Any) -> None:
        _arm(self)
        super().sendall(*args, **options)


class _TLSSocket(ssl.SSLSocket):
    """The same for TLS, its handshake included."""

    def do_handshake(self, block: bool = False) -> None:
        _arm(self)
        super().do_handshake(block)

    def recv_into(self, *args: Any, **options: Any) -> int:
        _arm(self)
        return super().recv_into(*args, **options)

    def sendall(self, *args: Any, **options: Any) -> None:
        _arm(self)
        super().sendall(*args, **options)


def _addresses(host: str, port: int, deadline: Deadline) -> list[tuple[Any, ...]]:
    """Resolve ``host``; a name server that hangs is left to a thread of its own when the time is up."""
    found: list[tuple[Any, ...]] = []
    failed: list[OSError] = []

    def resolve() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as exc:
            failed.append(exc)

    thread = threading.Thread(target=resolve, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError("name not resolved in time")
    return list(found)


def _connect(host: str, port: int) -> _Socket:
    """Connect to the first address of ``host`` that answers.

    Each but the last gets half of the time left, so that an address that
    swallows packets does not cost the others their chance.
    """
    deadline = current() or Deadline.after(FALLBACK_SECONDS)
    addresses = _addresses(host, port, deadline)
    for number, (family, kind, protocol, _, address) in enumerate(addresses, 1):
        sock = _Socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(deadline.left() / (1 if number == len(addresses) else 2))
            sock.connect(address)
        except OSError:
            sock.close()
            if number == len(addresses):
                raise
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise OSError("no address")


class _Dialing:
    """``_new_conn`` of urllib3's connections, with our socket in place of its own."""

    def _new_conn(self) -> socket.socket:
        host, port = self._dns_host, self.port  # type: ignore[attr-defined]
        try:
            return _connect(host.strip("[]"), port)
        except socket.gaierror as exc:
            raise NameResolutionError(host, self, exc) from None  # type: ignore[arg-type]
        except TimeoutError:
            raise ConnectTimeoutError(self, "no connection in time") from None
        except OSError:
            raise NewConnectionError(self, "no connection") from None  # type: ignore[arg-type]


class _PlainConnection(_Dialing, HTTPConnection):
    """HTTP over :class:`_Socket`."""


class _TLSConnection(_Dialing, HTTPSConnection):
    """HTTPS over :class:`_TLSSocket`, trusting the system's authorities beside the bundled ones."""

    def connect(self) -> None:
        if self.ssl_context is None:
            context = create_urllib3_context()
            context.load_default_certs()
            context.sslsocket_class = _TLSSocket
            self.ssl_context = context
        super().connect()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class Adapter(HTTPAdapter):
    """Hands out the connections above."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TLSPool}
