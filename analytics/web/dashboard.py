"""rq-dashboard at ``/rq/``: who may see it, and what it needs to live with RQ 3.

rq-dashboard 0.9.0 is a guest: it counts and lists, and what a browser gets is
ours. The names that it looks up in its own module are replaced by ones that
know JSON jobs; all its pages are templates of ours, since its own print names
into scripts and markup; its scripts and styles, of 2012 some of them, are not
served; what an address may name is checked before it sees one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import rq_dashboard
import rq_dashboard.web as pages
from flask import Flask, Response, make_response, render_template, request, url_for
from rq.exceptions import NoSuchJobError
from rq.serializers import JSONSerializer

from ..errors import NotFound, Unauthorised
from ..service import Service
from .guesses import GUESS_SECONDS, from_own_page, guessing, note_guess
from .problems import problem
from .session import right, signed_in
from .shown import Sayer, ShownJob, ShownWorker, queue_class
from .tokens import check_private

log = logging.getLogger(__name__)

PREFIX = "/rq"
#: Names of queues, registries and jobs in an address.
NAME = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
#: Lists of jobs that there are, and their orders.
REGISTRIES = frozenset({"queued", "started", "finished", "failed", "deferred", "scheduled", "canceled"})
ORDERS = frozenset({"asc", "dsc"})
#: Jobs on a page, and pages, at most.
MOST_A_PAGE, MOST_PAGES = 200, 100_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


def mount(app: Flask, service: Service) -> None:
    """Put the dashboard on ``app``, behind the private token or the operator's password."""
    sayer = Sayer(service)
    pages.Job = ShownJob
    pages.Worker = ShownWorker
    pages.Queue = queue_class(service.settings.queue)
    pages.serialize_job = sayer.listed
    pages.serialize_current_job = sayer.current
    pages.config.serializer = JSONSerializer
    # It opens a new connection for every request, by address; it is given the service's own.
    pages.from_url = lambda *_args, **_kwargs: (None, service.redis)
    app.config["RQ_DASHBOARD_REDIS_URL"] = ("redis",)
    app.config["RQ_DASHBOARD_DISABLE_DELETE"] = not service.settings.dashboard_actions
    app.config["RQ_DASHBOARD_POLL_INTERVAL"] = 2_500
    app.redis_conn = service.redis  # type: ignore[attr-defined]
    app.before_request(partial(guard, service))
    app.after_request(policy)
    app.register_error_handler(NoSuchJobError, lambda _exc: problem(404, "not_found", {"graph": "No such job."}))
    app.register_blueprint(rq_dashboard.blueprint, url_prefix=PREFIX)
    own = app.view_functions
    own["rq_dashboard.job_view"] = lambda instance_number, job_id: job_page(service, sayer.whole(job_id)["id"])
    own["rq_dashboard.job_info"] = lambda instance_number, job_id: app.json.response(sayer.whole(job_id))


def job_page(service: Service, job_id: str) -> Response:
    """The page of one job."""
    return make_response(
        render_template(
            "rq_dashboard/job.html",
            id=job_id,
            enable_delete=service.settings.dashboard_actions,
            rq_url_prefix=url_for("rq_dashboard.queues_overview"),
            rq_version=pages.rq_version,
            rq_dashboard_version=pages.rq_dashboard_version,
        )
    )


def guard(service: Service) -> Response | None:
    """Whether a request of the dashboard's goes on: nothing, or what it is refused with. Raises :class:`NotFound`."""
    if request.blueprint != rq_dashboard.blueprint.name:
        return None
    if not served(request.endpoint or "", request.view_args or {}):
        raise NotFound({"graph": "There is nothing at this address."})
    if guessing(service.redis):
        answer = problem(429, "too_many", {"graph": "Too many logins failed; wait a minute."})
        answer.headers["Retry-After"] = str(GUESS_SECONDS)
        return answer
    if not admitted(service):
        if request.authorization is not None:  # a request without a login guesses nothing
            note_guess(service.redis, "the dashboard")
        answer = problem(401, "unauthorised", {"graph": "The dashboard needs a login or a private token."})
        answer.headers["WWW-Authenticate"] = 'Basic realm="rq dashboard", charset="UTF-8"'
        return answer
    if changes() and not service.settings.dashboard_actions:
        return problem(403, "forbidden", {"graph": "Actions on jobs are off; MAESTRO_DASHBOARD_ACTIONS=1 allows them."})
    if changes() and (request.method == "GET" or not from_own_page()):
        return problem(403, "forbidden", {"graph": "Jobs are changed by the dashboard's own pages only."})
    return None


def policy(answer: Response) -> Response:
    """Nothing but our own script runs in a page of the dashboard's."""
    if request.blueprint == rq_dashboard.blueprint.name:
        answer.headers["Content-Security-Policy"] = POLICY
    return answer


def served(endpoint: str, given: Mapping[str, Any]) -> bool:
    """Whether an address names what there is: names of the safe alphabet, one Redis, and none of its old scripts."""
    named = [value for name, value in given.items() if name in ("queue_name", "job_id") and value is not None]
    return (
        endpoint != "rq_dashboard.static"
        and all(NAME.fullmatch(str(value)) for value in named)
        and given.get("instance_number", 0) == 0
        and given.get("registry_name", "queued") in REGISTRIES
        and given.get("order", "asc") in ORDERS
        and counted(given.get("per_page", 1), MOST_A_PAGE)
        and counted(given.get("page", 1), MOST_PAGES)
    )


def counted(value: object, most: int) -> bool:
    """Whether a part of an address is a number from one to ``most``.

    >>> counted("8", 200), counted(0, 200), counted("x", 200)
    (True, False, False)
    """
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most


def admitted(service: Service) -> bool:
    """Whether the caller has the operator's password, or a private token."""
    settings = service.settings
    login = request.authorization
    if login is not None and login.type == "basic":
        return right(login.username or "", login.password or "", settings)
    if signed_in(settings):
        return True
    try:
        check_private(request.headers.get("Authorization"), settings)
    except Unauthorised:
        return False
    return True


def changes() -> bool:
    """Whether the request would change something; one of its addresses does so on GET."""
    return request.method not in ("GET", "HEAD", "OPTIONS") or "requeue" in request.path.removeprefix(PREFIX).split("/")
