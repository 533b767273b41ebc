"""One neighbour: ask it, ask again where that may help, and read what it answers."""

from __future__ import annotations

import os
import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from urllib3.exceptions import HTTPError

from ..errors import SettingsError
from .deadline import Deadline, until
from .failure import BODY_LIMIT, TransportError, reason_of
from .reading import parse_json
from .sockets import Adapter

#: Longest wait between two tries in seconds, whatever ``Retry-After`` asks for.
LONGEST_WAIT = 5.0
#: The wait before the second try; it doubles from there.
FIRST_WAIT = 0.2
#: Answers that say the request was turned away unread.
TURNED_AWAY = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer: its status and decoded body."""

    neighbour: str
    status: int
    body: bytes

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; raises :class:`TransportError` where it is none."""
        try:
            value = parse_json(self.body)
        except ValueError:
            raise TransportError(self.neighbour, "json") from None
        if not isinstance(value, dict):
            raise TransportError(self.neighbour, "object")
        return value


class Neighbour:
    """A service we call: its base URL, our headers and the limits of a call.

    ``name`` is how error texts call it. ``seconds`` bounds a call with all its
    tries, ``try_seconds`` one of them. ``headers`` is asked before each try, for
    tokens that expire. Connections are kept alive and used again; after a fork
    the child opens its own. Safe to use from several threads.

    Raises :class:`~analytics.errors.SettingsError` for a base URL without a host.
    """

    def __init__(
        self,
        name: str,
        base: str,
        *,
        headers: Callable[[], Mapping[str, str]] = dict,
        seconds: float = 25.0,
        try_seconds: float = 10.0,
        attempts: int = 3,
        limit: int = BODY_LIMIT,
    ) -> None:
        parts = urlsplit(base)
        try:
            usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise SettingsError(f"{name}: the configured address is not an http:// or https:// URL with a host")
        # Whatever stands before an @ would become a second Authorization header beside our token.
        self.base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        self.name = name
        self.seconds = seconds
        self._headers = headers
        self._try_seconds = try_seconds
        self._attempts = attempts
        self._limit = limit
        self._session = _Session()
        self._pid = os.getpid()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        content_type: str = "application/json",
        safe: bool = True,
        deadline: Deadline | None = None,
        final: frozenset[int] = frozenset(),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask, and ask again where that may help; answer what came with a 2xx status.

        ``safe`` says that asking twice does no harm. Otherwise a second try is
        made only where the first cannot have been read: no connection, or turned
        away with 429 or 503. ``deadline`` bounds the call further, ``final`` are
        statuses that are not worth another try here, ``headers`` go with this
        call only.

        Raises :class:`TransportError`.
        """
        end = (deadline or Deadline.after(self.seconds)).at_most(self.seconds)
        for attempt in range(1, self._attempts + 1):
            try:
                return self._try(method, path, body, content_type, end.at_most(self._try_seconds), headers or {})
            except _Failed as exc:
                again = exc.error.transient and exc.error.status not in final and (safe or exc.unread)
                wait = _wait(attempt, exc.retry_after)
                if not again or attempt == self._attempts or time.monotonic() + wait >= end.at:
                    raise exc.error from None
                time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def post_json(self, path: str, value: object, **options: Any) -> dict[str, Any]:
        """``POST`` a JSON document and answer the JSON object that comes back; options as for :meth:`call`."""
        return self.call("POST", path, body=orjson.dumps(value), **options).object()

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    def _try(
        self,
        method: str,
        path: str,
        body: bytes,
        content_type: str,
        deadline: Deadline,
        extra: Mapping[str, str],
    ) -> Answer:
        if self._pid != os.getpid():  # a forked child must not share its parent's sockets
            self._session, self._pid = _Session(), os.getpid()
        headers = {"Accept-Encoding": "gzip", "Content-Type": content_type, **self._headers(), **extra}
        with until(deadline):
            try:
                response = self._session.request(
                    method,
                    self.base + path,
                    data=body,
                    headers=headers,
                    stream=True,
                    allow_redirects=False,
                    timeout=deadline.left(),
                )
                try:
                    return self._read(response)
                finally:
                    response.close()
            except _Failed:
                raise
            except (requests.RequestException, HTTPError, OSError) as exc:
                reason, unread = reason_of(exc)
                raise _Failed(TransportError(self.name, reason), unread=unread) from None

    def _read(self, response: requests.Response) -> Answer:
        status = response.status_code
        if 200 <= status < 300:
            return Answer(self.name, status, self._body(response))
        reason = "redirect" if 300 <= status < 400 else "denied" if status in (401, 403) else "status"
        raise _Failed(
            TransportError(self.name, reason, status=status),
            unread=status in TURNED_AWAY,
            retry_after=_seconds(response.headers.get("Retry-After", "")),
        )

    def _body(self, response: requests.Response) -> bytes:
        """The decoded body. Read as it comes (``read1``): a plain read would wait for a full buffer."""
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise _Failed(TransportError(self.name, "encoding"))
        # 47: gzip or zlib, told apart by their first bytes.
        inflate = zlib.decompressobj(47) if coding not in ("identity", "") else None
        pieces: list[bytes] = []
        held = 0
        while piece := response.raw.read1(65536, decode_content=False):
            if inflate is not None:
                try:
                    piece = inflate.decompress(piece, self._limit + 1 - held)
                except zlib.error:
                    raise _Failed(TransportError(self.name, "encoding")) from None
            held += len(piece)
            if held > self._limit:
                raise _Failed(TransportError(self.name, "large", limit=self._limit))
            pieces.append(piece)
        if inflate is not None and pieces and (inflate.unused_data or not inflate.eof):
            raise _Failed(TransportError(self.name, "encoding" if inflate.eof else "broken"))
        return b"".join(pieces)


class _Session(requests.Session):
    """A session without environment, cookies or redirects."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = Adapter(pool_connections=2, pool_maxsize=8, max_retries=0)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere. Otherwise requests would read a redirect's body whole, without our limits."""
        return


class _Failed(Exception):
    """One try failed. ``unread``: the neighbour cannot have acted on it. ``retry_after``: seconds it asked for."""

    def __init__(self, error: TransportError, *, unread: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.unread = unread
        self.retry_after = retry_after


def _seconds(value: str) -> float:
    """``Retry-After`` in seconds; a date, or anything else, is left out of account.

    >>> _seconds("3"), _seconds("-1"), _seconds("Wed, 21 Oct 2015 07:28:00 GMT"), _seconds("9" * 400)
    (3.0, 0.0, 0.0, 5.0)
    """
    return min(float(value[:9]), LONGEST_WAIT) if value.isascii() and value.isdigit() else 0.0


def _wait(attempt: int, asked: float) -> float:
    """Seconds to wait after ``attempt``: doubled each time, capped, and spread so that callers return apart."""
    return max(min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT) * random.uniform(0.5, 1.0), asked)
