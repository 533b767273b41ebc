"""Pictures in the formats that are painted from the SVG, in the size that a request asks for."""

from __future__ import annotations

from flask import request

from ..errors import AnalyticsError, Overloaded, RequestError
from ..export import PAPERS, Size
from ..pipeline.painting import painted
from .state import web

#: Times its size at 100 % that a picture may be asked for.
SMALLEST, LARGEST = 0.05, 8.0
#: Seconds after which a caller should ask again while others have pictures painted.
RETRY_AFTER = 5


def picture_in(suffix: str, svg: str) -> bytes:
    """A picture in the size that the request asks for; few at once, as each takes a core and memory for seconds."""
    asked = request.args.get("scale", "1")
    try:
        scale = float(asked)
    except ValueError:
        scale = 0.0
    if not SMALLEST <= scale <= LARGEST:
        raise RequestError({"scale": f"A number from {SMALLEST:g} to {LARGEST:g}."}, code="invalid_request", status=400)
    paper = request.args.get("paper", "")
    if paper and paper not in PAPERS:
        raise RequestError({"paper": f"One of {', '.join(PAPERS)}."}, code="invalid_request", status=400)
    if not web().painting.acquire(blocking=False):
        raise Overloaded({suffix: "Others are having pictures made; ask again."}, retry_after=RETRY_AFTER)
    try:
        return painted(suffix, svg, Size(scale, paper), web().service.settings)
    except AnalyticsError as exc:
        raise RequestError({suffix: str(exc)}, code="not_paintable", status=422) from None
    finally:
        web().painting.release()
