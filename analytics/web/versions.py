"""The kept versions of a graph, and what changed between two of them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..answers.drawn import drawn_difference
from ..errors import NotFound
from ..runs import versions
from . import answers
from .state import require_token, web
from .working import worked

blueprint = Blueprint("versions", __name__)


@blueprint.get("/graph/<graph_id>/versions")
def listed(graph_id: str) -> Response:
    """The versions that are kept of a graph, the newest first."""
    require_token()
    rows = tuple(answers.VersionRow(one.run_id, one.drawn, one.nodes, one.lines, one.size) for one in kept(graph_id))
    return answers.said(answers.Versions(graph_id, rows))


@blueprint.get("/graph/<graph_id>/diff")
def diff(graph_id: str) -> Response:
    """What changed from one version to another; without more words, from the last but one to the last."""
    require_token()
    held = [one.run_id for one in kept(graph_id)]
    new = request.args.get("to") or next(iter(held), "")
    if new not in held:
        raise NotFound({"graph": f"The version {new} is not kept (any more)." if new else "No version is kept of it."})
    old = request.args.get("from") or next(iter(held[held.index(new) + 1 :]), "")
    if not old:
        raise NotFound({"graph": "One version is kept of it, and none before that."})
    redis, owner = web().service.redis, owner_of(graph_id)
    with worked():
        before, after = (versions.version(redis, owner, graph_id, one) for one in (old, new))
        found = drawn_difference(before.graph, after.graph)
    rows = tuple(
        answers.ChangeRow(
            verb=one.verb,  # type: ignore[arg-type]
            thing=one.thing,
            name=found.names.get(one.thing, one.thing),
            field=one.field,
            before=one.before,
            after=one.after,
            kind=one.kind,  # type: ignore[arg-type]
            target=one.target,
            words=found.words(one),
        )
        for one in found.changes
    )
    return answers.said(answers.VersionDifference("diff", graph_id, old, new, found.summary, found.same, rows))


def kept(graph_id: str) -> list[versions.Version]:
    """The kept versions of its present owner's graph. Raises :class:`NotFound`."""
    return versions.versions_of(web().service.redis, owner_of(graph_id), graph_id)


def owner_of(graph_id: str) -> str:
    """Whose graph it is. Raises :class:`NotFound` for one that is not there."""
    return web().service.store.newest(graph_id).owner_id
