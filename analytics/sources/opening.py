"""How an inventory is opened by its address: files by the readers of their formats, anything else by its scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..documents.ports import Source
from ..errors import InventoryError
from ..inventory import Contents, KeptSource, SourceKind, contents, open_file
from ..inventory import open_source as open_kind
from ..inventory.file import TOLD
from ..inventory.openings import path_of
from ..inventory.yamltext import YAML_BYTES
from ..settings import Settings, scheme_of
from .estate import Estate, read_estate
from .gathering import gather
from .joining import BY_HAND
from .parsing import parse_parts
from .reader import Reader

_OWN = re.compile(rb"^(applications|servers|systems|datacenters|clients)[ \t]*:", re.MULTILINE)
_OTHERS = re.compile(rb"^(services|apiVersion|include|resources|---)", re.MULTILINE)
#: The schemes of addresses that name files.
FILES = ("", "file")


def open_source(settings: Settings, kinds: Mapping[str, SourceKind], readers: Mapping[str, Reader]) -> Source:
    """The inventory that ``MAESTRO_DATA_URI`` names. Nothing is read or connected yet.

    Raises :class:`~analytics.errors.SettingsError` where no plugin answers for its scheme.
    """
    if scheme_of(settings.data_uri) in FILES and scheme_of(settings.data_uri) in kinds:
        return open_estate([path_of(settings.data_uri)], readers)
    return open_kind(settings, kinds)


def open_estate(paths: Sequence[Path], readers: Mapping[str, Reader], forced: str = "") -> KeptSource:
    """An inventory in files; read when it is asked, and again when one of them changes.

    One file in this service's own documents is read by itself, as what it is.
    """
    if not forced and len(paths) == 1 and not paths[0].is_dir() and is_own(paths[0], readers):
        return open_file(paths[0])
    stamp: tuple[tuple[str, int, int], ...] | None = None
    held = Contents({}, ())
    said: tuple[str, ...] = ()

    def read() -> Contents:
        nonlocal stamp, held, said
        now = stamp_of(paths)
        if now != stamp:
            estate = read_estate(paths, readers, forced)
            held, said, stamp = contents_of(estate), remarks_in_words(estate), now
        return held

    return KeptSource(read, lambda: said)


def remarks_in_words(estate: Estate) -> tuple[str, ...]:
    """What could not be read as meant, each with its file's name and line: a picture shows it as findings."""
    return tuple(
        f"{Path(one.file).name}:{one.remark.line}: {one.remark.text}" if one.remark.line else one.remark.text
        for one in estate.remarks
        if one.remark.severity != "note"
    )


def contents_of(estate: Estate) -> Contents:
    """An estate as documents whose references are settled."""
    return contents({name: [dict(one) for one in held] for name, held in estate.documents.items()})


def is_own(path: Path, readers: Mapping[str, Reader]) -> bool:
    """Whether no other reader takes a file: it is this service's own, or it says itself what is wrong with it."""
    try:
        if path.suffix.lower() in (".yaml", ".yml") and plainly_own(path):
            return True
        parts = parse_parts(path, str(path))
    except (OSError, ValueError):
        return path.suffix.lower() in (".json", ".yaml", ".yml")
    others = [reader for reader in readers.values() if reader.rank < BY_HAND]
    return len(parts) <= 1 and not any(reader.recognise(part) for part in parts for reader in others)


def plainly_own(path: Path) -> bool:
    """Whether a YAML file has collections of ours at its margin, and nothing of others: parsing twice is slow."""
    with open(path, "rb") as stream:
        raw = stream.read(YAML_BYTES)
    return bool(_OWN.search(raw)) and not _OTHERS.search(raw)


def stamp_of(paths: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Time and size of every file, which change when it does. Raises :class:`InventoryError`."""
    try:
        files = [(one.shown, one.path.stat()) for one in gather(paths)]
    except OSError as exc:
        raise InventoryError(f"{exc.filename or ''}: {exc.strerror or exc}", told=TOLD) from None
    return tuple((shown, status.st_mtime_ns, status.st_size) for shown, status in files)
