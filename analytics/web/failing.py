"""What falls within a graph when something of it fails, and its weak points: worked out of what it was made of."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..answers.failing_graph import calls_of, falling, weak_of
from ..answers.needs import Needs
from ..errors import NotFound, RequestError
from ..model.artifacts import Lookup
from ..model.graph import Graph, Node
from ..text import safe_id
from . import answers
from .state import require_reader, web
from .submission import LONGEST_TITLE

blueprint = Blueprint("failing", __name__)


@blueprint.get("/graph/<graph_id>/fail")
def fail(graph_id: str) -> Response:
    """What is down, degraded or not known within the newest drawing when one of its things fails."""
    require_reader(graph_id)
    thing = request.args.get("thing", "")
    if not thing or len(thing) > LONGEST_TITLE:
        raise RequestError({"thing": f"1 to {LONGEST_TITLE} characters."}, code="invalid_request", status=400)
    graph, held = made_of(graph_id)
    node = next((one for one in graph.nodes if thing in (safe_id(one.id), one.id, one.source)), None)
    if node is None or node.kind == "ghost":
        raise NotFound({"thing": "Nothing of that id is drawn."})
    failed = things_of(node, held)
    drawn = drawn_as(graph)
    rows = tuple(
        answers.FallingRow(one.thing, drawn[one.thing], one.name, one.state, one.chain)  # type: ignore[arg-type]
        for one in falling(held, failed)
        if one.thing in drawn
    )
    return answers.said(answers.GraphFailure("fail", graph_id, tuple(sorted(failed)), node.name, rows))


@blueprint.get("/graph/<graph_id>/weak-points")
def weak_points(graph_id: str) -> Response:
    """The things of the newest drawing that bring others of it down by failing alone, the worst first."""
    require_reader(graph_id)
    graph, held = made_of(graph_id)
    drawn = drawn_as(graph)
    rows = tuple(
        answers.WeakRow(
            thing, drawn[thing], held.names.get(thing, thing), tuple(one for one in brought if one in drawn)
        )
        for thing, brought in weak_of(held)
        if thing in drawn
    )
    return answers.said(answers.WeakPoints("weak-points", graph_id, tuple(one for one in rows if one.brings_down)))


def made_of(graph_id: str) -> tuple[Graph, Needs]:
    """The newest drawing's graph, and what its applications need. Raises :class:`NotFound`."""
    store = web().service.store
    run_id, drawing = store.drawn(graph_id)
    lookup = store.artifact(run_id, Lookup)
    if lookup is None:
        raise NotFound({"graph": "This is answered of business graphs, while what they were made of is kept."})
    return drawing.graph, calls_of(lookup)


def drawn_as(graph: Graph) -> dict[str, str]:
    """Each drawn application, and the id of the node that shows it."""
    found: dict[str, str] = {}
    for node in graph.nodes:
        if node.kind != "ghost":
            for key in node.members or (node.source.partition("/")[2] or node.id,):
                found[f"applications/{key.removeprefix('applications:')}"] = safe_id(node.id)
    return found


def things_of(node: Node, held: Needs) -> frozenset[str]:
    """The applications that a node stands for. Raises :class:`NotFound` where it stands for none."""
    ids = node.members or (node.source.partition("/")[2] or node.id,)
    found = frozenset(f"applications/{key.removeprefix('applications:')}" for key in ids) & held.names.keys()
    if not found:
        raise NotFound({"thing": "It stands for no application that the graph was made of."})
    return found
