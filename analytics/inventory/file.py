"""An inventory in a file: an object of collections, as JSON or YAML."""

from __future__ import annotations

import gc
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..documents.ports import Where
from ..documents.values import Document
from ..errors import InventoryError
from ..transport import parse_json
from .handwritten import Contents, contents
from .visible import belongs, dependencies, values
from .yamltext import parse_yaml


class FileSource:
    """:class:`analytics.documents.ports.Source` over a file; read again when its time or size changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._contents = Contents({}, ())
        self._indexed = self._contents
        self._indexes: dict[tuple[str, str], Mapping[str, Sequence[str]]] = {}

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match ``where``, sorted by id."""
        read = self._read()
        held = read.collections.get(collection, {})
        keys: Iterable[str] = held
        for field, among in where.items():
            if field == "_id":
                matching = {key for key in among if key in held}
            else:
                index = self._index(read, collection, field)
                matching = {key for value in among for key in index.get(value, ())}
            keys = matching.intersection(keys)
        ordered = held if keys is held else sorted(keys)
        return [held[key] for key in ordered if belongs(held[key], owner)]

    def _index(self, read: Contents, collection: str, field: str) -> Mapping[str, Sequence[str]]:
        """The documents by what stands in ``field``; made once for what was read, since every run asks the same."""
        with self._lock:
            if self._indexed is not read:
                self._indexed, self._indexes = read, {}
            if (collection, field) not in self._indexes:
                self._indexes[collection, field] = index_of(read.collections.get(collection, {}), field)
            return self._indexes[collection, field]

    def reachable(self, owner: str, roots: Sequence[str]) -> list[Document]:
        """The applications of ``roots`` and all they lead to, sorted by id."""
        held = self._read().collections.get("applications", {})
        found: dict[str, Document] = {}
        waiting = list(roots)
        while waiting:
            key = waiting.pop()
            if key in held and key not in found and belongs(held[key], owner):
                found[key] = held[key]
                waiting += dependencies(held[key])
        return [found[key] for key in sorted(found)]

    def known(self, collection: str, owner: str, ids: Sequence[str]) -> frozenset[str]:
        """Those of ``ids`` that exist for anybody."""
        return frozenset(ids) & self._read().collections.get(collection, {}).keys()

    def owners(self) -> list[str]:
        """Everybody who owns something in this file."""
        return list(self._read().owners)

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self) -> Contents:
        with self._lock:
            try:
                status = self._path.stat()
                stamp = (status.st_mtime_ns, status.st_size)
                if stamp != self._stamp:
                    self._contents = read_file(self._path)
                    self._stamp = stamp
            except OSError as exc:
                reason = exc.strerror or type(exc).__name__
                raise InventoryError(f"The inventory {self._path} cannot be read: {reason}") from None
            return self._contents


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


def read_file(path: Path) -> Contents:
    """Read ``path``; ``.yaml`` and ``.yml`` are YAML, anything else is JSON.

    Raises :class:`~analytics.errors.InventoryError` naming file, collection and
    place in it, and :class:`OSError` where the file itself cannot be read.
    """
    raw = path.read_bytes()
    parse = parse_yaml if path.suffix.lower() in (".yaml", ".yml") else parse_json
    # A large document makes many objects and no garbage: collecting meanwhile doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return contents(parse(raw))
    except ValueError as exc:
        reason = exc if parse is parse_yaml else f"not JSON: {exc}"
        raise InventoryError(f"The inventory {path}: {reason}") from None
    except InventoryError as exc:
        raise InventoryError(f"The inventory {path}: {exc}") from None
    finally:
        if collecting:
            gc.enable()
