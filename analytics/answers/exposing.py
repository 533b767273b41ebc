"""How each thing stands to the Internet, as the network graph works it out. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ..graphs.network.build import survey_estate
from ..graphs.network.exposure import Exposure
from ..graphs.network.nodes import add_application, add_server, has_address
from ..model.artifacts import Estate, Networks
from .whole import Whole


def exposures(whole: Whole, only: Container[str] | None = None) -> Mapping[str, Exposure]:
    """The exposure of every server, and of every application with an address of its own, by ``collection/id``.

    ``only`` of some of them.
    """
    picture = survey_estate(Estate(whole.servers, whole.applications, whole.datacenters), Networks(whole.networks))
    found: dict[str, Exposure] = {}
    for server in whole.servers:
        if only is not None and f"servers/{server.id}" not in only:
            continue
        add_server(picture, server)
        found[f"servers/{server.id}"] = picture.leaves[picture.ids.of("servers", server.id)].exposure
    for app in whole.applications:
        if (only is None or f"applications/{app.id}" in only) and has_address(app, picture):
            add_application(picture, app)
            found[f"applications/{app.id}"] = picture.leaves[picture.ids.of("applications", app.id)].exposure
    return found


def open_to(exposure: Exposure | None) -> int:
    """How far a thing is open: 0 not at all or not known, 1 to some, 2 to the world."""
    return {"exposed": 2, "limited": 1}.get(exposure.state, 0) if exposure else 0
