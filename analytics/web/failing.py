"""What falls within a graph when something of it fails, its weak points, and what depends on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, Response, request

from ..answers.failing_graph import MOST_CHAINED, calls_of, drawn_as, estate_needs, falling, weak_of
from ..answers.failure import failure
from ..answers.needs import Needs
from ..answers.reach import Reached, Way, chain_to, reached
from ..answers.single import TooMuch
from ..errors import NotFound, RequestError
from ..export.wording import node_id
from ..model.artifacts import Estate, Lookup, Networks
from ..model.graph import Container, Graph, Node
from ..text import safe_id
from . import answers
from .state import drawing_of, drawn_by, require_reader, web
from .submission import LONGEST_TITLE
from .working import worked, worked_out

blueprint = Blueprint("failing", __name__)

WAYS: tuple[Way, ...] = ("up", "down")
MOST_HOPS = 1_000


@dataclass(frozen=True)
class MadeOf:
    """The newest drawing's graph, what its things need, and what each node and box stands for, by its id."""

    graph: Graph
    held: Needs
    things: Mapping[str, tuple[str, ...]]

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """Each thing, and the safe id of the node or box that shows it; of what runs on servers, the first server's."""
        found: dict[str, str] = {}
        for drawn, things in self.things.items():
            for thing in things:
                found.setdefault(thing, safe_id(drawn))
        for need in self.held.needs:
            host = next((one for one in need.of if one in found), "") if need.kind == "runs-on" else ""
            if host:
                found.setdefault(need.thing, found[host])
        return found

    def basis(self) -> answers.Basis:
        """What an answer rests on."""
        return answers.Basis(self.held.assumptions, answers.Recorded(self.held.applications, self.held.joined))


@blueprint.get("/graph/<graph_id>/fail")
def fail(graph_id: str) -> Response:
    """What is down, degraded or not known within the newest drawing when one of its things fails."""
    require_reader(graph_id)
    with worked():
        return answers.said(failure_of(graph_id))


def failure_of(graph_id: str) -> answers.GraphFailure:
    """The answer. Raises as :func:`asked`."""
    made = made_of(drawn_by(graph_id))
    failed, name = asked(made)
    rows = tuple(
        answers.FallingRow(one.thing, made.shown[one.thing], one.name, one.state, one.chain)  # type: ignore[arg-type]
        for one in falling(made.held, failed)
        if one.thing in made.shown
    )
    return answers.GraphFailure("fail", graph_id, failed, name, rows, made.basis())


@blueprint.get("/graph/<graph_id>/impact")
def impact(graph_id: str) -> Response:
    """What depends on one thing of the newest drawing, or what it depends on, hop by hop."""
    require_reader(graph_id)
    way = request.args.get("way", "up")
    if way not in WAYS:
        raise RequestError({"way": "up or down."}, code="invalid_request", status=400)
    hops = request.args.get("hops", "0")
    if not hops.isascii() or not hops.isdigit() or len(hops) > 4 or int(hops) > MOST_HOPS:
        raise RequestError({"hops": f"0 (all) to {MOST_HOPS}."}, code="invalid_request", status=400)
    with worked():
        return answers.said(impact_of(graph_id, way, int(hops)))


def impact_of(graph_id: str, way: Way, hops: int) -> answers.GraphImpact:
    """The answer. Raises as :func:`asked`."""
    made = made_of(drawn_by(graph_id))
    start, name = asked(made)
    found = {one.thing: one for one in reached(made.held, start, way, hops)}
    verdicts = failure(made.held, start) if way == "up" else {}
    rows = tuple(
        answers.ReachedRow(
            one.thing,
            made.shown[one.thing],
            made.held.names.get(one.thing, one.thing),
            one.hops,
            verdicts[one.thing].state if one.thing in verdicts else "holds" if way == "up" else None,  # type: ignore[arg-type]
            chain(one, found, made.held),
        )
        for one in found.values()
        if one.thing in made.shown
    )
    return answers.GraphImpact("impact", graph_id, start, name, way, rows, made.basis())


def chain(one: Reached, found: dict[str, Reached], held: Needs) -> tuple[str, ...]:
    """The names from what is asked about to what is reached; of a long chain its end."""
    steps = chain_to(found, one.thing, MOST_CHAINED)
    names = tuple(held.names.get(step, step) for step in steps)
    return ("…", *names) if steps[0] in found else names


@blueprint.get("/graph/<graph_id>/weak-points")
def weak_points(graph_id: str) -> Response:
    """The things of the newest drawing that bring applications of it down by failing alone, the worst first."""
    require_reader(graph_id)
    run_id = drawn_by(graph_id)
    answer = worked_out(run_id, "weak-points", lambda: weak_points_of(graph_id, run_id))
    return Response(answer, mimetype="application/json")


def weak_points_of(graph_id: str, run_id: str) -> bytes:
    """The answer. Raises :class:`NotFound`; :class:`RequestError` where it would take too long."""
    made = made_of(run_id)
    try:
        found = weak_of(made.held, made.shown)
    except TooMuch as exc:
        raise RequestError({"graph": str(exc)}, code="too_much", status=422) from None
    rows = tuple(
        answers.WeakRow(
            one.thing, made.shown[one.thing], made.held.names.get(one.thing, one.thing), one.count, one.brought
        )
        for one in found.listed
    )
    return answers.said(answers.WeakPoints("weak-points", graph_id, rows, found.count, made.basis())).get_data()


def answered(run_id: str) -> bool:
    """Whether what a run's drawing was made of is kept."""
    return web().service.store.keeps(run_id, Lookup, Estate)


def made_of(run_id: str) -> MadeOf:
    """What a run's drawing was made of. Raises :class:`NotFound`."""
    store, drawing = web().service.store, drawing_of(run_id)
    if (lookup := store.artifact(run_id, Lookup)) is not None:
        held = calls_of(lookup)
    elif (estate := store.artifact(run_id, Estate)) is not None:
        held = estate_needs(estate, store.artifact(run_id, Networks))
    else:
        raise NotFound({"graph": "What this drawing was made of is not kept; draw it again to have this answered."})
    return MadeOf(drawing.graph, held, drawn_as(drawing.graph, held))


def asked(made: MadeOf) -> tuple[tuple[str, ...], str]:
    """The things the request asks about, and what they are called together.

    Raises :class:`RequestError` where it names none, :class:`NotFound` for one that is not drawn or cannot fail.
    """
    thing = request.args.get("thing", "")
    if not thing or len(thing) > LONGEST_TITLE:
        raise RequestError({"thing": f"1 to {LONGEST_TITLE} characters."}, code="invalid_request", status=400)
    drawn: list[Node | Container] = [*made.graph.nodes, *made.graph.containers]
    for one in drawn:
        if thing in (safe_id(one.id), node_id(one.id), one.id):
            if one.id in made.things:
                return tuple(sorted(made.things[one.id])), one.name
            raise NotFound({"thing": "It stands for nothing that can fail: an application, a server or a place."})
    if thing in made.shown:
        return (thing,), made.held.names.get(thing, thing)
    raise NotFound({"thing": "Nothing of that id is drawn."})
