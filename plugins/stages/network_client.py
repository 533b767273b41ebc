"""Client stage: whom do the systems in this graph serve?"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import Client, Ref, System
from analytics.model import Clients, Entries, Estate, Lookup


def find_clients(entries: Entries, lookup: Lookup | None, estate: Estate | None, ctx: Context) -> Clients:
    """The clients of the systems the graph starts from and passes through, sorted by name."""
    systems = {ref.id for ref in entries.systems}
    found = lookup or estate
    systems |= {ref.id for app in (found.applications if found else ()) for ref in app.systems}
    if not systems:
        return Clients(())
    wanted = {ref.id for system in ctx.inventory.find(System, {"_id": sorted(systems)}) for ref in system.clients}
    clients = ctx.inventory.find(Client, {"_id": sorted(wanted)}) if wanted else ()
    refs = [Ref(client.id, client.name) for client in clients]
    return Clients(tuple(sorted(refs, key=lambda ref: (ref.name, ref.id))))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("network_client", find_clients)
