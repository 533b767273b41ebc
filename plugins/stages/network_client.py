"""Client stage: whom do the systems in this graph serve?"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import Client, Ref, System
from analytics.model import Attribute, Clients, Entries, Estate, Lookup, Served


def find_clients(entries: Entries, lookup: Lookup | None, estate: Estate | None, ctx: Context) -> Clients:
    """The clients of the systems the graph starts from and passes through, sorted by name."""
    systems = {ref.id for ref in entries.systems}
    found = lookup or estate
    systems |= {ref.id for app in (found.applications if found else ()) for ref in app.systems}
    if not systems:
        return Clients(())
    serving: dict[str, list[str]] = {}
    for system in ctx.inventory.find(System, {"_id": sorted(systems)}):
        for ref in system.clients:
            serving.setdefault(ref.id, []).append(system.name)
    clients = ctx.inventory.find(Client, {"_id": sorted(serving)}) if serving else ()
    served = tuple(
        Served(
            Ref(client.id, client.name),
            tuple(sorted(serving[client.id])),
            tuple(Attribute(contact.key, contact.value) for contact in client.contacts),
        )
        for client in sorted(clients, key=lambda client: (client.name, client.id))
    )
    return Clients(tuple(one.client for one in served), served)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("network_client", find_clients)
