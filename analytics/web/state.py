"""What the blueprints share: the service, put on the application once by the factory."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, request

from ..errors import NotFound, Unauthorised
from ..model.artifacts import Drawing, GraphKey
from ..outbound.connect import Neighbours
from ..runs import revocations
from ..runs.copies import Copies
from ..runs.pools import Pool, PoolWatch
from ..runs.queries import NO_DRAWING
from ..service import Service
from .tokens import check_link, check_private, expiry_of

log = logging.getLogger(__name__)

_KEY = "analytics"
#: Pictures that are painted at once.
MOST_PAINTED = 2
#: Answers that are worked out at once, each takes a core, and callers that may wait for one or have one worked out.
MOST_WORKED, MOST_ASKING = 1, 3
#: Refusals that are written to the Data App at once while Redis is away.
MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Web:
    """The service behind this application, and its neighbours.

    ``pool`` is what a pool with the plugins of this process would publish, ``watch`` knows those there are,
    ``copies`` the replicas of Redis;
    ``opened`` holds what a process opens once it is asked for; ``painting`` bounds the pictures painted at once,
    ``working`` the answers worked out and ``asking`` the callers who wait for them, ``telling`` the refusals that are
    told while Redis is away.
    """

    service: Service
    neighbours: Neighbours
    pool: Pool
    watch: PoolWatch
    copies: Copies
    painting: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_PAINTED))
    working: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WORKED))
    asking: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_ASKING))
    opened: dict[str, Any] = field(default_factory=dict)
    telling: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_TOLD))


def attach(app: Flask, web: Web) -> None:
    """Put ``web`` on the application."""
    app.extensions[_KEY] = web


def web() -> Web:
    """The running application's service."""
    return cast(Web, current_app.extensions[_KEY])


def drawn_by(graph_id: str) -> str:
    """The run whose drawing is the graph's. Raises :class:`NotFound`."""
    run_id = web().service.store.drawn_by(graph_id)
    if not run_id:
        raise NotFound(NO_DRAWING)
    return run_id


def drawing_of(run_id: str) -> Drawing:
    """A run's drawing. Raises :class:`NotFound`."""
    drawing = web().service.store.artifact(run_id, Drawing)
    if drawing is None:
        raise NotFound(NO_DRAWING)
    return drawing


def require_token() -> None:
    """Let only callers with a private token pass. Raises :class:`Unauthorised`."""
    check_private(request.headers.get("Authorization"), web().service.settings)


def require_reader(graph_id: str) -> int | None:
    """Let callers with a private token, or with a link signed for this graph, pass. Raises :class:`Unauthorised`.

    Returns when the link ends, in seconds since 1970: nothing it opens outlives it. With a token nothing.
    """
    service = web().service
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    if not signature:
        check_private(request.headers.get("Authorization"), service.settings)
        return None
    until = expiry_of(expires)
    owner = service.store.owner_of(graph_id) if until is not None else ""
    if owner:
        graph = GraphKey(graph_id, owner)
        words = revocations.words_of(service.redis, graph)
        if check_link(graph, expires, signature, words, service.settings):
            log.info("opened by a link", extra={"graph": graph_id, "owner": owner, "path": request.path})
            return until
    raise Unauthorised({"graph": "This link has expired, was revoked, or is not for this graph."})
