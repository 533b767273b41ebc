"""The viewer: what the Front's page would have shown, where there is no Front."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from ..drawing import night_sheet
from .state import require_reader, web

blueprint = Blueprint("viewer", __name__, static_folder="static", static_url_path="/static")

#: No inline script; the drawing inside the page brings its one constant style element.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


@blueprint.get("/view/<graph_id>")
def view(graph_id: str) -> Response:
    """The page of one graph: progress while it is drawn, then the diagram."""
    require_reader(graph_id)
    answer = make_response(
        render_template("view.html", graph_id=graph_id, formats=web().service.registry.formats.values())
    )
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@blueprint.get("/static/night.css")
def night() -> Response:
    """What paints a drawing dark where the page is."""
    answer = Response(night_sheet(), mimetype="text/css")
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer
