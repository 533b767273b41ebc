"""How a call can fail, in words that hold nothing of an upstream body, a token or a URL."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeout

from ..errors import AnalyticsError, InventoryError

#: Longest answer that is read, in bytes after decoding.
BODY_LIMIT = 32 * 1024 * 1024
#: Answers after which the same question may be put again.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

REASONS = {
    "unreachable": "{name} cannot be reached",
    "timeout": "{name} did not answer in time",
    "broken": "{name} broke off its answer",
    "tls": "{name} could not prove who it is (TLS)",
    "redirect": "{name} answered with a redirect, which is never followed",
    "denied": "{name} does not accept our token (status {status})",
    "status": "{name} answered with status {status}",
    "large": "{name} answered with more than {limit} MB",
    "encoding": "{name} answered in an encoding that cannot be read",
    "json": "{name} answered with something that is not JSON",
    "object": "{name} answered with JSON of an unexpected shape",
    "request": "{name} cannot be asked this",
}
"""Every way a call can fail, as a sentence for a person."""

#: Failures another try may cure. The others stay as they are until somebody changes something.
CURABLE = frozenset({"unreachable", "timeout", "broken", "tls", "encoding", "json", "object"})


class TransportError(AnalyticsError):
    """A call failed. ``reason`` is a key of :data:`REASONS`, ``status`` the HTTP status or 0.

    Never leaves the callers of this module: they turn it into the error of their own subject.
    """

    def __init__(self, name: str, reason: str, *, status: int = 0, limit: int = BODY_LIMIT) -> None:
        super().__init__(REASONS[reason].format(name=name, status=status, limit=limit // 1024 // 1024))
        self.reason = reason
        self.status = status
        self.transient = reason in CURABLE or (reason == "status" and status in PASSING)


def reason_of(exc: BaseException) -> tuple[str, bool]:
    """Which of :data:`REASONS` a library's exception is, and whether nothing was sent."""
    cause: BaseException | None = exc
    chain: list[BaseException] = []
    while cause is not None and len(chain) < 8:
        chain.append(cause)
        inner = next((arg for arg in cause.args if isinstance(arg, BaseException)), None)
        cause = getattr(cause, "reason", None) if isinstance(cause, HTTPError) else None
        cause = cause if isinstance(cause, BaseException) else inner

    def any_is(*kinds: type[BaseException]) -> bool:
        return any(isinstance(link, kinds) for link in chain)

    if any_is(NewConnectionError):
        return "unreachable", True
    if any_is(ConnectTimeoutError, requests.ConnectTimeout):
        return "timeout", True
    if any_is(TimeoutError, PoolTimeout, requests.Timeout):
        return "timeout", False
    if any_is(ssl.SSLError, requests.exceptions.SSLError):
        return "tls", True
    if any_is(requests.ConnectionError, requests.exceptions.ChunkedEncodingError, HTTPError, OSError) and not any_is(
        requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader
    ):
        return "broken", False
    return "request", True


@contextmanager
def asked() -> Iterator[None]:
    """Inside the block a neighbour is asked for an inventory: what goes wrong is an :class:`InventoryError`."""
    try:
        yield
    except TransportError as exc:
        raise InventoryError(str(exc), transient=exc.transient) from None
