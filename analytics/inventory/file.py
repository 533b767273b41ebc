"""An inventory in a file: an object of collections, as JSON or YAML."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
from pathlib import Path

from ..errors import InventoryError
from ..ports import Where
from ..transport import parse_json
from ..values import Document
from .handwritten import Contents, contents
from .visible import belongs, dependencies, values
from .yamltext import parse_yaml


class FileSource:
    """:class:`analytics.ports.Source` over a file; read again when its time or size changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._contents = Contents({}, ())

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match ``where``, sorted by id."""
        held = self._read().collections.get(collection, {})
        wanted = {field: frozenset(among) for field, among in where.items()}
        ids = wanted.pop("_id", None)
        among = held.values() if ids is None else (held[key] for key in sorted(ids) if key in held)
        return [
            document
            for document in among
            if belongs(document, owner)
            and all(not accepted.isdisjoint(values(document, field)) for field, accepted in wanted.items())
        ]

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
