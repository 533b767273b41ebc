"""Statuses to the graph documents of the Data App."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from ..errors import DeliveryError, ForeignGraph
from ..model.artifacts import GraphKey
from ..transport import Neighbour, TransportError, data_app_token

#: Seconds for a status.
STATUS_SECONDS = 10.0


class DataAppStatus:
    """The graph documents of the Data App."""

    def __init__(self, base: str, secret: str, noauth: str, *, seconds: float = STATUS_SECONDS) -> None:
        self._app = Neighbour(
            "The Data App",
            base,
            headers=lambda: {"Authorization": f"JWT {data_app_token(secret, noauth)}"},
            seconds=seconds,
            try_seconds=seconds / 2,
        )

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Set ``fields`` of the graph document, once it is seen to be the owner's; ``None`` leaves a field alone.

        Raises :class:`~analytics.errors.DeliveryError`; keeping what it could not write is the caller's business.
        Raises :class:`~analytics.errors.ForeignGraph` for a document of somebody else: the Data App itself would
        take the write.
        """
        self.require_owned(graph)
        document = {**{name: value for name, value in fields.items() if value is not None}, "_id": graph.graph_id}
        try:
            self._app.call("PUT", "/graphs", body=orjson.dumps({"body": [document]}))
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None

    def require_owned(self, graph: GraphKey) -> None:
        """Raise :class:`~analytics.errors.ForeignGraph` unless the graph document is this owner's.

        Raises :class:`~analytics.errors.DeliveryError` where the Data App does not say.
        """
        query = orjson.dumps({"_id": graph.graph_id, "roles._id": graph.owner_id}).decode()
        try:
            answer = self._app.post_json("/graphs", {"query": query, "limit": 1, "page": 1})
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None
        items = answer.get("items")
        held = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        if str(held.get("_id", "")).lower() != graph.graph_id.lower():
            raise ForeignGraph("The graph document is not this owner's; nothing was written to it.")

    def close(self) -> None:
        """Give back connections."""
        self._app.close()


@dataclass(frozen=True, slots=True)
class NoStatus:
    """No Data App: the run's own state is all there is to know about a graph."""

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Nothing to write to."""
