"""One owner's view of a source: the second of two filters, and documents as records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ..documents.entities import Application
from ..documents.ports import E, Remarking, Source, Where
from ..documents.values import Document
from .kept import KeptSource
from .read_once import MANY, records
from .visible import belongs


@dataclass(frozen=True, slots=True)
class OwnedInventory:
    """:class:`analytics.documents.ports.Inventory` over any source.

    The source was asked for ``owner``'s documents; each one that comes back is
    asked again. A neighbour's mistake must not show one owner's estate to another.
    """

    source: Source
    owner: str
    #: What was read of documents that the source holds on to, with the document: stages ask for the same ones.
    _read: dict[tuple[type, int], tuple[Document, Any]] = field(default_factory=dict, compare=False, repr=False)

    def find(self, entity: type[E], where: Where | None = None) -> tuple[E, ...]:
        """The records of one kind that match, sorted by id."""
        return self._records(entity, self.source.documents(entity.collection, self.owner, where or {}))

    def reach(self, roots: Collection[str]) -> tuple[Application, ...]:
        """Applications reachable over ``deps`` from ``roots`` (those included), sorted by id."""
        return self._records(Application, self.source.reachable(self.owner, sorted(set(roots))))

    def remarks(self) -> Sequence[str]:
        """What could not be read as meant, in words; of a source with several owners nothing: it may be another's."""
        if not isinstance(self.source, Remarking) or self.source.owners() != [self.owner]:
            return ()
        return self.source.remarks()

    def _records(self, entity: type[E], documents: Iterable[Document]) -> tuple[E, ...]:
        own = [document for document in documents if belongs(document, self.owner)]
        many = len(own) > MANY and isinstance(self.source, KeptSource)
        read = [self._record(entity, one) for one in own] if many else records(entity, own, self.owner)
        unique = {record.id: record for record in read if record is not None}
        return tuple(unique[key] for key in sorted(unique))

    def _record(self, entity: type[E], document: Document) -> E | None:
        key = entity, id(document)
        if key not in self._read:
            self._read[key] = document, entity.read(document)
        return cast(E | None, self._read[key][1])
