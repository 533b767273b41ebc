"""The figures in the headers of boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...documents.entities import Volume
from ...model.graph import Attribute, Container
from ..boxes import Totals
from .placement import Placed


def with_totals(placed: Placed, attached: Mapping[str, Sequence[Volume]]) -> tuple[Container, ...]:
    """The boxes with their roll-ups."""
    totals: dict[str, Totals] = defaultdict(Totals)
    for server in placed.references.estate.servers:
        carried = placed.references.carries(server)
        sized = {volume.id: volume.size for volume in attached[server.id]}
        listed = {name for volume in attached[server.id] for name in (volume.unique_id, volume.name) if name}
        sized |= {
            f"{server.id} {number}": disk.size
            for number, disk in enumerate(server.storage)
            if disk.id not in listed and disk.name not in listed
        }
        for container in placed.boxes.path(placed.box[placed.node(server)]):
            totals[container].add_server(server, carried, sized)
            totals[container].volumes.update(volume.id for volume in attached[server.id])
    for app in placed.managed:
        for container in placed.boxes.path(placed.box[placed.node(app)]):
            totals[container].add_application(app)
    return tuple(
        replace(
            container,
            rollups=totals[container.id].rows(),
            attributes=(*container.attributes, *beyond_header(totals[container.id])),
        )
        for container in placed.boxes.containers.values()
    )


def beyond_header(totals: Totals) -> tuple[Attribute, ...]:
    """What a box's tooltip says and its header has no room for: the environments by name, and the volumes."""
    named = ", ".join(sorted(totals.environments))
    rows = {"environments": named, "volumes": str(len(totals.volumes) or "")}
    return tuple(Attribute(name, value) for name, value in rows.items() if value)
