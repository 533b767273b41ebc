"""Graphs: ask for one, see how far it is, fetch its drawing."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from redis import RedisError

from ..drawing import THEMES, render
from ..errors import DeliveryError, ForeignId, Invalid, NotFound, Overloaded
from ..export import PictureFormat, Size
from ..layout import lay_out
from ..model.artifacts import Clients, Drawing, GraphKey, GraphRequest, Statistics
from ..model.kinds import PROJECTIONS, Projection
from ..runs import outbox, revocations
from ..runs.pools import any_knows
from ..runs.queue import job_id
from ..text import safe_word
from ..viewing.details import details_of
from . import answers
from .failing import answered
from .opening import opens
from .pictures import picture_in
from .problems import NO_REDIS
from .state import Web, drawing_of, drawn_by, require_reader, require_token, web
from .submission import LARGEST_BODY, OBJECT_ID, Rules, parse_body, read_request
from .tokens import sign_link
from .working import worked_out

log = logging.getLogger(__name__)
blueprint = Blueprint("graph", __name__)

#: Seconds after which a caller should ask again for a type that no pool knows.
NO_POOL_RETRY = 30

#: A graph of more nodes is not laid out anew while a reader waits.
MOST_LAID_ANEW = 300

#: Drawings of which a process remembers what is told of them.
MOST_TOLD_OF = 500

#: What is said of a graph that was drawn, where newer drawings have taken the place of its own.
DROPPED = "It was drawn, and its drawing is kept here no longer; have it drawn again."

#: A drawing's theme, in its root element, and its title stand within so many characters.
TITLED = 1_500
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>").search

#: A drawing by itself may style itself and nothing else.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@blueprint.post("/graph")
def submit() -> tuple[Response, int]:
    """Accept a graph: 201 and the id of its first job, as a JSON string."""
    require_token()
    service = web().service
    settings = service.settings
    rules = Rules(
        service.registry.graph_types,
        object_ids=settings.object_ids,
        effort=settings.effort,
        projection=None if settings.projection == "own" else settings.projection,
        stale_days=settings.stale_days,
    )
    raw = request.stream.read(LARGEST_BODY + 1)
    body = parse_body(raw, request.headers.get("Content-Type", ""))
    try:
        wanted = read_request(body, rules)
        require_pool(wanted.graph_type)
        run_id = accept(wanted)
    except (Invalid, Overloaded) as exc:
        tell_refused(body, " ".join(exc.fields.values()))
        raise
    except RedisError:
        tell_refused(body, NO_REDIS)
        raise
    log.info(
        "accepted", extra={"graph": wanted.graph_id, "owner": wanted.owner_id, "type": wanted.graph_type, "run": run_id}
    )
    first = service.registry.plans[wanted.graph_type][0].name
    return jsonify(job_id(run_id, first, 1)), 201


def accept(wanted: GraphRequest) -> str:
    """The run of a request. An id that another owner used first is this one's where the Data App says so.

    Raises :class:`ForeignId` otherwise. Where Redis has replicas, one of them has it then, or it took too long.
    """
    run_id = submitted(wanted)
    web().copies.confirm(run_id)
    return run_id


def submitted(wanted: GraphRequest) -> str:
    """The run of a request, as it stands in Redis. Raises :class:`ForeignId`."""
    store = web().service.store
    try:
        return store.submit(wanted)
    except ForeignId as exc:
        try:
            web().neighbours.require_owned(wanted.key)
        except DeliveryError:
            log.warning("refused", extra={"graph": wanted.graph_id, "owner": wanted.owner_id, "why": exc.code})
            raise exc from None
        return store.submit(wanted, proven=True)


def require_pool(graph_type: str) -> None:
    """Raise :class:`Overloaded` where pools are alive and none of them knows the type. One may be on its way."""
    alive = web().watch.pools()
    stages = [step.name for step in web().service.registry.plans[graph_type]]
    if alive and not any_knows(alive, graph_type, stages):
        why = f"No worker knows the graph type {graph_type} (yet): the plugins of web and of the workers differ."
        raise Overloaded({"type": why}, retry_after=NO_POOL_RETRY, code="unknown_to_workers")


def tell_refused(body: Any, sentence: str) -> None:
    """The caller has set the graph to ``process``: a refused one is told so, when it can be identified.

    The status is owed in Redis; where that is away it is written now, from a thread of its own.
    """
    graph_id, owner_id = body.get("_id"), body.get("owner_id")
    if not all(isinstance(value, str) and OBJECT_ID.fullmatch(value) for value in (graph_id, owner_id)):
        return
    graph_id, owner_id = graph_id.lower(), owner_id.lower()
    graph, fields = GraphKey(graph_id, owner_id), {"status": "error", "msg": sentence[:500]}
    try:
        if web().service.store.owner_of(graph_id) in ("", owner_id):  # what is owed to another's graph stays
            outbox.enqueue(web().service.redis, graph, fields)
    except RedisError:
        tell_now(web(), graph, fields)


def tell_now(mine: Web, graph: GraphKey, fields: Mapping[str, object]) -> None:
    """Write a status without Redis; while many are being written, no further one is begun."""
    if not mine.telling.acquire(blocking=False):
        log.warning("a refusal was not told: too many at once", extra={"graph": graph.graph_id})
        return

    def write() -> None:
        try:
            mine.neighbours.status.write(graph, fields)
        except DeliveryError as exc:
            log.warning("a refusal was not told", extra={"graph": graph.graph_id, "why": str(exc)})
        finally:
            mine.telling.release()

    threading.Thread(target=write, name="telling", daemon=True).start()


@blueprint.get("/graph/<graph_id>")
def show(graph_id: str) -> Response:
    """How far a graph is: state, message, stages, counts, omissions, links.

    Counts are those of the drawing that is shown, which ``drawn_by`` may be an older run's than the state.
    """
    until = require_reader(graph_id)
    service = web().service
    run = service.store.newest(graph_id)
    statistics = service.store.artifact(run.run_id, Statistics)
    by = service.store.drawn_by(graph_id) or None
    drawn = None if by is None else told_of(by)
    state, message, ended = answers.state_of(run, parked=run.open and service.store.is_parked(run.run_id))
    links = links_of(run.key, drawn is not None, until)
    if by is not None and opens(run.graph_type, by):
        links["inside"] = links["self"].replace("?", "/inside?", 1)
    if by is not None and answered(by):
        links |= {name: links["self"].replace("?", f"/{name}?", 1) for name in ("fail", "impact", "weak-points")}
    draws = any(step.stage.gives is Drawing for step in service.registry.plans.get(run.graph_type, ()))
    if state == "finished" and drawn is None and draws:
        state, message = "warning", DROPPED
        links["redraw"] = f"/graph/{graph_id}/redraw"
    return answers.said(
        answers.GraphState(
            id=graph_id,
            type=run.graph_type,
            run=run.run_id,
            state=state,
            message=message,
            created=run.created,
            ended=ended,
            stages=answers.stages_of(run, service.registry.plans.get(run.graph_type, ())),
            drawn_by=by,
            counts=drawn.counts if drawn else None,
            omissions=drawn.omissions if drawn else (),
            findings=drawn.findings if drawn else (),
            statistics=answers.statistics_of(statistics),
            links=links,
        )
    )


def told_of(run_id: str) -> answers.Told | None:
    """What is told of a run's drawing: read once, as it is asked for again and again. Nothing where it is gone."""
    told: OrderedDict[str, answers.Told] = web().opened.setdefault("told", OrderedDict())
    found = told.get(run_id)
    if found is None:
        drawing = web().service.store.artifact(run_id, Drawing)
        if drawing is None:
            return None
        found = told[run_id] = answers.told(drawing)
        if len(told) > MOST_TOLD_OF:
            with contextlib.suppress(KeyError):
                told.popitem(last=False)
    return found


