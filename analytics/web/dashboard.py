"""rq-dashboard at ``/rq/``: who may see it, and what it needs to live with RQ 3.

rq-dashboard 0.9.0 was written for older RQ. Its blueprint is mounted as it
is; the few names it looks up in its own module are replaced by ones that know
JSON jobs, and the page of a job is a template of ours, since its own prints
what a job says of itself without escaping. Its other pages put the JSON they
are given into their markup: every text of that is escaped here.
"""

from __future__ import annotations

import hmac
import logging
import re
from html import escape
from typing import Any, cast

import rq_dashboard
import rq_dashboard.web as pages
from flask import Flask, Response, request
from redis import Redis
from rq import Worker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from ..errors import NotFound, Unauthorised
from ..runs.queries import key
from ..service import Service
from .problems import problem
from .tokens import check_private

log = logging.getLogger(__name__)

PREFIX = "/rq"
#: Names of queues, registries and jobs in an address.
NAME = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
#: Logins of one address that may fail, and the seconds until they are forgotten.
MOST_GUESSES, GUESS_SECONDS = 10, 60
#: Its pages carry their scripts inline and compile templates in the browser.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


class ShownJob(Job):
    """A job as the dashboard reads it: JSON, and harmless as text in a page. It never runs anything."""

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> Job:  # noqa: A002 - RQ's name
        """The job, read with the serializer that wrote it."""
        return super().fetch(id, connection=connection, serializer=serializer or JSONSerializer)

    @property
    def dependency_ids(self) -> list[bytes]:  # type: ignore[override]
        """As bytes, which rq-dashboard decodes and RQ 3 no longer gives."""
        return [name.encode() for name in self._dependency_ids]

    def get_call_string(self) -> str | None:
        """The stage's name."""
        return str(self.description or "")


class ShownWorker(Worker):
    """A worker as the dashboard reads it."""

    job_class = ShownJob

    @classmethod
    def all(cls, *args: Any, **kwargs: Any) -> list[Any]:
        """All workers, their jobs read as JSON: with pickle a busy worker is an error 500."""
        kwargs.setdefault("serializer", JSONSerializer)
        kwargs.setdefault("job_class", ShownJob)
        return super().all(*args, **kwargs)


def mount(app: Flask, service: Service) -> None:
    """Put the dashboard on ``app``, behind the private token or the operator's password."""
    pages.Job = ShownJob
    pages.Worker = ShownWorker
    pages.config.serializer = JSONSerializer
    # It opens a new connection for every request, by address; it is given the service's own.
    pages.from_url = lambda *_args, **_kwargs: (None, service.redis)
    app.config["RQ_DASHBOARD_REDIS_URL"] = ("redis",)
    app.config["RQ_DASHBOARD_DISABLE_DELETE"] = not service.settings.dashboard_actions
    app.config["RQ_DASHBOARD_POLL_INTERVAL"] = 2_500
    app.redis_conn = service.redis  # type: ignore[attr-defined]

    def guard() -> Response | None:
        if request.blueprint != rq_dashboard.blueprint.name:
            return None
        given = (request.view_args or {}).items()
        named = [value for name, value in given if name.endswith(("_name", "_id")) and isinstance(value, str)]
        if not all(NAME.fullmatch(value) for value in named):  # a page prints them into its script
            raise NotFound({"graph": "There is nothing at this address."})
        if guessing(service):
            answer = problem(429, "too_many", {"graph": "Too many logins failed; wait a minute."})
            answer.headers["Retry-After"] = str(GUESS_SECONDS)
            return answer
        if not admitted(service):
            note_guess(service)
            answer = problem(401, "unauthorised", {"graph": "The dashboard needs a login or a private token."})
            answer.headers["WWW-Authenticate"] = 'Basic realm="rq dashboard", charset="UTF-8"'
            return answer
        if changes() and not service.settings.dashboard_actions:
            return problem(
                403, "forbidden", {"graph": "Actions on jobs are off; MAESTRO_DASHBOARD_ACTIONS=1 allows them."}
            )
        if changes() and (request.method == "GET" or not from_own_page()):
            return problem(403, "forbidden", {"graph": "Jobs are changed by the dashboard's own pages only."})
        if (request.view_args or {}).get("instance_number", 0) != 0:
            raise NotFound({"graph": "There is one Redis."})
        return None

    def policy(answer: Response) -> Response:
        if request.blueprint == rq_dashboard.blueprint.name:
            answer.headers["Content-Security-Policy"] = POLICY
            if answer.is_json:
                # Its pages put what they are told into their markup as it is.
                answer.set_data(app.json.dumps(escaped(answer.get_json())))
        return answer

    app.before_request(guard)
    app.after_request(policy)
    app.register_error_handler(NoSuchJobError, lambda _exc: problem(404, "not_found", {"graph": "No such job."}))
    app.register_blueprint(rq_dashboard.blueprint, url_prefix=PREFIX)


def admitted(service: Service) -> bool:
    """Whether the caller has the operator's password, or a private token."""
    settings = service.settings
    login = request.authorization
    if login is not None and login.type == "basic":
        user = hmac.compare_digest((login.username or "").encode(), settings.dashboard_user.encode())
        word = hmac.compare_digest((login.password or "").encode(), settings.dashboard_password.encode())
        return bool(settings.dashboard_password) and user and word
    try:
        check_private(request.headers.get("Authorization"), settings)
    except Unauthorised:
        return False
    return True


def escaped(value: Any) -> Any:
    """A JSON value whose texts hold no markup."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, list):
        return [escaped(one) for one in value]
    if isinstance(value, dict):
        return {escape(str(name)): escaped(one) for name, one in value.items()}
    return value


def from_own_page() -> bool:
    """Whether a page of this service asks for a change, or somebody with a token, which no browser adds by itself."""
    if (request.headers.get("Authorization") or "").lower().startswith("jwt "):
        return True
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and origin.partition("://")[2] == request.host


def guessing(service: Service) -> bool:
    """Whether so many logins failed from this address within a minute that no further one is looked at."""
    failed = service.redis.get(guesses_of(request.remote_addr))
    return int(cast(bytes, failed) or 0) >= MOST_GUESSES


def note_guess(service: Service) -> None:
    """Count and log a login that failed; a request without one is none."""
    if request.authorization is None:
        return
    log.warning("a login to the dashboard failed", extra={"address": request.remote_addr or "unknown"})
    name = guesses_of(request.remote_addr)
    with service.redis.pipeline() as pipe:
        pipe.incr(name)
        pipe.expire(name, GUESS_SECONDS)
        pipe.execute()


def guesses_of(address: str | None) -> str:
    """Where the failed logins of an address are counted."""
    return key("guesses", address or "unknown")


def changes() -> bool:
    """Whether the request would change something; one of its addresses does so on GET."""
    return request.method not in ("GET", "HEAD", "OPTIONS") or "requeue" in request.path.removeprefix(PREFIX).split("/")
