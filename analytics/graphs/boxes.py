"""Boxes within boxes: provider, datacenter, region, zone, cluster, with roll-ups in every header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..catalog.providers import PREMISE, UNKNOWN, provider_name
from ..documents.entities import Application, Datacenter, Location, Server
from ..model.graph import Attribute, Badge, Container
from ..model.kinds import ContainerKind

#: Letters of environments' names that a header has room for; more of them it counts.
SPELLED = 24
NOT_HELD = Attribute("note", "not in the inventory")
UNPLACED = "lane:unplaced"


@dataclass(frozen=True, slots=True)
class Level:
    """One box of a place: its kind, id, name, the provider that colours it, and whether the inventory holds it."""

    kind: ContainerKind
    id: str
    name: str
    provider: str
    known: bool = True


def region_key(region: str) -> str:
    """A region without its gloss: ``us-east-1 (N. Virginia)`` and ``us-east-1`` are one.

    >>> region_key("us-east-1 (N. Virginia)") == region_key("US-East-1")
    True
    """
    return re.sub(r"\s*\(.*\)\s*$", "", region).strip().lower()


@dataclass(frozen=True)
class Map:
    """Where things are: the datacenters' documents by id and name, and the fullest spelling of each region."""

    by_id: Mapping[str, Datacenter]
    by_name: Mapping[str, Datacenter]
    regions: Mapping[str, str]

    @classmethod
    def of(cls, datacenters: Sequence[Datacenter], locations: Iterable[Location]) -> Map:
        """The map that ``datacenters`` and everything located in them draw together."""
        spelled: dict[str, str] = {}
        for region in (
            *(region for place in datacenters for region in place.regions),
            *(location.region for location in locations),
        ):
            key = region_key(region)
            spelled[key] = max(spelled.get(key, ""), region, key=lambda text: (len(text), text))
        return cls({place.id: place for place in datacenters}, {place.name: place for place in datacenters}, spelled)

    def datacenter(self, location: Location) -> Datacenter | None:
        """The document behind a location, by id, else by name."""
        return self.by_id.get(location.id) or self.by_name.get(location.name)

    def levels(self, location: Location, cluster: str = "", namespace: str = "") -> tuple[Level, ...]:
        """The boxes of a location from the outside in; a missing level is skipped, several zones stay on the region.

        A namespace ``a/b`` is a box in a box.
        """
        place = self.datacenter(location)
        name = (place.name if place else "") or location.name or location.id
        provider = provider_name((place.provider if place else "") or location.provider)
        if not name and not location.provider:
            lane = Level("unplaced", UNPLACED, "Unplaced", "")
            return (lane, Level("cluster", f"cluster:{cluster.lower()}", cluster, "")) if cluster else (lane,)
        levels = [Level("provider", f"provider:{provider}", PROVIDERS.get(provider, provider), provider)]
        path = f"{provider}/{place.id if place else location.id or name}"
        if name:
            known = place is not None or not self.by_id
            levels.append(Level("datacenter", f"datacenter:{path}", name, provider, known))
        if location.region:
            path += f"/{region_key(location.region)}"
            region = self.regions.get(region_key(location.region), location.region)
            levels.append(Level("region", f"region:{path}", region, provider))
        if len(location.zones) == 1:
            path += f"/{location.zones[0].lower()}"
            levels.append(Level("zone", f"zone:{path}", location.zones[0], provider))
        if cluster:
            path += f"/{cluster.lower()}"
            levels.append(Level("cluster", f"cluster:{path}", cluster, provider))
        for word in namespace.split("/") if namespace else ():
            path += f"/{word}"
            levels.append(Level("namespace", f"namespace:{path}", word, provider))
        return tuple(levels)


#: How the boxes of providers without a name of their own are called.
PROVIDERS = {PREMISE: "Own premises", UNKNOWN: "Provider unknown"}


@dataclass
class Boxes:
    """The containers met so far, while a graph is built; ``parents`` tells what contains what."""

    containers: dict[str, Container] = field(default_factory=dict)

    def inside(self, levels: Sequence[Level]) -> str:
        """The id of the innermost box, all of them made where they were not there yet."""
        parent = ""
        for level in levels:
            box = Container(level.id, level.name, level.kind, parent, level.provider)
            if not level.known:
                box = replace(box, badges=(Badge("?", "not in the inventory", "warn"),), attributes=(NOT_HELD,))
            self.containers.setdefault(level.id, box)
            parent = level.id
        return parent

    def path(self, container: str) -> tuple[str, ...]:
        """A box and those around it, from the outside in."""
        found: list[str] = []
        while container:
            found.append(container)
            container = self.containers[container].parent
        return tuple(reversed(found))


@dataclass
class Totals:
    """What a box holds, itself and in the boxes within; whatever is met twice counts once."""

    servers: dict[str, Server] = field(default_factory=dict)
    applications: set[str] = field(default_factory=set)
    environments: set[str] = field(default_factory=set)
    disks: dict[str, float] = field(default_factory=dict)
    volumes: set[str] = field(default_factory=set)

    def add_server(self, server: Server, applications: Iterable[str], disks: Mapping[str, float]) -> None:
        """Count one server, the ids of what runs on it, and its disks by a name of theirs with their GB."""
        self.servers[server.id] = server
        self.applications.update(applications)
        self.disks.update(disks)
        if server.environment:
            self.environments.add(server.environment)

    def add_application(self, app: Application) -> None:
        """Count a managed application."""
        self.applications.add(app.id)
        if app.environment:
            self.environments.add(app.environment)

    def rows(self) -> tuple[Attribute, ...]:
        """The header's figures; what there is nothing of is left out."""
        figures = (
            ("servers", len(self.servers)),
            ("vCPU", sum(server.cpu for server in self.servers.values())),
            ("GB memory", sum(server.memory for server in self.servers.values())),
            ("GB disk", sum(self.disks.values())),
            ("applications", len(self.applications)),
        )
        rows = [Attribute(name, f"{value:.10g}") for name, value in figures if value]
        if self.environments:
            named = ", ".join(sorted(self.environments))
            rows.append(Attribute("environments", named if len(named) <= SPELLED else str(len(self.environments))))
        return tuple(rows)
