"""A part of an overview, opened for whoever may read the graph: drawn here, of what the graph was made of."""

from __future__ import annotations

import logging
from time import perf_counter

from flask import Blueprint, Response, request

from ..errors import AnalyticsError, EmptyGraph, NotFound, RequestError
from ..model.artifacts import Lookup
from ..pipeline.reopening import WHOLE, redrawn_inside
from ..viewing.details import details_of
from . import answers
from .state import drawn_by, require_reader, web
from .submission import LONGEST_TITLE
from .working import worked_out

log = logging.getLogger(__name__)
blueprint = Blueprint("opening", __name__)


def opens(graph_type: str, run_id: str) -> bool:
    """Whether parts of what this run drew can be opened: its type follows calls, and what it was made of is kept."""
    service = web().service
    known = service.registry.graph_types.get(graph_type)
    return known is not None and known.follows and service.store.keeps(run_id, Lookup)


@blueprint.get("/graph/<graph_id>/inside")
def inside(graph_id: str) -> Response:
    """A part of the newest drawing as a drawing of its own, with what it shows in words."""
    require_reader(graph_id)
    part = request.args.get("part", "")
    if not part or len(part) > LONGEST_TITLE:
        raise RequestError({"part": f"1 to {LONGEST_TITLE} characters."}, code="invalid_request", status=400)
    run_id = drawn_by(graph_id)
    return Response(
        worked_out(run_id, f"inside {part}", lambda: drawn(graph_id, run_id, part)), mimetype="application/json"
    )


def drawn(graph_id: str, run_id: str, part: str) -> bytes:
    """The answer, drawn now. Raises :class:`NotFound` where there is no such part."""
    service = web().service
    run = service.store.find(run_id)
    if run is None or not opens(run.graph_type, run_id):
        raise NotFound({"graph": WHOLE})
    began = perf_counter()
    try:
        found = redrawn_inside(service.registry.plans[run.graph_type], service.store.made_of(run_id), part)
    except EmptyGraph as exc:
        raise NotFound({"part": str(exc)}) from None
    except RequestError:
        raise
    except AnalyticsError as exc:
        raise RequestError({"part": str(exc)}, code="not_openable", status=422) from None
    seconds = round(perf_counter() - began, 3)
    log.info("a part was opened", extra={"graph": graph_id, "owner": run.owner_id, "seconds": seconds})
    scope = found.grid.graph.scope
    return answers.said(answers.OpenedPart(scope, found.svg, details_of(found.grid))).get_data()
