"""The fields that rules may ask for, of every thing, and whether all that there is to them is recorded. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...catalog.providers import PREMISE, UNKNOWN, provider_of
from ...documents.entities import Application, Client, Server, System, Volume
from ...documents.networks import NetworkItem
from ...graphs.references import References
from ...model.artifacts import Estate
from ..exposing import exposures
from ..needs import Needs, needs_of
from ..whole import Thing, Whole

#: The kinds of things, and the collections they stand in.
KINDS = {
    "application": "applications",
    "server": "servers",
    "system": "systems",
    "client": "clients",
    "datacenter": "datacenters",
    "network": "networks",
    "volume": "volumes",
}


@dataclass(frozen=True, slots=True)
class Value:
    """What is recorded of a field: ``all_known`` where there is no more to it than that.

    A field of which nothing is recorded and more may be is not known.
    """

    values: tuple[str, ...] = ()
    all_known: bool = False
    number: float | None = None


NOTHING = Value((), True)
NOT_KNOWN = Value()


def texts(*values: str, closed: bool = False) -> Value:
    """Texts as a value; ``closed``: what is not recorded is not there."""
    found = tuple(value for value in values if value)
    return Value(found, bool(found) or closed)


def amount(value: float) -> Value:
    """A number as a value; 0 is not recorded."""
    return Value((f"{value:g}",), True, value) if value else NOT_KNOWN


@dataclass(frozen=True)
class Facts:
    """The fields of one inventory's things, each worked out when it is asked for first."""

    whole: Whole

    @cached_property
    def held(self) -> Needs:
        """The needs of everything."""
        return needs_of(self.whole)

    @cached_property
    def hosts(self) -> Mapping[str, list[Server]]:
        """The servers of each application, by id."""
        references = References(Estate(self.whole.servers, self.whole.applications, self.whole.datacenters))
        return {key: list(servers) for key, servers in references.all_hosts.items()}

    @cached_property
    def exposures(self) -> Mapping[str, str]:
        """The exposure of each thing, and of an application on servers the widest of theirs."""
        order = ("exposed", "unknown", "limited", "ping only", "no way in", "private")
        found = {key: str(one.state) for key, one in exposures(self.whole).items()}
        for app in self.whole.applications:
            states = [found[f"servers/{one.id}"] for one in self.hosts.get(app.id, ()) if f"servers/{one.id}" in found]
            if own := found.get(f"applications/{app.id}"):
                states.append(own)
            if states:
                found[f"applications/{app.id}"] = min(states, key=lambda one: order.index(one) if one in order else 1)
        return found

    @cached_property
    def system_names(self) -> Mapping[str, str]:
        """The systems by id."""
        return {one.id: one.name for one in self.whole.systems}

    @cached_property
    def members(self) -> Mapping[str, list[str]]:
        """The applications of each system, by the system's id."""
        found: dict[str, list[str]] = defaultdict(list)
        for app in self.whole.applications:
            for ref in app.systems:
                found[ref.id].append(f"applications/{app.id}")
        return found

    @cached_property
    def _known(self) -> dict[str, dict[str, Value]]:
        return defaultdict(dict)

    def of(self, thing: str, field: str) -> Value:
        """One field of one thing."""
        known = self._known[field]
        if thing not in known:
            known[thing] = self._work_out(self.whole.things[thing], thing, field)
        return known[thing]

    def _work_out(self, one: Thing, thing: str, field: str) -> Value:
        if field.startswith("tag."):
            name = field.removeprefix("tag.")
            tags = one.tags if isinstance(one, (Application, Server)) else ()
            return texts(*(tag.value or name for tag in tags if tag.key == name), closed=True)
        return FIELDS[field](self, one, thing)

    def places(self, one: Thing, kind: str) -> Value:
        """The zones, regions, datacenters or providers of a thing: its own, or those of its servers."""
        if not isinstance(one, (Application, Server)):
            return NOT_KNOWN
        servers = self.hosts.get(one.id, []) if isinstance(one, Application) else []
        found: dict[str, None] = {}
        complete = True
        for where in [server.location for server in servers] or [one.location]:
            provider = provider_of(where.provider or (one.provider if isinstance(one, Application) else ""))
            names = {
                "zone": where.zones,
                "region": (where.region,),
                "datacenter": (where.name or where.id,),
                "provider": (
                    "on premises" if provider.key == PREMISE else "" if provider.key == UNKNOWN else provider.name,
                ),
                "network": (where.vpc_id, where.subnet_id),
            }[kind]
            named = [name for name in names if name]
            complete &= bool(named)
            found.update(dict.fromkeys(named))
        return Value(tuple(sorted(found)), complete)


Reading = Callable[[Facts, Thing, str], Value]


def plain(name: str, *, closed: bool = False) -> Reading:
    """A field that stands in the record, of things that have it."""
    return lambda _facts, one, _key: texts(str(getattr(one, name, "") or ""), closed=closed)


