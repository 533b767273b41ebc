"""The neighbours we tell: the Front takes drawings, the Data App status, the websocket server a word for the browser.

Each has a stand-in for the deployment that does without it. What is tried, for
how long and how often is decided here and in :mod:`analytics.transport`;
fences, order and keeping what could not be written belong to the run store.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_letters, digits

import orjson

from .errors import DeliveryError, ForeignGraph
from .model import GraphRequest
from .ports import Bell, Board, Front
from .settings import Settings
from .transport import Deadline, Neighbour, TransportError, data_app_token, front_token

#: What the Front accepts in one request, in bytes.
FRONT_LIMIT = 50 * 1024 * 1024
#: Seconds a drawing may take to be delivered: the Front makes a PNG of it before it answers.
FRONT_SECONDS = 30.0
#: Seconds for a status.
BOARD_SECONDS = 10.0
#: Seconds for a word to the browsers, connecting and a second form of the request included.
BELL_SECONDS = 2.0

#: A run's level as the browser's toasts call it; other words are theirs already.
TOAST = {"finished": "success", "error": "danger"}
TOASTS = frozenset({"success", "warning", "danger", "info"})


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everybody this service tells something."""

    front: Front
    board: Board
    bell: Bell


def connect(settings: Settings) -> Neighbours:
    """The neighbours that are configured, and stand-ins for the others. Nothing is connected yet.

    A Data App has graph documents; an inventory of another kind has none.
    Raises :class:`~analytics.errors.SettingsError` for an address that cannot be called.
    """
    data_app = settings.data_uri.lower().startswith(("http://", "https://"))
    return Neighbours(
        front=HttpFront(settings.front_uri, settings.secret, settings.noauth) if settings.front_uri else KeptFront(),
        board=DataAppBoard(settings.data_uri, settings.secret, settings.noauth) if data_app else NoBoard(),
        bell=CentrifugoBell(settings.websocket_uri, settings.websocket_secret) if settings.websocket_uri else NoBell(),
    )


# --- drawings ---------------------------------------------------------------------------


class HttpFront:
    """The Analytics Front: stores a drawing, shows it and sets its graph ``finished``."""

    def __init__(self, base: str, secret: str, noauth: str, *, seconds: float = FRONT_SECONDS) -> None:
        self._front = Neighbour("The Analytics Front", base, seconds=seconds, try_seconds=seconds)
        self._secret = secret
        self._noauth = noauth

    def send(self, request: GraphRequest, svg: str, nodes: int) -> str:
        """Hand over a drawing; answer ``front``.

        Sent again only where the first try cannot have arrived: the Front shows
        what comes last, and only the caller knows whether this still is the last.

        Raises :class:`~analytics.errors.DeliveryError`.
        """
        if not request.graph_id or not request.owner_id:
            # It would never answer: it looks up both before it does anything else.
            raise DeliveryError("A drawing without the ids of its graph and owner cannot be delivered")
        body = form(payload=svg, total=str(nodes))
        if len(body) > FRONT_LIMIT:
            raise DeliveryError(f"The drawing is larger than the {FRONT_LIMIT >> 20} MB the Analytics Front accepts")
        token = front_token(self._secret, self._noauth, request.graph_id, request.owner_id)
        try:
            self._front.call(
                "POST",
                "/graphs",
                body=body,
                content_type="application/x-www-form-urlencoded",
                headers={"Authorization": f"JWT {token}"},
                safe=False,
            )
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None
        return "front"

    def close(self) -> None:
        """Give back connections."""
        self._front.close()


@dataclass(frozen=True, slots=True)
class KeptFront:
    """No Front: the drawing stays with the run store, and the viewer shows it."""

    def send(self, request: GraphRequest, svg: str, nodes: int) -> str:
        """Answer ``kept``."""
        return "kept"


_PLAIN = frozenset((ascii_letters + digits + "_.-~").encode())
_ESCAPED = [(bytes([byte]), b"%%%02X" % byte) for byte in range(256) if byte not in _PLAIN and byte != ord("%")]


def form(**fields: str) -> bytes:
    """Fields as ``application/x-www-form-urlencoded``.

    Byte values are replaced one kind at a time over the whole text: for a
    drawing of a megabyte some ten times faster than a loop over its characters.

    >>> form(payload="<g id='ä'> 100%+</g>", total="1")
    b'payload=%3Cg%20id%3D%27%C3%A4%27%3E%20100%25%2B%3C%2Fg%3E&total=1'
    """
    return b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in fields.items())


def _quoted(text: str) -> bytes:
    data = text.encode("utf-8", "replace").replace(b"%", b"%25")
    for byte, escaped in _ESCAPED:
        if byte in data:
            data = data.replace(byte, escaped)
    return data


