"""Pages for people: of ours alone, without data, in which nothing but our own script runs."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def wants_page() -> bool:
    """Whether a browser asks, and no program: programs take JSON, or anything."""
    accepted = request.accept_mimetypes
    return accepted.quality("text/html") > accepted.quality("application/json")


def page(template: str, status: int = 200, **words: object) -> Response:
    """A page of ours; it is not kept by browsers."""
    answer = make_response(render_template(template, **words), status)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer
