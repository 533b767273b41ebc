"""What each thing needs to run: k of the members of every need. Built from the whole inventory, nothing folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..catalog.families import LOAD_BALANCER
from ..documents.entities import Application, Datacenter, Location, Server
from ..graphs.references import References
from ..model.artifacts import Estate


@dataclass(frozen=True, slots=True)
class Need:
    """``thing`` runs only while ``k`` of the things ``of`` are left.

    ``kind`` is ``runs-on``, ``calls``, ``balances-to`` or ``stands-in``;
    ``basis`` says whether somebody stated the number or it is assumed.
    """

    thing: str
    k: int
    of: tuple[str, ...]
    kind: str
    basis: str = "assumed"


@dataclass(frozen=True, slots=True)
class Needs:
    """All needs, and what is not recorded. Things are written ``collection/id``.

    ``names`` gives each thing's name. ``ghosts`` are referred to and not in the
    inventory. ``unplaced`` says, of what may stand anywhere, what is known: the
    datacenter where one is recorded, else nothing. ``joined`` counts the
    applications that call or are called, of ``applications``.
    """

    needs: tuple[Need, ...]
    names: Mapping[str, str]
    ghosts: frozenset[str]
    unplaced: Mapping[str, str]
    joined: int
    applications: int


def needs_of(
    applications: Sequence[Application], servers: Sequence[Server], datacenters: Sequence[Datacenter]
) -> Needs:
    """The needs of an inventory's things, by the defaults that ``docs/answers.md`` lists."""
    references = References(Estate(tuple(servers), tuple(applications), tuple(datacenters)))
    names = {f"applications/{app.id}": app.name for app in applications}
    names |= {f"servers/{server.id}": server.name for server in servers}
    names |= {f"datacenters/{one.id}": one.name for one in datacenters}
    needs: list[Need] = []
    unplaced: dict[str, str] = {}
    providers = {one.id: one.provider for one in datacenters}

    def place(thing: str, where: Location) -> None:
        center = f"datacenters/{where.id or where.name}" if where.id or where.name else ""
        zones = tuple(f"zones/{where.id or where.name}/{zone}" for zone in dict.fromkeys(where.zones))
        for zone, key in zip(dict.fromkeys(where.zones), zones, strict=True):
            names.setdefault(key, zone)
        if center:
            names.setdefault(center, where.name or where.id)
            needs.append(Need(thing, 1, (center,), "stands-in"))
        provider = where.provider or providers.get(where.id, "")
        if provider:
            names.setdefault(f"providers/{provider}", provider)
            needs.append(Need(thing, 1, (f"providers/{provider}",), "stands-in"))
        if zones:
            needs.append(Need(thing, 1, zones, "stands-in"))
        if not (center and provider and zones):
            unplaced[thing] = center

    for server in servers:
        place(f"servers/{server.id}", server.location)
    joined: set[str] = set()
    for app in applications:
        thing = f"applications/{app.id}"
        for dep in dict.fromkeys(dep.id for dep in app.deps):
            needs.append(Need(thing, 1, (f"applications/{dep}",), "calls"))
            joined |= {app.id, dep}
        hosts = {host.id for host in references.all_hosts.get(app.id, ())}
        hosts |= {ref.id for ref in app.servers if ref.id not in references.machines}
        if hosts:
            needs.append(Need(thing, 1, tuple(f"servers/{key}" for key in sorted(hosts)), "runs-on"))
        else:
            place(thing, replace(app.location, provider=app.location.provider or app.provider))
        targets = references.targets(app) if app.targets or app.family == LOAD_BALANCER else ()
        if targets:
            found = (f"applications/{key}" for key in targets)
            members = tuple(one if one in names else f"servers/{one.split('/', 1)[1]}" for one in found)
            needs.append(Need(thing, 1, members, "balances-to"))
    ghosts = {key for need in needs for key in need.of} - names.keys()
    recorded = sum(1 for app in applications if app.id in joined)
    return Needs(tuple(needs), names, frozenset(ghosts), unplaced, recorded, len(applications))
