"""Figures for Prometheus, in its text format. Behind the token: they say how busy an estate's owner is."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ..runs import figures, readiness
from ..runs.figures import Figures
from ..runs.readiness import Readiness
from ..service import Service
from .state import require_token, web

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """The service's figures; every web process answers the same, they are Redis's."""
    require_token()
    service = web().service
    registry = CollectorRegistry(auto_describe=False)
    registry.register(told(service))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def told(service: Service) -> Told:
    """The figures as they are now."""
    redis = service.redis
    return Told(figures.read(redis, service.queue), readiness.read(redis), evicts=bool(readiness.evicting(redis)))


class Told:
    """A collector, in Prometheus's terms, of figures that were read already."""

    def __init__(self, figures: Figures, stands: Readiness, *, evicts: bool) -> None:
        self._figures, self._readiness, self._evicts = figures, stands, evicts

    def collect(self) -> Iterator[Metric]:
        """One family a figure."""
        now = self._figures
        graphs = GaugeMetricFamily("analytics_graphs", "Graphs by where they are", labels=["phase"])
        for phase, count in (
            ("waiting", now.waiting),
            ("active", now.active),
            ("parked", now.parked),
            ("kept", now.kept),
        ):
            graphs.add_metric([phase], count)
        yield graphs
        yield GaugeMetricFamily("analytics_leases", "Stages under a lease", value=now.leases)
        yield GaugeMetricFamily("analytics_leases_overdue", "Stages whose lease has run out", value=now.overdue)
        yield GaugeMetricFamily("analytics_statuses_owed", "Statuses the Data App has not taken yet", value=now.outbox)
        yield GaugeMetricFamily("analytics_jobs_queued", "Jobs no worker has taken", value=now.queued)
        yield GaugeMetricFamily("analytics_workers", "Workers that RQ knows", value=now.workers)
        yield GaugeMetricFamily("analytics_pools", "Pools of workers that are alive", value=now.pools)
        stands = self._readiness
        if stands.ticked is not None:
            yield GaugeMetricFamily(
                "analytics_reaper_age_seconds", "Seconds since a reaper did all it had to do", value=stands.ticked
            )
        yield GaugeMetricFamily(
            "analytics_lease_overdue_seconds", "Seconds the oldest lease is overdue", value=stands.overdue
        )
        if stands.data_app is not None:
            yield GaugeMetricFamily(
                "analytics_data_app_answers", "1 where the Data App answered when last asked", value=stands.data_app
            )
        yield GaugeMetricFamily(
            "analytics_redis_evicts", "1 where Redis may evict keys when its memory is full", value=self._evicts
        )
        yield GaugeMetricFamily("analytics_redis_replicas", "Replicas that follow Redis", value=now.replicas)
        yield CounterMetricFamily(
            "analytics_uncopied", "Requests answered before a replica of Redis held them", value=now.uncopied
        )
        unreadable = CounterMetricFamily(
            "analytics_unreadable", "Things set aside since they could not be read", labels=["kind"]
        )
        for kind in sorted({"run", "art", "leases", "debt", *now.unreadable}):
            unreadable.add_metric([kind], now.unreadable.get(kind, 0))
        yield unreadable
        ended = CounterMetricFamily("analytics_graphs_ended", "Graphs by how they ended", labels=["level"])
        for level in ("finished", "warning", "error"):
            ended.add_metric([level], now.ended.get(level, 0))
        yield ended