def links_of(graph: GraphKey, drawn: bool, until: int | None) -> dict[str, str]:
    """Signed links that open this graph without a token; those handed out to a link end when it ends."""
    service, graph_id = web().service, graph.graph_id
    expires = int(time.time()) + service.settings.link_ttl if until is None else until
    query = sign_link(graph, expires, revocations.words_of(service.redis, graph), service.settings)
    links = {"self": f"/graph/{graph_id}?{query}", "view": f"/view/{graph_id}?{query}"}
    if drawn:
        links |= {suffix: f"/graph/{graph_id}.{suffix}?{query}" for suffix in ("svg", *web().service.registry.formats)}
    return links


@blueprint.post("/graph/<graph_id>/redraw")
def redraw(graph_id: str) -> tuple[Response, int]:
    """Draw a graph again from the request that is kept of it, as one whose drawing is kept no more."""
    require_token()
    return jsonify(redrawn_job_id(graph_id)), 201


def redrawn_job_id(graph_id: str) -> str:
    """Accept the request of a graph once more; the id of its first job. Raises :class:`NotFound`."""
    service = web().service
    wanted = service.store.artifact(service.store.newest(graph_id).run_id, GraphRequest)
    if wanted is None or wanted.graph_type not in service.registry.plans:
        raise NotFound({"graph": "What was asked for is no longer kept; please ask for the graph again."})
    require_pool(wanted.graph_type)
    run_id = accept(wanted)
    log.info("drawn again", extra={"graph": graph_id, "owner": wanted.owner_id, "run": run_id})
    return job_id(run_id, service.registry.plans[wanted.graph_type][0].name, 1)


