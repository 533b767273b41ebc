"""Where each server, managed application and volume stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...documents.entities import Application, Server, Volume
from ...model.artifacts import Entries, Estate, Storage
from ..boxes import Boxes, Map
from ..node_ids import NodeIds
from ..references import References


@dataclass(frozen=True)
class Placed:
    """Where everything stands: the boxes, the box of each node, and the applications with and without a place."""

    references: References
    boxes: Boxes = field(default_factory=Boxes)
    ids: NodeIds = field(default_factory=NodeIds)
    box: dict[str, str] = field(default_factory=dict)
    hosted: list[Application] = field(default_factory=list)
    managed: list[Application] = field(default_factory=list)
    placeless: list[Application] = field(default_factory=list)
    elsewhere: list[Application] = field(default_factory=list)

    def node(self, thing: Application | Server | Volume) -> str:
        """The id of a thing's node."""
        return self.ids.of(thing.collection, thing.id)


def place(estate: Estate, places: Map) -> Placed:
    """Put every server, and every application that runs on none, into its box."""
    placed = Placed(References(estate))
    placed.ids.claim("applications", (app.id for app in estate.applications))
    placed.ids.claim("servers", (server.id for server in estate.servers))
    for server in estate.servers:
        levels = places.levels(server.location, cluster_of(server), server.about.namespace)
        placed.box[placed.node(server)] = placed.boxes.inside(levels)
    for app in estate.applications:
        if placed.references.hosts.get(app.id):
            placed.hosted.append(app)
            continue
        if placed.references.all_hosts.get(app.id):
            placed.elsewhere.append(app)
            continue
        where = app.location
        if where.id or where.name or where.provider or app.servers or placed.references.targets(app):
            placed.managed.append(app)
            placed.box[placed.node(app)] = placed.boxes.inside(
                places.levels(where, app.about.cluster, app.about.namespace)
            )
        else:
            placed.placeless.append(app)
    return placed


def cluster_of(server: Server) -> str:
    """The cluster a server says it belongs to, by itself or in its tags."""
    return server.about.cluster or next(
        (tag.value for tag in server.tags if tag.key.lower() in ("cluster", "clustername")), ""
    )


def disks(servers: Sequence[Server], volumes: Sequence[Volume]) -> dict[str, list[Volume]]:
    """The volumes of each server: it lists them by unique id or by a name no other volume has, or they name it."""
    known = {volume.unique_id: volume for volume in volumes if volume.unique_id}
    borne = Counter(volume.name for volume in volumes)
    by_name = {volume.name: volume for volume in volumes if borne[volume.name] == 1}
    held: dict[str, dict[str, Volume]] = {server.id: {} for server in servers}
    for server in servers:
        for disk in server.storage:
            volume = known.get(disk.id) or by_name.get(disk.name)
            if volume is not None:
                held[server.id][volume.id] = volume
    for volume in volumes:
        if volume.server in held:
            held[volume.server][volume.id] = volume
    return {server: sorted(mine.values(), key=lambda volume: volume.id) for server, mine in held.items()}


def unattached(entries: Entries, storage: Storage, attached: Mapping[str, Sequence[Volume]]) -> list[Volume]:
    """Volumes of no server. Of a part only whole datacenters can tell: others do not know all servers."""
    if entries.applications or entries.servers:
        return []
    used = {volume.id for mine in attached.values() for volume in mine}
    return [
        volume
        for volume in storage.volumes
        if volume.id not in used
        and (not entries.datacenters or (volume.location.id in entries.datacenters and not volume.server))
    ]
