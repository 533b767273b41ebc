"""Is it there, and can it work? Open to everybody: load balancers and neighbours ask."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response
from redis import RedisError
from werkzeug.wrappers import Response as AnyResponse

from ..about import IDENTITY
from ..runs import readiness
from ..runs.pools import Pool
from .answers import Alive, Identity, NotReady, PoolCounts, Ready, Waiting, said
from .door import front_door
from .pages import wants_page
from .state import web

#: What is said where nobody draws what web knows.
NO_POOL = "No pool of workers is alive that holds the plugins of web."
blueprint = Blueprint("health", __name__)


@blueprint.get("/")
def root() -> AnyResponse:
    """Name, description, version and license; for a browser the front door."""
    answer = front_door() if wants_page() else said(Identity(**IDENTITY))
    answer.headers["Vary"] = "Accept"
    return answer


@blueprint.get("/health/live")
def live() -> Response:
    """200 as long as the process answers."""
    return said(Alive())


@blueprint.get("/health/ready")
def ready() -> Response:
    """200 when Redis takes writes, else 503; also how much waits, and whether graphs are drawn now.

    And whether the workers hold the plugins that web holds; which differ, ``/plugins`` says to those who may know.
    """
    redis = web().service.redis
    try:
        readiness.require_writes(redis)
        waiting, active, parked = (redis.zcard(f"am:{name}") for name in ("waiting", "active", "parked"))
        alive = web().watch.pools()
        stands = readiness.read(redis)
    except RedisError as exc:
        return said(NotReady(type(exc).__name__), 503)
    differing = sum(pool.digest != web().pool.digest for pool in alive)
    held_back = sum(bool(pool.problem) for pool in alive)
    pools = PoolCounts(len(alive), differing, held_back)
    none = () if any(pool.digest == web().pool.digest for pool in alive) else (NO_POOL,)
    reasons = (*none, *stands.reasons)
    return said(
        Ready(
            Waiting(waiting, active, parked),
            pools,
            plugins(alive),
            not reasons,
            reasons,
            stands.ticked,
            stands.overdue,
            stands.data_app,
        )
    )


def plugins(alive: Sequence[Pool]) -> str:
    """A sentence about the plugins of the pools, for whoever looks why a type is refused."""
    if not alive:
        return "No pool of workers is alive."
    if any(pool.problem for pool in alive):
        return "A pool keeps earlier plugins, since those of now do not load; /plugins says why."
    if any(pool.digest != web().pool.digest for pool in alive):
        return "The plugins of web and of the workers differ; /plugins says in what."
    return "Web and all workers hold the same plugins."
