"""Enrichment stage: what do the applications in the graph run on?

A server says which applications it carries; an application may also name its
servers, and a load balancer the servers behind it.
"""

from collections import defaultdict
from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.catalog.sizes import size_of
from analytics.documents import Server
from analytics.model import Hosting, Lookup, Servers


def find_servers(lookup: Lookup, ctx: Context) -> Servers:
    """The servers behind every application that was looked up, each one's own and all of them counted once.

    Those in folds too: how many servers there are is no matter of detail.
    """
    applications = lookup.applications
    wanted = {app.id for app in applications}
    servers = {server.id: server for server in ctx.inventory.find(Server, {"applications._id": sorted(wanted)})}
    named = {ref.id for app in applications for ref in (*app.servers, *app.targets)} - servers.keys()
    if named:
        servers.update({server.id: server for server in ctx.inventory.find(Server, {"_id": sorted(named)})})
    carried: dict[str, dict[str, Server]] = defaultdict(dict)
    for server in servers.values():
        for ref in server.applications:
            if ref.id in wanted:
                carried[ref.id][server.id] = server
    for app in applications:
        for ref in app.servers:
            if ref.id in servers:
                carried[app.id][ref.id] = servers[ref.id]
    return Servers(
        tuple(hosting_of(app, list(carried[app].values())) for app in sorted(carried)),
        total=len({key for mine in carried.values() for key in mine}),
    )


def hosting_of(application: str, servers: list[Server]) -> Hosting:
    """What one application runs on; a server that states neither processors nor memory has no size."""
    sizes = [size_of(server.cpu, server.memory) for server in servers if server.cpu or server.memory]
    return Hosting(
        application,
        servers=len(servers),
        providers=tuple(sorted({server.location.provider for server in servers if server.location.provider})),
        datacenters=tuple(sorted({server.location.name for server in servers if server.location.name})),
        size=largest.name if (largest := max(sizes, key=lambda size: size.rank, default=None)) else "",
    )


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("enrichment", find_servers)
