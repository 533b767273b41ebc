"""An inventory that is held here, as documents in memory: what a file, or a drop-in source, has read."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..documents.ports import Where
from ..documents.values import Document
from .handwritten import Contents
from .visible import belongs, dependencies, values


class KeptSource:
    """:class:`analytics.documents.ports.Source` over documents in memory.

    ``read`` is asked at every question, and answers with the same object while
    nothing has changed (see :func:`analytics.inventory.handwritten.contents`).
    """

    def __init__(self, read: Callable[[], Contents], remarks: Callable[[], Sequence[str]] = tuple) -> None:
        self._reader = read
        self._remarks = remarks
        self._lock = threading.Lock()
        self._indexed = Contents({}, ())
        self._indexes: dict[tuple[str, str, str], Mapping[str, Sequence[str]]] = {}

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match ``where``, sorted by id."""
        read = self._read()
        held = read.of(owner).get(collection, {})
        keys: Iterable[str] = held
        for field, among in where.items():
            if field == "_id":
                matching = {key for key in among if key in held}
            else:
                index = self._index(read, owner, collection, field)
                matching = {key for value in among for key in index.get(value, ())}
            keys = matching.intersection(keys)
        ordered = held if keys is held else sorted(keys)
        return [held[key] for key in ordered if belongs(held[key], owner)]

    def _index(self, read: Contents, owner: str, collection: str, field: str) -> Mapping[str, Sequence[str]]:
        """The documents by what stands in ``field``; made once for what was read, since every run asks the same."""
        with self._lock:
            if self._indexed is not read:
                self._indexed, self._indexes = read, {}
            place = (owner if read.parts else "", collection, field)
            if place not in self._indexes:
                self._indexes[place] = index_of(read.of(owner).get(collection, {}), field)
            return self._indexes[place]

    def reachable(self, owner: str, roots: Sequence[str]) -> list[Document]:
        """The applications of ``roots`` and all they lead to, sorted by id."""
        held = self._read().of(owner).get("applications", {})
        found: dict[str, Document] = {}
        waiting = list(roots)
        while waiting:
            key = waiting.pop()
            if key in held and key not in found and belongs(held[key], owner):
                found[key] = held[key]
                waiting += dependencies(held[key])
        return [found[key] for key in sorted(found)]

    def owners(self) -> list[str]:
        """Everybody who owns something in it."""
        return list(self._read().owners)

    def remarks(self) -> Sequence[str]:
        """What could not be read as meant, each in words with its place."""
        return self._remarks()

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self) -> Contents:
        with self._lock:
            return self._reader()


def index_of(documents: Mapping[str, Document], field: str) -> Mapping[str, Sequence[str]]:
    """The ids of the documents that hold each value in ``field``.

    >>> index_of({"1": {"system": [{"_id": "a"}, {"_id": "b"}]}, "2": {"system": [{"_id": "a"}]}}, "system._id")["a"]
    ['1', '2']
    """
    index: defaultdict[str, list[str]] = defaultdict(list)
    for key, document in documents.items():
        for value in values(document, field):
            index[value].append(key)
    return index
