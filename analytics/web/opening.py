"""A part of an overview, opened for whoever may read the graph: drawn here, of what the graph was made of."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from time import perf_counter

from flask import Blueprint, Response, request

from ..errors import AnalyticsError, EmptyGraph, NotFound, Overloaded, RequestError
from ..model.artifacts import Lookup
from ..pipeline.reopening import WHOLE, redrawn_inside
from ..viewing.details import details_of
from . import answers
from .state import require_reader, web
from .submission import LONGEST_TITLE

log = logging.getLogger(__name__)
blueprint = Blueprint("opening", __name__)

#: Opened parts that a process keeps, and their bytes in all.
MOST_OPENED, MOST_BYTES = 64, 32_000_000
#: Seconds after which a caller should ask again while another part is being opened.
RETRY_AFTER = 1


class Opened:
    """What was opened lately, by the run and the part. For threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        #: One part is drawn at a time: each takes a core.
        self.drawing = threading.BoundedSemaphore(1)

    def get(self, run_id: str, part: str) -> bytes | None:
        """What was answered before."""
        with self._lock:
            found = self._answers.get((run_id, part))
            if found is not None:
                self._answers.move_to_end((run_id, part))
            return found

    def keep(self, run_id: str, part: str, answer: bytes) -> None:
        """Answer so from now on; the longest unused go first."""
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop((run_id, part), b""))
            self._answers[run_id, part] = answer
            while self._answers and (len(self._answers) > MOST_OPENED or self._bytes > MOST_BYTES):
                self._bytes -= len(self._answers.popitem(last=False)[1])


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
    opened = web().opened.setdefault("parts", Opened())
    run_id = web().service.store.drawn(graph_id)[0]
    answer = opened.get(run_id, part)
    if answer is None:
        if not opened.drawing.acquire(timeout=RETRY_AFTER):
            raise Overloaded({"part": "Others are opening parts; ask again."}, retry_after=RETRY_AFTER)
        try:
            answer = opened.get(run_id, part) or drawn(graph_id, run_id, part)
            opened.keep(run_id, part, answer)
        finally:
            opened.drawing.release()
    return Response(answer, mimetype="application/json")


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