def about(name: str, *, closed: bool = False) -> Reading:
    """A field that people write about a thing."""

    def read(_facts: Facts, one: Thing, _key: str) -> Value:
        said = getattr(one.about, name) if isinstance(one, (Application, Server)) else ""
        return texts(*(said if isinstance(said, tuple) else (said,)), closed=closed)

    return read


def place(kind: str) -> Reading:
    """Where a thing stands."""
    return lambda facts, one, _key: facts.places(one, kind)


def number_of(name: str) -> Reading:
    """A number of the record."""
    return lambda _facts, one, _key: amount(float(getattr(one, name, 0) or 0))


def systems_of(facts: Facts, one: Thing, _key: str) -> Value:
    """The systems an application belongs to."""
    if not isinstance(one, Application):
        return NOTHING
    return texts(*(facts.system_names.get(ref.id, ref.name or ref.id) for ref in one.systems), closed=True)


def servers_of(facts: Facts, one: Thing, _key: str) -> Value:
    """The servers of an application."""
    if not isinstance(one, Application):
        return NOTHING
    found = facts.hosts.get(one.id, [])
    return Value(tuple(server.name for server in found), bool(found))


def exposure(facts: Facts, _one: Thing, key: str) -> Value:
    """How a thing stands to the Internet; ``unknown`` is not known."""
    state = facts.exposures.get(key, "unknown")
    return NOT_KNOWN if state == "unknown" else texts(state)


def applications_on(_facts: Facts, one: Thing, key: str) -> Value:
    """What runs on a server."""
    if not isinstance(one, Server):
        return NOTHING
    return texts(
        *sorted(need.thing for need in _facts.held.needs if need.kind == "runs-on" and key in need.of), closed=True
    )


def calls(_facts: Facts, one: Thing, _key: str) -> Value:
    """What an application calls."""
    return texts(*(dep.name or dep.id for dep in one.deps), closed=True) if isinstance(one, Application) else NOTHING


def clients_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """Whom a system serves."""
    return texts(*(ref.name or ref.id for ref in one.clients), closed=True) if isinstance(one, System) else NOTHING


def entries_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """The applications a system is entered by."""
    return texts(*(ref.name or ref.id for ref in one.entry), closed=True) if isinstance(one, System) else NOTHING


def contacts_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """How a client is reached."""
    return texts(*(tag.value for tag in one.contacts), closed=True) if isinstance(one, Client) else NOTHING


def kind_of(_facts: Facts, _one: Thing, key: str) -> Value:
    """What kind of thing it is."""
    collection = key.partition("/")[0]
    return texts(next(kind for kind, name in KINDS.items() if name == collection))


def family_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """An application's family, or what a network thing is."""
    return texts(one.kind if isinstance(one, NetworkItem) else str(getattr(one, "family", "")))


def needs_stated(_facts: Facts, one: Thing, _key: str) -> Value:
    """Whether somebody stated what an application needs."""
    stated = isinstance(one, Application) and (one.needs or any(tag.key == "needs" for tag in one.tags))
    return texts("stated" if stated else "", closed=True)


def size_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """A volume's size in GB, or an application's size class."""
    if isinstance(one, Volume):
        return amount(one.size)
    return texts(one.size) if isinstance(one, Application) else NOTHING


def links_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """The pages about a thing."""
    return (
        texts(*(tag.value for tag in one.about.links), closed=True)
        if isinstance(one, (Application, Server))
        else NOTHING
    )


def role_of(_facts: Facts, one: Thing, _key: str) -> Value:
    """What a server or a service is for."""
    if isinstance(one, Application):
        return texts(one.role.role)
    return texts(one.role) if isinstance(one, Server) else NOTHING


#: Every field that a rule may ask for; `tag.NAME` beside them.
FIELDS: Mapping[str, Reading] = {
    "kind": kind_of,
    "id": lambda _facts, _one, key: texts(key.partition("/")[2]),
    "name": plain("name"),
    "family": family_of,
    "environment": plain("environment"),
    "language": plain("language"),
    "status": plain("status"),
    "size": size_of,
    "system": systems_of,
    "team": about("team", closed=True),
    "lifecycle": about("lifecycle"),
    "description": about("description", closed=True),
    "links": links_of,
    "data_class": about("data_class"),
    "namespace": about("namespace"),
    "cluster": about("cluster"),
    "image": about("image"),
    "version": about("version"),
    "provider": place("provider"),
    "datacenter": place("datacenter"),
    "region": place("region"),
    "zone": place("zone"),
    "zones": place("zone"),
    "network": place("network"),
    "servers": servers_of,
    "replicas": number_of("replicas"),
    "exposure": exposure,
    "needs": needs_stated,
    "calls": calls,
    "clients": clients_of,
    "entry": entries_of,
    "contacts": contacts_of,
    "applications": applications_on,
    "os": plain("os"),
    "role": role_of,
    "cpu": number_of("cpu"),
    "memory": number_of("memory"),
    "updated_at": plain("updated_at"),
}
#: Where a thing may be `in`.
CONTAINERS = ("system", "datacenter", "region", "zone", "network", "cluster", "namespace", "environment", "team")
