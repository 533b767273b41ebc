"""A word to the browsers, through the websocket server."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ..model.artifacts import GraphKey
from ..transport import Deadline, Neighbour, TransportError

#: Seconds for a word to the browsers, connecting and a second form of the request included.
NOTIFY_SECONDS = 2.0

#: A run's level as the browser's toasts call it; other words are theirs already.
TOAST = {"finished": "success", "error": "danger"}
TOASTS = frozenset({"success", "warning", "danger", "info"})


class CentrifugoNotifier:
    """A Centrifugo server, of any version from 2 on.

    Old ones take a command at ``/api``, new ones may take only ``/api/publish``;
    which it is shows at the first answer and is remembered.
    """

    def __init__(self, base: str, secret: str, *, seconds: float = NOTIFY_SECONDS) -> None:
        self._server = Neighbour("The websocket server", base, seconds=seconds, try_seconds=seconds, attempts=1)
        self._secret = secret
        self._publishes = threading.Event()

    def notify(self, graph: GraphKey, title: str, level: str) -> str:
        """Tell the owner's browsers; answer ``sent``, or why it was not. Never raises for a server that fails."""
        deadline = Deadline.after(self._server.seconds)
        params = message(graph, title, level)
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


def message(graph: GraphKey, title: str, level: str) -> dict[str, object]:
    """What the owner's browsers receive: a toast, and the events that make pages read the graph again."""
    toast = TOAST.get(level, level)
    return {
        "channel": f"maestro-{graph.owner_id}",
        "data": {
            "notify": {
                "title": title,
                "msg": f"({graph.graph_id})",
                "type": toast if toast in TOASTS else "info",
            },
            "event": {"caller": ["analytics-update", f"analytics-{graph.graph_id}"]},
        },
    }
