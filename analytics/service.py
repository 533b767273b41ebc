"""The one place where the parts are put together; nothing happens at import."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis
from rq import Queue

from .pipeline import registry
from .pipeline.registry import Registry
from .redis_client import connect_redis
from .runs.admission import Limits
from .runs.queue import enqueuer, queue_of
from .runs.store import RunStore
from .runs.times import LeaseTimes
from .settings import Settings


@dataclass(frozen=True)
class Service:
    """What web processes, workers and supervisors share."""

    settings: Settings
    registry: Registry
    redis: Redis
    queue: Queue
    store: RunStore


def build_service(settings: Settings, *, patient: bool, times: LeaseTimes | None = None) -> Service:
    """Plugins, Redis, queue and run store; ``times`` are how long to wait. Raises what cannot be used."""
    plugins = registry.load_configured(settings)
    client = connect_redis(settings, patient=patient)
    queue = queue_of(client, settings.queue)
    limits = Limits(
        ttl=settings.run_ttl,
        window=settings.window,
        backlog=settings.backlog,
        owner_rate=settings.owner_rate,
        kept=settings.kept_drawings,
        kept_of_owner=settings.kept_of_owner,
        kept_bytes=settings.kept_mb * 1_000_000,
        parked=settings.plugin_wait,
        versions=settings.versions,
        version_bytes=settings.versions_mb * 1_000_000,
        all_version_bytes=settings.all_versions_mb * 1_000_000,
        version_ttl=settings.versions_ttl,
    )
    store = RunStore(client, plugins.plans, enqueuer(queue, plugins, settings.job_timeout), limits, times)
    return Service(settings, plugins, client, queue, store)
