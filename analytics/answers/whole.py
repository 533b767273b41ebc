"""One owner's whole inventory as records: what every answer is worked out from. Nothing is folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from ..documents.entities import Application, Client, Datacenter, Server, System, Volume
from ..documents.networks import NetworkItem
from ..documents.values import Document, text
from ..inventory.owned import OwnedInventory
from ..inventory.visible import belongs

#: A thing of an inventory, of any collection.
K = TypeVar("K", Application, System, Client, Server, Datacenter, NetworkItem, Volume)
Thing = Application | System | Client | Server | Datacenter | NetworkItem | Volume


@dataclass(frozen=True)
class Whole:
    """Everything an owner has, each collection sorted by id. Things are written ``collection/id``.

    ``documents`` are what the records were read from.
    """

    applications: tuple[Application, ...] = ()
    systems: tuple[System, ...] = ()
    clients: tuple[Client, ...] = ()
    servers: tuple[Server, ...] = ()
    datacenters: tuple[Datacenter, ...] = ()
    networks: tuple[NetworkItem, ...] = ()
    volumes: tuple[Volume, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)

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


#: The collections that are read, in the order of :class:`Whole`.
COLLECTIONS: tuple[type[Thing], ...] = (Application, System, Client, Server, Datacenter, NetworkItem, Volume)


def whole_of(owned: OwnedInventory) -> Whole:
    """Read everything. Raises :class:`~analytics.errors.InventoryError`."""
    return from_documents(documents_of(owned))


def documents_of(owned: OwnedInventory) -> dict[str, Document]:
    """The owner's documents by ``collection/id``, as they are. Raises :class:`~analytics.errors.InventoryError`."""
    documents: dict[str, Document] = {}
    for kind in COLLECTIONS:
        for one in owned.source.documents(kind.collection, owned.owner, {}):
            if belongs(one, owned.owner):
                documents[f"{kind.collection}/{text(one.get('_id'))}"] = one
    return documents


def from_documents(documents: Mapping[str, Document]) -> Whole:
    """The records of documents, by ``collection/id``."""
    ordered = sorted(documents)

    def read(kind: type[K]) -> tuple[K, ...]:
        start = f"{kind.collection}/"
        found = (kind.read(documents[key]) for key in ordered if key.startswith(start))
        return tuple(one for one in found if one is not None)

    return Whole(
        read(Application),
        read(System),
        read(Client),
        read(Server),
        read(Datacenter),
        read(NetworkItem),
        read(Volume),
        dict(documents),
    )
