"""Graphs: ask for one, see how far it is, fetch its drawing."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from ..errors import Invalid, Overloaded, RequestError
from ..model.artifacts import Drawing, GraphKey, Statistics
from ..pipeline import progress
from ..pipeline.progress import Run
from ..runs import outbox
from ..runs.queue import job_id
from ..text import safe_word
from .state import require_reader, require_token, web
from .submission import LARGEST_BODY, OBJECT_ID, Rules, parse_body, read_request
from .tokens import sign_link

log = logging.getLogger(__name__)
blueprint = Blueprint("graph", __name__)

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
    )
    raw = request.stream.read(LARGEST_BODY + 1)
    body = parse_body(raw, request.headers.get("Content-Type", ""))
    try:
        wanted = read_request(body, rules)
        run_id = service.store.submit(wanted)
    except (Invalid, Overloaded) as exc:
        tell_refused(body, exc)
        raise
    log.info(
        "accepted", extra={"graph": wanted.graph_id, "owner": wanted.owner_id, "type": wanted.graph_type, "run": run_id}
    )
    first = service.registry.plans[wanted.graph_type][0].name
    return jsonify(job_id(run_id, first, 1)), 201


def tell_refused(body: Any, exc: RequestError) -> None:
    """The caller has set the graph to ``process``: a refused one is told so, when it can be identified."""
    graph_id, owner_id = body.get("_id"), body.get("owner_id")
    if not all(isinstance(value, str) and OBJECT_ID.fullmatch(value) for value in (graph_id, owner_id)):
        return
    graph_id, owner_id = graph_id.lower(), owner_id.lower()
    fields = {"status": "error", "msg": " ".join(exc.fields.values())[:500]}
    outbox.enqueue(web().service.redis, GraphKey(graph_id, owner_id), fields)


@blueprint.get("/graph/<graph_id>")
def show(graph_id: str) -> Response:
    """How far a graph is: state, message, stages, counts, omissions, links.

    Counts are those of the drawing that is shown, which ``drawn_by`` may be an older run's than the state.
    """
    require_reader(graph_id)
    service = web().service
    run = service.store.newest(graph_id)
    statistics = service.store.artifact(run.run_id, Statistics)
    drawn_by, drawing = service.store.last_drawing(graph_id) or (None, None)
    return jsonify(
        {
            "id": graph_id,
            "type": run.graph_type,
            "run": run.run_id,
            **state_of(run),
            "stages": stages_of(run),
            "drawn_by": drawn_by,
            "counts": counts_of(drawing),
            "omissions": omissions_of(drawing),
            "statistics": statistics_of(statistics),
            "links": links_of(graph_id, drawing is not None),
        }
    )


def state_of(run: Run) -> dict[str, object]:
    """The run's status in the words of the graph document, and what it says to a person."""
    if run.phase == progress.ENDED and run.outcome is not None:
        return {"state": run.outcome.level, "message": run.outcome.message, "created": run.created, "ended": run.ended}
    said = "Waiting for its turn" if run.phase == progress.WAITING else "In work"
    failing = [f"{name}: {state.reason}" for name, state in run.stages.items() if state.status == progress.PAUSED]
    return {
        "state": "process",
        "message": "; ".join(failing) or said,
        "created": run.created,
        "ended": None,
    }


def stages_of(run: Run) -> list[dict[str, object]]:
    """Every stage of the run in order, with times in seconds and attempts."""
    rows: list[dict[str, object]] = []
    for step in web().service.registry.plans[run.graph_type]:
        state = run.stage(step.name)
        ended = state.ended and state.started
        rows.append(
            {
                "name": step.name,
                "state": state.status,
                "attempts": state.attempt,
                "seconds": round(state.ended - state.started, 4) if ended else None,
                "reason": state.reason,
                "optional": step.optional,
            }
        )
    return rows


def counts_of(drawing: Drawing | None) -> dict[str, object] | None:
    """Completeness of the drawing: found = drawn + folded + omitted."""
    if drawing is None:
        return None
    tally = drawing.tally
    return {
        "nodes": drawing.nodes,
        "found": tally.found,
        "drawn": tally.drawn,
        "folded": tally.folded,
        "omitted": tally.omitted,
        "hidden": tally.hidden,
        "ghosts": tally.ghosts,
    }


def omissions_of(drawing: Drawing | None) -> list[dict[str, object]]:
    """What the drawing does not show as itself, and why."""
    if drawing is None:
        return []
    return [
        {"kind": omission.kind, "what": omission.what, "count": omission.count, "reason": omission.reason}
        for omission in drawing.omissions
    ]


def statistics_of(statistics: Statistics | None) -> dict[str, object] | None:
    """The counts beside the graph."""
    if statistics is None:
        return None
    return {
        "histogram": {column.name: column.count for column in statistics.histogram},
        "density": statistics.density,
        "connections": statistics.connections,
        "families": {family.name: family.count for family in statistics.families},
        "applications": statistics.applications,
        "systems": [{"id": ref.id, "name": ref.name} for ref in statistics.systems],
        "totals": [
            {"quantity": total.quantity, "system": total.system, "value": total.value, "things": total.things}
            for total in statistics.totals
        ],
    }


def links_of(graph_id: str, drawn: bool) -> dict[str, str]:
    """Signed links that open this graph for a day without a token."""
    query = sign_link(graph_id, web().service.settings)
    links = {"self": f"/graph/{graph_id}?{query}", "view": f"/view/{graph_id}?{query}"}
    if drawn:
        links |= {suffix: f"/graph/{graph_id}.{suffix}?{query}" for suffix in ("svg", *web().service.registry.formats)}
    return links


@blueprint.get("/graph/<graph_id>.svg")
def svg(graph_id: str) -> Response:
    """The newest drawing of a graph."""
    require_reader(graph_id)
    drawing = web().service.store.drawing(graph_id)
    answer = Response(drawing.svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = SVG_POLICY
    return answer


@blueprint.get("/graph/<graph_id>.<suffix>")
def export(graph_id: str, suffix: str) -> Response:
    """What the newest drawing shows, in a format of another program."""
    formats = web().service.registry.formats
    if suffix not in formats:
        abort(404)
    require_reader(graph_id)
    form = formats[suffix]
    text = form.write(web().service.store.drawing(graph_id).grid)
    answer = Response(text, content_type=f"{form.media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe_word(graph_id)}.{suffix}"'
    return answer


@blueprint.get("/types")
def types() -> Response:
    """The graph types that can be asked for."""
    require_token()
    registry = web().service.registry
    graphs = {graph.name: graph for graph in registry.graph_types.values()}
    return jsonify(
        [
            {
                "name": graph.name,
                "title": graph.title or graph.name,
                "aliases": list(graph.aliases),
                "entries": list(graph.entries),
                "stages": [step.name for step in registry.plans[graph.name]],
                "source": registry.sources[f"graph type {graph.name!r}"],
            }
            for graph in sorted(graphs.values(), key=lambda graph: graph.name)
        ]
    )


@blueprint.get("/plugins")
def plugins() -> Response:
    """Every stage with its file, what it takes and gives, and the plugins that were refused."""
    require_token()
    registry = web().service.registry
    return jsonify(
        {
            "stages": [
                {
                    "name": stage.name,
                    "source": registry.sources[f"stage {stage.name!r}"],
                    "takes": [take.words for take in stage.takes],
                    "gives": stage.gives.__name__ if stage.gives else None,
                    "world": stage.wants_context,
                }
                for stage in sorted(registry.stages.values(), key=lambda stage: stage.name)
            ],
            "refused": [{"source": refused.source, "reason": refused.reason} for refused in registry.refused],
        }
    )
