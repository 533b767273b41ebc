"""Figures for Prometheus, in its text format. Behind the token: they say how busy an estate's owner is."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ..runs import figures
from ..runs.figures import Figures
from .state import require_token, web

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """The service's figures; every web process answers the same, they are Redis's."""
    require_token()
    service = web().service
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Told(figures.read(service.redis, service.queue)))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Told:
    """A collector, in Prometheus's terms, of figures that were read already."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

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
