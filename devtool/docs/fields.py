"""Which fields of an inventory's documents are read, found out by reading a document that notes what it is asked.

The table of fields says what each means; a test fails where one is read and not described, or the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from analytics.documents.entities import (
    Application,
    Client,
    Datacenter,
    Dependency,
    Interface,
    Location,
    Role,
    Server,
    System,
    Volume,
)
from analytics.documents.fields import Field, fields_of
from analytics.documents.networks import NetworkItem

#: Each kind of document or part of one, and who reads it.
READERS: dict[str, Callable[[Any], object]] = {
    "applications": Application.read,
    "systems": System.read,
    "clients": Client.read,
    "servers": Server.read,
    "datacenters": Datacenter.read,
    "volumes": Volume.read,
    "networks": NetworkItem.read,
    "where": Location.read,
    "role": Role.read,
    "deps": Dependency.read,
    "interfaces": Interface.read,
}


class Noting(dict[str, Any]):
    """A document that notes which fields are asked for."""

    def __init__(self, **held: str) -> None:
        super().__init__(held)
        self.asked: dict[str, None] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value; the key is noted."""
        self.asked[key] = None
        return super().get(key, default)


def asked(kind: str) -> frozenset[str]:
    """The fields that the reader of ``kind`` asks for, whatever the family of the document."""
    found: set[str] = set()
    for family in ("", "Vpc", "SecurityGroup", "Subnet"):
        document = Noting(_id="x", **({"family": family} if family else {}))
        READERS[kind](document)
        found |= document.asked.keys()
    return frozenset(found)


def described(kind: str) -> Iterator[Field]:
    """Every field of ``kind``, in order. Raises :class:`LookupError` where table and readers differ."""
    read, said = asked(kind), fields_of(kind)
    if differing := read ^ said.keys():
        raise LookupError(f"{kind}: read but not described, or described but not read: {', '.join(sorted(differing))}")
    return iter(said.values())