# --- status -----------------------------------------------------------------------------


class DataAppBoard:
    """The graph documents of the Data App."""

    def __init__(self, base: str, secret: str, noauth: str, *, seconds: float = BOARD_SECONDS) -> None:
        self._app = Neighbour(
            "The Data App",
            base,
            headers=lambda: {"Authorization": f"JWT {data_app_token(secret, noauth)}"},
            seconds=seconds,
            try_seconds=seconds / 2,
        )

    def write(self, request: GraphRequest, fields: Mapping[str, object]) -> None:
        """Set ``fields`` of the graph document, once it is seen to be the owner's; ``None`` leaves a field alone.

        Raises :class:`~analytics.errors.DeliveryError`; keeping what it could not write is the caller's business.
        Raises :class:`~analytics.errors.ForeignGraph` for a document of somebody else: the Data App itself would
        take the write.
        """
        self._require_owned(request)
        document = {**{name: value for name, value in fields.items() if value is not None}, "_id": request.graph_id}
        try:
            self._app.call("PUT", "/graphs", body=orjson.dumps({"body": [document]}))
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None

    def _require_owned(self, request: GraphRequest) -> None:
        query = orjson.dumps({"_id": request.graph_id, "roles._id": request.owner_id}).decode()
        try:
            answer = self._app.post_json("/graphs", {"query": query, "limit": 1, "page": 1})
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None
        items = answer.get("items")
        held = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        if str(held.get("_id", "")).lower() != request.graph_id.lower():
            raise ForeignGraph("The graph document is not this owner's; nothing was written to it.")

    def close(self) -> None:
        """Give back connections."""
        self._app.close()


@dataclass(frozen=True, slots=True)
class NoBoard:
    """No Data App: the run's own state is all there is to know about a graph."""

    def write(self, request: GraphRequest, fields: Mapping[str, object]) -> None:
        """Nothing to write to."""


# --- a word to the browser --------------------------------------------------------------


class CentrifugoBell:
    """A Centrifugo server, of any version from 2 on.

    Old ones take a command at ``/api``, new ones may take only ``/api/publish``;
    which it is shows at the first answer and is remembered.
    """

    def __init__(self, base: str, secret: str, *, seconds: float = BELL_SECONDS) -> None:
        self._server = Neighbour("The websocket server", base, seconds=seconds, try_seconds=seconds, attempts=1)
        self._secret = secret
        self._publishes = threading.Event()

    def ring(self, request: GraphRequest, title: str, level: str) -> str:
        """Tell the owner's browsers; answer ``sent``, or why it was not. Never raises for a server that fails."""
        deadline = Deadline.after(self._server.seconds)
        params = message(request, title, level)
        try:
            if self._publishes.is_set():
                return self._publish(params, deadline)
            try:
                return self._command(params, deadline)
            except TransportError as exc:
                if exc.status not in (401, 404):
                    raise
                note = self._publish(params, deadline)
                self._publishes.set()
                return note
        except TransportError as exc:
            return str(exc)

    def close(self) -> None:
        """Give back connections."""
        self._server.close()

    def _command(self, params: Mapping[str, object], deadline: Deadline) -> str:
        return self._post("/api", {"method": "publish", "params": params}, "Authorization", "apikey ", deadline)

    def _publish(self, params: Mapping[str, object], deadline: Deadline) -> str:
        return self._post("/api/publish", params, "X-API-Key", "", deadline)

    def _post(self, path: str, value: object, header: str, prefix: str, deadline: Deadline) -> str:
        answer = self._server.post_json(path, value, headers={header: prefix + self._secret}, deadline=deadline)
        error = answer.get("error")
        if not error:
            return "sent"
        code = error.get("code") if isinstance(error, dict) else None
        return (
            f"The websocket server refused (code {code})" if isinstance(code, int) else "The websocket server refused"
        )


def message(request: GraphRequest, title: str, level: str) -> dict[str, object]:
    """What the owner's browsers receive: a toast, and the events that make pages read the graph again."""
    toast = TOAST.get(level, level)
    return {
        "channel": f"maestro-{request.owner_id}",
        "data": {
            "notify": {
                "title": title,
                "msg": f"({request.graph_id})",
                "type": toast if toast in TOASTS else "info",
            },
            "event": {"caller": ["analytics-update", f"analytics-{request.graph_id}"]},
        },
    }


@dataclass(frozen=True, slots=True)
class NoBell:
    """No websocket server: pages ask for themselves."""

    def ring(self, request: GraphRequest, title: str, level: str) -> str:
        """Answer that nothing is sent."""
        return "no websocket server is configured"
