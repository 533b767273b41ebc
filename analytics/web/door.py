"""The front door: an operator signs in, sees an owner's graphs, asks for others, has them drawn again or forgotten.

Pages are served without data; their script asks for it as JSON, every two
seconds while a graph is in work and every ten otherwise. A poll is five questions
to Redis however many graphs are on the page; an open stream would hold one of
the few web threads for each reader.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ..documents.entities import Application, Client, Datacenter, System
from ..errors import NotFound, RequestError, Unauthorised
from ..inventory.owned import OwnedInventory
from ..model.artifacts import GraphRequest
from ..pipeline.progress import Run
from ..runs import belongings, revocations, versions
from ..sources import open_source
from ..text import named
from . import answers, door_answers
from .graph import accept, links_of, redrawn_job_id, require_pool
from .guesses import GUESS_SECONDS, from_own_page, guessing, note_guess
from .pages import page
from .session import first_use, right, sign_in, sign_out, signed_in, word_holds
from .state import web
from .submission import LARGEST_BODY, Rules, parse_body, read_request
from .tokens import sign_link

log = logging.getLogger(__name__)
blueprint = Blueprint("door", __name__)

#: Graphs of an owner on the page, and things of one kind that the form offers.
MOST_SHOWN, MOST_OFFERED = 100, 2_000
#: Remarks about the inventory that the page lists.
MOST_REMARKS = 20
#: What the form lets start from, and the record of each.
OFFERED: Mapping[str, Any] = {"systems": System, "clients": Client, "apps": Application, "datacenters": Datacenter}


def front_door() -> AnyResponse:
    """What a browser gets at ``/``: the page of the graphs, or the login before it."""
    if not signed_in(web().service.settings):
        return redirect("/login", 303)
    return page("door.html")


@blueprint.get("/login")
def login() -> AnyResponse:
    """The form, or the graphs for who has a word of the terminal's that still holds."""
    settings = web().service.settings
    word = request.args.get("word", "")
    if word_holds(word, settings) and first_use(word, web().service.redis):
        answer = redirect("/", 303)
        sign_in(answer, settings)  # type: ignore[arg-type]
        return answer
    return page("login.html", said="", possible=bool(settings.dashboard_password))


@blueprint.post("/login")
def log_in() -> AnyResponse:
    """Sign in with the dashboard's name and password; from a page of ours only, and not by guessing."""
    service = web().service
    if not from_own_page():
        raise RequestError({"login": "Sign in on the service's own page."}, code="forbidden", status=403)
    if guessing(service.redis):
        answer = page("login.html", 429, said="Too many logins failed; wait a minute.", possible=True)
        answer.headers["Retry-After"] = str(GUESS_SECONDS)
        return answer
    if not right(request.form.get("user", ""), request.form.get("password", ""), service.settings):
        note_guess(service.redis, "the front door")
        return page("login.html", 401, said="Name or password is wrong.", possible=True)
    answer = redirect("/", 303)  # type: ignore[assignment]
    sign_in(answer, service.settings)
    return answer


@blueprint.post("/logout")
def log_out() -> AnyResponse:
    """Sign out; no other site does so for an operator."""
    if not from_own_page():
        raise RequestError({"login": "Sign out on the service's own page."}, code="forbidden", status=403)
    answer = redirect("/login", 303)
    sign_out(answer)  # type: ignore[arg-type]
    return answer


def require_operator() -> None:
    """Let only who is signed in pass, and changes only from our own pages. Raises :class:`Unauthorised`."""
    if not signed_in(web().service.settings):
        raise Unauthorised({"login": "Sign in first."})
    if request.method != "GET" and not from_own_page():
        raise RequestError(
            {"login": "Graphs are changed by the service's own pages only."}, code="forbidden", status=403
        )


@blueprint.get("/door/owners")
def owners() -> Response:
    """The owners there are: of an inventory that can tell, and those who asked for graphs."""
    require_operator()
    service = web().service
    known = dict.fromkeys(inventory().owners())
    recent = sorted(service.store.owners().items(), key=lambda item: -item[1])
    known |= dict.fromkeys(owner for owner, _ in recent)
    return answers.said(door_answers.Owners(tuple(known)[:MOST_OFFERED]))


@blueprint.get("/door/owners/<owner>/graphs")
def graphs(owner: str) -> Response:
    """The owner's graphs, the newest first, with links that open them."""
    require_operator()
    service = web().service
    listed = belongings.graphs_of(service.redis, owner)
    looked_at = listed[:MOST_SHOWN]
    runs = service.store.newest_of(looked_at)
    gone = [graph_id for graph_id in looked_at if graph_id not in runs or runs[graph_id].owner_id != owner]
    kept = [graph_id for graph_id in looked_at if graph_id not in gone]
    asked = service.store.requests_of([runs[graph_id].run_id for graph_id in kept])
    words = revocations.words_of_all(service.redis, [runs[graph_id].key for graph_id in kept])
    rows = [row(runs[one], wanted, said) for one, wanted, said in zip(kept, asked, words, strict=True)]
    belongings.unlist(service.redis, owner, gone)
    return answers.said(door_answers.OwnGraphs(tuple(rows), len(listed) - len(gone)))


