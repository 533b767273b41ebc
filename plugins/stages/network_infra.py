"""Network stage of the infra graph: what runs where, how big, how redundant?

Provider, datacenter, region, zone and cluster are boxes within boxes; servers
and managed applications stand in them. A load balancer points at its targets;
what applications call of each other becomes one line between their boxes.
"""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.infra.build import build_grid


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("network_infra", build_grid)
