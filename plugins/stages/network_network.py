"""Network stage of the network graph: address space and reachability.

Datacenter, region, network, zone and subnet are boxes within boxes; servers,
load balancers and managed services stand in them, gateways on their network's
ground. Rules, routes, peerings and VPNs are lines, merged per group; what lies
beyond the estate stands in a lane of its own.
"""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.network.build import build_grid


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("network_network", build_grid)
