"""The web application: one factory, one blueprint a subject.

Every answer that is not a page is JSON; every error, those of the framework
included, has the one shape of :mod:`analytics.web.problems`.
"""

from __future__ import annotations

import logging

from ..extras import missing

try:
    from flask import Flask
    from flask.json.provider import DefaultJSONProvider
except ModuleNotFoundError as exc:
    raise missing("service", "the web application") from exc

from .. import logs
from ..outbound.connect import connect
from ..redis_client import refuse_untrusted
from ..runs.copies import Copies
from ..runs.pools import PoolWatch, pool_of
from ..service import build_service
from ..settings import Settings, read, require_safe
from . import door, failing, graph, health, metrics, openapi, opening, problems, share, versions
from . import viewer as viewing
from .dashboard import mount
from .state import Web, attach

log = logging.getLogger(__name__)


class OrderedJson(DefaultJSONProvider):
    """JSON whose fields stand in the order they are meant to be read."""

    sort_keys = False


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises :class:`~analytics.errors.SettingsError` or ``PluginError``.

    A certificate of Redis that is not trusted is an error of its setting.
    """
    settings = settings or read()
    logs.configure(settings.log_level)
    for warning in require_safe(settings):
        log.warning(warning)
    service = build_service(settings, patient=False)
    refuse_untrusted(service.redis)
    app = Flask(__name__)
    app.json = OrderedJson(app)
    app.url_map.strict_slashes = False
    mine = pool_of("web", service.registry)
    copies = Copies(service.redis, settings.redis_wait / 1000)
    attach(app, Web(service, connect(settings), mine, PoolWatch(service.redis), copies))
    problems.install(app)
    for blueprint in (
        health.blueprint,
        metrics.blueprint,
        graph.blueprint,
        opening.blueprint,
        viewing.blueprint,
        openapi.blueprint,
        door.blueprint,
        share.blueprint,
        versions.blueprint,
        failing.blueprint,
    ):
        app.register_blueprint(blueprint)
    mount(app, service)
    return app
