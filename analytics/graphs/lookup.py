"""Which servers and applications an estate graph is about, and what their references lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from .. import Context
from ..documents.entities import Application, Datacenter, Ref, Server, System
from ..documents.ports import Inventory
from ..model.artifacts import Entries, Estate, GraphRequest
from .references import machines_of, named_servers


def with_own_systems(applications: Sequence[Application], inventory: Inventory) -> tuple[Application, ...]:
    """The applications with those of their systems that are the owner's too, by the names those have themselves."""
    named = sorted({ref.id for app in applications for ref in app.systems})
    found = inventory.find(System, {"_id": named}) if named else ()
    own = {system.id: Ref(system.id, system.name) for system in found}
    return tuple(
        replace(app, systems=tuple(own[ref.id] for ref in app.systems if ref.id in own)) if app.systems else app
        for app in applications
    )


Thing = TypeVar("Thing", Application, Server)


def find_estate(request: GraphRequest, entries: Entries, ctx: Context) -> Estate:
    """The part of the estate the entries stand for, and what it refers to beyond itself.

    Applications bring the servers that carry them and those they name; servers
    and datacenters bring every application on them; managed applications belong
    to the datacenter they name.
    """
    find = ctx.inventory.find
    if request.entry == "all":
        servers, applications = by_id(find(Server)), by_id(find(Application))
    elif entries.servers or entries.datacenters:
        where = {"_id": list(entries.servers)} if entries.servers else {"datacenters._id": list(entries.datacenters)}
        servers = by_id(find(Server, where))
        applications = by_id(find(Application, {"_id": carried(servers.values())}))
        if entries.datacenters:
            applications |= by_id(find(Application, where))
    else:
        applications = by_id(find(Application, {"_id": list(entries.applications)}))
        servers = by_id(find(Server, {"applications._id": sorted(applications)}))
        named = named_servers(applications.values()) - servers.keys()
        servers |= by_id(find(Server, {"_id": sorted(named)}))
        servers |= by_id(machines_of(applications.values(), instances(applications.values(), ctx.inventory)))
    return with_surroundings(request, entries, servers, applications, ctx.inventory)


def with_surroundings(
    request: GraphRequest,
    entries: Entries,
    servers: Mapping[str, Server],
    applications: Mapping[str, Application],
    inventory: Inventory,
) -> Estate:
    """The part, and what its references lead to: the owner's own, or nothing."""
    whole = request.entry == "all"
    beyond: dict[str, Server] = {}
    named = named_servers(applications.values()) - servers.keys()
    if not whole:
        # Whether an application runs on one host only its hosts outside this part can tell.
        beyond |= by_id(inventory.find(Server, {"applications._id": sorted(applications)}))
        beyond |= by_id(inventory.find(Server, {"_id": sorted(named)}))
        beyond |= by_id(machines_of(applications.values(), instances(applications.values(), inventory)))
        beyond = {key: server for key, server in beyond.items() if key not in servers}
    called = {dep.id for app in applications.values() for dep in app.deps}
    unmet = ({*carried(servers.values()), *called} | set(entries.applications)) - applications.keys()
    others = {} if whole else by_id(inventory.find(Application, {"_id": sorted(unmet)}))
    return Estate(
        tuple(servers[key] for key in sorted(servers)),
        with_own_systems([applications[key] for key in sorted(applications)], inventory),
        inventory.find(Datacenter),
        beyond=tuple(beyond[key] for key in sorted(beyond)),
        others=tuple(Ref(key, others[key].name) for key in sorted(others)),
        missing=tuple(sorted(set(entries.applications) - applications.keys())),
    )


def by_id(things: Iterable[Thing]) -> dict[str, Thing]:
    """Things by their id."""
    return {thing.id: thing for thing in things}


def carried(servers: Iterable[Server]) -> list[str]:
    """The applications that servers say they carry."""
    return sorted({ref.id for server in servers for ref in server.applications})


def instances(applications: Iterable[Application], inventory: Inventory) -> tuple[Server, ...]:
    """The servers among which the machines stand that applications name by instance: their datacenters', else by name.

    One question for a whole datacenter is quicker than one for each machine.
    """
    naming = [app for app in applications if app.instances]
    if not naming:
        return ()
    places = sorted({app.location.id for app in naming if app.location.id})
    lost = sorted({name for app in naming if not app.location.id for name in app.instances})
    found = by_id(inventory.find(Server, {"datacenters._id": places})) if places else {}
    found |= by_id(inventory.find(Server, {"unique_id": lost})) if lost else {}
    found |= by_id(inventory.find(Server, {"datacenters.instance_id": lost})) if lost else {}
    return tuple(found[key] for key in sorted(found))
