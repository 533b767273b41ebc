"""Infra graph: providers, datacenters, regions and zones, and what runs in them."""

from collections.abc import Iterator

from analytics import GraphType, hookimpl
from analytics.graphs.infra.build import PROJECTION

#: Each stage, and the stages it waits for.
STAGES = {
    "entry_estate": (),
    "serverlookup": ("entry_estate",),
    "storagelookup": ("entry_estate",),
    "network_infra": ("serverlookup", "storagelookup"),
    "network_client": ("serverlookup",),
    "draw_estate": ("network_infra",),
    "info_estate": ("draw_estate",),
    "send_front_app": ("draw_estate",),
}


@hookimpl
def analytics_graph_types() -> Iterator[GraphType]:
    yield GraphType(
        "infra",
        STAGES,
        optional=("info_estate", "network_client"),
        always=("notification", "websocket"),
        entries=("clients", "systems", "apps", "datacenters", "servers"),
        projection=PROJECTION,
        title="Infra graph",
    )
