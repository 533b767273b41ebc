"""What the blueprints share: the service, put on the application once by the factory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request

from ..errors import Unauthorised
from ..outbound.connect import Neighbours
from ..runs.pools import Pool, PoolWatch
from ..service import Service
from .tokens import check_link, check_private

_KEY = "analytics"


@dataclass(frozen=True, slots=True)
class Web:
    """The service behind this application, and its neighbours.

    ``pool`` is what a pool with the plugins of this process would publish, ``watch`` knows those there are.
    """

    service: Service
    neighbours: Neighbours
    pool: Pool
    watch: PoolWatch


def attach(app: Flask, web: Web) -> None:
    """Put ``web`` on the application."""
    app.extensions[_KEY] = web


def web() -> Web:
    """The running application's service."""
    return cast(Web, current_app.extensions[_KEY])


def require_token() -> None:
    """Let only callers with a private token pass. Raises :class:`Unauthorised`."""
    check_private(request.headers.get("Authorization"), web().service.settings)


def require_reader(graph_id: str) -> None:
    """Let callers with a private token, or with a link signed for this graph, pass. Raises :class:`Unauthorised`."""
    settings = web().service.settings
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    if signature:
        if check_link(graph_id, expires, signature, settings):
            return
        raise Unauthorised({"graph": "This link has expired or is not for this graph."})
    check_private(request.headers.get("Authorization"), settings)