@blueprint.delete("/graph/<graph_id>/links")
def revoke_links(graph_id: str) -> tuple[str, int]:
    """No link to this graph that was handed out until now opens it any more."""
    require_token()
    service = web().service
    service.store.newest(graph_id)
    revocations.revoke_graph(service.redis, graph_id)
    log.info("links revoked", extra={"graph": graph_id})
    return "", 204


@blueprint.delete("/owners/<owner_id>/links")
def revoke_links_of(owner_id: str) -> tuple[str, int]:
    """No link to any graph of this owner that was handed out until now opens it any more."""
    require_token()
    service = web().service
    revocations.revoke_owner(service.redis, owner_id)
    log.info("links revoked", extra={"owner": owner_id})
    return "", 204


@blueprint.get("/graph/<graph_id>.svg")
def svg(graph_id: str) -> Response:
    """The newest drawing of a graph; with ``projection`` it is laid out anew where it is drawn in the other one.

    With ``theme`` it is painted anew in those colours.
    """
    require_reader(graph_id)
    run_id = drawn_by(graph_id)
    projection = next((known for known in PROJECTIONS if known == request.args.get("projection")), None)
    theme = next((known for known in THEMES if known == request.args.get("theme")), None)
    asked = " ".join(("svg", *filter(None, (projection, theme))))
    text = worked_out(run_id, asked, lambda: looked_at(drawing_of(run_id), projection, theme).encode())
    answer = Response(text, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = SVG_POLICY
    return answer


@blueprint.get("/graph/<graph_id>/details")
def details(graph_id: str) -> Response:
    """What the newest drawing shows, in words: for the viewer, by the ids of the drawing."""
    require_reader(graph_id)
    run_id = drawn_by(graph_id)

    def make() -> bytes:
        clients = web().service.store.artifact(run_id, Clients)
        return answers.said(details_of(drawing_of(run_id).grid, clients)).get_data()

    return Response(worked_out(run_id, "details", make), mimetype="application/json")


def looked_at(drawing: Drawing, wanted: Projection | None, theme: str | None = None) -> str:
    """A drawing in the projection and the theme wanted, where one is.

    One too large to be laid out while somebody waits keeps its projection.
    """
    grid = drawing.grid
    title = unescape(found[1]) if (found := TITLE(drawing.svg, 0, TITLED)) else ""
    if wanted is not None and wanted != grid.projection and len(grid.graph.nodes) <= MOST_LAID_ANEW:
        return render(lay_out(grid.graph, "fast", wanted), theme=theme if theme in THEMES else "light", title=title)
    if theme in THEMES and f' class="{THEMES[theme].prefix}svg" ' not in drawing.svg[:TITLED]:
        return render(grid, theme=theme, title=title)
    return drawing.svg


@blueprint.get("/graph/<graph_id>.<suffix>")
def export(graph_id: str, suffix: str) -> Response:
    """What the newest drawing shows, in a format of another program."""
    formats = web().service.registry.formats
    if suffix not in formats:
        abort(404)
    require_reader(graph_id)
    form = formats[suffix]
    run_id = drawn_by(graph_id)
    if isinstance(form, PictureFormat):
        text = worked_out(run_id, "svg", lambda: drawing_of(run_id).svg.encode()).decode()
        answer = Response(picture_in(suffix, text), content_type=form.media_type)
    else:
        written = worked_out(run_id, f".{suffix}", lambda: form.written(drawing_of(run_id), Size()))
        answer = Response(written, content_type=f"{form.media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe_word(graph_id)}.{suffix}"'
    return answer


@blueprint.get("/types")
def types() -> Response:
    """The graph types that can be asked for."""
    require_token()
    registry = web().service.registry
    graphs = {graph.name: graph for graph in registry.graph_types.values()}
    return answers.said(
        [
            answers.GraphTypeRow(
                graph.name,
                graph.title or graph.name,
                tuple(graph.aliases),
                tuple(graph.entries),
                tuple(step.name for step in registry.plans[graph.name]),
                registry.sources[f"graph type {graph.name!r}"],
            )
            for graph in sorted(graphs.values(), key=lambda graph: graph.name)
        ]
    )


@blueprint.get("/plugins")
def plugins() -> Response:
    """Every stage with its file, what it takes and gives, the plugins that were refused, and those of the pools."""
    require_token()
    registry = web().service.registry
    stages = tuple(
        answers.StageInfo(
            stage.name,
            registry.sources[f"stage {stage.name!r}"],
            tuple(take.words for take in stage.takes),
            stage.gives.__name__ if stage.gives else None,
            stage.wants_context,
        )
        for stage in sorted(registry.stages.values(), key=lambda stage: stage.name)
    )
    refused = tuple(answers.RefusedRow(one.source, one.reason) for one in registry.refused)
    pools = tuple(answers.pool_row(web().pool, pool) for pool in web().watch.pools())
    return answers.said(answers.Plugins(stages, refused, web().pool.digest, pools))
