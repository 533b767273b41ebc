"""What the things of an estate refer to: its own, the owner's elsewhere, somebody else's, or nothing. Pure.

Another owner's things are counted on what refers to them and never named; what
nobody holds becomes a ghost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..catalog.families import APPLICATION, LOAD_BALANCER
from ..documents.entities import Application, Server
from ..model.artifacts import Estate
from ..model.graph import Attribute, Container, Node
from .node_ids import NodeIds

#: The lane of what the inventory refers to and does not hold.
MISSING = "lane:missing"


def named_servers(applications: Iterable[Application]) -> set[str]:
    """The servers that applications run on or balance to, as far as they name them by id."""
    return {ref.id for app in applications for ref in (*app.servers, *app.targets)}


def machine_names(server: Server) -> tuple[str, ...]:
    """The names by which other documents mean a server's machine."""
    names = (server.location.instance_id, server.unique_id, server.id, *server.location.interfaces)
    return tuple(dict.fromkeys(name for name in names if name))


def machines_of(applications: Iterable[Application], servers: Iterable[Server]) -> list[Server]:
    """Those servers that applications name by instance."""
    wanted = {name for app in applications for name in app.instances}
    return [server for server in servers if not wanted.isdisjoint(machine_names(server))]


@dataclass(frozen=True)
class Ghost:
    """Something that is referred to and that nobody holds; ``referrers`` are the names of those who do."""

    collection: str
    id: str
    name: str
    family: str
    referrers: tuple[str, ...]


@dataclass(frozen=True)
class References:
    """An estate's references, resolved."""

    estate: Estate

    @cached_property
    def servers(self) -> Mapping[str, Server]:
        """The servers of this part, by id."""
        return {server.id: server for server in self.estate.servers}

    @cached_property
    def machines(self) -> Mapping[str, Server]:
        """The owner's servers, in this part and beyond, by the names of their machines."""
        both = (*self.estate.servers, *self.estate.beyond)
        return {name: server for server in reversed(both) for name in machine_names(server)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The owner's applications by id, as their own documents call them."""
        return {ref.id: ref.name for ref in self.estate.others} | {app.id: app.name for app in self.estate.applications}

    @cached_property
    def hosts(self) -> Mapping[str, Sequence[Server]]:
        """The servers of this part that carry each application, by id."""
        here = ((app, [server for server in held if server.id in self.servers]) for app, held in self.all_hosts.items())
        return {app: mine for app, mine in here if mine}

    @cached_property
    def all_hosts(self) -> Mapping[str, Sequence[Server]]:
        """The owner's servers that carry each application, those beyond this part among them."""
        held: dict[str, dict[str, Server]] = defaultdict(dict)
        for server in (*self.estate.servers, *self.estate.beyond):
            for ref in server.applications:
                held[ref.id][server.id] = server
        for app in self.estate.applications:
            machines = () if app.family == LOAD_BALANCER else app.instances
            for name in (*(ref.id for ref in app.servers), *machines):
                if (host := self.machines.get(name)) is not None:
                    held[app.id][host.id] = host
        return {app: [mine[key] for key in sorted(mine)] for app, mine in held.items()}

    def targets(self, app: Application) -> list[str]:
        """What an application balances to, by id: servers of this part and ghosts."""
        named = [ref.id for ref in app.targets]
        if app.family == LOAD_BALANCER:
            named += [self.machines[name].id if name in self.machines else name for name in app.instances]
        return list(dict.fromkeys(named))

    @cached_property
    def _claimed(self) -> Mapping[str, Sequence[str]]:
        """The applications that name each server, by its id, whether or not it names them."""
        claimed: dict[str, list[str]] = defaultdict(list)
        for app in self.estate.applications:
            for server in self.all_hosts.get(app.id, ()):
                claimed[server.id].append(app.id)
        return claimed

    def carries(self, server: Server) -> tuple[str, ...]:
        """The ids of the applications on a server: those it names, and those that name it."""
        return tuple(sorted({ref.id for ref in server.applications}.union(self._claimed.get(server.id, ()))))

    def carried(self, server: Server) -> list[str]:
        """The names of the applications on a server."""
        named = {ref.id: ref.name for ref in server.applications}
        return sorted(self.names.get(key) or named.get(key) or key for key in self.carries(server))

    @cached_property
    def ghosts(self) -> Mapping[tuple[str, str], Ghost]:
        """Everything that is referred to and that nobody holds, by (collection, id)."""
        referrers: dict[tuple[str, str], set[str]] = defaultdict(set)
        spelled: dict[tuple[str, str], tuple[str, str]] = {}
        for key, name, family, referrer in self._references():
            referrers[key].add(referrer)
            spelled[key] = max(spelled.get(key, ("", "")), (name, family))
        return {
            (collection, key): Ghost(
                collection,
                key,
                spelled[collection, key][0] or key,
                spelled[collection, key][1],
                tuple(sorted(filter(None, referrers[collection, key]))),
            )
            for collection, key in sorted(referrers)
        }

    def _references(self) -> Iterator[tuple[tuple[str, str], str, str, str]]:
        """Each reference that leads nowhere: what is meant, its name and family, and who refers to it."""
        own = self.names.keys()
        held = self.machines.keys()
        for server in self.estate.servers:
            for ref in server.applications:
                if ref.id not in own:
                    yield ("applications", ref.id), ref.name, APPLICATION, server.name
        for app in self.estate.applications:
            for dep in app.deps:
                if dep.id not in own:
                    yield ("applications", dep.id), dep.name, dep.family or APPLICATION, app.name
            called = {ref.id: ref.name for ref in (*app.servers, *app.targets)}
            for key in (*called, *app.instances):
                if key not in held:
                    yield ("servers", key), called.get(key, ""), "Server", app.name
        for key in self.estate.missing:
            yield ("applications", key), "", APPLICATION, ""


def ghost_node(ghost: Ghost, ids: NodeIds) -> Node:
    """A ghost's tile, in the lane of what is missing."""
    rows = [Attribute("note", "not in the inventory")]
    rows += [Attribute("named by", ", ".join(ghost.referrers[:12]))] if ghost.referrers else []
    return Node(
        id=ids.of(ghost.collection, ghost.id),
        name=ghost.name,
        kind="ghost",
        family=ghost.family or APPLICATION,
        parent=MISSING,
        attributes=tuple(rows),
        # As many as there may be, they fold into one that counts them.
        alike=f"ghost\n{ghost.family}" if ghost.collection == "servers" else ghost.id,
    )


def missing_lane() -> Container:
    """The box of the ghosts."""
    return Container(MISSING, "Not in the inventory", "unplaced")