def row(run: Run, asked: GraphRequest | None, words: str) -> door_answers.ListedGraph:
    """A graph as the list shows it; ``words`` are those that its links are signed with."""
    settings = web().service.settings
    query = sign_link(run.key, int(time.time()) + settings.link_ttl, words, settings)
    state, message, ended = answers.state_of(run, parked=False)
    about = "" if asked is None else asked.title or named((ref.name or ref.id for ref in asked.refs), most=3)
    return door_answers.ListedGraph(
        run.graph_id,
        run.graph_type,
        about or "Everything",
        state,
        message,
        run.created,
        ended,
        sum(stage.status == "done" for stage in run.stages.values()),
        len(web().service.registry.plans.get(run.graph_type, ())),
        f"/view/{run.graph_id}?{query}",
    )


@blueprint.get("/door/owners/<owner>/choices")
def choices(owner: str) -> Response:
    """What the form offers: graph types, and the things of the inventory that a graph can start from."""
    require_operator()
    held = OwnedInventory(inventory(), owner)
    types = {one.name: one for one in web().service.registry.graph_types.values()}
    things = {
        field: tuple(door_answers.Choice(thing.id, thing.name) for thing in held.find(kind)[:MOST_OFFERED])
        for field, kind in OFFERED.items()
    }
    remarks = tuple(held.remarks())
    offered = [door_answers.ChoiceOfType(one.name, one.title or one.name, tuple(one.entries)) for one in types.values()]
    asks = not web().service.settings.data_app
    return answers.said(door_answers.Choices(asks, tuple(offered), things, remarks[:MOST_REMARKS]))


def inventory() -> Any:
    """The inventory, opened once a web process."""
    mine = web()
    if "source" not in mine.opened:
        service = mine.service
        mine.opened["source"] = open_source(service.settings, service.registry.inventories, service.registry.readers)
    return mine.opened["source"]


@blueprint.post("/door/owners/<owner>/graphs")
def ask(owner: str) -> tuple[Response, int]:
    """Ask for a graph, as ``POST /graph`` does; its id is made here unless the form names one."""
    require_operator()
    settings = web().service.settings
    if settings.data_app:
        raise RequestError(
            {"graph": "Beside a Data App graphs are asked for in Maestro."}, code="forbidden", status=403
        )
    rules = Rules(
        web().service.registry.graph_types,
        object_ids=settings.object_ids,
        effort=settings.effort,
        projection=None if settings.projection == "own" else settings.projection,
        stale_days=settings.stale_days,
    )
    body = parse_body(request.stream.read(LARGEST_BODY + 1), request.headers.get("Content-Type", ""))
    wanted = read_request({"_id": secrets.token_hex(12), **body, "owner_id": owner}, rules)
    require_pool(wanted.graph_type)
    accept(wanted)
    log.info("accepted from the front door", extra={"graph": wanted.graph_id, "owner": owner})
    return answers.said(door_answers.Asked(wanted.graph_id, links_of(wanted.key, False, None)["view"])), 201


@blueprint.post("/door/owners/<owner>/graphs/<graph_id>/redraw")
def again(owner: str, graph_id: str) -> tuple[Response, int]:
    """Have a graph of the owner's drawn again."""
    require_operator()
    redrawn_job_id(own(owner, graph_id).graph_id)
    return answers.said(door_answers.Asked(graph_id, "")), 201


@blueprint.delete("/door/owners/<owner>/graphs/<graph_id>")
def forget(owner: str, graph_id: str) -> tuple[str, int]:
    """Forget a graph of the owner's that is not in work, with its drawing and its links."""
    require_operator()
    service = web().service
    run = own(owner, graph_id)
    if run.open:
        raise RequestError({"graph": "It is in work; wait until it is drawn."}, code="in_work", status=409)
    if not belongings.forget(service.redis, owner, graph_id, run.run_id):
        raise RequestError({"graph": "It was asked for again meanwhile."}, code="in_work", status=409)
    versions.forget(service.redis, owner, graph_id)
    log.info("forgotten", extra={"graph": graph_id, "owner": owner})
    return "", 204


def own(owner: str, graph_id: str) -> Run:
    """The newest run of a graph of this owner's. Raises :class:`NotFound`."""
    run = web().service.store.newest(graph_id)
    if run.owner_id != owner:
        raise NotFound({"graph": "No such graph, or it is no longer kept."})
    return run
