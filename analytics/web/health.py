"""Is it there, and can it work? Open to everybody: load balancers and neighbours ask."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from redis import RedisError

from ..about import IDENTITY
from .state import web

blueprint = Blueprint("health", __name__)


@blueprint.get("/")
def root() -> Response:
    """Name, description, version and license."""
    return jsonify(IDENTITY)


@blueprint.get("/health/live")
def live() -> Response:
    """200 as long as the process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """200 when Redis answers, else 503; also how much waits, which says whether workers keep up."""
    redis = web().service.redis
    try:
        redis.ping()
        counts = {"waiting": redis.zcard("am:waiting"), "active": redis.zcard("am:active")}
    except RedisError as exc:
        return jsonify({"status": "unavailable", "redis": type(exc).__name__}), 503
    return jsonify({"status": "ok", "redis": "ok", "graphs": counts}), 200
