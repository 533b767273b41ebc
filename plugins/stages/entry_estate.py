"""Entry stage of the infra and network graphs: which part of the estate is this about?

Applications, systems and clients lead to applications as in any graph; servers
and datacenters may be named themselves; nothing named is the whole estate.
"""

from collections.abc import Iterator
from dataclasses import replace

from analytics import Context, Stage, hookimpl
from analytics.documents import Datacenter, Ref, Server
from analytics.errors import EmptyGraph
from analytics.graphs.entries import find_doors, scope_of
from analytics.model import Entries, GraphRequest


def find_part(request: GraphRequest, ctx: Context) -> Entries:
    """Resolve what the request names. Raises :class:`EmptyGraph` when nothing of it is there."""
    ids = [ref.id for ref in request.refs]
    if request.entry == "all":
        return Entries(scope="The whole estate", remarks=tuple(ctx.inventory.remarks()))
    if request.entry == "servers":
        servers = [Ref(server.id, server.name) for server in ctx.inventory.find(Server, {"_id": ids})]
        scope = scope_of("Servers", servers, asked=len(set(ids)))
        entries = Entries(servers=tuple(ref.id for ref in servers), scope=scope)
    elif request.entry == "datacenters":
        places = [Ref(place.id, place.name) for place in ctx.inventory.find(Datacenter, {"_id": ids})]
        scope = scope_of("Datacenters", places, asked=len(set(ids)))
        entries = Entries(datacenters=tuple(ref.id for ref in places), scope=scope)
    else:
        doors = find_doors(request, ctx.inventory)
        entries = Entries(doors.applications, doors.systems, scope=doors.scope)
    if not (entries.applications or entries.servers or entries.datacenters):
        raise EmptyGraph("Empty entry point")
    return replace(entries, remarks=tuple(ctx.inventory.remarks()))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("entry_estate", find_part)
