"""What can be asked of an inventory, whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, Self, TypeVar, runtime_checkable

from .entities import Application
from .values import Document

Where = Mapping[str, Sequence[str]]


class Entity(Protocol):
    """A record class of :mod:`analytics.documents.entities`."""

    collection: ClassVar[str]

    @property
    def id(self) -> str:
        """The document's ``_id``."""

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A record from its document, or nothing where it has no id."""


E = TypeVar("E", bound=Entity)


class Source(Protocol):
    """An inventory as it is kept: one contract, three implementations (file, Data App, MongoDB).

    Every answer holds only active documents of ``owner`` and comes complete,
    in the order of ``_id``. Raises :class:`~analytics.errors.InventoryError`.
    """

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match every field of ``where`` (all of them when it is empty)."""

    def reachable(self, owner: str, roots: Sequence[str]) -> list[Document]:
        """The applications of ``roots`` and all they depend on over ``deps``; each hop stays with the owner."""

    def owners(self) -> list[str]:
        """The owners of this inventory where it can tell (a file); empty elsewhere."""

    def close(self) -> None:
        """Give back connections."""


@runtime_checkable
class SharedSource(Protocol):
    """A source that can be asked of several owners at once; a source need not."""

    def documents_of(self, collection: str, owners: Sequence[str], where: Where) -> dict[str, list[Document]]:
        """What :meth:`Source.documents` would answer for each of the owners."""


@runtime_checkable
class Remarking(Protocol):
    """A source that can tell what in it could not be read as meant; a source need not."""

    def remarks(self) -> Sequence[str]:
        """Each in words, with its place."""


class Inventory(Protocol):
    """One owner's view of a source: what stages use. Every record has been checked to be the owner's."""

    def find(self, entity: type[E], where: Where | None = None) -> tuple[E, ...]:
        """The records of one kind that match, sorted by id."""

    def reach(self, roots: Sequence[str]) -> tuple[Application, ...]:
        """Applications reachable over ``deps`` from ``roots`` (those included), sorted by id."""

    def remarks(self) -> Sequence[str]:
        """What could not be read as meant, in words, where the inventory is this owner's alone."""
