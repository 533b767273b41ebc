"""An inventory in a file: an object of collections, as JSON or YAML."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from ..bounded import LARGEST, read_bytes
from ..errors import InventoryError
from ..transport import parse_json
from .foreign import recognised_text
from .handwritten import Contents, contents
from .kept import KeptSource
from .remarks import unseen_remarks
from .yamltext import parse_yaml

log = logging.getLogger(__name__)

#: What the owners are told of a file that cannot be read: whose words stand where it breaks, nobody can tell.
TOLD = "The inventory cannot be read; `analytics validate` says why to whoever keeps it."


def open_file(path: Path) -> KeptSource:
    """The inventory in ``path``; read when it is asked, and again when its time or size changes."""
    stamp: tuple[int, int] | None = None
    held = Contents({}, ())

    def read() -> Contents:
        nonlocal stamp, held
        try:
            status = path.stat()
            now = (status.st_mtime_ns, status.st_size)
            if now != stamp:
                held, stamp = read_file(path), now
                if held.nobodys:
                    log.warning("documents that name no owner are shown to nobody", extra={"documents": held.nobodys})
        except OSError as exc:
            reason = exc.strerror or type(exc).__name__
            raise InventoryError(f"The inventory {path} cannot be read: {reason}", told=TOLD) from None
        return held

    return KeptSource(read, lambda: unseen_remarks(path))


def read_file(path: Path) -> Contents:
    """Read ``path``; ``.yaml`` and ``.yml`` are YAML, anything else is JSON.

    Raises :class:`~analytics.errors.InventoryError` naming file, collection and
    place in it, and :class:`OSError` where the file itself cannot be read.
    """
    raw = read_bytes(path, LARGEST)
    parse = parse_yaml if path.suffix.lower() in (".yaml", ".yml") else parse_json
    # A large document makes many objects and no garbage: collecting meanwhile doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        value = parse(raw)
        if isinstance(value, str) and (said := recognised_text(raw)):
            raise InventoryError(said)
        return contents(value)
    except ValueError as exc:
        if said := recognised_text(raw):
            raise InventoryError(f"The inventory {path}: {said}", told=TOLD) from None
        reason = exc if parse is parse_yaml else f"not JSON: {exc}"
        raise InventoryError(f"The inventory {path}: {reason}", told=TOLD) from None
    except InventoryError as exc:
        raise InventoryError(f"The inventory {path}: {exc}", told=f"The inventory: {exc}") from None
    finally:
        if collecting:
            gc.enable()
