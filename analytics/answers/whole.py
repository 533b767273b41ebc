"""One owner's whole inventory as records: what every answer is worked out from. Nothing is folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..documents.entities import Application, Client, Datacenter, Server, System, Volume
from ..documents.networks import NetworkItem
from ..documents.ports import Inventory

#: A thing of an inventory, of any collection.
Thing = Application | System | Client | Server | Datacenter | NetworkItem | Volume


@dataclass(frozen=True)
class Whole:
    """Everything an owner has, each collection sorted by id. Things are written ``collection/id``."""

    applications: tuple[Application, ...] = ()
    systems: tuple[System, ...] = ()
    clients: tuple[Client, ...] = ()
    servers: tuple[Server, ...] = ()
    datacenters: tuple[Datacenter, ...] = ()
    networks: tuple[NetworkItem, ...] = ()
    volumes: tuple[Volume, ...] = field(default=())

    @cached_property
    def things(self) -> Mapping[str, Thing]:
        """Every thing by ``collection/id``."""
        both: tuple[tuple[Thing, ...], ...] = (
            self.applications,
            self.systems,
            self.clients,
            self.servers,
            self.datacenters,
            self.networks,
            self.volumes,
        )
        return {f"{one.collection}/{one.id}": one for part in both for one in part}


def whole_of(inventory: Inventory) -> Whole:
    """Read everything. Raises :class:`~analytics.errors.InventoryError`."""
    return Whole(
        inventory.find(Application),
        inventory.find(System),
        inventory.find(Client),
        inventory.find(Server),
        inventory.find(Datacenter),
        inventory.find(NetworkItem),
        inventory.find(Volume),
    )
