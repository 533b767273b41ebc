"""Business graph: applications and all they depend on, as a map. Columns are the depth of dependency."""

from collections.abc import Iterator

from analytics import GraphType, hookimpl
from analytics.graphs.business.build import PROJECTION

#: Each stage, and the stages it waits for.
STAGES = {
    "entry": (),
    "graphlookup": ("entry",),
    "network_business": ("graphlookup",),
    "network_client": ("network_business",),
    "enrichment": ("network_business",),
    "draw_business": ("enrichment",),
    "info_business": ("draw_business",),
    "send_front_app": ("draw_business",),
}


@hookimpl
def analytics_graph_types() -> Iterator[GraphType]:
    yield GraphType(
        "business",
        STAGES,
        optional=("info_business", "network_client"),  # their failure leaves the drawing alone
        always=("notification", "websocket"),  # last, also when the run stopped early
        aliases=("bussiness",),  # the spelling of existing callers
        projection=PROJECTION,
        title="Business graph",
    )
