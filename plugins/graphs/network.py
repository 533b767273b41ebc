"""Network graph: networks, subnets, gateways and rules, and who can reach what."""

from collections.abc import Iterator

from analytics import GraphType, hookimpl
from analytics.graphs.network.build import PROJECTION

#: Each stage, and the stages it waits for.
STAGES = {
    "entry_estate": (),
    "serverlookup": ("entry_estate",),
    "networklookup": ("entry_estate",),
    "network_network": ("serverlookup", "networklookup"),
    "network_client": ("serverlookup",),
    "draw_estate": ("network_network",),
    "info_estate": ("draw_estate",),
    "send_front_app": ("draw_estate",),
}


@hookimpl
def analytics_graph_types() -> Iterator[GraphType]:
    yield GraphType(
        "network",
        STAGES,
        optional=("info_estate", "network_client"),
        always=("notification", "websocket"),
        entries=("clients", "systems", "apps", "datacenters", "servers"),
        projection=PROJECTION,
        title="Network graph",
    )
