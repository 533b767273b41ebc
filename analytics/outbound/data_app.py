"""Statuses to the graph documents of the Data App."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from ..errors import DeliveryError, ForeignGraph
from ..inventory.visible import belongs
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
        document = document_of(graph, fields)
        try:
            self._app.call("PUT", "/graphs", body=orjson.dumps({"body": [document]}))
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None

    def write_all(self, changes: Sequence[tuple[GraphKey, Mapping[str, object]]]) -> list[DeliveryError | None]:
        """:meth:`write` for many, in two requests: whose they are is asked of all at once, then all are set.

        What the Data App refuses together is written one by one, so that one of them spoils no other.
        """
        try:
            owned = self._owned([graph for graph, _ in changes])
            mine = [(graph, fields) for graph, fields in changes if graph in owned]
            if mine:
                documents = [document_of(graph, fields) for graph, fields in mine]
                self._app.call("PUT", "/graphs", body=orjson.dumps({"body": documents}))
        except TransportError as exc:
            if exc.transient:
                return [DeliveryError(str(exc), transient=True)] * len(changes)
            return [self._tried(graph, fields) for graph, fields in changes]
        foreign = ForeignGraph("The graph document is not this owner's; nothing was written to it.")
        return [None if graph in owned else foreign for graph, _ in changes]

    def _tried(self, graph: GraphKey, fields: Mapping[str, object]) -> DeliveryError | None:
        try:
            self.write(graph, fields)
        except DeliveryError as exc:
            return exc
        return None

    def _owned(self, graphs: Sequence[GraphKey]) -> set[GraphKey]:
        """Those of the graphs whose document is of the owner they are said to be of. Raises ``TransportError``."""
        ids = sorted({graph.graph_id for graph in graphs})
        owners = sorted({graph.owner_id for graph in graphs})
        query = orjson.dumps({"_id": ids, "roles._id": owners}).decode()
        answer = self._app.post_json("/graphs", {"query": query, "limit": len(ids), "page": 1})
        items = answer.get("items")
        held = {str(item.get("_id", "")).lower(): item for item in items or () if isinstance(item, dict)}
        return {one for one in graphs if belongs(held.get(one.graph_id.lower(), {}), one.owner_id)}

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


def document_of(graph: GraphKey, fields: Mapping[str, object]) -> dict[str, object]:
    """What is written to a graph document; ``None`` leaves a field alone."""
    return {**{name: value for name, value in fields.items() if value is not None}, "_id": graph.graph_id}
