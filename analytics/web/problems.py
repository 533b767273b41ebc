"""Every error as JSON that the callers can show: ``{"message": {field: sentence}, "error": code}``."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from ..errors import AnalyticsError, CodecError, Overloaded, RequestError
from ..runs.abandon import UNREADABLE
from .answers import Problem, said
from .pages import page, wants_page

log = logging.getLogger(__name__)

#: Seconds a caller should wait when Redis does not answer.
RETRY_AFTER = 5
#: Seconds a browser that came by TLS asks by nothing else.
A_YEAR = 31_536_000
#: What is said while Redis does not answer.
NO_REDIS = "The service cannot take this now; try again in a few seconds."
#: What a page of an error is headed.
TITLES = {
    401: "This link does not open it",
    404: "There is nothing here",
    410: "This is no longer kept",
    429: "Too many requests",
    503: "The service cannot take this now",
}
SENTENCES = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "Method not allowed."),
    413: ("too_large", "The body is too large."),
    415: ("unsupported_media_type", "The body must be application/json."),
}


def install(app: Flask) -> None:
    """Handle every error of the application here, and set the headers every answer has."""
    app.register_error_handler(RequestError, refuse)
    app.register_error_handler(CodecError, unreadable)
    app.register_error_handler(RedisError, no_redis)
    app.register_error_handler(HTTPException, framework)
    app.register_error_handler(Exception, unexpected)
    app.after_request(secure)


def problem(status: int, code: str, fields: dict[str, str]) -> Response:
    """An error's answer: JSON, and for a browser a page."""
    if request.method == "GET" and wants_page():
        title = TITLES.get(status, "This did not work")
        return page("problem.html", status, title=title, sentences=list(fields.values()))
    return said(Problem(fields, code), status)


def refuse(exc: RequestError) -> Response:
    """An error with its own status and fields."""
    log.info(
        "refused", extra={"status": exc.status, "code": exc.code, "path": request.path, "fields": ",".join(exc.fields)}
    )
    answer = problem(exc.status, exc.code, exc.fields)
    if isinstance(exc, Overloaded):
        answer.headers["Retry-After"] = str(exc.retry_after)
    if exc.status == 401:
        answer.headers["WWW-Authenticate"] = 'JWT realm="analytics"'
    return answer


def unreadable(exc: CodecError) -> Response:
    """What is stored of the graph cannot be read: asking again does not help, asking for the graph anew does."""
    log.warning("stored graph not readable", extra={"path": request.path, "why": str(exc)})
    return problem(410, "unreadable", {"graph": UNREADABLE})


def no_redis(exc: RedisError) -> Response:
    """Redis is away, full or read-only: the caller should come back."""
    log.error("Redis does not answer", extra={"why": type(exc).__name__})
    answer = problem(503, "unavailable", {"graph": NO_REDIS})
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def framework(exc: HTTPException) -> Response:
    """An error of the framework's, in our shape."""
    status = exc.code or 500
    code, sentence = SENTENCES.get(status, ("http_error", "The request cannot be served."))
    answer = problem(status, code, {"graph": sentence})
    allow = dict(exc.get_headers()).get("Allow")
    if allow:
        answer.headers["Allow"] = allow
    return answer


def unexpected(exc: Exception) -> Response:
    """Anything else: the log knows more, the caller only that it was not its fault."""
    log.error("request failed", exc_info=exc)
    said = str(exc) if isinstance(exc, AnalyticsError) else "The service failed; the reason is in its log."
    return problem(500, "internal", {"graph": said})


def secure(answer: Response) -> Response:
    """Headers that every answer carries (ASVS 14.4); a page sets its own policy before.

    JSON is data: a browser that is led to it offers a file, and shows nothing.
    """
    if answer.mimetype == "application/json":
        answer.headers.setdefault("Content-Disposition", 'attachment; filename="answer.json"')
    if request.is_secure or request.headers.get("X-Forwarded-Proto") == "https":
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
    answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
